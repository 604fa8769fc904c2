from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "shouwen.followup"
    verbose_name = "回访"
