"""The addresses of this floor."""

from django.urls import path

from shouwen.dashboards.views import boards, records

app_name = "dashboards"
urlpatterns = [
    path("dashboards", boards.today, name="today"),
    path("dashboards/month", boards.month, name="month"),
    path("dashboards/trend/<slug:regulation>/<slug:rule>", boards.trend, name="trend"),
    path("dashboards/departments", boards.departments, name="departments"),
    path("dashboards/compare", boards.compare, name="compare"),
    path("dashboards/records/<slug:name>", records.records, name="records"),
    path("dashboards/records/<slug:name>.<slug:kind>", records.export, name="export"),
    path("wall", boards.wall, name="wall"),
]
