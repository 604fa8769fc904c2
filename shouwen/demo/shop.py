"""What must be there before the first order: price lists in force, materials in the rooms and in
the engineers' bags, skills, the catalogue of services (`shop.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.demo.company import ZONE, Company
from shouwen.pricing.actions import listing
from shouwen.pricing.models import PriceEdition, PriceItem
from shouwen.repairs.actions.rostering import set_skills
from shouwen.services.actions.catalogue import seed_catalogue
from shouwen.stores.actions.keeping import add_material, receive, transfer
from shouwen.stores.actions.moving import main_store, own_store
from shouwen.stores.models import Material

LISTS = ("repair", "special")
TRADES = (("water", "lock", "other"), ("power", "weak", "other"))
POSTED = "客服中心公示栏"


@dataclass(frozen=True)
class Fix:
    """How a matter of the book is repaired: what is done, what it costs, what goes into it."""

    matter: str
    title: str
    trade: str
    part: str
    price: str = ""
    material: str = ""


@cache
def fixes() -> Mapping[str, Fix]:
    return {row["matter"]: Fix(**row) for row in _read()["fix"]}


@cache
def _read() -> dict[str, Any]:
    with Path(__file__).with_name("shop.toml").open("rb") as file:
        return tomllib.load(file)


def open_shops(company: Company, at: datetime) -> None:
    for project in company.projects:
        for kind in LISTS:
            _put_in_force(company, project, kind, at)
        _stock_up(company, project, at)
        head = _by(company, "cs_head", project, at)
        seed_catalogue(project=project, by=head, at=at)


def _by(company: Company, role: str, project: OrgUnit, at: datetime) -> Scope:
    return company.scope(company.holding(role, project, at), at)


# --- Price lists ----------------------------------------------------------------------------------


def _put_in_force(company: Company, project: OrgUnit, kind: str, at: datetime) -> None:
    """Drawn up, agreed to step by step, and put up where everybody can read it."""
    drafter = _by(company, "cs_head", project, at)
    edition = listing.draft(project=project, kind=kind, by=drafter, at=at)
    rows = [_row(row) for row in _read()["price"] if row["list"] == kind]
    listing.rewrite(edition=edition, rows=rows, by=drafter, at=at, basis="市场调节价，参照同类项目")
    day = at.astimezone(ZONE).date()
    listing.submit(edition=edition, effective_from=day, by=drafter, at=at)
    while step := listing.waiting_step(edition):
        outside = (
            {"mode": step.modes[0], "number": f"价备〔{day.year}〕12 号", "decided_on": day}
            if step.outside
            else {}
        )
        listing.approve(
            edition=edition, by=_by(company, step.role, project, at), at=at, note="同意", **outside
        )
    listing.post(edition=edition, where=POSTED, by=drafter, at=at)


def _row(row: Mapping[str, str]) -> listing.Row:
    return listing.Row(
        code=row["code"], name=row["name"], unit=row["unit"], low=Decimal(row["low"]),
        high=Decimal(row["high"]), content=row["content"],
    )  # fmt: skip


def price(edition: PriceEdition, code: str) -> PriceItem:
    return edition.items.get(code=code)


# --- Materials ------------------------------------------------------------------------------------


def _stock_up(company: Company, project: OrgUnit, at: datetime) -> None:
    """Delivered into the room, and from there into every engineer's bag."""
    head = _by(company, "repair_head", project, at)
    rows = _read()["material"]
    kept = [add_material(project=project, by=head, **_about(row)) for row in rows]
    room = main_store(project)
    _in_room = [(material, Decimal(row["stock"])) for material, row in zip(kept, rows, strict=True)]
    receive(store=room, lines=_in_room, by=head, at=at, note="开办备料")
    bag = [(material, Decimal(row["carried"])) for material, row in zip(kept, rows, strict=True)]
    engineers = company.posts.get(("engineer", f"{project.code}-engineering"), [])
    for n, engineer in enumerate(engineers):
        set_skills(staff=engineer, trades=TRADES[n % 2], by=head, project=project)
        transfer(
            source=room, target=own_store(engineer, project), lines=bag, by=head,
            at=at + timedelta(minutes=5), note="随身备件",
        )  # fmt: skip


def _about(row: Mapping[str, Any]) -> dict[str, Any]:
    about = {name: row[name] for name in ("code", "name", "spec", "unit", "barcode")}
    return {**about, "price": Decimal(row["price"]), "low_mark": Decimal(row["low_mark"])}


def material(project: OrgUnit, code: str) -> Material:
    return Material.objects.get(project=project, code=code)
