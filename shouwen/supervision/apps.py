"""The Django app."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "shouwen.supervision"
    verbose_name = "督办"
