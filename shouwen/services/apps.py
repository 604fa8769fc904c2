from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "shouwen.services"
    verbose_name = "服务"
