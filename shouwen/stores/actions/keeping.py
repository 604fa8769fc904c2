"""The storekeeper's own work: materials, store rooms, what comes in, what is carried over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused
from shouwen.stores.actions.moving import About, Line, move, require_of, summed
from shouwen.stores.models import Material, Move, Store


def add_material(*, project: OrgUnit, by: Scope, **about: Any) -> Material:
    """A new kind of thing; its code is its own in the project."""
    by.require("stores.manage", project)
    return _saved(Material(**place_of(project), **about))


def change_material(*, material: Material, by: Scope, **about: Any) -> Material:
    """What is said about it from now on; moves keep the price of their day."""
    by.require("stores.manage", material.project)
    for name, value in about.items():
        setattr(material, name, value)
    return _saved(material)


def _saved(material: Material) -> Material:
    low, high = material.sold_from, material.sold_to
    if low is not None and high is not None and low > high:
        raise Refused("band", "最低售价不能高于最高售价，请核对。", field="sold_to")
    try:
        with transaction.atomic():
            material.save()
    except IntegrityError as taken:
        field, word = _taken(material)
        raise Refused("taken", f"{word}已经有别的物料在用，请换一个。", field=field) from taken
    return material


def _taken(material: Material) -> tuple[str, str]:
    same = Material.objects.filter(project=material.project, code=material.code)
    if same.exclude(pk=material.pk).exists():
        return "code", f"编号 {material.code} "
    return "barcode", f"条码 {material.barcode} "


def add_store(*, project: OrgUnit, name: str, by: Scope) -> Store:
    """One more store room."""
    by.require("stores.manage", project)
    made, is_new = Store.objects.get_or_create(
        project=project, name=name.strip(), holder=None, defaults=place_of(project)
    )
    if not is_new:
        raise Refused("taken", f"已经有“{made.name}”，请换一个名字。", field="name")
    return made


def receive(
    *,
    store: Store,
    lines: Sequence[Line],
    by: Scope,
    at: datetime,
    note: str = "",
    happened: datetime | None = None,
) -> list[Move]:
    """Bought or delivered: into the store."""
    by.require("stores.issue", store.project)
    require_of(store.project, lines)
    about = About(Move.Kind.RECEIVE, by.staff, happened or at, at, note=note)
    return move(lines, source=None, target=store, about=about)


def transfer(
    *,
    source: Store,
    target: Store,
    lines: Sequence[Line],
    by: Scope,
    at: datetime,
    note: str = "",
    happened: datetime | None = None,
) -> list[Move]:
    """From one store of the project to another, an engineer's own stock included."""
    by.require("stores.issue", source.project)
    lines = summed(lines)
    require_of(source.project, lines)
    if source == target or source.project_id != target.project_id:
        raise Refused("same-store", "请选本项目的另一个库房作为调入方。", field="target")
    about = About(Move.Kind.TRANSFER, by.staff, happened or at, at, note=note)
    return move(lines, source=source, target=target, about=about)
