from django.apps import AppConfig


class EstateConfig(AppConfig):
    name = "shouwen.estate"
    verbose_name = "房屋与客户"
