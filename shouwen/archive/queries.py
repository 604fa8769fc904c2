"""Reads of the archive: who sees which folder, what waits to be handed over, what is over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.archive.models import Deposit, Disposal, Folder, NumberChange
from shouwen.rules.complaint_kinds import Retention
from shouwen.rules.refused import Refused

SEE = "case.view"
_STATE = Folder.State


# --- Who sees what --------------------------------------------------------------------------------


def visible_folders(scope: Scope, right: str = SEE) -> QuerySet[Folder]:
    """Those of the places that somebody sees whole. Narrow roles see single cases, and nothing
    here."""
    return Folder.objects.filter(scope.inside(), scope.on(right))


def require_whole(scope: Scope) -> None:
    """The archive is of whole places."""
    scope.require(SEE)
    if not scope.wide(SEE):
        raise Refused("not-allowed", "您的岗位看不到整个项目的档案，请向客服负责人借阅。")


def get_folder(scope: Scope, number: str) -> Folder:
    require_whole(scope)
    rows = visible_folders(scope).select_related("unit", "project", "company", "filed_by")
    return found(rows, "没有找到这份档案，请核对档案号。", number=number)


def visible_disposals(scope: Scope) -> QuerySet[Disposal]:
    return Disposal.objects.filter(scope.inside(), scope.on(SEE))


def get_disposal(scope: Scope, number: str) -> Disposal:
    require_whole(scope)
    rows = visible_disposals(scope).select_related("unit", "asked_by", "decided_by")
    return found(rows, "没有找到这份销毁清单，请核对编号。", number=number)


def visible_deposits(scope: Scope) -> QuerySet[Deposit]:
    """Those of the places seen whole, and what one's own department is to keep."""
    keeps = Q(keeper__in=scope.departments(SEE))
    return Deposit.objects.filter(scope.inside(), scope.on(SEE) | keeps)


def get_deposit(scope: Scope, pk: int) -> Deposit:
    rows = visible_deposits(scope).select_related(
        "project", "keeper", "handed_by", "received_by", "folder"
    )
    return found(rows, "没有找到这份待交资料，请从“待交存”打开。", pk=pk)


def visible_changes(scope: Scope) -> QuerySet[NumberChange]:
    return NumberChange.objects.filter(scope.inside(), scope.on(SEE))


def get_change(scope: Scope, pk: int) -> NumberChange:
    require_whole(scope)
    rows = visible_changes(scope).select_related("project", "customer")
    return found(rows, "没有找到这条联系方式变更，请从“联系方式”打开。", pk=pk)


# --- What is looked for ---------------------------------------------------------------------------


def about(q: str) -> Q:
    """What the words stand in, from two characters on."""
    named = Q(number__icontains=q) | Q(title__icontains=q)
    return named | Q(text__icontains=q) | Q(place__icontains=q) | Q(lent_to__icontains=q)


def states(today: date) -> dict[str, Q]:
    """What each tab of the list shows."""
    return {
        "kept": ~Q(state=_STATE.DISPOSED),
        "out": Q(state=_STATE.OUT),
        "over": expired(today),
        "disposed": Q(state=_STATE.DISPOSED),
    }


def expired(today: date) -> Q:
    """In its place, and kept as long as it had to be."""
    return Q(state=_STATE.HELD, keep_until__lt=today)


def may_go(unit: OrgUnit, today: date) -> QuerySet[Folder]:
    """What may be proposed for disposal, and is not proposed already."""
    proposed = Disposal.objects.filter(unit=unit, approved=None)
    rows = Folder.objects.filter(expired(today), unit=unit)
    return rows.exclude(disposals__in=proposed).order_by("keep_until", "pk")


# --- How long -------------------------------------------------------------------------------------


def retentions(unit: OrgUnit, of: str, at: datetime) -> list[Retention]:
    """What the regulations in force at a place say about keeping such things."""
    found = rulebook(pin(unit, at).pk).all("retention")
    return [rule for _regulation, rule in found if rule.of == of]


def longest(rules: list[Retention]) -> Retention | None:
    """The one that keeps the longest: for ever is longer than any number of months."""
    return max(rules, key=lambda rule: rule.months or 10_000, default=None)


def kept_at(unit: OrgUnit) -> dict[str, Any]:
    """Where something of a project, a company or a group belongs."""
    return {
        "unit": unit, "project": unit.project, "company": unit.company, "group": unit.group,
    }  # fmt: skip
