"""Price lists on their way into force: drawn up, submitted, approved step by step, put up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import people_with_role
from shouwen.accounts.rights import ROLES
from shouwen.accounts.scope import Scope
from shouwen.estate.queries import place_of
from shouwen.notify.actions import tell
from shouwen.pricing.models import PriceApproval, PriceEdition, PriceItem, PriceList
from shouwen.pricing.queries import list_rules
from shouwen.rules.paid_kinds import PriceList as PriceListRule
from shouwen.rules.refused import Refused

State = PriceEdition.State


@dataclass(frozen=True)
class Row:
    """One line of a list, as it is written or pasted."""

    code: str
    name: str
    unit: str
    low: Decimal
    high: Decimal
    content: str = ""
    material_fee: Decimal | None = None
    basis: str = ""


# --- Drawing up -----------------------------------------------------------------------------------


def draft(*, project: OrgUnit, kind: str, by: Scope, at: datetime) -> PriceEdition:
    """A new edition, beginning with what the last one says. One at a time is in the making."""
    with transaction.atomic():
        prices = _list(project, kind, by, at)
        made = prices.editions.filter(state__in=(State.DRAFT, State.SUBMITTED)).first()
        if made:
            raise Refused(
                "one-in-the-making",
                f"《{prices.title}》第 {made.version} 版还在编制或审批中，请先办完这一版。",
            )
        last = prices.editions.order_by("-version").first()
        edition = PriceEdition.objects.create(
            price_list=prices,
            version=last.version + 1 if last else 1,
            basis=last.basis if last else "",
            drafted_by=by.staff,
            drafted_at=at,
        )
        if last:
            _write_items(edition, [_row(item) for item in last.items.all()])
    return edition


def _list(project: OrgUnit, kind: str, by: Scope, at: datetime) -> PriceList:
    """The project's list of a kind, locked; made when it is first drawn up."""
    rule = _rule(project, kind, at)
    _require_drafter(rule, by, project)
    prices, _new = PriceList.objects.select_for_update().get_or_create(
        project=project,
        kind=kind,
        defaults={**place_of(project), "title": rule.title, "must_post": rule.posted},
    )
    return prices


def _rule(project: OrgUnit, kind: str, at: datetime) -> PriceListRule:
    rule = list_rules(project, at).get(kind)
    if rule is None:
        raise Refused("unknown-list", "没有这种收费标准，请从清单中选。", field="kind")
    return rule


def _require_drafter(rule: PriceListRule, by: Scope, project: OrgUnit) -> None:
    by.require("price.edit", project)
    if rule.drafted_by and not set(rule.drafted_by) & set(by.roles(project)):
        names = "、".join(ROLES[role].name for role in rule.drafted_by)
        raise Refused("wrong-drafter", f"《{rule.title}》由{names}编制，请交给他们。", rule.clause)


def _row(item: PriceItem) -> Row:
    return Row(
        item.code, item.name, item.unit, item.low, item.high, item.content, item.material_fee,
        item.basis,
    )  # fmt: skip


def _write_items(edition: PriceEdition, rows: Sequence[Row]) -> None:
    PriceItem.objects.bulk_create(PriceItem(edition=edition, **asdict(row)) for row in rows)


def rewrite(
    *, edition: PriceEdition, rows: Sequence[Row], by: Scope, at: datetime, basis: str = ""
) -> PriceEdition:
    """Put these lines in place of all that the draft had."""
    with _changing(edition, by, at) as found:
        for row in rows:
            _require_row(row)
        codes = [row.code for row in rows]
        twice = next((code for code in codes if codes.count(code) > 1), "")
        if twice:
            raise Refused("code-twice", f"编号 {twice} 出现了不止一次。", field="rows")
        found.items.all().delete()
        _write_items(found, rows)
        found.basis = basis.strip()[:200] or found.basis
        found.save(update_fields=["basis"])
    return found


def _require_row(row: Row) -> None:
    if not (row.code and row.name and row.unit):
        raise Refused("row-incomplete", "每一项都要有编号、项目和单位。", field="rows")
    if not 0 <= row.low <= row.high:
        raise Refused(
            "no-band", f"“{row.name}”的最低价不能小于零，也不能高于最高价。", field="rows"
        )


def discard(*, edition: PriceEdition, by: Scope, at: datetime) -> None:
    """Throw a draft away. What was ever submitted stays."""
    with _changing(edition, by, at) as found:
        if found.approvals.exists():
            raise Refused("was-submitted", "送审过的版本不能删除，请修改后再送审。")
        found.delete()


@contextmanager
def _changing(edition: PriceEdition, by: Scope, at: datetime) -> Iterator[PriceEdition]:
    """The draft, locked, for who may draw it up."""
    with transaction.atomic():
        found = _locked(edition)
        if found.state != State.DRAFT:
            raise Refused("not-a-draft", "这一版已经送审或批准，不能再改；要改请编制新版。")
        prices = found.price_list
        _require_drafter(_rule(prices.project, prices.kind, at), by, prices.project)
        yield found


def _locked(edition: PriceEdition) -> PriceEdition:
    """The edition, with its list locked: two editions of a list never move at once."""
    prices = PriceList.objects.select_for_update().get(pk=edition.price_list_id)
    found = PriceEdition.objects.select_related("price_list__project").get(pk=edition.pk)
    found.price_list = prices
    return found


# --- Approval -------------------------------------------------------------------------------------


def submit(*, edition: PriceEdition, effective_from: date, by: Scope, at: datetime) -> PriceEdition:
    """Hand a draft in. The chain is the regulation's of now, and stays with this edition."""
    with _changing(edition, by, at) as found:
        rule = _rule(found.price_list.project, found.price_list.kind, at)
        if not found.items.exists():
            raise Refused("no-items", "还没有收费项目，先填写再送审。", rule.clause)
        _require_day(found, effective_from, at)
        found.state, found.submitted_at = State.SUBMITTED, at
        found.effective_from = effective_from
        found.save(update_fields=["state", "submitted_at", "effective_from"])
        PriceApproval.objects.bulk_create(
            PriceApproval(
                edition=found,
                step=number,
                title=step.title,
                role=step.role,
                outside=step.outside,
                modes=list(step.modes),
            )
            for number, step in enumerate(rule.approvals, start=1)
        )
        _go_on(found, at)
    return found


def _require_day(edition: PriceEdition, day: date, at: datetime) -> None:
    """Prices are not raised for the past; only a list that was in use before us began earlier."""
    if day < localdate(at) and edition.version > 1:
        raise Refused("in-the-past", "生效日期不能早于今天。", field="effective_from")


def waiting_step(edition: PriceEdition) -> PriceApproval | None:
    """Whose turn it is; None when nobody's."""
    steps = edition.approvals.filter(state=PriceApproval.State.WAITING)
    return steps.order_by("step", "pk").first()


def _go_on(edition: PriceEdition, at: datetime) -> None:
    """Tell whose turn it is, or put the edition into force when all have agreed."""
    step = waiting_step(edition)
    if step is None:
        _put_into_force(edition, at)
        return
    prices = edition.price_list
    tell(
        people=people_with_role(step.role, prices.project, at),
        event=f"price-edition:{edition.pk}:step:{step.pk}",
        at=at,
        subject=f"待审批：{prices.project.name}《{prices.title}》第 {edition.version} 版",
        url=f"/prices/editions/{edition.pk}",
    )


def _put_into_force(edition: PriceEdition, at: datetime) -> None:
    """All have agreed. Where it must be put up in public, the one before holds until that."""
    edition.state = State.APPROVED
    edition.save(update_fields=["state"])
    if not edition.price_list.must_post:
        _take_over(edition, at)


def _take_over(edition: PriceEdition, at: datetime) -> None:
    """From its day on it holds, and the one before until then."""
    begins = edition.effective_from or localdate(at)
    if edition.version > 1:
        begins = max(begins, localdate(at))
    approved = (State.APPROVED, State.REPLACED)
    for earlier in edition.price_list.editions.filter(state__in=approved).exclude(pk=edition.pk):
        earlier.state = State.REPLACED
        earlier.effective_until = min(earlier.effective_until or begins, begins)
        earlier.save(update_fields=["state", "effective_until"])
    edition.effective_from = begins
    edition.save(update_fields=["effective_from"])


def approve(
    *,
    edition: PriceEdition,
    by: Scope,
    at: datetime,
    note: str = "",
    mode: str = "",
    number: str = "",
    decided_on: date | None = None,
) -> PriceEdition:
    """Agree to the step whose turn it is. For an outside office its answer is recorded: how, under
    which number, when."""
    with transaction.atomic():
        found = _locked(edition)
        step = _require_turn(found, by)
        if step.outside:
            _keep_answer(found, step, mode, number, decided_on, at)
        _decide(step, PriceApproval.State.APPROVED, note, by, at)
        _go_on(found, at)
    return found


def send_back(*, edition: PriceEdition, by: Scope, at: datetime, note: str) -> PriceEdition:
    """Not like this: it is a draft again, with the reason."""
    if not note.strip():
        raise Refused("no-reason", "请写明退回的原因。", field="note")
    with transaction.atomic():
        found = _locked(edition)
        step = _require_turn(found, by)
        _decide(step, PriceApproval.State.REFUSED, note, by, at)
        found.approvals.filter(state=PriceApproval.State.WAITING).delete()
        found.state = State.DRAFT
        found.save(update_fields=["state"])
        prices = found.price_list
        tell(
            people=[found.drafted_by],
            event=f"price-edition:{found.pk}:back:{step.pk}",
            at=at,
            subject=f"已退回：《{prices.title}》第 {found.version} 版",
            body=note.strip(),
            url=f"/prices/editions/{found.pk}",
        )
    return found


def _require_turn(edition: PriceEdition, by: Scope) -> PriceApproval:
    project = edition.price_list.project
    by.require("price.approve", project)
    step = waiting_step(edition) if edition.state == State.SUBMITTED else None
    if step is None:
        raise Refused("nothing-to-approve", "这一版现在没有要审批的。")
    if step.role not in by.roles(project):
        raise Refused("not-your-step", f"现在轮到{step.title}，请由对应岗位办理。")
    if edition.drafted_by_id == by.staff.pk:
        raise Refused("own-draft", "自己编制的收费标准不能自己审批，请由别人审批。")
    return step


def _keep_answer(
    edition: PriceEdition,
    step: PriceApproval,
    mode: str,
    number: str,
    decided_on: date | None,
    at: datetime,
) -> None:
    if step.modes and mode not in step.modes:
        raise Refused("no-mode", f"请选{step.title}是{'还是'.join(step.modes)}。", field="mode")
    if not number.strip():
        raise Refused("no-number", "请填批准或备案的文号。", field="number")
    if decided_on is None or decided_on > localdate(at):
        raise Refused("no-day", "请填批准或备案的日期，不能晚于今天。", field="decided_on")
    step.mode, step.number, step.decided_on = mode, number.strip()[:60], decided_on
    edition.approval_mode, edition.approval_number = step.mode, step.number
    edition.save(update_fields=["approval_mode", "approval_number"])


def _decide(
    step: PriceApproval, state: PriceApproval.State, note: str, by: Scope, at: datetime
) -> None:
    step.state, step.by, step.at, step.note = state, by.staff, at, note.strip()[:200]
    step.save()


def post(*, edition: PriceEdition, where: str, by: Scope, at: datetime) -> PriceEdition:
    """Put on record where the approved list was put up (公示); with that it may be quoted from."""
    if not where.strip():
        raise Refused("no-place", "请写明公示在哪里。", field="where")
    with transaction.atomic():
        found = _locked(edition)
        by.require("price.edit", found.price_list.project)
        if found.state != State.APPROVED:
            raise Refused("not-approved", "批准后才能公示。")
        if found.posted_at:
            raise Refused("posted-already", "这一版已经登记过公示。")
        found.posted_at, found.posted_where = at, where.strip()[:100]
        found.save(update_fields=["posted_at", "posted_where"])
        if found.price_list.must_post:
            _take_over(found, at)
    return found
