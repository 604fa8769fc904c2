"""Services: orders, the catalogue, mail at the front desk, letting and selling."""

from django.urls import path

from shouwen.services.views import agency, catalogue, frontdesk, orders

app_name = "services"
urlpatterns = [
    path("services/orders", orders.orders, name="orders"),
    path("services/orders/export.<slug:kind>", orders.export, name="export"),
    path("services/orders/<str:number>", orders.order, name="order"),
    path("services/orders/<str:number>/kept/<int:pk>", orders.give_back, name="give-back"),
    path("services/orders/<str:number>/<slug:step>", orders.step, name="step"),
    path("services/month", orders.month, name="month"),
    path("services/of-case/<str:number>", orders.panel, name="panel"),
    path("services/of-case/<str:number>/new", orders.new, name="new"),
    path("services/catalogue", catalogue.catalogue, name="catalogue"),
    path("services/catalogue/seed", catalogue.seed, name="seed"),
    path("services/catalogue/partner", catalogue.partner, name="partner"),
    path("services/catalogue/<int:pk>", catalogue.item, name="item"),
    path("services/hours", catalogue.hours, name="hours"),
    path("services/hours/add", catalogue.add_hours, name="add-hours"),
    path("services/hours/<int:pk>/remove", catalogue.drop_hours, name="drop-hours"),
    path("services/parcels", frontdesk.parcels, name="parcels"),
    path("services/parcels/register", frontdesk.register, name="register-parcel"),
    path("services/parcels/<str:number>", frontdesk.parcel, name="parcel"),
    path("services/parcels/<str:number>/signature", frontdesk.signature, name="signature"),
    path("services/parcels/<str:number>/do/<slug:step>", frontdesk.step, name="parcel-step"),
    path("services/mandates", agency.mandates, name="mandates"),
    path("services/mandates/<str:number>", agency.mandate, name="mandate"),
    path("services/mandates/<str:number>/do/<slug:step>", agency.step, name="mandate-step"),
    path("services/mandates/<str:number>/report/<int:pk>", agency.issue, name="issue-report"),
    path("services/mandates/<str:number>/rent/<int:pk>/<slug:step>", agency.rent, name="rent"),
]
