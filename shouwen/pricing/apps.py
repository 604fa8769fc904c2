from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "shouwen.pricing"
    verbose_name = "收费标准与报价"
