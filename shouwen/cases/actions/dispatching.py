"""Handing work to departments and people: dispatch, accept, refuse and its ruling, transfer,
assign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import reach_role, staff_of
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.recording import Act, acting
from shouwen.cases.models import Case
from shouwen.cases.people import people_for
from shouwen.notify.actions import tell
from shouwen.rules.refused import Refused


def dispatch(
    *,
    case: Case,
    lead: OrgUnit | None,
    assist: Sequence[OrgUnit] = (),
    by: Scope,
    at: datetime,
    note: str = "",
    notified_by: str = "",
    happened: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Hand the case to a leading department and any assisting ones; later calls add assisting
    ones."""
    with acting(case, by=by, right="case.dispatch", at=at, version=version) as act:
        lead_code = act.state.lead
        if lead is None and not lead_code:
            raise Refused("no-lead", "请选一个主办部门。", field="lead")
        if lead is not None and lead_code and lead.code != lead_code:
            raise Refused("has-lead", "已经有主办部门；要换部门请用“转派”。", field="lead")
        asked = {unit.code: unit for unit in [lead, *assist] if unit}
        new = [unit for code, unit in asked.items() if code not in act.state.parts]
        if not new:
            raise Refused("nothing-new", "这些部门已经收到派单。", field="assist")
        for unit in new:
            require_near(unit, act.case)
        act.write(
            "dispatched",
            {
                "lead": lead.code if lead else lead_code,
                "departments": [u.code for u in new],
                "note": note,
                "notified_by": notified_by,
            },
            happened=happened,
        )
        _tell_departments(act, new, "派单")
    return case


def require_near(unit: OrgUnit, case: Case) -> None:
    """Work goes to departments of the project, or of its company or group."""
    if unit.kind not in (OrgUnit.Kind.DEPARTMENT, OrgUnit.Kind.TEAM):
        raise Refused("not-a-department", "只能派给部门或班组。", field="lead")
    home = unit.project_id == case.project_id
    above = unit.project_id is None and unit.company_id in (case.company_id, None)
    if not (home or (above and unit.group_id == case.group_id)):
        raise Refused("not-found", "没有找到这个部门。", field="lead")


def _tell_departments(act: Act, units: Iterable[OrgUnit], what: str) -> None:
    case = act.case
    for unit in units:
        people = people_for("department", _with_department(case, unit), act.at)
        tell(
            people=people,
            event=f"case:{case.pk}:{what}:{unit.code}:{len(act.entries)}",
            at=act.at,
            subject=f"{what}：{case.address or case.customer_name} {case.title}",
            url=f"/cases/{case.number}",
            urgent=bool(act.state.facts.get("urgent")),
        )


def _with_department(case: Case, unit: OrgUnit) -> Case:
    case.department = unit
    return case


def _department(act: Act, department: OrgUnit | None) -> str:
    """The department that the person acts for: the one named, else the lead."""
    code = department.code if department else act.state.lead
    if not code:
        raise Refused("not-dispatched", "还没有派单。")
    require_acts_for(act, code)
    return code


def require_acts_for(act: Act, code: str) -> None:
    """Whoever sees the project whole may act for any department, the others for their own."""
    if act.by is None or any(
        act.case.project.path.startswith(u.path) for u in act.by.wide("case.work")
    ):
        return
    unit = OrgUnit.objects.filter(code=code).first()
    mine = act.by.departments("case.work")
    if unit is None or not any(unit.path.startswith(own.path) for own in mine):
        raise Refused(
            "other-department", "这是派给别的部门的，由那个部门办理。", field="department"
        )


def accept(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    department: OrgUnit | None = None,
    happened: datetime | None = None,
) -> Case:
    with acting(case, by=by, right="case.work", at=at) as act:
        act.write("accepted", {"department": _department(act, department)}, happened=happened)
    return case


def refuse(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    reason: str,
    department: OrgUnit | None = None,
    happened: datetime | None = None,
) -> Case:
    """Send it back with a reason. It stays with the department until the next level has ruled."""
    if not reason.strip():
        raise Refused("no-reason", "退单要写明理由，由上一级裁定。", field="reason")
    with acting(case, by=by, right="case.work", at=at) as act:
        code = _department(act, department)
        act.write("refused", {"department": code, "reason": reason.strip()}, happened=happened)
        act.case.parts.filter(department__code=code).exclude(state="withdrawn").update(
            refusal=reason.strip()[:300]
        )
        tell(
            people=reach_role("project_manager", act.case.project, at),
            at=at,
            event=f"case:{act.case.pk}:refused:{code}:{len(act.entries)}",
            urgent=True,
            subject=f"退单待裁定：{act.case.title}",
            url=f"/cases/{act.case.number}",
            body=reason.strip(),
        )
    return case


def rule(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    department: OrgUnit,
    refusal_stands: bool,
    reason: str,
    to: OrgUnit | None = None,
    happened: datetime | None = None,
) -> Case:
    """The next level decides on a refusal: the department must act, or it goes elsewhere."""
    if not reason.strip():
        raise Refused("no-reason", "裁定要写明依据。", field="reason")
    with acting(case, by=by, right="case.rule", at=at) as act:
        if to:
            require_near(to, act.case)
        act.write(
            "ruled",
            {
                "department": department.code,
                "refusal_stands": refusal_stands,
                "to": to.code if to and refusal_stands else "",
                "reason": reason.strip(),
            },
            happened=happened,
        )
        _tell_departments(act, [to if to and refusal_stands else department], "裁定")
    return case


def transfer(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    to: OrgUnit,
    reason: str,
    from_: OrgUnit | None = None,
    happened: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Hand it on to another department, which gets its own full time; the customer's clock runs
    on."""
    if not reason.strip():
        raise Refused("no-reason", "转派要写明理由。", field="reason")
    with acting(case, by=by, right="case.dispatch", at=at, version=version) as act:
        code = _department(act, from_)
        require_near(to, act.case)
        if code not in act.state.parts:
            raise Refused("not-dispatched-there", "这件事没有派给这个部门。", field="from_")
        if to.code in act.state.parts:
            raise Refused("has-it", "这个部门已经收到派单。", field="to")
        act.write(
            "transferred",
            {"from": code, "to": to.code, "reason": reason.strip()},
            happened=happened,
        )
        _tell_departments(act, [to], "转派")
    return case


def assign(
    *,
    case: Case,
    by: Scope,
    at: datetime,
    to: Staff,
    happened: datetime | None = None,
) -> Case:
    """Name the person who does the work."""
    with acting(case, by=by, right="case.work", at=at) as act:
        department = act.case.department
        if department and to not in staff_of(department, at):
            raise Refused("not-in-department", "只能指派给主办部门的人。", field="to")
        if not department and not scope_of(to, at).can("case.view", act.case.project):
            raise Refused("not-found", "这个人不在本项目。", field="to")
        act.write("assigned", {"to": to.number, "name": to.name}, happened=happened)
        tell(
            people=[to],
            event=f"case:{act.case.pk}:assigned:{to.number}:{len(act.entries)}",
            at=at,
            subject=f"指派给您：{act.case.address} {act.case.title}",
            url=f"/cases/{act.case.number}",
            urgent=act.case.urgent,
        )
    return case
