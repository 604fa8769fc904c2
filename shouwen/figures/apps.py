from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "shouwen.figures"
    verbose_name = "指标"
