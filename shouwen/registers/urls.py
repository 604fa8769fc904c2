"""The addresses of this floor."""

from django.urls import path

from shouwen.registers.views import calls, filling, listing, printing, templates

app_name = "registers"
urlpatterns = [
    path("calls", calls.calls, name="calls"),
    path("calls/<int:pk>/number", calls.number, name="call-number"),
    path("calls/<int:pk>/back", calls.back, name="call-back"),
    path("registers", listing.registers, name="registers"),
    path("registers/records/<str:number>", filling.record, name="record"),
    path("registers/records/<str:number>/files/<int:pk>", filling.file, name="file"),
    path("registers/records/<str:number>/do/<slug:step>", filling.step, name="step"),
    path("registers/records/<str:number>/print.<str:kind>", printing.record, name="print"),
    path("registers/<slug:form>", listing.form, name="form"),
    path("registers/<slug:form>/new", filling.fill, name="fill"),
    path("registers/<slug:form>/export.<str:kind>", listing.export, name="export"),
    path("registers/<slug:form>/results", listing.results, name="results"),
    path("registers/<slug:form>/blank.<str:kind>", printing.blank, name="blank"),
    path("registers/<slug:form>/ledger.pdf", printing.ledger, name="ledger"),
    path("registers/<slug:form>/templates", templates.templates, name="templates"),
    path("registers/<slug:form>/templates/<int:pk>.docx", templates.sample, name="sample"),
    path("registers/<slug:form>/templates/<int:pk>/<slug:step>", templates.step, name="template"),
]
