"""The addresses of this floor."""

from django.urls import URLPattern

app_name = "dashboards"
urlpatterns: list[URLPattern] = []
