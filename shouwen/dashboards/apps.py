from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "shouwen.dashboards"
    verbose_name = "看板"
