from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shouwen.accounts"
    verbose_name = "组织与人员"
