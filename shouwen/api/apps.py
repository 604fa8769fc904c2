from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "shouwen.api"
    verbose_name = "接口"
