"""Sheets, ledgers, and the scan of a signed sheet."""

from django.urls import path

from shouwen.papers import views

app_name = "papers"
urlpatterns = [
    path("papers", views.papers, name="papers"),
    path("papers/scan", views.scan, name="scan"),
    path("papers/of-case/<str:number>", views.panel, name="panel"),
    path("papers/of/<slug:kind>/<str:number>", views.of, name="of"),
    path("papers/ledger/<slug:kind>/<str:code>/<str:month>.pdf", views.ledger, name="ledger"),
    path("papers/<slug:kind>/<str:number>.pdf", views.sheet, name="sheet"),
]
