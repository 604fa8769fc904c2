"""The Django app."""

from django.apps import AppConfig


class MajorsConfig(AppConfig):
    name = "shouwen.majors"
    verbose_name = "重大事项"
