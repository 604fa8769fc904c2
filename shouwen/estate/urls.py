"""Buildings, units, customers, notices and the import."""

from django.urls import path

from shouwen.estate.views import importing, keeping, looking, notices

app_name = "estate"
urlpatterns = [
    path("units", looking.units, name="units"),
    path("units/<int:pk>", looking.unit, name="unit"),
    path("units/<int:pk>/edit", keeping.edit_unit, name="edit-unit"),
    path("units/<int:pk>/move-in", keeping.move_in, name="move-in"),
    path("occupancies/<int:pk>/move-out", keeping.move_out, name="move-out"),
    path("buildings/new", keeping.add_building, name="add-building"),
    path("buildings/<int:pk>/rename", keeping.rename_building, name="rename-building"),
    path("buildings/<int:pk>/units/new", keeping.add_unit, name="add-unit"),
    path("customers/<int:pk>", looking.customer, name="customer"),
    path("customers/<int:pk>/edit", keeping.edit_customer, name="edit-customer"),
    path("customers/<int:pk>/phones/new", keeping.add_phone, name="add-phone"),
    path("phones/<int:pk>/remove", keeping.remove_phone, name="remove-phone"),
    path("phones/<int:pk>/reveal", looking.reveal_phone, name="reveal-phone"),
    path("notices", notices.notices, name="notices"),
    path("notices/new", notices.post_notice, name="post-notice"),
    path("notices/<int:pk>/withdraw", notices.withdraw_notice, name="withdraw-notice"),
    path("imports", importing.imports, name="imports"),
    path("imports/template", importing.template, name="import-template"),
    path("imports/<int:pk>", importing.import_run, name="import-run"),
    path("imports/<int:pk>/progress", importing.progress, name="import-progress"),
    path("imports/<int:pk>/confirm", importing.confirm, name="confirm-import"),
    path("imports/<int:pk>/cancel", importing.cancel, name="cancel-import"),
    path("imports/<int:pk>/errors", importing.errors, name="import-errors"),
]
