"""Regulations to read and adopt, and the working calendars."""

from django.urls import path

from shouwen.adoption.views import adopting, calendars, reading

app_name = "adoption"
urlpatterns = [
    path("regulations", reading.regulations, name="regulations"),
    path("regulations/compare", reading.compare, name="compare"),
    path("regulations/in-force", adopting.in_force, name="in-force"),
    path("regulations/units/<int:pk>", adopting.unit, name="unit"),
    path("regulations/units/<int:pk>/adopt", adopting.adopt, name="adopt"),
    path("regulations/units/<int:pk>/calendars/new", calendars.propose, name="propose-calendar"),
    path("regulations/units/<int:pk>/<slug:regulation>", adopting.times, name="times"),
    path(
        "regulations/units/<int:pk>/<slug:regulation>/<slug:rule>",
        adopting.tighten,
        name="tighten",
    ),
    path("regulations/adoptions/<int:pk>/stop", adopting.stop, name="stop"),
    path("regulations/calendars", calendars.calendars, name="calendars"),
    path("regulations/calendars/<int:pk>", calendars.calendar, name="calendar"),
    path("regulations/calendars/<int:pk>/revise", calendars.revise, name="revise-calendar"),
    path("regulations/calendars/<int:pk>/day", calendars.change_day, name="calendar-day"),
    path("regulations/calendars/<int:pk>/approve", calendars.approve, name="approve-calendar"),
    path("regulations/calendars/<int:pk>/discard", calendars.discard, name="discard-calendar"),
    path("regulations/<slug:regulation>", reading.regulation, name="regulation"),
    path("regulations/<slug:regulation>/rules/<str:rule>", reading.rule, name="rule"),
    path("regulations/<slug:regulation>/clauses/<str:clause>", reading.clause, name="clause"),
]
