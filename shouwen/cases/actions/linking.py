"""Cases that belong together: link, merge with trace, split."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import Told, open_case
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case, CaseLink
from shouwen.rules.refused import Refused


def link(*, case: Case, other: Case, by: Scope, at: datetime, kind: str = "related") -> None:
    """Say on both that they belong together."""
    _require_two(case, other)
    with transaction.atomic():
        for one, two in _in_order(case, other):
            with acting(one, by=by, right="case.work", at=at) as act:
                act.write("linked", {"to": two.number, "kind": kind})
        CaseLink.objects.get_or_create(a=case, b=other, kind=kind, defaults={"at": at})


def _in_order(a: Case, b: Case) -> list[tuple[Case, Case]]:
    """Locks are always taken in the same order, so that two people linking crosswise do not wait
    for ever."""
    return sorted([(a, b), (b, a)], key=lambda pair: pair[0].pk)


def _require_two(case: Case, other: Case) -> None:
    if case.pk == other.pk:
        raise Refused("itself", "不能与自己关联。", field="other")


def merge(*, case: Case, into: Case, by: Scope, at: datetime, reason: str) -> Case:
    """The same matter twice: this one goes on in the other. Text, requester and files stay with
    both."""
    _require_two(case, into)
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么是同一件事。", field="reason")
    if case.project_id != into.project_id:
        raise Refused("other-project", "只能并入同一项目的事项。", field="into")
    with transaction.atomic():
        for one, _ in _in_order(case, into):
            with acting(one, by=by, right="case.dispatch", at=at) as act:
                if one.pk == case.pk:
                    act.write("merged", {"into": into.number, "reason": reason.strip()})
                else:
                    act.write(
                        "absorbed",
                        {
                            "case": case.number,
                            "text": case.text,
                            "customer": case.customer_name,
                            "address": case.address,
                            "files": [file.label for file in case.attachments.all()],
                        },
                    )
        CaseLink.objects.get_or_create(a=case, b=into, kind="merged", defaults={"at": at})
    return into


def split(*, case: Case, told: Told, by: Scope, at: datetime) -> Case:
    """Part of the matter becomes a case of its own, of the same contact."""
    with transaction.atomic():
        with acting(case, by=by, right="case.dispatch", at=at) as act:
            new = open_case(
                contact=act.case.contact,
                told=replace(told, source=act.case.source),
                by=by,
                at=at,
                owner=act.case.owner,
                split_from=act.case.number,
            )
            act.write("split", {"into": new.number, "text": told.text})
        CaseLink.objects.create(a=case, b=new, kind="split", at=at)
    return new
