"""The register of return visits (《回访记录》): who sees which, by state, by page or as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.export import Column
from shouwen.cases.levels import WIDE, level_names
from shouwen.followup.actions.recording import MODES
from shouwen.followup.forms import MARKS
from shouwen.followup.models import Visit, VisitAttempt
from shouwen.followup.queries import rule_of

PAGE = 50
#: What the tabs show, and the time that each is ordered by.
STATES = {
    "planned": _("待回访"),
    "done": _("已回访"),
    "not-drawn": _("未抽中"),
    "cancelled": _("已取消"),
}


def moment_of(state: str) -> str:
    return "visited_at" if state == "done" else "due_at"


def levels(scope: Scope, project: OrgUnit | None) -> tuple[str, ...]:
    """Whose visits somebody may look at: mine, the project's, the company's, the group's."""
    return level_names(scope, project, ())


def of_level(visits: QuerySet[Visit], name: str, scope: Scope, project: OrgUnit | None) -> Any:
    """The visits of one of these."""
    if name == "mine" or project is None:
        mine = Visit.visitors.through.objects.filter(staff_id=scope.staff.pk)
        return visits.filter(pk__in=mine.values("visit_id"))
    place = {"project": project.pk, "company": project.company_id}
    return visits.filter(**{f"{name}_id": place.get(name, project.group_id)})


def is_wide(name: str) -> bool:
    """Whether rows of several projects stand side by side."""
    return name in WIDE


def in_order(visits: QuerySet[Visit], state: str) -> QuerySet[Visit]:
    """Waiting ones by due time, so that what is overdue stands on top; others the last first."""
    sign = "" if state == "planned" else "-"
    return visits.order_by(f"{sign}{moment_of(state)}", f"{sign}pk")


def page_of(visits: QuerySet[Visit], state: str, after: str) -> tuple[list[Any], str]:
    """One page, and the key of the next ("" at the end)."""
    field = moment_of(state)
    beyond = "gt" if state == "planned" else "lt"
    text, _underscore, pk = after.partition("_")
    if (at := _moment(text)) and pk.isdecimal():
        visits = visits.filter(
            Q(**{f"{field}__{beyond}": at}) | Q(**{field: at, f"pk__{beyond}": int(pk)})
        )
    rows = list(in_order(_with_tries(visits), state)[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], f"{getattr(last, field).timestamp():.6f}_{last.pk}" if last else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(text), get_current_timezone())
    except (ValueError, OverflowError, OSError):
        return None


def _with_tries(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """With all that a row shows: how often it was tried, and for when the customer was promised."""
    tries = VisitAttempt.objects.filter(visit=OuterRef("pk")).order_by("-at", "-pk")
    return (
        visits.select_related("case", "project", "typed_by")
        .prefetch_related("visitors")
        .annotate(tries=Count("attempts"), again_at=Subquery(tries.values("again_at")[:1]))
    )


# --- As a file ------------------------------------------------------------------------------------


COLUMNS: tuple[Column, ...] = (
    Column(_("记录表编号"), 22, lambda visit, _reader: visit.form_number),
    Column(_("项目"), 14, lambda visit, _reader: visit.project.name),
    Column(_("编号"), 20, lambda visit, _reader: visit.case.number),
    Column(_("第几轮"), 8, lambda visit, _reader: visit.round),
    Column(_("房号"), 18, lambda visit, _reader: visit.case.address),
    Column(_("客户"), 12, lambda visit, _reader: visit.case.customer_name),
    Column(_("摘要"), 36, lambda visit, _reader: visit.case.title),
    Column(_("类别"), 10, lambda visit, reader: reader.kind(visit.case)),
    Column(_("回访种类"), 22, lambda visit, _reader: visit.title),
    Column(_("条款"), 14, lambda visit, _reader: visit.clause),
    Column(_("完成时间"), 17, lambda visit, _reader: visit.after_at),
    Column(_("最早"), 17, lambda visit, _reader: visit.not_before),
    Column(_("最晚"), 17, lambda visit, _reader: visit.due_at),
    Column(_("状态"), 10, lambda visit, _reader: visit.get_state_display()),
    Column(_("回访人"), 16, lambda visit, _reader: "、".join(p.name for p in visit.visitors.all())),
    Column(_("未访成次数"), 10, lambda visit, _reader: visit.tries),
    Column(_("回访时间"), 17, lambda visit, _reader: visit.visited_at),
    Column(_("超时"), 6, lambda visit, _reader: "是" if visit.is_late else "否"),
    Column(_("方式"), 10, lambda visit, _reader: MODES.get(visit.mode, visit.mode)),
    Column(_("受访人"), 12, lambda visit, _reader: visit.spoken_to),
    Column(_("结果"), 10, lambda visit, _reader: visit.get_result_display()),
    Column(
        _("评分"), 40, lambda visit, _reader: "；".join(f"{t}：{v}" for t, v in scores_of(visit))
    ),
    Column(_("客户意见"), 50, lambda visit, _reader: visit.opinion),
    Column(
        _("签名"), 20, lambda visit, _reader: "有" if visit.signature_id else visit.no_signature
    ),
    Column(_("录入人"), 12, lambda visit, _reader: visit.typed_by.name if visit.typed_by else ""),
)


def scores_of(visit: Visit) -> list[tuple[str, str]]:
    """What was scored, in the words of the rule."""
    if not visit.scores:
        return []
    return [
        (score.title, str(MARKS.get(value, value)) if score.kind == "score" else str(value))
        for score in rule_of(visit).scores
        if (value := visit.scores.get(score.id))
    ]


def listed(visits: QuerySet[Visit], state: str) -> QuerySet[Visit]:
    """Every row that the list shows, in its order, for a file."""
    return in_order(_with_tries(visits), state)
