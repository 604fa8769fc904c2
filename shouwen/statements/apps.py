from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "shouwen.statements"
    verbose_name = "报表"
