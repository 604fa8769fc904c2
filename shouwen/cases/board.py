"""Reads of the board: promises by due time, the late ones first, and the figures above them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import floor
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.cases.context import address
from shouwen.cases.forms.filters import due_condition
from shouwen.cases.models import Case, Commitment
from shouwen.cases.verbs import TABLE, VERBS, Verb
from shouwen.rules.lifecycle import State, is_allowed
from shouwen.rules.regulation import Rulebook
from shouwen.rules.vocabulary import KINDS
from shouwen.web.words import clock_time, span

PAGE = 50
#: A figure is for seeing whether much waits; the report counts.
MOST = 999
#: What a project wants kept where its regulations say nothing (系统默认，非制度规定).
TARGET = 0.95
VISIT = "visit:"


# --- pages ----------------------------------------------------------------------------------------


def page_of(
    promises: QuerySet[Commitment], after: str, size: int = PAGE
) -> tuple[list[Commitment], str]:
    """One page by due time, and the key of the next, which is `after` then ("" at the end).

    Those without a due time (waiting stops them) come last: no index holds both orders.
    """
    rows = with_people(promises)
    found = [] if after.startswith("-") else list(_dated(rows, after)[: size + 1])
    if len(found) <= size:
        found += list(_paused(rows, after)[: size + 1 - len(found)])
    return found[:size], _key(found[size - 1]) if len(found) > size else ""


def with_people(promises: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """With all that a row shows."""
    of_case = ("case__project", "case__department", "case__owner", "case__merged_into")
    return promises.select_related(*of_case, "project", "department", "holder")


def in_order(promises: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """All of them in the order of the pages."""
    return promises.order_by(F("due_at").asc(nulls_last=True), "pk")


def _dated(rows: QuerySet[Commitment], after: str) -> QuerySet[Commitment]:
    moment, _underscore, pk = after.partition("_")
    at = read_moment(moment)
    if at and pk.isdecimal():
        rows = rows.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=int(pk)), due_at__gte=at)
    return rows.filter(due_at__isnull=False).order_by("due_at", "pk")


def _paused(rows: QuerySet[Commitment], after: str) -> QuerySet[Commitment]:
    last = after.removeprefix("-_")
    if after.startswith("-") and last.isdecimal():
        rows = rows.filter(pk__gt=int(last))
    return rows.filter(due_at=None).order_by("pk")


def _key(row: Commitment) -> str:
    return f"{row.due_at.timestamp():.6f}_{row.pk}" if row.due_at else f"-_{row.pk}"


def read_moment(text: str) -> datetime | None:
    """The moment in a key of a page."""
    try:
        return datetime.fromtimestamp(float(text), get_current_timezone())
    except (ValueError, OverflowError, OSError):
        return None


# --- figures --------------------------------------------------------------------------------------


class Count(Subquery):
    """How many rows a query gives, as one column of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    empty_result_set_value = 0
    output_field = IntegerField()


@dataclass(frozen=True)
class Figures:
    """The figures of one level with one choice of filters; each opens into the rows it counts."""

    late: int
    hour: int
    today: int
    visit: int
    month: int
    month_late: int
    oldest: datetime | None
    """The due time of what is late longest."""
    next: datetime | None
    listed: int
    """How many the list below holds."""
    target: float
    at: datetime

    @property
    def tiles(self) -> list[tuple[str, str, str, str, str]]:
        """Title, value, note, tone, and the choice of promises that it opens."""
        late_since = (
            _("最久 {span}").format(span=span(self.at - self.oldest)) if self.oldest else ""
        )
        coming = _("最近 {time}").format(time=clock_time(self.next)) if self.next else ""
        return [
            (_("已超时"), some(self.late), late_since, "late" if self.late else "neutral", "late"),
            (_("1 小时内"), some(self.hour), coming if self.hour else "",
             "warn" if self.hour else "neutral", "hour"),
            (_("今天"), some(self.today), _("到 24:00 为止"), "neutral", "today"),
            (_("欠回访"), some(self.visit), _("已抽中，还没有回访"), "neutral", "visit"),
            (_("本月按时"), self.rate, self.margin, self.tone, "month"),
        ]  # fmt: skip

    @property
    def rate(self) -> str:
        if not self.month:
            return "—"
        per_mille = floor(1000 * (self.month - self.month_late) / self.month)
        return f"{per_mille / 10:.1f}%"

    @property
    def spare(self) -> int:
        """How many more may be late this month before the target is missed."""
        return floor(round(self.month * (1 - self.target), 6)) - self.month_late

    @property
    def tone(self) -> str:
        return "neutral" if not self.month else "met" if self.spare >= 0 else "late"

    @property
    def margin(self) -> str:
        if not self.month:
            return _("本月还没有到期的")
        words = (
            _("目标 {target}，余量 {n} 件") if self.spare >= 0 else _("目标 {target}，多超 {n} 件")
        )
        return words.format(target=f"{self.target:.0%}", n=abs(self.spare))


def some(number: int) -> str:
    """A bounded count as people read it."""
    return f"{MOST}+" if number > MOST else str(number)


def figures(
    promises: QuerySet[Commitment],
    listed: QuerySet[Commitment],
    rules: Rulebook | None,
    at: datetime,
) -> Figures:
    """All of them in one question. What is urgent is counted up to 999; the month through an
    index."""

    def rows(due: str) -> QuerySet[Commitment]:
        return promises.filter(due_condition(due, at)).order_by()

    def bounded(due: str) -> Count:
        return Count(rows(due).values("pk")[: MOST + 1])

    def first(due: str) -> Subquery:
        return Subquery(rows(due).order_by("due_at").values("due_at")[:1])

    running, judged = Q(outcome=""), ~Q(outcome="")
    counted = Staff.objects.values_list(
        bounded("late"), bounded("hour"), bounded("today"), bounded("visit"),
        Count(rows("month").filter(running).values("pk")),
        Count(rows("month").filter(judged).values("pk")),
        Count(rows("month-late").filter(judged).values("pk")),
        first("late"), first("hour"), Count(listed.order_by().values("pk")[: MOST + 1]),
    )[:1]  # fmt: skip
    late, hour, today, visit, overdue, ended, ended_late, oldest, coming, shown = counted[0]
    return Figures(
        late, hour, today, visit, overdue + ended, overdue + ended_late, oldest, coming, shown,
        target_of(rules), at,
    )  # fmt: skip


def target_of(rules: Rulebook | None) -> float:
    """What share of promises must be kept: the lowest that a measure of the regulations names."""
    wanted = [
        float(str(measure.target).strip(">= %")) / 100
        for _regulation, measure in (rules.all("measure") if rules else [])
        if (measure.model_extra or {}).get("count", {}).get("ended") == "met"
    ]
    return min(wanted, default=TARGET)


# --- rows -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What to press next on a row."""

    words: Any
    url: str
    kind: str = "quiet"


@dataclass(frozen=True)
class Row:
    """One promise as the board shows it."""

    promise: Commitment
    case: Case
    url: str
    where: str
    late: bool
    state: str
    clause: str
    about: str
    who: str
    status: str
    next: Step
    paused: str = ""
    """What stands in the place of a due time."""


@dataclass(frozen=True)
class Words:
    """What a row needs of a rulebook."""

    kinds: Mapping[str, str]
    met_by: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, rules: Rulebook) -> Words:
        axis = rules.axis("kind")
        kinds = {value.code: value.name for value in axis[1].values} if axis else {}
        return cls(kinds, {rule.id: rule.met_by for _regulation, rule in rules.all("commitment")})


@dataclass(frozen=True)
class Reader:
    """Who reads the board: it decides what each row wants from them next."""

    scope: Scope
    departments: Collection[int]
    at: datetime
    wide: bool = False
    """More than one project is shown, so each row names its own."""
    words: dict[int, Words] = field(default_factory=dict)
    """What rulebooks say, by their id."""

    def rows(self, promises: Sequence[Commitment]) -> list[Row]:
        return [self.row(promise) for promise in promises]

    def row(self, promise: Commitment) -> Row:
        case = promise.case
        late = promise.due_at is not None and (promise.ended_at or self.at) > promise.due_at
        return Row(
            promise=promise,
            case=case,
            url=reverse("cases:case", args=[case.number]),
            where=where(case),
            paused=_("暂停") if promise.paused else _("未定"),
            late=late and promise.outcome != "waived",
            state=_state(promise),
            clause=clause_of(promise),
            about=" · ".join(self.about(case)),
            who=in_hands_of(promise),
            status=status_of(case),
            next=self._next(promise, case, late and promise.outcome == ""),
        )

    def about(self, case: Case) -> list[str]:
        """Number, kind, and what else a row says of the matter."""
        words = [case.number, self.kind(case)]
        if case.urgent:
            words.append(_("紧急"))
        if self.wide:
            words.insert(0, case.project.name)
        return words

    def kind(self, case: Case) -> str:
        """The kind, in the words of the case's own regulation."""
        return self._of(case).kinds.get(case.kind) or KINDS.get(case.kind, case.kind)

    def _of(self, case: Case) -> Words:
        if case.rulebook_id not in self.words:
            self.words[case.rulebook_id] = Words.of(rulebook(case.rulebook_id))
        return self.words[case.rulebook_id]

    def _next(self, promise: Commitment, case: Case, late: bool) -> Step:
        """What keeps the promise, if it is this reader's turn; urging, if another's and late."""
        page = reverse("cases:case", args=[case.number])
        if promise.outcome:
            return Step(_("查看"), page)
        kind = "primary" if late else "quiet"
        if promise.rule.startswith(VISIT):
            return self._visit(promise, page, kind)
        mine = self._is_mine(promise, case)
        verb = self._keeps(promise, case) if mine or case.owner_id == self.scope.staff.pk else None
        if late and not mine and self._may(VERBS["urge"], case):
            verb = VERBS["urge"]
        if verb is None:
            return Step(_("查看"), page)
        return Step(verb.title, reverse("cases:verb", args=[case.number, verb.name]), kind)

    def _visit(self, promise: Commitment, page: str, kind: str) -> Step:
        early = promise.not_before is not None and promise.not_before > self.at
        if early or not self.scope.can("visit.make", promise.project):
            return Step(_("查看"), page)
        return Step(_("去回访"), address("followup:visits") or page, kind)

    def _is_mine(self, promise: Commitment, case: Case) -> bool:
        me = self.scope.staff.pk
        if promise.holder_id:
            return promise.holder_id == me
        if promise.department_id:
            return promise.department_id in self.departments
        return me in (case.owner_id, case.delegate_id)

    def _keeps(self, promise: Commitment, case: Case) -> Verb | None:
        """The verb that the promise waits for; a department takes the work on before it does it."""
        wanted = self._of(case).met_by.get(promise.rule, ())
        verbs = [_BY_ENTRY[entry] for entry in wanted if entry in _BY_ENTRY]
        if case.status == Case.Status.DISPATCHED and case.department_id in self.departments:
            verbs.insert(0, VERBS["accept"])
        if case.status == Case.Status.WAITING:
            verbs.append(VERBS["resume"])
        return next((verb for verb in verbs if self._may(verb, case)), None)

    def _may(self, verb: Verb, case: Case) -> bool:
        state = State(status=case.status, void_requested=case.void_requested)
        return self.scope.can(verb.right, case.project) and is_allowed(state, verb.entry)


_BY_ENTRY = {verb.entry: verb for verb in reversed(TABLE)}


def where(case: Case) -> str:
    """The words that a row is known by: the address, else who called."""
    return case.address or case.customer_name or _("房号未记")


def in_hands_of(promise: Commitment) -> str:
    """Department and person; of work that nobody was given yet: 待派."""
    department = promise.department or (promise.case.department if not promise.holder else None)
    names = [department.name if department else "", promise.holder.name if promise.holder else ""]
    return " · ".join(filter(None, names)) or _("待派")


def _state(promise: Commitment) -> str:
    return promise.outcome or "running"


def clause_of(promise: Commitment) -> str:
    """What the promise rests on."""
    return _("系统默认，非制度规定") if promise.default else promise.clause


def status_of(case: Case) -> str:
    """The status in words, with what it waits for or where it went."""
    if case.status == Case.Status.WAITING and case.waiting_for:
        return _("等待：{reason}").format(reason=case.waiting_for)
    if case.merged_into:
        return _("已并入 {number}").format(number=case.merged_into.number)
    return str(case.get_status_display())
