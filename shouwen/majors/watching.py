"""Whether complaints together foretell something graver: counted in rows, by one rule at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwen.cases.models import Case, Commitment
from shouwen.rules.complaint_kinds import EarlyWarning as Rule
from shouwen.rules.spans import span

#: So many numbers are kept with a warning.
MOST = 50


@dataclass(frozen=True)
class Sign:
    """What was found: what it is about, in words, and the complaints that it counts."""

    key: str
    words: str
    cases: list[str]


def sign_of(rule: Rule, case: Case, at: datetime) -> Sign | None:
    """What this rule sees now that this complaint is there; nothing when it sees nothing."""
    return _SEEN_BY[rule.watch](rule, case, at)


def _complaints(case: Case, since: datetime, until: datetime) -> QuerySet[Case]:
    """Those of the project in a time, void and merged ones left out."""
    counted = Q(opened_at__gt=since, opened_at__lte=until)
    rows = Case.objects.filter(counted, project=case.project_id, kind="complaint")
    return rows.exclude(status__in=["void", "merged"]).order_by("-opened_at", "-pk")


def _within(rule: Rule, case: Case, at: datetime) -> QuerySet[Case]:
    return _complaints(case, at - timedelta(seconds=span(rule.within).seconds), at)


def _numbers(rows: QuerySet[Case]) -> list[str]:
    return list(rows.values_list("number", flat=True)[:MOST])


def _days(rule: Rule) -> str:
    return f"{span(rule.within).seconds // 86_400} 天内"


def _many_homes(rule: Rule, case: Case, at: datetime) -> Sign | None:
    business = str(case.facts.get("business") or "")
    if not business:
        return None
    rows = _within(rule, case, at).filter(facts__business=business)
    homes = rows.exclude(address="").order_by().values("address").distinct().count()
    if homes < rule.least:
        return None
    return Sign(business, f"{_days(rule)}同一业务类别有 {homes} 户投诉", _numbers(rows))


def _one_home(rule: Rule, case: Case, at: datetime) -> Sign | None:
    if not case.address:
        return None
    rows = _within(rule, case, at).filter(address=case.address)
    number = rows.count()
    if number < rule.least:
        return None
    return Sign(case.address[:80], f"{case.address}{_days(rule)}投诉 {number} 次", _numbers(rows))


def _rising(rule: Rule, case: Case, at: datetime) -> Sign | None:
    length = timedelta(seconds=span(rule.within).seconds)
    rows = _within(rule, case, at)
    now, before = rows.count(), _complaints(case, at - 2 * length, at - length).count()
    if now < rule.least or now < 2 * before:
        return None
    return Sign("all", f"{_days(rule)} {now} 件，此前同样时间 {before} 件", _numbers(rows))


def _piling_up(rule: Rule, case: Case, at: datetime) -> Sign | None:
    late = Commitment.objects.filter(case=OuterRef("pk"), outcome="", due_at__lt=at)
    rows = Case.objects.filter(
        Exists(late), project=case.project_id, kind="complaint", status__in=Case.OPEN
    ).order_by("opened_at", "pk")
    number = rows.count()
    if number < rule.least:
        return None
    return Sign("all", f"{number} 件投诉超时未结", _numbers(rows))


def _words(rule: Rule, case: Case, at: datetime) -> Sign | None:
    found = [word for word in rule.words if word in case.text]
    if not found:
        return None
    return Sign(case.number, f"{case.number} 提到：{'、'.join(found)}", [case.number])


_SEEN_BY: dict[str, Callable[[Rule, Case, datetime], Sign | None]] = {
    "count": _many_homes,
    "repeat": _one_home,
    "trend": _rising,
    "overdue": _piling_up,
    "words": _words,
}
