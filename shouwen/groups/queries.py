"""Reads of groups: who belongs, how many households, what is offered, which rule speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case, Commitment
from shouwen.cases.queries import visible_cases
from shouwen.estate.phones import digits
from shouwen.groups.models import Alike, GroupMatter, GroupMember, Statement
from shouwen.rules.complaint_kinds import Grade
from shouwen.rules.likeness import LIKELY, belongs, count_households
from shouwen.rules.regulation import Rulebook

#: «同时»: what came in within so many days is offered as one matter. Ours: no clause names a span.
TOGETHER = timedelta(days=30)
#: An offer of fewer households is a pair of neighbours, not yet a group.
WORTH = 3
#: So many of the latest likenesses of a project are looked at for offers.
OFFERED_FROM = 2000


def visible_matters(scope: Scope, right: str = "case.view") -> QuerySet[GroupMatter]:
    """Groups of the units reached whole, and those of the cases that one may see."""
    if not scope.can(right):
        return GroupMatter.objects.none()
    mine = visible_cases(scope, right).filter(memberships__left_at=None)
    theirs = GroupMember.objects.filter(left_at=None, case__in=mine.values("pk"))
    condition = scope.on(right) | Q(speaker=scope.staff)
    if scope.departments(right):
        condition |= Q(pk__in=theirs.values("matter_id"))
    return GroupMatter.objects.filter(scope.inside(), condition)


def get_matter(scope: Scope, number: str) -> GroupMatter:
    """The group, or the same refusal whether it is unknown or not theirs to see."""
    rows = visible_matters(scope).select_related("project__company", "speaker", "opened_by")
    return found(rows, "没有找到这个群体事项，请从清单打开。", number=number)


def matter_of(case: Case) -> GroupMatter | None:
    """The group that a case belongs to now."""
    member = case.memberships.filter(left_at=None).select_related("matter__speaker").first()
    return member.matter if member else None


def members(matter: GroupMatter) -> list[GroupMember]:
    """Those who belong now, in the order of joining."""
    rows = matter.members.filter(left_at=None)
    return list(rows.select_related("case__unit", "case__owner", "case__project", "joined_by"))


def statement_of(matter: GroupMatter) -> Statement | None:
    """The wording that holds: the last that was approved."""
    return matter.statements.filter(approved_at__isnull=False).order_by("-approved_at").first()


# --- Households -----------------------------------------------------------------------------------


def traces(case: Case) -> list[str]:
    """What tells the household of a case: home, customer, phone; else the address as it was
    said."""
    known = [
        f"unit:{case.unit_id}" if case.unit_id else "",
        f"customer:{case.customer_id}" if case.customer_id else "",
        f"phone:{phone}" if len(phone := digits(case.customer_phone) or "") >= 7 else "",
    ]
    found = [trace for trace in known if trace]
    return found or ([f"address:{case.address.strip()}"] if case.address.strip() else [])


def households(cases: Iterable[Case]) -> int:
    """Households, not messages: the third call of one home is still one."""
    return count_households(traces(case) for case in cases if case.status != Case.Status.VOID)


def threshold(rules: Rulebook) -> Grade | None:
    """The rule that makes complaints of so many households a major matter; None without one."""
    return next((rule for _, rule in rules.all("grade") if rule.when == "households"), None)


def spoken_of(rule: Grade | None, cases: Iterable[Case]) -> list[Case]:
    """Those cases that count for the threshold: the rule speaks about them."""
    return [case for case in cases if rule is None or rule.matches(case.facts)]


# --- The statement --------------------------------------------------------------------------------


def statement_promises(cases: Sequence[Case]) -> list[Commitment]:
    """The promises of a statement that run on these cases: kept by one approval for all."""
    rows = Commitment.objects.filter(case__in=[case.pk for case in cases], outcome="")
    return [row for row in rows.select_related("case") if _wants_statement(row)]


def _wants_statement(row: Commitment) -> bool:
    rules = rulebook(row.case.rulebook_id)
    return any(
        rule.id == row.rule and rule.met_tag == "statement" for _, rule in rules.all("commitment")
    )


# --- What is offered ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """Cases that look like one matter, of no group yet; or cases that look like those of one."""

    cases: list[Case]
    households: int
    why: str
    matter: GroupMatter | None = None

    @property
    def key(self) -> str:
        return "-".join(case.number for case in self.cases)

    @property
    def title(self) -> str:
        return self.cases[0].title


def offers(scope: Scope, project: OrgUnit, at: datetime, worth: int = WORTH) -> list[Offer]:
    """Candidate groups of a project, the most households first; then what would join one."""
    rows = _likenesses(project, at)
    cases = {case.pk: case for row in rows for case in (row.case, row.earlier)}
    seen = set(visible_cases(scope).filter(pk__in=cases).values_list("pk", flat=True))
    group_of = _group_of(cases)
    free = [row for row in rows if {row.case_id, row.earlier_id} <= seen - group_of.keys()]
    new = [_offer([cases[pk] for pk in some], free) for some in _clusters(free)]
    found = sorted((one for one in new if one.households >= worth), key=lambda o: -o.households)
    return [
        *_joining([row for row in rows if {row.case_id, row.earlier_id} <= seen], group_of),
        *found,
    ]


def _likenesses(project: OrgUnit, at: datetime) -> list[Alike]:
    """Complaints alike, each pair once, told within the time that counts as together."""
    since = at - TOGETHER
    rows = Alike.objects.filter(
        project=project, apart_at=None, opened_at__gte=since, score__gte=LIKELY,
        earlier__opened_at__gte=since, case__kind="complaint", earlier__kind="complaint",
    ).exclude(Q(case__status__in=GONE) | Q(earlier__status__in=GONE))  # fmt: skip
    related = ("case__unit", "earlier__unit")
    return list(rows.select_related(*related).order_by("-opened_at")[:OFFERED_FROM])[::-1]


GONE = (Case.Status.VOID, Case.Status.MERGED)


def _group_of(cases: Iterable[int]) -> dict[int, GroupMatter]:
    rows = GroupMember.objects.filter(case__in=list(cases), left_at=None)
    return {row.case_id: row.matter for row in rows.select_related("matter")}


def _clusters(rows: Sequence[Alike]) -> list[list[int]]:
    """Each case joins the cluster of the likest that will have it, the oldest first."""
    scores: dict[int, dict[int, float]] = {}
    for row in rows:
        scores.setdefault(row.case_id, {})[row.earlier_id] = row.score
    cluster_of: dict[int, list[int]] = {}
    clusters: list[list[int]] = []
    for pk in sorted(scores):
        for other in sorted(scores[pk], key=lambda o: (-scores[pk][o], -o)):
            cluster = cluster_of.get(other) or [other]
            if belongs(_scores_with(pk, cluster, scores)):
                if other not in cluster_of:
                    clusters.append(cluster)
                    cluster_of[other] = cluster
                cluster.append(pk)
                cluster_of[pk] = cluster
                break
    return clusters


def _scores_with(
    pk: int, cluster: Iterable[int], scores: dict[int, dict[int, float]]
) -> Iterator[float]:
    """Only the likest few of a case are kept: with the others of a large cluster it is not unlike,
    only unknown, so that these do not speak against it."""
    known = scores[pk]
    full = len(known) >= KEPT_ALIKE
    return (known.get(o, 0.0) for o in cluster if o in known or not full)


#: So many of the likest are kept for each case.
KEPT_ALIKE = 8


def _offer(cases: list[Case], rows: Iterable[Alike]) -> Offer:
    ids = {case.pk for case in cases}
    inside = [row for row in rows if row.case_id in ids and row.earlier_id in ids]
    best = max(inside, key=lambda row: row.score)
    return Offer(cases, households(cases), best.why)


def _joining(rows: Iterable[Alike], group_of: dict[int, GroupMatter]) -> list[Offer]:
    """What is alike to a member of a running group and is in none itself."""
    found: dict[int, tuple[Alike, Case, GroupMatter]] = {}
    for row in rows:
        for inside, outside in ((row.earlier, row.case), (row.case, row.earlier)):
            matter = group_of.get(inside.pk)
            if matter is None or not matter.is_open or outside.pk in group_of:
                continue
            if outside.pk not in found or found[outside.pk][0].score < row.score:
                found[outside.pk] = (row, outside, matter)
    by_matter: dict[int, list[tuple[Alike, Case, GroupMatter]]] = {}
    for one in found.values():
        by_matter.setdefault(one[2].pk, []).append(one)
    return [
        Offer(
            [case for _, case, _ in some],
            households(c for _, c, _ in some),
            some[0][0].why,
            some[0][2],
        )
        for some in by_matter.values()
    ]


def pairs_among(cases: Sequence[Case]) -> Q:
    """The condition for the likenesses between these cases."""
    ids = [case.pk for case in cases]
    return Q(case_id__in=ids, earlier_id__in=ids)
