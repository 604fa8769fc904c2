"""The catalogue of a project: taken from its regulations, then kept by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.queries import place_of
from shouwen.rules.paid_kinds import ServiceItem
from shouwen.rules.refused import Refused
from shouwen.services.models import CatalogueItem, Partner
from shouwen.services.queries import service_rules


def seed_catalogue(*, project: OrgUnit, by: Scope, at: datetime) -> list[CatalogueItem]:
    """Take every service that the regulations name into the catalogue, once. What is there keeps
    its partner and whether it is offered; its words follow the regulation."""
    by.require("service.manage", project)
    with transaction.atomic():
        return [
            CatalogueItem.objects.update_or_create(
                project=project,
                regulation=regulation.id,
                code=rule.code,
                defaults={**place_of(project), "position": position, **_of_rule(rule)},
            )[0]
            for position, (regulation, rule) in enumerate(service_rules(project, at))
        ]


def _of_rule(rule: ServiceItem) -> dict[str, Any]:
    """The columns that the regulation fills."""
    return {
        "title": rule.title,
        "clause": rule.clause,
        "way": rule.way,
        "provider": rule.provider,
        "paid": rule.paid,
        "price_item": rule.price_item,
        "details": list(rule.details),
        "results": list(rule.results),
        "sub": list(rule.sub),
        "closes_told": rule.closes_told,
    }


def keep_item(
    *, item: CatalogueItem, partner: Partner | None, active: bool, by: Scope, at: datetime
) -> CatalogueItem:
    """Who does it, and whether it is offered at present."""
    by.require("service.manage", item.project)
    if partner and partner.project_id != item.project_id:
        raise Refused("not-found", "没有找到这个商家，请从列表中选。", field="partner")
    item.partner, item.active = partner, active
    item.save(update_fields=["partner", "active"])
    return item


def add_partner(
    *, project: OrgUnit, name: str, does: str, phone: str, by: Scope, at: datetime
) -> Partner:
    by.require("service.manage", project)
    if not name.strip():
        raise Refused("no-name", "请填商家名称。", field="name")
    return Partner.objects.create(
        name=name.strip()[:60], does=does.strip()[:100], phone=phone.strip()[:40],
        **place_of(project),
    )  # fmt: skip
