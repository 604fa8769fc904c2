"""On which axes a case stands, and how urgent it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case
from shouwen.rules.case_kinds import Axis
from shouwen.rules.grades import AXIS, require_not_lowered
from shouwen.rules.intake import implied
from shouwen.rules.refused import Refused


def classify(
    *,
    case: Case,
    facts: Mapping[str, str | bool],
    by: Scope,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    happened: datetime | None = None,
) -> Case:
    """Set some axes. Each value must be in the regulation's list; some want a reason or a certain
    role."""
    with acting(case, by=by, right="case.classify", at=at, version=version) as act:
        changed = {
            axis: value for axis, value in facts.items() if act.state.facts.get(axis) != value
        }
        if not changed:
            raise Refused("nothing-changed", "分类没有变化。")
        require_not_lowered(act.rulebook, act.state.facts, changed)
        for axis_id, value in changed.items():
            require_value(act, axis_id, value, reason)
        brought = implied(act.rulebook, {**act.state.facts, **changed})
        new = {axis: value for axis, value in brought.items() if act.state.facts.get(axis) != value}
        act.write("classified", {"facts": new, "reason": reason}, happened=happened)
    return case


def require_value(act: Act, axis_id: str, value: str | bool, reason: str) -> None:
    """Whether this person may set the axis to this value, with this opinion."""
    known = act.rulebook.axis(axis_id)
    if known is None:
        raise Refused("unknown-axis", f"制度中没有“{axis_id}”这种分类。", field=axis_id)
    _, axis = known
    if value and value not in {v.code for v in axis.values}:
        raise Refused(
            "unknown-value", f"“{axis.title}”没有这个选项，请从列表中选。", axis.clause, axis_id
        )
    _require_decider(act, axis)
    if axis.reason and not reason.strip():
        raise Refused("no-reason", f"确定“{axis.title}”要写明意见。", axis.clause, "reason")


def _require_decider(act: Act, axis: Axis) -> None:
    if act.by is None:
        return
    roles = set(act.by.roles(act.case.project))
    if axis.decided_by and not roles & set(axis.decided_by):
        raise Refused(
            "wrong-decider", f"“{axis.title}”由制度指定的岗位确定，您可以请示。", axis.clause
        )
    if axis.never_by == "handler" and act.by.staff.number in act.state.handlers:
        raise Refused("own-work", f"处理人不能自己确定“{axis.title}”。", axis.clause)
    if (axis.never_by == "accused" or axis.id == AXIS) and act.is_accused():
        raise Refused("accused", f"被投诉部门不能自己确定“{axis.title}”。", axis.clause)


def mark_urgent(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    reason: str,
    urgent: bool = True,
    happened: datetime | None = None,
) -> Case:
    """Raise or lower the urgency; what has been waited so far still counts (GLPI lost it)."""
    if not reason.strip():
        raise Refused("no-reason", "请写明为什么紧急（或不再紧急）。", field="reason")
    with acting(case, by=by, right="case.work", at=at) as act:
        if not urgent:
            _require_lowerable(act)
        act.write("marked-urgent", {"urgent": urgent, "reason": reason.strip()}, happened=happened)
    return case


def _require_lowerable(act: Act) -> None:
    """What a source makes urgent stays so: nobody here decides about an authority's letter."""
    source = act.rulebook.value("source", str(act.state.facts.get("source", "")))
    if source and source.sets.get("urgent"):
        raise Refused(
            "urgent-by-source", f"来源是“{source.name}”，一律紧急，不能降低。", source.clause
        )
