"""The addresses of this floor."""

from django.urls import path

from shouwen.majors.views import ahead, events, grading

app_name = "majors"
urlpatterns = [
    path("majors", events.events, name="events"),
    path("majors/of-case/<str:number>", grading.panel, name="panel"),
    path("majors/of-case/<str:number>/<slug:name>", grading.case_step, name="case-step"),
    path("majors/matrix", ahead.matrix, name="matrix"),
    path("majors/matrix/new", ahead.matrix_new, name="matrix-new"),
    path("majors/matrix/<int:pk>/end", ahead.matrix_end, name="matrix-end"),
    path("majors/risks", ahead.risks, name="risks"),
    path("majors/risks/new", ahead.risk_new, name="risk-new"),
    path("majors/risks/<int:pk>", ahead.risk, name="risk"),
    path("majors/risks/<int:pk>/<slug:name>", ahead.risk_step, name="risk-step"),
    path("majors/warnings", ahead.warnings, name="warnings"),
    path("majors/warnings/<int:pk>", ahead.warning, name="warning"),
    path("majors/warnings/<int:pk>/respond", ahead.warning_respond, name="warning-respond"),
    path("majors/<str:number>", events.event, name="event"),
    path("majors/<str:number>/do/<slug:name>", events.event_step, name="event-step"),
    path("majors/<str:number>/told/<int:pk>/<slug:name>", events.sending_step, name="sending-step"),
    path("majors/<str:number>/actions/<int:pk>", events.action_step, name="action-step"),
]
