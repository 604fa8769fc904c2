from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "shouwen.cases"
    verbose_name = "受理与诉求"
