from django.apps import AppConfig


class RepairsConfig(AppConfig):
    name = "shouwen.repairs"
    verbose_name = "维修"
