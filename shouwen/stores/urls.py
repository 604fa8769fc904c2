"""The stores: what there is, requisitions, moves, counts, the workbook of materials."""

from django.urls import path

from shouwen.stores.views import counting, drawing, importing, keeping

app_name = "stores"
urlpatterns = [
    path("stores", keeping.stock, name="stock"),
    path("stores/moves", keeping.moves, name="moves"),
    path("stores/own", keeping.own, name="own"),
    path("stores/receive", keeping.receive, name="receive"),
    path("stores/transfer", keeping.transfer, name="transfer"),
    path("stores/return", keeping.give_back, name="return"),
    path("stores/rooms/new", keeping.add_store, name="add-store"),
    path("stores/<int:pk>", keeping.store, name="store"),
    path("stores/materials/new", keeping.add_material, name="add-material"),
    path("stores/materials/<int:pk>", keeping.material, name="material"),
    path("stores/materials/<int:pk>/edit", keeping.edit_material, name="edit-material"),
    path("stores/import", importing.upload, name="import"),
    path("stores/import/confirm", importing.confirm, name="import-confirm"),
    path("stores/requisitions", drawing.requisitions, name="requisitions"),
    path("stores/requisitions/new", drawing.ask, name="ask"),
    path("stores/requisitions/<str:number>", drawing.requisition, name="requisition"),
    path("stores/requisitions/<str:number>/acknowledge", drawing.acknowledge, name="acknowledge"),
    path("stores/requisitions/<str:number>/cancel", drawing.cancel, name="cancel"),
    path("stores/reconcile", drawing.reconciled, name="reconcile"),
    path("stores/of-order/<str:subject>", drawing.panel, name="panel-of-order"),
    path("stores/counts", counting.counts, name="counts"),
    path("stores/counts/new", counting.add_count, name="add-count"),
    path("stores/counts/<str:number>", counting.count, name="count"),
]
