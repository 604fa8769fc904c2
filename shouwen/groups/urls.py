"""The addresses of this floor."""

from django.urls import path

from shouwen.groups.views import listing, matter

app_name = "groups"
urlpatterns = [
    path("groups", listing.matters, name="matters"),
    path("groups/offers", listing.offered, name="offers"),
    path("groups/open", listing.begin, name="open"),
    path("groups/apart", listing.apart, name="apart"),
    path("groups/of-case/<str:number>", matter.panel, name="panel"),
    path("groups/<str:number>", matter.matter, name="matter"),
    path("groups/<str:number>/do/<slug:step>", matter.step, name="step"),
]
