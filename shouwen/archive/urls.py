"""The addresses of this floor."""

from django.urls import path

from shouwen.archive.views import folders, leaving, numbers

app_name = "archive"
urlpatterns = [
    path("archive", folders.folders, name="folders"),
    path("archive/export.<slug:kind>", folders.export, name="export"),
    path("archive/deposits", leaving.deposits, name="deposits"),
    path("archive/deposits/<int:pk>/<slug:step>", leaving.deposit_step, name="deposit-step"),
    path("archive/disposals", leaving.disposals, name="disposals"),
    path("archive/disposals/new", leaving.propose, name="propose"),
    path("archive/disposals/<str:number>", leaving.disposal, name="disposal"),
    path("archive/disposals/<str:number>/decide", leaving.decide, name="decide"),
    path("archive/numbers", numbers.numbers, name="numbers"),
    path("archive/numbers/<int:pk>/<slug:step>", numbers.step, name="number-step"),
    path("archive/<str:number>", folders.folder, name="folder"),
    path("archive/<str:number>/<slug:step>", folders.step, name="folder-step"),
]
