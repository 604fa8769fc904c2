"""Work orders: the list, one order, the registers, the roster, handovers, patrols."""

from django.urls import path

from shouwen.repairs.views import finding, listing, ordering, roster

app_name = "repairs"
urlpatterns = [
    path("orders", listing.orders, name="orders"),
    path("orders/export.<slug:kind>", listing.export, name="export"),
    path("orders/registers/<slug:name>", listing.register, name="register"),
    path(
        "orders/registers/<slug:name>.<slug:kind>", listing.register_export, name="register-export"
    ),
    path("orders/of-case/<str:number>", ordering.panel, name="panel"),
    path("orders/new/<str:number>", ordering.new, name="new"),
    path("orders/roster", roster.roster, name="roster"),
    path("orders/roster/<int:pk>/off", roster.off_duty, name="off-duty"),
    path("orders/skills/<int:pk>", roster.skills, name="skills"),
    path("orders/<str:number>", ordering.order, name="order"),
    path("orders/<str:number>/phone", ordering.phone, name="phone"),
    path("orders/<str:number>/<slug:verb>", ordering.verb, name="verb"),
    path("handovers", finding.handovers, name="handovers"),
    path("handovers/<int:pk>", finding.handover, name="handover"),
    path("patrols", finding.patrols, name="patrols"),
    path("patrols/<slug:checklist>", finding.patrol, name="patrol"),
]
