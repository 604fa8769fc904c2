"""Beforehand: risks with plans and drills, and warnings raised from the complaints that come in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Case
from shouwen.estate.queries import place_of
from shouwen.majors.models import Drill, EarlyWarning, Risk
from shouwen.majors.watching import Sign, sign_of
from shouwen.notify.actions import tell
from shouwen.rules.complaint_kinds import EarlyWarning as Rule
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation
from shouwen.rules.spans import span

LEVELS = {"high": "高", "middle": "中", "low": "低"}


def register_risk(
    *,
    unit: OrgUnit,
    title: str,
    trigger: str,
    level: str,
    owner: Staff,
    plan: str,
    by: Scope,
    at: datetime,
    next_drill_at: datetime | None = None,
) -> Risk:
    """A risk of complaints with its contingency plan and the person who watches it."""
    by.require("case.rule", unit)
    if level not in LEVELS:
        raise Refused("unknown-level", "请选风险等级。", field="level")
    for field, text, sentence in (
        ("title", title, "请写明是什么风险。"),
        ("trigger", trigger, "请写明什么情况下发生。"),
        ("plan", plan, "请写下应急预案，没有预案的风险不算登记。"),
    ):
        if not text.strip():
            raise Refused("incomplete-risk", sentence, "一", field)
    return Risk.objects.create(
        unit=unit, title=title.strip()[:80], trigger=trigger.strip()[:200], level=level,
        owner=owner, plan=plan.strip(), next_drill_at=next_drill_at, opened_at=at,
        opened_by=by.staff,
    )  # fmt: skip


def drill(
    *,
    risk: Risk,
    kind: str,
    held_at: datetime,
    text: str,
    by: Scope,
    at: datetime,
    next_drill_at: datetime | None = None,
) -> Drill:
    """The plan was drilled, or carried out in earnest; and when the next drill is."""
    if kind not in ("drill", "real"):
        raise Refused("unknown-kind", "请选演练或实际启动。", field="kind")
    if held_at > at:
        raise Refused("in-the-future", "还没有进行，进行以后再记。", field="held_at")
    if not text.strip():
        raise Refused("empty-text", "请写明经过和要改进的地方。", field="text")
    with transaction.atomic():
        found = _own_risk(risk, by)
        found.next_drill_at, found.told_at = next_drill_at, None
        found.save(update_fields=["next_drill_at", "told_at"])
        return Drill.objects.create(
            risk=found, kind=kind, held_at=held_at, text=text.strip(), by=by.staff, at=at
        )


def close_risk(*, risk: Risk, by: Scope, at: datetime) -> Risk:
    """The risk is gone; its drills stay on record."""
    with transaction.atomic():
        found = _own_risk(risk, by)
        found.closed_at = at
        found.save(update_fields=["closed_at"])
    return found


def _own_risk(risk: Risk, by: Scope) -> Risk:
    found = Risk.objects.select_for_update(of=("self",)).select_related("unit").get(pk=risk.pk)
    if found.owner_id != by.staff.pk:
        by.require("case.rule", found.unit)
    if found.closed_at:
        raise Refused("risk-closed", "这项风险已经解除，需要时请重新登记。")
    return found


# --- Warnings -------------------------------------------------------------------------------------


def warn(*, case: Case, at: datetime) -> list[EarlyWarning]:
    """Raise what the rules foresee from this complaint; what is open already is not raised again,
    nor within the same span of time after somebody responded to it."""
    if case.kind != "complaint":
        return []
    rules = rulebook(case.rulebook_id).first("early_warning", case.facts)
    with transaction.atomic():
        found = [
            _raise(case, regulation, rule, sign, at)
            for regulation, rule in rules
            if (sign := sign_of(rule, case, at)) and not _known(case, rule, sign, at)
        ]
    return found


def _known(case: Case, rule: Rule, sign: Sign, at: datetime) -> bool:
    """What one complaint says is said once and for all; what is counted may come again."""
    same = EarlyWarning.objects.filter(project=case.project_id, rule=rule.id, key=sign.key)
    if rule.watch == "words":
        return same.exists()
    recent = at - timedelta(seconds=span(rule.within).seconds)
    return same.filter(answered_at=None).exists() or same.filter(raised_at__gt=recent).exists()


def _raise(
    case: Case, regulation: Regulation, rule: Rule, sign: Sign, at: datetime
) -> EarlyWarning:
    people = reach_role(rule.to, case.project, at)
    warning = EarlyWarning.objects.create(
        **place_of(case.project), case=case,
        rule=rule.id, regulation=regulation.id, key=sign.key, title=rule.title, clause=rule.clause,
        default=regulation.product_default or rule.product_default, words=sign.words[:300],
        cases=sign.cases, raised_at=at, due_at=at + timedelta(seconds=span(rule.respond).seconds),
        responder=people[0] if people else None,
    )  # fmt: skip
    tell(
        people=people,
        event=f"warning:{warning.pk}",
        at=at,
        urgent=True,
        subject=f"预警：{rule.title} · {case.project.name}",
        body=sign.words,
        url=f"/majors/warnings/{warning.pk}",
    )
    return warning


def respond(*, warning: EarlyWarning, text: str, by: Scope, at: datetime) -> EarlyWarning:
    """What is done about it: by the person who must, or somebody who may rule there."""
    if not text.strip():
        raise Refused("empty-text", "请写明怎样应对。", "四", "text")
    with transaction.atomic():
        rows = EarlyWarning.objects.select_for_update(of=("self",)).select_related("project")
        found = rows.get(pk=warning.pk)
        if found.responder_id != by.staff.pk:
            by.require("case.rule", found.project)
        if found.answered_at:
            raise Refused("answered-already", "这条预警已经有人应对，不用再写。")
        found.answered_at, found.answered_by, found.response = at, by.staff, text.strip()
        found.save(update_fields=["answered_at", "answered_by", "response"])
    return found
