"""Reads of parties outside and of what was referred to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.adoption.actions import footing
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case, Commitment
from shouwen.cases.queries import visible_cases
from shouwen.cases.story import file_link
from shouwen.outside.models import Chart, Hop, Party, Referral
from shouwen.rules.complaint_kinds import PathStep, ReferralPath
from shouwen.rules.referrals import next_step, paths, title
from shouwen.rules.regulation import Clause, Regulation
from shouwen.web.pieces import FileLink
from shouwen.web.words import span

SEE = "case.view"
#: How a document says that it leaves something out.
LEFT_OUT = "(略)"


def visible_parties(scope: Scope) -> QuerySet[Party]:
    """The parties of the projects within reach."""
    return Party.objects.filter(scope.below(SEE, "project__path"))


def parties_of(project: OrgUnit) -> QuerySet[Party]:
    return Party.objects.filter(project=project, active=True)


def visible_referrals(scope: Scope, right: str = SEE) -> QuerySet[Referral]:
    """Those of the units reached whole, and those of cases one may see."""
    if not scope.can(right):
        return Referral.objects.none()
    condition = scope.on(right) | Q(opened_by=scope.staff)
    if scope.departments(right):
        condition |= Q(case__in=visible_cases(scope, right).values("pk"))
    return Referral.objects.filter(scope.inside(), condition)


def get_referral(scope: Scope, number: str) -> Referral:
    """The referral, or the same refusal whether it is unknown or not theirs to see."""
    related = ("case__project", "case__owner", "case__unit", "party", "project__company",
               "opened_by")  # fmt: skip
    rows = visible_referrals(scope).select_related(*related)
    return found(rows, "没有找到这件外部协商，请核对编号。", number=number)


def referrals_of(case: Case) -> QuerySet[Referral]:
    return case.referrals.select_related("party").order_by("pk")


def open_paths(case: Case) -> list[ReferralPath]:
    """The ways outside that the regulations of a case open to it now."""
    return [path for _, path in paths(rulebook(case.rulebook_id), case.facts)]


def path_of(referral: Referral) -> ReferralPath:
    """Its path, as it stood when the case was opened."""
    known = paths(rulebook(referral.case.rulebook_id))
    return next(rule for _, rule in known if rule.id == referral.path)


def step_named(referral: Referral, name: str) -> PathStep | None:
    """A step of its path, done or ahead."""
    return next((step for step in path_of(referral).steps if step.step == name), None)


def hops_of(referral: Referral) -> list[Hop]:
    return list(referral.hops.select_related("by", "copy"))


@dataclass(frozen=True)
class Leg:
    """One step of a path: done or ahead, with the time that it took or has."""

    step: PathStep
    hop: Hop | None
    began: datetime | None
    promise: Commitment | None
    is_next: bool

    @property
    def title(self) -> str:
        return title(self.step)

    @property
    def took(self) -> str:
        """How long the hop took, from the one before it."""
        if self.hop and self.began:
            return f"用时 {span(self.hop.at - self.began)}"
        return ""

    @property
    def late(self) -> bool:
        return self.promise is not None and self.promise.outcome == "late"

    @property
    def files(self) -> list[FileLink]:
        return [file_link(self.hop.copy)] if self.hop and self.hop.copy else []


def legs_of(referral: Referral) -> list[Leg]:
    """The whole path, each hop with its own clock."""
    path, hops = path_of(referral), {hop.step: hop for hop in hops_of(referral)}
    after = next_step(path, hops) if referral.is_open else None
    promises = _promises(referral)
    began: datetime | None = referral.opened_at
    legs = []
    for step in path.steps:
        hop = hops.get(step.step)
        rule = f"referral:{path.id}:{step.step}"
        legs.append(Leg(step, hop, began, promises.get(rule), step == after))
        began = hop.at if hop else None
    return legs


def _promises(referral: Referral) -> dict[str, Commitment]:
    rows = referral.case.commitments.filter(key__contains=f"/{referral.number}").order_by("pk")
    return {row.rule: row for row in rows}


def published(scope: Scope) -> QuerySet[Hop]:
    """What became of matters outside, as it was made known; the last first."""
    rows = Hop.objects.filter(step="publish", referral__in=visible_referrals(scope))
    return rows.select_related("referral__project", "by").order_by("-at", "-pk")


# --- Flow charts ----------------------------------------------------------------------------------


def chart_slots(project: OrgUnit, at: datetime) -> list[tuple[Regulation, Clause]]:
    """The clauses that show a chart which the document itself leaves out (略)."""
    return [
        (regulation, clause)
        for regulation in footing(project, at).rulebook.regulations
        for clause in regulation.clauses
        if clause.kind == "reference text" and clause.quote.endswith(LEFT_OUT)
    ]


def visible_charts(scope: Scope) -> QuerySet[Chart]:
    return Chart.objects.filter(scope.below("regulation.view", "project__path"))


def charts_of(scope: Scope, project: OrgUnit) -> dict[str, Chart]:
    """The last one of each clause: it holds."""
    rows = visible_charts(scope).filter(project=project).select_related("by").order_by("at", "pk")
    return {chart.clause: chart for chart in rows}
