"""The addresses of this floor."""

from django.urls import path

from shouwen.supervision.views import matters, of_case, regions

app_name = "supervision"
urlpatterns = [
    path("supervision", matters.matters, name="matters"),
    path("supervision/patrol", matters.patrol, name="patrol"),
    path("supervision/regions", regions.regions, name="regions"),
    path("supervision/regions/new", regions.write, name="guide"),
    path("supervision/regions/reply", regions.reply, name="respond"),
    path("supervision/of-case/<str:number>", of_case.panel, name="panel"),
    path("supervision/of-case/<str:number>/hand/<slug:way>", of_case.hand, name="hand"),
    path("supervision/of-case/<str:number>/ask/<slug:kind>", of_case.question, name="ask"),
    path("supervision/<str:number>", matters.matter, name="matter"),
    path("supervision/<str:number>/withdraw", matters.take_back, name="withdraw"),
]
