"""The Django app."""

from django.apps import AppConfig


class OutsideConfig(AppConfig):
    name = "shouwen.outside"
    verbose_name = "外部协商"
