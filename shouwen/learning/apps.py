"""The Django app."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "shouwen.learning"
    verbose_name = "改进"
