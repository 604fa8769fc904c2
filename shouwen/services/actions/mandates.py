"""Letting and selling for owners: the listing, who was shown it, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Attachment
from shouwen.estate.models import Customer, Unit
from shouwen.rules.refused import Refused
from shouwen.services.actions.ordering import locked
from shouwen.services.models import (
    HouseReport,
    HouseReportRow,
    Mandate,
    ServiceOrder,
    Viewing,
)

DEALS = dict(Mandate.Deal.choices)
#: Results that are a deal, and need to say with whom and for how much.
SETTLED = {Mandate.Deal.RENT: Mandate.Result.LET, Mandate.Deal.SALE: Mandate.Result.SOLD}
RIGHT = "case.feed-back"


def open_mandate(
    *,
    order: ServiceOrder,
    deal: str,
    price: Decimal,
    by: Scope,
    at: datetime,
    until: date | None = None,
    unit: Unit | None = None,
    owner: Customer | None = None,
    note: str = "",
) -> Mandate:
    """The listing that a request for letting or selling opens, for whoever asked (S2-A2-08)."""
    if deal not in DEALS:
        raise Refused("no-deal", "请选出租还是出售。", field="deal")
    if price <= 0:
        raise Refused("no-price", "请填挂牌价。", field="price")
    listed_on = localdate(at)
    if until and until < listed_on:
        raise Refused("ends-early", "委托到期日不能早于今天。", field="until")
    with transaction.atomic():
        found = locked(order)
        home = _require_listing(found, unit or found.unit)
        with acting(found.case, by=by, right="case.work", at=at) as act:
            text = f"挂牌{DEALS[deal]}，{price} 元"
            act.write("noted", {"order": found.number, "text": text, "tag": ""})
        return Mandate.objects.create(
            project=found.project, company=found.company, group=found.group, order=found, unit=home,
            number=next_number("D", found.project, listed_on), owner=owner or found.customer,
            deal=deal, price=price, listed_on=listed_on, until=until, opened_at=at, by=by.staff,
            note=note.strip()[:200],
        )  # fmt: skip


def _require_listing(found: ServiceOrder, unit: Unit | None) -> Unit:
    if not found.item.asks("listing") or not found.is_open:
        raise Refused("no-listing", "这张需求单不是租售委托，或已经办结，请另开“房屋租售”需求单。")
    if unit is None or unit.project_id != found.project_id:
        raise Refused("no-unit", "请先在诉求中补上房号，再登记租售委托。", field="unit")
    if hasattr(found, "mandate"):
        raise Refused("listed-already", f"已经登记过委托 {found.mandate.number}。")
    return unit


def show(
    *, mandate: Mandate, who: str, by: Scope, at: datetime, said: str = "",
    happened: datetime | None = None,
) -> Viewing:  # fmt: skip
    """Somebody was shown the home."""
    by.require(RIGHT, mandate.project)
    if not who.strip():
        raise Refused("no-person", "请填看房人。", field="who")
    if happened and happened > at:
        raise Refused("in-the-future", "带看时间不能晚于现在。", field="happened")
    with transaction.atomic():
        found = _open(mandate)
        return Viewing.objects.create(
            mandate=found, at=happened or at, who=who.strip()[:60], by=by.staff,
            said=said.strip()[:200],
        )  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How a mandate ended. A deal says with whom, for how much and under which contract."""

    result: str
    party: str = ""
    price: Decimal | None = None
    contract: str = ""
    note: str = ""


def close_mandate(*, mandate: Mandate, outcome: Outcome, by: Scope, at: datetime) -> Mandate:
    """Only with a result (S2-A1-11a)."""
    by.require(RIGHT, mandate.project)
    with transaction.atomic():
        found = _open(mandate)
        _require_outcome(found, outcome)
        found.result, found.closed_at = outcome.result, at
        found.party, found.deal_price = outcome.party.strip()[:60], outcome.price
        found.contract = outcome.contract.strip()[:40]
        found.note = outcome.note.strip()[:200] or found.note
        found.save()
    return found


def _require_outcome(found: Mandate, outcome: Outcome) -> None:
    settled = SETTLED[Mandate.Deal(found.deal)]
    allowed = {settled, Mandate.Result.WITHDRAWN, Mandate.Result.EXPIRED}
    if outcome.result not in allowed:
        raise Refused("no-result", "委托要有结果才能结束，请选结果。", field="result")
    if outcome.result == settled and not (outcome.party.strip() and outcome.price):
        raise Refused("no-deal", "成交要填对方姓名和成交价。", field="party")


def _open(mandate: Mandate) -> Mandate:
    rows = Mandate.objects.select_for_update(of=("self",))
    found = rows.select_related("project", "unit", "order__case").get(pk=mandate.pk)
    if not found.is_open:
        raise Refused("closed-already", f"这份委托已经结束（{found.get_result_display()}）。")
    return found


# --- The state of the home ------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One part of the home, as it was found."""

    name: str
    state: str
    problem: str = ""
    photo: Attachment | None = None


def report_house(
    *, mandate: Mandate, parts: Sequence[Part], by: Scope, at: datetime
) -> HouseReport:
    """《房屋健康报告》: part by part, with what is wrong (S2-A1-11b)."""
    by.require(RIGHT, mandate.project)
    states = dict(HouseReportRow.STATES)
    if not parts:
        raise Refused("no-parts", "请至少填一个部位。", field="parts")
    for part in parts:
        if not part.name.strip() or part.state not in states:
            raise Refused("no-state", "每个部位都要填名称和状况。", field="parts")
        if part.state == "bad" and not part.problem.strip():
            raise Refused("no-problem", f"“{part.name}”需维修，请写明问题。", field="parts")
    with transaction.atomic():
        Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
        _require_new(mandate, parts, at)
        report = HouseReport.objects.create(
            mandate=mandate, number=next_number("J-FW", mandate.project, localdate(at)),
            made_at=at, made_by=by.staff,
        )  # fmt: skip
        HouseReportRow.objects.bulk_create(
            HouseReportRow(
                report=report, part=part.name.strip()[:40], state=part.state,
                problem=part.problem.strip()[:200], photo=part.photo,
            )
            for part in parts
        )  # fmt: skip
    return report


def _require_new(mandate: Mandate, parts: Sequence[Part], at: datetime) -> None:
    """The same findings of the same day are the same report, sent twice."""
    told = sorted((p.name.strip()[:40], p.state, p.problem.strip()[:200]) for p in parts)
    for known in mandate.reports.filter(made_at__date=localdate(at)):
        if sorted(known.rows.values_list("part", "state", "problem")) == told:
            raise Refused("reported-already", f"今天已经做过同样的报告 {known.number}，不用再做。")


def issue_report(*, report: HouseReport, to: str, as_: str, by: Scope, at: datetime) -> HouseReport:
    """Handed to the owner or the tenant, once: what is on record is not written over."""
    by.require(RIGHT, report.mandate.project)
    if not to.strip() or as_ not in ("owner", "tenant"):
        raise Refused("no-person", "请填交给谁，是业主还是承租人。", field="to")
    with transaction.atomic():
        row = HouseReport.objects.select_for_update().get(pk=report.pk)
        if row.issued_at:
            raise Refused(
                "issued-already", f"{row.number} 已经交给{row.issued_to}，要再交请另做一份报告。"
            )
        row.issued_at, row.issued_to, row.issued_as = at, to.strip()[:60], as_
        row.save(update_fields=["issued_at", "issued_to", "issued_as"])
    return row
