"""The desk, the board, and the page of a case with its verbs."""

from django.urls import path

from shouwen.cases.views import case, contacts, desk

app_name = "cases"
urlpatterns = [
    path("", desk.home, name="home"),
    path("desk", desk.desk, name="desk"),
    path("desk/preview", desk.preview, name="desk-preview"),
    path("desk/caller", desk.caller, name="caller"),
    path("desk/saved/<str:number>", desk.saved, name="desk-saved"),
    path("desk/saved/<str:number>/dispatch", desk.dispatch_saved, name="desk-dispatch"),
    path("contacts", contacts.contacts, name="contacts"),
    path("contacts/register", contacts.register, name="contact-register"),
    path("contacts/<str:number>", contacts.contact, name="contact"),
    path("contacts/<str:number>/phone", contacts.reveal_phone, name="contact-phone"),
    path("handover", contacts.handover, name="handover"),
    path("files/<int:pk>", contacts.file, name="file"),
    path("cases/of-unit/<int:pk>", case.unit_panel, name="unit-panel"),
    path("cases/of-customer/<int:pk>", case.customer_history, name="customer-history"),
    path("cases/<str:number>", case.case, name="case"),
    path("cases/<str:number>/phone", case.phone, name="phone"),
    path("cases/<str:number>/<slug:verb>", case.verb, name="verb"),
]
