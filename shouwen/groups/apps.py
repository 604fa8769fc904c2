"""The Django app."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "shouwen.groups"
    verbose_name = "同类与群体"
