"""The app's name; it has no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, tags and static files."""

    name = "shouwen.web"
    label = "web"
