"""The counter, what homes owe, bills, cash, and what is to be approved."""

from django.urls import path

from shouwen.billing.views import approvals, bills, cash, counter, notices, online, records

app_name = "billing"
urlpatterns = [
    path("money", counter.desk, name="desk"),
    path("money/units/<int:pk>", counter.unit, name="unit"),
    path("money/units/<int:pk>/charge", counter.new_charge, name="new-charge"),
    path("money/units/<int:pk>/clear", counter.clear, name="clear"),
    path("money/units/<int:pk>/hand-over", counter.hand_over, name="hand-over"),
    path("money/units/<int:pk>/scan", online.scan, name="scan"),
    path("money/checkouts/<str:number>", online.checkout, name="checkout"),
    path("money/of-unit/<int:pk>", counter.unit_panel, name="unit-panel"),
    path("money/of-case/<str:number>", counter.panel, name="panel"),
    path("money/charges/<str:number>", records.charge, name="charge"),
    path("money/charges/<str:number>/<slug:act>", records.charge_act, name="charge-act"),
    path("money/payments/<str:number>", records.payment, name="payment"),
    path("money/payments/<str:number>/<slug:act>", records.payment_act, name="payment-act"),
    path("money/bills", bills.bills, name="bills"),
    path("money/bills/<str:number>", bills.bill, name="bill"),
    path("money/cash", cash.cash, name="cash"),
    path("money/cash/hand-in", cash.hand_in, name="hand-in"),
    path("money/cash/count", cash.count, name="count"),
    path("money/cash/settle", cash.settle, name="settle"),
    path("money/approvals", approvals.approvals, name="approvals"),
    path("money/approvals/<slug:kind>/<str:number>", approvals.decide, name="decide"),
    path("c/pay/<slug:provider>/<str:code>", notices.notice, name="notice"),
    path("money/refunds/<str:number>/pay-out", approvals.pay_out, name="pay-out"),
]
