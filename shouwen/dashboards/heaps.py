"""What the dashboards count: heaps of records.

A number on a dashboard is the count of a heap; a bar is the count of one part of it. The list that
it opens is the same query without the count, so that both agree to the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from shouwen.cases.forms.filters import is_late
from shouwen.cases.models import Case, Commitment, JournalEntry
from shouwen.dashboards.places import View
from shouwen.followup.models import Visit
from shouwen.majors.models import MajorEvent
from shouwen.rules.periods import read_period
from shouwen.statements.models import Statement

DAY = timedelta(days=1)
#: Void and merged cases are no matters of their own.
GONE = (Case.Status.VOID, Case.Status.MERGED)
#: How long a case has been open: the key of a part, its words, from and to in days. A month is
#: where a complaint becomes a major one (4.4.1a).
AGES: Mapping[str, tuple[Any, int, int]] = {
    "1": (_("不到 1 天"), 0, 1),
    "3": (_("1～3 天"), 1, 3),
    "7": (_("3～7 天"), 3, 7),
    "30": (_("7～30 天"), 7, 30),
    "more": (_("30 天以上"), 30, 36500),
}


@dataclass(frozen=True)
class Heap:
    """Records of one kind at a place and, where it says so, in a period."""

    title: Any
    rows: Callable[[View], QuerySet[Any]]
    case: str = ""
    """The path from a row to its case ("case__"); empty: it is one."""
    department: str = "department"
    """The path from a row to the department that answers for it."""
    moment: str = "opened_at"
    """What puts a row on a day."""
    of_period: bool = False
    hint: Any = ""
    """What is counted and what is not, in words."""

    def part(self, view: View, by: str = "", key: str = "", kind: str = "") -> QuerySet[Any]:
        """The rows of one part; all of them where `by` names none. `kind` narrows it further."""
        rows = self.rows(view)
        if kind:
            rows = rows.filter(**{self.field("kind"): kind})
        return rows.filter(self._is(by, key, view)) if by else rows

    def field(self, by: str) -> str:
        """The column by which the rows are told apart."""
        own = {"department": self.department, "project": "project", "company": "company"}
        of_case = {"building": "unit__building", "kind": "kind"}
        return own[by] if by in own else f"{self.case}{of_case[by]}"

    def _is(self, by: str, key: str, view: View) -> Q:
        if by == "age":
            return self.aged(key, view)
        if by == "day":
            return view.during(read_period(key)).within(self.moment)
        field = self.field(by)
        if by == "kind":
            return Q(**{field: key})
        return Q(**{f"{field}__isnull": True}) if key == NONE else Q(**{field: int(key)})

    def aged(self, key: str, view: View) -> Q:
        _words, since, until = AGES[key]
        opened = f"{self.case}opened_at"
        return Q(
            **{f"{opened}__gt": view.at - until * DAY, f"{opened}__lte": view.at - since * DAY}
        )


#: By what a heap is told apart.
BYS = ("age", "day", "department", "building", "kind", "project", "company")
#: The key of those that belong to no department, no building.
NONE = "0"


def counted_by(heap: Heap, view: View, *by: str) -> dict[Any, int]:
    """How many are in each part: by one column, or by several at once."""
    fields = [heap.field(one) for one in by]
    told = heap.rows(view).order_by().values_list(*fields).annotate(n=Count("pk"))
    return {(keys[0] if len(keys) == 1 else tuple(keys)): n for *keys, n in told}


def counted_by_day(heap: Heap, view: View) -> dict[date, int]:
    """How many there are on each day."""
    day = TruncDate(heap.moment, tzinfo=get_current_timezone())
    told = heap.rows(view).order_by().annotate(day=day).values_list("day")
    return dict(told.annotate(n=Count("pk")))


# --- cases ----------------------------------------------------------------------------------------


def _open(view: View) -> QuerySet[Case]:
    """Said as the index of open cases says it."""
    return Case.objects.filter(view.here, closed_at=None).exclude(status__in=GONE)


def _late(view: View) -> QuerySet[Case]:
    late = Commitment.objects.filter(view.here, outcome="", due_at__lt=view.at)
    return _open(view).filter(pk__in=late.values("case"))


def _counting(view: View) -> QuerySet[Case]:
    return Case.objects.filter(view.here).exclude(status__in=GONE)


def _opened(view: View) -> QuerySet[Case]:
    return _counting(view).filter(view.within("opened_at"))


# --- promises, visits, statements -----------------------------------------------------------------


def _due(view: View) -> QuerySet[Commitment]:
    return Commitment.objects.filter(
        view.here, outcome="", due_at__gte=view.at, due_at__lt=view.today + DAY
    )


def _judged(view: View) -> QuerySet[Commitment]:
    """What fell due in the period so far: kept or not. Waived ones are neither."""
    fallen = Commitment.objects.filter(view.here, view.within("due_at"), due_at__lt=view.at)
    judged = Q(outcome="") | Q(outcome__in=("met", "late"))
    return fallen.filter(judged).exclude(case__status__in=GONE)


def _asked(view: View) -> QuerySet[Visit]:
    return Visit.objects.filter(view.here, view.within("visited_at"), state=Visit.State.DONE)


def _urged(view: View) -> QuerySet[Case]:
    pressed = JournalEntry.objects.filter(case=OuterRef("pk"), verb="urged")
    return _opened(view).filter(Exists(pressed))


def _statements(view: View) -> QuerySet[Statement]:
    """What is owed in the period, the corrected editions left out."""
    rows = Statement.objects.filter(view.here, view.within("due_at"))
    return rows.exclude(state=Statement.State.REPLACED)


_BY_ITS_CASE = "case__department"

HEAPS: Mapping[str, Heap] = {
    "open": Heap(_("未关闭的诉求"), _open),
    "late": Heap(_("超时的诉求"), _late, hint=_("未关闭，且有承诺已到期未完成")),
    "urgent": Heap(_("未关闭的紧急诉求"), lambda view: _open(view).filter(urgent=True)),
    "opened-today": Heap(
        _("今天登记的诉求"), lambda view: _counting(view).filter(opened_at__gte=view.today)
    ),
    "closed-today": Heap(
        _("今天关闭的诉求"), lambda view: _counting(view).filter(closed_at__gte=view.today)
    ),
    "opened": Heap(
        _("登记的诉求"), _opened, of_period=True, hint=_("不含已作废和已并入的")
    ),
    "complaints": Heap(
        _("登记的投诉"),
        lambda view: _opened(view).filter(kind="complaint"),
        of_period=True,
        hint=_("不含已作废和已并入的"),
    ),
    "closed": Heap(
        _("关闭的诉求"),
        lambda view: _counting(view).filter(view.within("closed_at")),
        moment="closed_at",
        of_period=True,
    ),
    "settled": Heap(
        _("登记且已关闭的诉求"),
        lambda view: _opened(view).filter(status=Case.Status.CLOSED),
        of_period=True,
    ),
    "due-today": Heap(_("今天到期的承诺"), _due, case="case__"),
    "judged": Heap(
        _("到期的承诺"), _judged, case="case__", of_period=True,
        hint=_("免责的、暂停的、已作废和已并入诉求的不计"),
    ),
    "kept": Heap(
        _("按时的承诺"),
        lambda view: _judged(view).exclude(is_late(view.at)),
        case="case__",
        of_period=True,
    ),
    "missed": Heap(
        _("超时的承诺"),
        lambda view: _judged(view).filter(is_late(view.at)),
        case="case__",
        of_period=True,
    ),
    "majors": Heap(
        _("处理中的重大事件"),
        lambda view: MajorEvent.objects.filter(view.here, state=MajorEvent.State.OPEN),
        case="case__", department=_BY_ITS_CASE,
    ),
    "visited": Heap(_("回访"), _asked, of_period=True, case="case__", department=_BY_ITS_CASE),
    "satisfied": Heap(
        _("满意的回访"),
        lambda view: _asked(view).filter(result="satisfied"),
        of_period=True,
        case="case__", department=_BY_ITS_CASE,
    ),
    "urged": Heap(
        _("登记后被催办的诉求"), _urged, of_period=True, hint=_("期间登记的，催过几次都算一件")
    ),
    "statements": Heap(_("应报的报表"), _statements, of_period=True),
    "statements-late": Heap(
        _("逾期未报的报表"),
        lambda view: Statement.objects.filter(
            view.here, state__in=Statement.OPEN, due_at__lt=view.at
        ),
    ),
}  # fmt: skip
