"""The inbox."""

from django.urls import path

from shouwen.notify import views

app_name = "notify"
urlpatterns = [
    path("inbox", views.inbox, name="inbox"),
    path("inbox/count", views.count, name="count"),
    path("inbox/read", views.read_all, name="read-all"),
    path("inbox/<int:pk>/open", views.open_notice, name="open"),
    path("inbox/<int:pk>/read", views.read_one, name="read"),
]
