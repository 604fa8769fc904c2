"""The addresses of this floor."""

from django.urls import path

from shouwen.statements.views import lists, paper, statement

app_name = "statements"
urlpatterns = [
    path("statements", lists.statements, name="statements"),
    path("statements/calendar", lists.calendar, name="calendar"),
    path("statements/<str:number>", statement.statement, name="statement"),
    path("statements/<str:number>/paper.<slug:kind>", paper.paper, name="paper"),
    path("statements/<str:number>/<str:step>", statement.step, name="step"),
    path("statements/<str:number>/measures/<int:pk>", statement.report, name="report"),
    path(
        "statements/<str:number>/deliveries/<int:pk>/<str:step>",
        statement.delivery_step,
        name="delivery-step",
    ),
]
