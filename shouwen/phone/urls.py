from django.urls import path

from shouwen.phone import views

app_name = "phone"
urlpatterns = [
    path("phone/", views.shell, name="shell"),
    path("phone/manifest.json", views.manifest, name="manifest"),
    path("phone/sw.js", views.worker, name="worker"),
    path("phone/day.json", views.take_along, name="day"),
    path("phone/sync", views.sync, name="sync"),
    path("phone/files", views.files, name="files"),
    path("phone/orders/<str:order>/phone", views.number, name="number"),
    path("phone/conflicts", views.conflicts, name="conflicts"),
    path("phone/conflicts/<int:pk>", views.conflict, name="conflict"),
]
