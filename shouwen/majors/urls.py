"""The addresses of this floor."""

from django.urls import URLPattern

app_name = "majors"
urlpatterns: list[URLPattern] = []
