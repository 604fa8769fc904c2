from django.apps import AppConfig


class PhoneConfig(AppConfig):
    name = "shouwen.phone"
    verbose_name = "掌上"
