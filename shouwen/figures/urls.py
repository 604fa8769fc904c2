"""The addresses of this floor."""

from django.urls import URLPattern

app_name = "figures"
urlpatterns: list[URLPattern] = []
