"""The customer's side below /c/, open to whoever has the address; ours behind the sign-in."""

from django.urls import path

from shouwen.portal.views import customer, staff

app_name = "portal"
urlpatterns = [
    path("c/at/<str:code>", customer.at_code, name="report"),
    path("c/<str:token>", customer.progress, name="progress"),
    path("c/<str:token>/offers", customer.offers, name="offers"),
    path("c/<str:token>/rate/<slug:answer>", customer.rated, name="rate"),
    path("customer-links/of-case/<str:number>", staff.panel, name="panel"),
    path("customer-links/for-case/<str:number>", staff.issue, name="issue"),
    path("customer-links/<int:pk>/revoke", staff.revoke, name="revoke"),
    path("building-codes", staff.codes, name="codes"),
    path("building-codes/new/<int:pk>", staff.make_code, name="make-code"),
    path("building-codes/<int:pk>/retire", staff.retire_code, name="retire-code"),
    path("building-codes/<int:pk>/sheet", staff.sheet, name="sheet"),
]
