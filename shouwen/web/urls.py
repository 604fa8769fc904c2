"""The pattern page."""

from django.urls import path

from shouwen.web import views

app_name = "web"
urlpatterns = [path("patterns", views.patterns, name="patterns")]
