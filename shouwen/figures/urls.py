"""The addresses of this floor: the table, the lock of months, one figure."""

from django.urls import path

from shouwen.figures.views import coverage, duties, months, one, table

app_name = "figures"
_FIGURE = "figures/<str:place>/<str:period>/<slug:regulation>/<slug:rule>"
urlpatterns = [
    path("figures", table.figures, name="figures"),
    path("duties", duties.duties, name="duties"),
    path("duties/plans/<str:number>/coverage", coverage.coverage, name="coverage"),
    path("figures/months", months.months, name="months"),
    path("figures/months/<str:place>/<str:month>", months.month, name="month"),
    path("figures/months/<str:place>/<str:month>/lock", months.lock, name="lock"),
    path("figures/months/<str:place>/<str:month>/restate", months.restate, name="restate"),
    path("figures/restatements/<str:number>", months.restatement, name="restatement"),
    path("figures/records/<int:pk>/exclude", months.exclude, name="exclude"),
    path("figures/exclusions/<int:pk>", months.exclusion, name="exclusion"),
    path(_FIGURE, one.figure, name="figure"),
    path(f"{_FIGURE}/export.<slug:kind>", one.export, name="export"),
]
