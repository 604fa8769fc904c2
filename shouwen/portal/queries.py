"""Reads of links and codes. A customer's page starts from `opened`, a page of ours from
`visible_…`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from shouwen.accounts.scope import Scope, found
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.estate.models import Unit
from shouwen.portal.models import BuildingCode, CustomerLink
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import CLOSED, DONE, FED_BACK
from shouwen.rules.refused import Refused

FINISHED = frozenset({DONE, FED_BACK, CLOSED})


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def opened(token: str, at: datetime) -> CustomerLink:
    """The link, or the same refusal whether it never was, has ended or was withdrawn."""
    links = CustomerLink.objects.select_related("case__project", "case__owner", "case__merged_into")
    link = links.filter(digest=digest(token)).first()
    if link is None or not link.is_open(at):
        raise Refused("not-found", "这个链接不存在或已经失效，请向服务中心要一个新的链接。")
    return link


def code_at(code: str) -> BuildingCode:
    """The code on the wall, or the refusal of one that was taken down."""
    codes = BuildingCode.objects.select_related("project__company", "building", "keeper")
    found = codes.filter(code=code, retired_at=None).first()
    if found is None:
        raise Refused("not-found", "这个二维码已经停用，请联系服务中心。")
    return found


def homes_at(code: BuildingCode) -> list[Unit]:
    """The homes of the building, to be picked by their numbers; who lives there is not asked."""
    return list(code.building.units.only("pk", "label", "building_id").order_by("entrance", "key"))


def visible_codes(scope: Scope) -> QuerySet[BuildingCode]:
    codes = BuildingCode.objects.filter(scope.on("estate.view"))
    return codes.select_related("building", "project", "keeper", "made_by")


def get_code(scope: Scope, pk: int) -> BuildingCode:
    return found(visible_codes(scope), "没有找到这个二维码，请从清单打开。", pk=pk)


def links_of(case: Case) -> QuerySet[CustomerLink]:
    return CustomerLink.objects.filter(case=case).select_related("issued_by", "code")


def get_link(scope: Scope, pk: int) -> CustomerLink:
    """A link of a case that they may see."""
    links = CustomerLink.objects.select_related("case__project")
    links = links.filter(case__in=visible_cases(scope).values("pk"))
    return found(links, "没有找到这个链接，请从诉求页面打开。", pk=pk)


def last_rating(entries: Sequence[Entry]) -> Entry | None:
    """The customer's own last answer, as long as no new work was finished after it."""
    told = [entry for entry in entries if entry.verb in ("rated", "done")]
    return told[-1] if told and told[-1].verb == "rated" else None
