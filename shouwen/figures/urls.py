"""The addresses of this floor."""

from django.urls import path

from shouwen.figures.views import duties, one, table

app_name = "figures"
urlpatterns = [
    path("figures", table.figures, name="figures"),
    path("duties", duties.duties, name="duties"),
    path(
        "figures/<str:place>/<str:period>/<slug:regulation>/<slug:rule>", one.figure, name="figure"
    ),
    path(
        "figures/<str:place>/<str:period>/<slug:regulation>/<slug:rule>/export.<slug:kind>",
        one.export,
        name="export",
    ),
]
