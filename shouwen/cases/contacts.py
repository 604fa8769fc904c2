"""Contacts as lists: a day of them, the printed register, what is handed over in the morning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils.timezone import get_current_timezone, localtime

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case, Contact, JournalEntry
from shouwen.cases.queries import visible_cases, visible_contacts
from shouwen.estate.phones import mask_phone
from shouwen.rules.form_kinds import Form
from shouwen.rules.regulation import Rulebook
from shouwen.rules.vocabulary import KINDS

PAGE = 50
#: A day of one project on paper.
PRINTED = 500
HANDED_OVER = 100
#: The register of contacts, by the name that each regulation gives its form.
REGISTERS = ("contact-register", "call-register", "reception-record")
DEFAULT_REGISTER = Form(
    id="contact-register",
    title="来电来访情况记录表",
    columns=(
        "序号",
        "日期时间",
        "方式",
        "房号",
        "姓氏",
        "电话",
        "类别",
        "内容",
        "首问责任人",
        "处理结果",
    ),
)


def of_day(scope: Scope, project: OrgUnit, day: date) -> QuerySet[Contact]:
    """The contacts of a project on a local day, with what they opened."""
    begins = datetime.combine(day, time(), get_current_timezone())
    return _with_cases(
        visible_contacts(scope).filter(
            project=project, at__gte=begins, at__lt=begins + timedelta(days=1)
        )
    )


def _with_cases(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    cases = Case.objects.select_related("owner", "department").order_by("pk")
    return contacts.select_related("received_by").prefetch_related(Prefetch("cases", cases))


#: What the list can be narrowed to.
FILTERS: dict[str, tuple[str, Q]] = {
    "": ("全部", Q()),
    "night": ("夜间", Q(night=True)),
    "stand-in": ("代接", Q(stand_in=True)),
    "late": ("补录", Q(late_entry=True)),
    "answered": ("当场答复", ~Q(answer="")),
}


def page_of(contacts: QuerySet[Contact], before: str) -> tuple[list[Contact], str]:
    """One page, newest first, and the key of the next, which is `before` then."""
    moment, _dot, pk = before.partition("_")
    if pk.isdecimal() and (at := _moment(moment)):
        contacts = contacts.filter(Q(at__lt=at) | Q(at=at, pk__lt=int(pk)))
    rows = list(contacts.order_by("-at", "-pk")[: PAGE + 1])
    more = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], f"{more.at.timestamp():.6f}_{more.pk}" if more else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(text), get_current_timezone())
    except (ValueError, OverflowError, OSError):
        return None


# --- The register on paper ------------------------------------------------------------------------


@dataclass(frozen=True)
class Register:
    """The register of a day under the title and with the columns of the adopted regulation.

    A column that we keep nothing for stays empty, to be filled in by hand.
    """

    title: str
    number: str
    columns: Sequence[str]
    rows: Sequence[Sequence[tuple[str, str]]]
    """Each cell with its column."""


def register(contacts: Sequence[Contact], rules: Rulebook) -> Register:
    form = register_form(rules)
    sources = _source_names(rules)
    visits = _satisfaction(contacts)
    rows = [
        [(column, _cell(column, n, contact, sources, visits)) for column in form.columns]
        for n, contact in enumerate(contacts, start=1)
    ]
    return Register(
        form.title, " ".join(filter(None, (form.number, form.edition))), form.columns, rows
    )


def register_form(rules: Rulebook) -> Form:
    """The register of contacts that the first regulation has; else ours."""
    found = {form.id: form for _, form in reversed(rules.all("form")) if form.id in REGISTERS}
    return next((found[name] for name in REGISTERS if name in found), DEFAULT_REGISTER)


def _source_names(rules: Rulebook) -> dict[str, str]:
    found = rules.axis("source")
    return {value.code: value.name for value in found[1].values} if found else {}


def _satisfaction(contacts: Sequence[Contact]) -> dict[int, str]:
    cases = [case.pk for contact in contacts for case in contact.cases.all()]
    visits = JournalEntry.objects.filter(case__in=cases, verb="visited").order_by("seq")
    return {
        pk: _RESULTS.get(data.get("result"), "") for pk, data in visits.values_list("case", "data")
    }


_RESULTS = {"satisfied": "满意", "partly": "部分满意", "unsatisfied": "不满意"}


def _cell(
    column: str, n: int, contact: Contact, sources: dict[str, str], visits: dict[int, str]
) -> str:
    cases = list(contact.cases.all())
    made: dict[str, Callable[[], str]] = {
        "序号": lambda: str(n),
        "编号": lambda: contact.number,
        "方式": lambda: sources.get(contact.source, contact.source),
        "夜间": lambda: "是" if contact.night else "",
        "类别": lambda: "、".join(KINDS.get(case.kind, case.kind) for case in cases) or "当场答复",
        "复述确认": lambda: _ticked(contact),
        "首问责任人": lambda: (
            "、".join({case.owner.name for case in cases}) or contact.received_by.name
        ),
        "派发部门": lambda: "、".join(case.department.name for case in cases if case.department),
        "处理结果": lambda: contact.answer or "、".join(c.get_status_display() for c in cases),
        "反馈时间": lambda: _times(case.fed_back_at for case in cases),
        "回访满意度": lambda: "、".join(filter(None, (visits.get(case.pk) for case in cases))),
    }
    plain = {
        ("日期时间", "日期", "来电时间", "时间"): _times([contact.at]),
        ("房号",): contact.address,
        ("姓氏", "业主姓名", "客户"): contact.name,
        ("电话", "号码"): mask_phone(contact.phone),
        ("内容", "投诉/建议内容"): contact.text,
        ("接听人", "经办人"): contact.received_by.name,
    }
    alias = {"分类": "类别", "处理去向": "派发部门", "处理意见": "处理结果"}
    found = next((text for names, text in plain.items() if column in names), None)
    return found if found is not None else made.get(alias.get(column, column), str)()


def _ticked(contact: Contact) -> str:
    at = contact.ticks.get("read-back") or contact.ticks.get("repeated")
    return f"{localtime(datetime.fromisoformat(at)):%H:%M}" if at else ""


def _times(moments: object) -> str:
    found = [m for m in moments if isinstance(m, datetime)] if hasattr(moments, "__iter__") else []
    return "、".join(f"{localtime(moment):%m-%d %H:%M}" for moment in found)


# --- Handing over ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Handover:
    """What the next shift must know: since when, the contacts of the night, and what stays open."""

    since: datetime
    contacts: Sequence[Contact]
    open: Sequence[Case]


def handover(scope: Scope, project: OrgUnit, who: Staff, at: datetime) -> Handover:
    """Night and stand-in contacts since yesterday's night began, and the matters of `who`."""
    since = night_began(rulebook(pin(project, at).pk), at)
    contacts = visible_contacts(scope).filter(
        Q(night=True) | Q(stand_in=True), project=project, at__gte=since, at__lte=at
    )
    held = visible_cases(scope).filter(
        Q(owner=who, delegate=None) | Q(delegate=who), project=project, closed_at=None
    )
    held = held.exclude(status__in=(Case.Status.VOID, Case.Status.MERGED))
    return Handover(
        since,
        list(_with_cases(contacts)[:HANDED_OVER]),
        list(held.select_related("department", "assignee").order_by("next_due_at")[:HANDED_OVER]),
    )


def night_began(rules: Rulebook, at: datetime) -> datetime:
    """Yesterday's beginning of the night, 18:00 unless the regulation says otherwise."""
    begins = time.fromisoformat(rules.regulations[0].night[0])
    yesterday = localtime(at).date() - timedelta(days=1)
    return datetime.combine(yesterday, begins, get_current_timezone())
