from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "shouwen.registers"
    verbose_name = "台账"
