from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "shouwen.portal"
    verbose_name = "客户页面"
