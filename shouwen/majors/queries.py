"""Reads of major events, of the matrix, of risks and warnings. Lists start from
`visible_…(scope)`."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import line_above
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.majors.models import (
    EarlyWarning,
    EventAction,
    GradeWatch,
    MajorEvent,
    MatrixLine,
    Member,
    Risk,
)
from shouwen.rules.grades import AXIS
from shouwen.rules.refused import Refused
from shouwen.web.pieces import Check


def event_of(case: Case) -> MajorEvent | None:
    """The open event of a case; None where it has none."""
    return MajorEvent.objects.filter(case=case, state=MajorEvent.State.OPEN).first()


def group_event(number: str) -> MajorEvent | None:
    """The open event of a group of complaints."""
    found = MajorEvent.objects.filter(group_number=number, state=MajorEvent.State.OPEN)
    return found.first() if number else None


def facts_of(event: MajorEvent) -> dict[str, str | bool]:
    """What the reporting rules read: the facts of the case or group, and what the event adds."""
    about = event.case.facts if event.case else event.facts
    added = {AXIS: event.grade, "event_type": event.event_type, "event_cause": event.cause}
    return {**about, **{axis: value for axis, value in added.items() if value}}


def visible_events(scope: Scope, right: str = "case.view") -> QuerySet[MajorEvent]:
    """Events of the units reached whole, and those one has a part in."""
    if not scope.can(right):
        return MajorEvent.objects.none()
    mine = Q(Exists(Member.objects.filter(event=OuterRef("pk"), staff=scope.staff)))
    mine |= Q(Exists(EventAction.objects.filter(event=OuterRef("pk"), owner=scope.staff)))
    return MajorEvent.objects.filter(scope.inside(), scope.on(right) | mine)


def get_event(scope: Scope, number: str) -> MajorEvent:
    """The event, or the same refusal whether it is unknown or not theirs to see."""
    related = ("case__project", "project", "company", "opened_by", "drafted_by")
    found = visible_events(scope).select_related(*related).filter(number=number).first()
    if found is None:
        raise _not_theirs(scope, "没有找到这个重大事件，请从清单打开。")
    return found


def _not_theirs(scope: Scope, sentence: str) -> Refused:
    """Who sees single matters only is told that this is not for him, whether it is there or not."""
    if scope.can("case.view") and not scope.wide("case.view"):
        return Refused("not-allowed", "重大事件由项目和公司的负责人处理，您没有参加这一件。")
    return Refused("not-found", sentence)


def open_points(event: MajorEvent) -> list[Check]:
    """What must be there before an event is over."""
    sendings = list(event.sendings.all())
    opinions = event.opinions.annotate(
        followed=Exists(EventAction.objects.filter(opinion=OuterRef("pk")))
    )
    sides = set(event.members.values_list("side", flat=True))
    return [
        Check(_("处理小组已成立（项目、公司部门、分管领导）"), len(sides) == 3, "4.4.1c"),
        Check(_("处理小组开过会，定了措施"), event.meetings.exists(), "4.4.1c"),
        Check(_("专项报告四项齐全"), not event.empty_sections, "4.3.4"),
        Check(_("该报送的都已报送"), all(one.sent_at for one in sendings), "4.3.4"),
        Check(_("上级意见都已安排落实"), all(one.followed for one in opinions), "4.3.4"),
        Check(_("措施都已完成"), not event.actions.filter(done_at=None).exists(), "4.3.4"),
    ]


def matrix_of(place: OrgUnit, at: datetime) -> QuerySet[MatrixLine]:
    """The lines of the matrices of a unit and of all above it that are in force."""
    lines = MatrixLine.objects.filter(unit__in=line_above(place), since__lte=at)
    return lines.filter(Q(until=None) | Q(until__gt=at)).select_related("unit", "by")


def visible_matrix(scope: Scope) -> QuerySet[MatrixLine]:
    """Lines of the units reached, and of those above one's own projects."""
    own = [reach.unit for reach in scope.reaches if "case.view" in reach.rights]
    above = {unit.pk for place in own for unit in line_above(place)}
    lines = MatrixLine.objects.filter(Q(unit__in=above) | scope.below("case.view", "unit__path"))
    return lines.filter(until=None).select_related("unit", "by")


def to_be_judged(at: datetime) -> QuerySet[Case]:
    """Open complaints of which something is known that the criteria have not seen, the oldest
    first."""
    seen = GradeWatch.objects.filter(case=OuterRef("pk"), version=OuterRef("version")).filter(
        Q(look_at=None) | Q(look_at__gt=at)
    )
    return Case.objects.filter(~Exists(seen), kind="complaint", status__in=Case.OPEN).order_by("pk")


# --- Beforehand -----------------------------------------------------------------------------------


def visible_risks(scope: Scope) -> QuerySet[Risk]:
    """Risks of the units that somebody reaches whole, those above one's project, and one's own."""
    own = [reach.unit for reach in scope.reaches if "case.view" in reach.rights]
    wide = Q(pk__in=())
    for unit in scope.wide("case.view"):
        wide |= Q(unit__path__startswith=unit.path)
    above = {unit.pk for place in own if scope.wide("case.view") for unit in line_above(place)}
    inside = Q(unit__path__startswith=scope.within.path) if scope.within else Q()
    found = Risk.objects.filter(inside, wide | Q(unit__in=above) | Q(owner=scope.staff))
    return found.select_related("unit", "owner").order_by(
        F("closed_at").asc(nulls_first=True), "-opened_at", "-pk"
    )


def get_risk(scope: Scope, pk: int) -> Risk:
    found = visible_risks(scope).filter(pk=pk).first()
    if found is None:
        raise _not_theirs(scope, "没有找到这项风险，请从清单打开。")
    return found


def visible_warnings(scope: Scope) -> QuerySet[EarlyWarning]:
    """Warnings of the units reached whole, and those one must respond to."""
    if not scope.can("case.view"):
        return EarlyWarning.objects.none()
    condition = scope.on("case.view") | Q(responder=scope.staff)
    found = EarlyWarning.objects.filter(scope.inside(), condition)
    return found.select_related("project", "responder", "answered_by")


def get_warning(scope: Scope, pk: int) -> EarlyWarning:
    found = visible_warnings(scope).filter(pk=pk).first()
    if found is None:
        raise _not_theirs(scope, "没有找到这条预警，请从清单打开。")
    return found


def grade_names(event_rulebook: int) -> dict[str, str]:
    """The grades of a rulebook by code, the ordinary one first."""
    found = rulebook(event_rulebook).axis(AXIS)
    return {value.code: value.name for value in found[1].values} if found else {}
