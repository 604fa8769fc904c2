from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "shouwen.papers"
    verbose_name = "单据"
