"""Return visits: the list, one visit, how far each rule has come."""

from django.urls import path

from shouwen.followup.views import listing, visiting

app_name = "followup"
urlpatterns = [
    path("visits", listing.visits, name="visits"),
    path("visits/export.<slug:kind>", listing.export, name="export"),
    path("visits/coverage", listing.share, name="coverage"),
    path("visits/coverage/<slug:rule>", listing.drawn, name="sample"),
    path("visits/coverage/<slug:rule>/draw", listing.draw, name="draw"),
    path("visits/items/<int:pk>/open", visiting.item, name="open-item"),
    path("visits/of-case/<str:number>", visiting.panel, name="panel"),
    path("visits/during/<str:number>", visiting.during, name="during"),
    path("visits/<int:pk>", visiting.visit, name="visit"),
    path("visits/<int:pk>/attempt", visiting.try_, name="attempt"),
    path("visits/<int:pk>/visitors", visiting.visitors, name="visitors"),
    path("visits/<int:pk>/plan", visiting.plan, name="plan"),
    path("visits/<int:pk>/phone", visiting.phone, name="phone"),
    path("visits/<int:pk>/form", visiting.form, name="form"),
]
