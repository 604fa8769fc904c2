"""《建议情况月度表》: what was suggested in a month, whether it can be done, what was decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from shouwen.cases.export import Column
from shouwen.learning.models import Suggestion

NAME = "建议情况月度表"
COLUMNS: tuple[Column, ...] = (
    Column(_("项目"), 14, lambda row, _reader: row.project.name),
    Column(_("日期"), 17, lambda row, _reader: row.received_at),
    Column(_("编号"), 20, lambda row, _reader: row.case.number),
    Column(_("房号"), 18, lambda row, _reader: row.case.address),
    Column(_("住户"), 12, lambda row, _reader: row.case.customer_name),
    Column(_("建议"), 40, lambda row, _reader: row.case.text),
    Column(_("上报主管"), 17, lambda row, _reader: row.told_at),
    Column(_("可行性分析"), 30, lambda row, _reader: row.reason),
    Column(_("决定"), 12, lambda row, _reader: str(row.get_decision_display())),
    Column(_("决定人"), 10, lambda row, _reader: row.decided_by.name if row.decided_by else ""),
    Column(_("整改措施"), 30, lambda row, _reader: row.plan),
    Column(_("告知业主"), 17, lambda row, _reader: row.answered_at),
)


def first_of(asked: str, today: date) -> date:
    """The month that is asked for ("2026-11"); this one for none, or one that is no month."""
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    return first if 2000 <= first.year < 3000 else today.replace(day=1)


def of_month(rows: QuerySet[Suggestion], first: date) -> QuerySet[Suggestion]:
    """Received in the month, the first first."""
    after = (first + timedelta(days=32)).replace(day=1)
    zone = get_current_timezone()
    begins, ends = (datetime(day.year, day.month, 1, tzinfo=zone) for day in (first, after))
    found = rows.filter(received_at__gte=begins, received_at__lt=ends)
    related = found.select_related("case", "project", "decided_by")
    return related.order_by("received_at", "pk")
