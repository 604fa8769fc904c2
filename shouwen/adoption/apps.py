from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "shouwen.adoption"
    verbose_name = "制度与日历"
