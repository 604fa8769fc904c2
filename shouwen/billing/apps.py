from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "shouwen.billing"
    verbose_name = "账款"
