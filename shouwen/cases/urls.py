"""The desk, the board, and the page of a case with its verbs."""

from django.urls import path

from shouwen.cases.views import board, case, contacts, desk, recalendar, saved_views, stocktake

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
    path("board", board.board, name="board"),
    path("cases", board.case_list, name="list"),
    path("search", board.search, name="search"),
    path("export/<slug:page>.<slug:kind>", board.export, name="export"),
    path("views", saved_views.views, name="views"),
    path("views/<int:pk>", saved_views.view, name="view"),
    path("stocktake", stocktake.stocktake, name="stocktake"),
    path("handover", contacts.handover, name="handover"),
    path("regulations/calendars/<int:pk>/moves", recalendar.calendar_moves, name="calendar-moves"),
    path("files/<int:pk>", contacts.file, name="file"),
    path("cases/of-unit/<int:pk>", case.unit_panel, name="unit-panel"),
    path("cases/of-customer/<int:pk>", case.customer_history, name="customer-history"),
    path("cases/<str:number>", case.case, name="case"),
    path("cases/<str:number>/phone", case.phone, name="phone"),
    path("cases/<str:number>/<slug:verb>", case.verb, name="verb"),
]
