from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "shouwen.archive"
    verbose_name = "档案"
