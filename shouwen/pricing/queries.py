"""Reads of prices and quotations: what is in force, what a case goes by, what was agreed."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope, found
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.cases.queries import visible_cases
from shouwen.pricing.models import PriceEdition, PriceItem, PriceList, Quotation
from shouwen.rules.paid_kinds import PaidWork
from shouwen.rules.paid_kinds import PriceList as PriceListRule
from shouwen.rules.regulation import Regulation

# --- Lists ----------------------------------------------------------------------------------------


def visible_lists(scope: Scope, right: str = "price.view") -> QuerySet[PriceList]:
    """The price lists of every project reached: who works there knows its prices."""
    return PriceList.objects.filter(scope.inside(), scope.below(right, "project__path"))


def get_edition(scope: Scope, pk: int) -> PriceEdition:
    """The edition, or the same refusal whether it is unknown or not theirs to see."""
    rows = PriceEdition.objects.select_related("price_list__project", "drafted_by")
    rows = rows.filter(price_list__in=visible_lists(scope))
    return found(rows, "没有找到这版收费标准，请从收费标准清单打开。", pk=pk)


def list_rules(project: OrgUnit, at: datetime) -> dict[str, PriceListRule]:
    """By kind: how the project's regulations want its list drawn up and approved. The first that
    speaks of a kind rules it."""
    found: dict[str, PriceListRule] = {}
    for _regulation, rule in rulebook(pin(project, at).pk).all("price_list"):
        found.setdefault(rule.kind, rule)
    return found


def in_force(day: date) -> Q:
    """The condition for editions that may be quoted from on a day; what
    `rules.quotation.is_effective` says of one."""
    approved = (PriceEdition.State.APPROVED, PriceEdition.State.REPLACED)
    ends = Q(effective_until=None) | Q(effective_until__gt=day)
    posted = Q(price_list__must_post=False) | Q(posted_at__date__lte=day)
    return Q(state__in=approved, effective_from__lte=day) & ends & posted


def effective_edition(project: OrgUnit, kind: str, at: datetime) -> PriceEdition | None:
    """What is quoted from now: the newest edition of a kind of list that is in force."""
    rows = PriceEdition.objects.filter(
        in_force(localdate(at)), price_list__project=project, price_list__kind=kind
    )
    return rows.select_related("price_list").order_by("-effective_from", "-version").first()


def find_items(project: OrgUnit, q: str, at: datetime, kind: str = "") -> QuerySet[PriceItem]:
    """Items in force whose code or name has these words; the shortest name first."""
    editions = (
        effective_edition(project, each, at) for each in ([kind] if kind else PriceList.Kind.values)
    )
    rows = PriceItem.objects.filter(edition__in=[edition.pk for edition in editions if edition])
    for word in q.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(code__icontains=word) | Q(content__icontains=word)
        )
    return rows.select_related("edition__price_list").order_by("code", "pk")


# --- What a case goes by --------------------------------------------------------------------------


def paid_work_rule(case: Case) -> tuple[Regulation, PaidWork] | None:
    """How paid work is agreed and paid for in such a case; the first regulation that says so."""
    found = rulebook(case.rulebook_id).first("paid_work", case.facts)
    return found[0] if found else None


def clause_of(case: Case) -> str:
    """The clause that wants a price agreed."""
    found = paid_work_rule(case)
    return found[1].clause if found else ""


# --- Quotations -----------------------------------------------------------------------------------


def visible_quotations(scope: Scope) -> QuerySet[Quotation]:
    """Of the cases that one may see, where one may see prices."""
    if not scope.can("price.view"):
        return Quotation.objects.none()
    return Quotation.objects.filter(
        scope.inside(), scope.on("case.view") | Q(case__in=visible_cases(scope).values("pk"))
    )


def get_quotation(scope: Scope, number: str) -> Quotation:
    """The quotation, or the same refusal whether it is unknown or not theirs to see."""
    rows = visible_quotations(scope).select_related("case__project", "given_by", "recorded_by")
    rows = rows.prefetch_related("lines")
    return found(rows, "没有找到这份报价，请从诉求页面打开。", number=number)


def quotations_of(case: Case) -> QuerySet[Quotation]:
    """Every quotation of a case, the last first."""
    rows = case.quotations.select_related("given_by", "recorded_by", "edition__price_list")
    return rows.prefetch_related("lines").order_by("-pk")


def latest_quotation(case: Case, subject: str = "", round: int | None = None) -> Quotation | None:
    """The last quotation for an order, else the one for the matter as a whole in this round."""
    whole = Q(subject="", round=round or case.round)
    rows = case.quotations.filter(whole | Q(subject=subject) if subject else whole)
    rows = rows.exclude(state=Quotation.State.WITHDRAWN).prefetch_related("lines")
    return rows.order_by(F("subject").desc(), "-pk").first()


def agreed_quotation(case: Case, subject: str = "") -> Quotation | None:
    """What the customer agreed to; None while the last word was not yes."""
    found = latest_quotation(case, subject)
    return found if found and found.is_agreed else None
