"""Reads of the stores: what there is, where it lies, what of it was used.

Lists start from `visible_…(scope)`. Narrow roles see the stores of their whole project: an engineer
wants to know what lies in the store room before he walks there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope, found
from shouwen.stores.models import (
    NONE,
    Material,
    Move,
    Requisition,
    Stock,
    StockCount,
    Store,
    amount_field,
)

SEE = "stores.view"
FOUND_AT_MOST = 20


# --- within somebody's reach ----------------------------------------------------------------------


def visible_materials(scope: Scope) -> QuerySet[Material]:
    return Material.objects.filter(_reached(scope))


def visible_stores(scope: Scope) -> QuerySet[Store]:
    return Store.objects.filter(_reached(scope))


def visible_moves(scope: Scope) -> QuerySet[Move]:
    return Move.objects.filter(_reached(scope))


def visible_requisitions(scope: Scope) -> QuerySet[Requisition]:
    """Those of the stores reached, and one's own."""
    own = Q(engineer=scope.staff) | Q(asked_by=scope.staff)
    return Requisition.objects.filter(scope.inside(), _reached(scope) | own)


def visible_counts(scope: Scope) -> QuerySet[StockCount]:
    return StockCount.objects.filter(_reached(scope))


def _reached(scope: Scope) -> Q:
    return scope.below(SEE, "project__path")


def get_material(scope: Scope, pk: int) -> Material:
    rows = visible_materials(scope).select_related("project__company", "project__group")
    return found(rows, "没有找到这种物料，请从库房清单打开。", pk=pk)


def get_store(scope: Scope, pk: int) -> Store:
    rows = visible_stores(scope).select_related("project__company", "project__group", "holder")
    return found(rows, "没有找到这个库房，请从库房清单打开。", pk=pk)


def get_requisition(scope: Scope, number: str) -> Requisition:
    """The requisition, or the same refusal whether it is unknown or not theirs to see."""
    rows = visible_requisitions(scope).select_related(
        "project__company", "project__group", "case", "engineer", "asked_by", "issued_by", "store"
    )
    return found(rows, "没有找到这张领料单，请核对编号。", number=number)


def get_count(scope: Scope, number: str) -> StockCount:
    rows = visible_counts(scope).select_related("project", "store", "counted_by", "decided_by")
    return found(rows, "没有找到这次盘点，请核对编号。", number=number)


# --- materials ------------------------------------------------------------------------------------


def find_material(project: OrgUnit, q: str) -> list[Material]:
    """By barcode or code as it is, else by the beginning of the code or two characters of name or
    specification. One exact hit stands alone: that is what a scan wants."""
    text = q.strip()
    rows = Material.objects.filter(project=project, active=True)
    exact = list(rows.filter(Q(barcode=text) | Q(code__iexact=text))[:2]) if text else []
    if len(exact) == 1 or len(text) < 2:
        return exact
    return list(rows.filter(*(mentions(word) for word in text.split()))[:FOUND_AT_MOST])


def mentions(word: str) -> Q:
    """The condition on materials that a word of a search puts."""
    named = Q(name__icontains=word) | Q(spec__icontains=word)
    return named | Q(code__istartswith=word) | Q(barcode=word)


def stock_in_rooms(materials: QuerySet[Material]) -> QuerySet[Material]:
    """With `in_rooms`, what lies in the store rooms of the project, and `carried`, what engineers
    have with them."""
    return materials.annotate(
        in_rooms=_summed(Q(stock__store__holder=None)),
        carried=_summed(Q(stock__store__holder__isnull=False)),
    )


def _summed(where: Q) -> Coalesce:
    total = Sum("stock__quantity", filter=where)
    return Coalesce(total, Value(NONE), output_field=amount_field(None))


def is_low() -> Q:
    """The condition on what `stock_in_rooms` gives: less than the mark lies in the store rooms."""
    return Q(low_mark__gt=0, in_rooms__lt=F("low_mark"))


def low_stock(project: OrgUnit) -> list[Material]:
    """What has to be bought, each with `in_rooms` and `carried`."""
    materials = Material.objects.filter(project=project, active=True)
    return list(stock_in_rooms(materials).filter(is_low()))


# --- stores ---------------------------------------------------------------------------------------


def stock_of(store: Store) -> QuerySet[Stock]:
    """What lies there now."""
    rows = Stock.objects.filter(store=store, quantity__gt=0)
    return rows.select_related("material").order_by("material__code")


def own_stock(staff: Staff, project: OrgUnit | None = None) -> list[Stock]:
    """What somebody carries with him, in one project or everywhere."""
    rows = Stock.objects.filter(store__holder=staff, quantity__gt=0)
    if project:
        rows = rows.filter(store__project=project)
    return list(rows.select_related("material").order_by("material__code"))


def unsigned(engineer: Staff) -> QuerySet[Requisition]:
    """Issued to somebody who has not yet said that he has the goods and the second copy."""
    issued = Requisition.objects.filter(engineer=engineer, state=Requisition.State.ISSUED)
    return issued.filter(acknowledged_at=None)


# --- what an order used ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Reconciled:
    """One material of a work order: drawn for it, used on it, given back."""

    material: Material
    drawn: Decimal
    used: Decimal
    returned: Decimal

    @property
    def difference(self) -> Decimal:
        """Above nothing: still with the engineer. Below: used out of what he carried anyway."""
        return self.drawn - self.used - self.returned


def reconcile(subject: str) -> list[Reconciled]:
    """Drawn against used and returned for a work order, by material (S2-RP-11)."""
    return reconcile_all([subject]).get(subject, [])


def reconcile_all(subjects: Sequence[str]) -> dict[str, list[Reconciled]]:
    """The same for many orders in one query; orders without material are left out."""
    rows = (
        Move.objects.filter(subject__in=[subject for subject in subjects if subject])
        .values("subject", "material_id", "kind")
        .annotate(total=Sum("quantity"))
        .order_by()
    )
    totals: dict[tuple[str, int], dict[str, Decimal]] = {}
    for row in rows:
        totals.setdefault((row["subject"], row["material_id"]), {})[row["kind"]] = row["total"]
    materials = Material.objects.in_bulk({material for _, material in totals})
    found: dict[str, list[Reconciled]] = {}
    for (subject, pk), of in sorted(totals.items(), key=lambda item: materials[item[0][1]].code):
        kinds = (Move.Kind.DRAW, Move.Kind.USE, Move.Kind.RETURN)
        row_ = Reconciled(materials[pk], *(of.get(kind, NONE) for kind in kinds))
        found.setdefault(subject, []).append(row_)
    return found
