from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "shouwen.notify"
    verbose_name = "消息"
