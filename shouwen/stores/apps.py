from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "shouwen.stores"
    verbose_name = "库房"
