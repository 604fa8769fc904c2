"""Settling on our own side: the remedy of a department at fault, the complaint that was none, the
home that a nuisance comes from."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.dispatching import require_acts_for
from shouwen.cases.actions.recording import acting, is_accused
from shouwen.cases.models import Case, Commitment
from shouwen.cases.queries import as_entries, journal
from shouwen.estate.models import Unit
from shouwen.outside.models import Nuisance, Party, Referral
from shouwen.rules.lifecycle import fold
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook

# --- First class: our own service -----------------------------------------------------------------


def wants_remedy(case: Case) -> bool:
    """Whether a regulation wants the department to say by when it will have put it right."""
    rules = rulebook(case.rulebook_id).all("commitment", case.facts)
    return any(rule.starts == "remedy-set" for _, rule in rules)


def running_remedy(case: Case) -> Commitment | None:
    """The limit that the department set and that still runs."""
    rules = rulebook(case.rulebook_id).all("commitment", case.facts)
    limits = [rule.id for _, rule in rules if rule.starts == "remedy-set"]
    return case.commitments.filter(rule__in=limits, outcome="").first()


def set_remedy(
    *,
    case: Case,
    cause: str,
    method: str,
    until: datetime,
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> Case:
    """The responsible department fills in 原因分析, 处理方法 and 完成期限, and its head signs
    (S2-A15-9b, -10, -11). The limit rings like every promise."""
    if not cause.strip():
        raise Refused("no-cause", "请写明事件经过及原因。", field="cause")
    if not method.strip():
        raise Refused("no-method", "请写明处理方法及措施。", field="method")
    if until <= (happened or at):
        raise Refused("due-in-the-past", "完成期限要晚于现在。", field="until")
    with acting(case, by=by, right="case.work", at=at) as act:
        known = running_remedy(act.case)
        if known and known.due_at:
            raise Refused(
                "limit-set",
                f"已定 {localtime(known.due_at):%Y-%m-%d %H:%M} 前完成，不能另定期限；"
                "不能按期完成的，请在期限之前向上级汇报。",
                known.clause,
                "until",
            )
        if act.state.lead:
            require_acts_for(act, act.state.lead)
        act.write("noted", {"tag": "analyse", "text": cause.strip()}, happened=happened)
        act.write(
            "noted", {"tag": "plan", "text": method.strip(), "signed": True}, happened=happened
        )
        words = f"{localtime(until):%Y-%m-%d %H:%M} 前完成"
        act.write("remedy-set", {"until": until.isoformat(), "text": words}, happened=happened)
    return case


# --- A complaint that was none --------------------------------------------------------------------

#: What an invalid complaint becomes, by its type; venting stays a complaint, to be explained.
CONVERTS: dict[str, tuple[str, ...]] = {
    "help": ("help", "special-service", "repair"),
    "inquiry": ("inquiry", "suggestion"),
    "venting": (),
}


def kinds_for(rules: Rulebook, invalid_type: str) -> dict[str, str]:
    """The kinds of the regulation's own list that such a complaint may become, with their names."""
    known = rules.axis("kind")
    names = {value.code: value.name for value in known[1].values} if known else {}
    return {code: names[code] for code in CONVERTS.get(invalid_type, ()) if code in names}


def may_convert(case: Case) -> bool:
    known = rulebook(case.rulebook_id).axis("invalid_type")
    return bool(known) and case.kind == "complaint" and case.is_open


def convert(
    *,
    case: Case,
    invalid_type: str,
    reason: str,
    by: Scope,
    at: datetime,
    kind: str = "",
    happened: datetime | None = None,
) -> Case:
    """No fault of ours: 求助 and 咨询 go on as what they are, with those times; 发泄 is explained
    and soothed before it closes (4.4.1a2). Never by those whom it is about."""
    kinds = kinds_for(rulebook(case.rulebook_id), invalid_type)
    if invalid_type not in CONVERTS:
        raise Refused("unknown-type", "请选求助型、咨询型或发泄型。", "4.4.1a2", "invalid_type")
    if kinds and kind not in kinds:
        raise Refused("no-kind", "请选转为哪一类事项。", "4.4.1a2", "kind")
    with transaction.atomic():
        Case.objects.select_for_update().only("pk").get(pk=case.pk)
        waiting = case.referrals.filter(state=Referral.State.OPEN).first()
        if waiting:
            raise Refused(
                "referral-open",
                f"{waiting.title} {waiting.number} 还没有办结，请先撤回外部协商，再判为无效。",
                "4.4.1a2",
            )
        if is_accused(by, fold(as_entries(journal(case)))):
            raise Refused("accused", "被投诉的人和部门不能判定投诉无效，请转给上级。", "4.4.1a2")
        facts: dict[str, str | bool] = {"validity": "invalid", "invalid_type": invalid_type}
        if kinds:
            facts["kind"] = kind
        return classify(case=case, facts=facts, reason=reason, by=by, at=at, happened=happened)


# --- Noise, smell and dust ------------------------------------------------------------------------


def is_nuisance(case: Case) -> bool:
    """Whether the complaint is about decoration, by the regulation's list or the group's."""
    rules = rulebook(case.rulebook_id)
    values = (rules.value(axis, code) for axis, code in case.facts.items() if isinstance(code, str))
    return any(value and "decoration" in (value.code, value.canonical) for value in values)


def name_source(
    *,
    case: Case,
    unit: Unit,
    by: Scope,
    at: datetime,
    party: Party | None = None,
    happened: datetime | None = None,
) -> Nuisance:
    """Which home it comes from, and who works there (S3-4.2-3b)."""
    if unit.project_id != case.project_id or unit.pk == case.unit_id:
        raise Refused("wrong-unit", "请填本项目正在装修的那一户。", field="unit")
    who = f"，施工单位 {party.name}" if party else ""
    with acting(case, by=by, right="case.work", at=at) as act:
        act.write(
            "noted",
            {"tag": "investigate", "text": f"滋扰来自 {unit.label}{who}"},
            happened=happened,
        )
        found, _ = Nuisance.objects.update_or_create(
            case=act.case,
            defaults={"unit": unit, "party": party, "at": happened or at, "by": by.staff},
        )
    return found
