"""The addresses of this floor."""

from django.urls import path

from shouwen.outside.views import charts, parties, referrals

app_name = "outside"
urlpatterns = [
    path("outside/referrals", referrals.referrals, name="referrals"),
    path("outside/referrals/<str:number>", referrals.referral, name="referral"),
    path("outside/referrals/<str:number>/do/<slug:step>", referrals.step, name="step"),
    path("outside/results", referrals.results, name="results"),
    path("outside/parties", parties.parties, name="parties"),
    path("outside/parties/add", parties.add, name="add-party"),
    path("outside/parties/<int:pk>", parties.party, name="party"),
    path("outside/charts", charts.charts, name="charts"),
    path("outside/charts/<int:pk>", charts.chart, name="chart"),
    path("outside/of-case/<str:number>", referrals.panel, name="panel"),
    path("outside/of-case/<str:number>/new", referrals.new, name="new"),
    path("outside/of-case/<str:number>/<slug:step>", referrals.own, name="own"),
]
