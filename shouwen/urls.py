"""Every address of the desk: each app brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from shouwen.api.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("", include("shouwen.cases.urls")),
    path("", include("shouwen.dashboards.urls")),
    path("", include("shouwen.archive.urls")),
    path("", include("shouwen.statements.urls")),
    path("", include("shouwen.figures.urls")),
    path("", include("shouwen.registers.urls")),
    path("", include("shouwen.portal.urls")),
    path("", include("shouwen.phone.urls")),
    path("", include("shouwen.papers.urls")),
    path("", include("shouwen.learning.urls")),
    path("", include("shouwen.groups.urls")),
    path("", include("shouwen.majors.urls")),
    path("", include("shouwen.outside.urls")),
    path("", include("shouwen.supervision.urls")),
    path("", include("shouwen.followup.urls")),
    path("", include("shouwen.services.urls")),
    path("", include("shouwen.repairs.urls")),
    path("", include("shouwen.stores.urls")),
    path("", include("shouwen.billing.urls")),
    path("", include("shouwen.pricing.urls")),
    path("", include("shouwen.notify.urls")),
    path("", include("shouwen.estate.urls")),
    path("", include("shouwen.adoption.urls")),
    path("", include("shouwen.accounts.urls")),
    path("", include("shouwen.web.urls")),
]
