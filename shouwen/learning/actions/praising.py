"""What residents say of our people: told in a case, or to somebody on his round."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import people_below
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.recording import acting
from shouwen.cases.models import Case
from shouwen.estate.models import Unit
from shouwen.estate.queries import place_of
from shouwen.learning.models import Praise
from shouwen.notify.actions import tell
from shouwen.rules.corrections import require_written
from shouwen.rules.refused import Refused

KINDS = dict(Praise._meta.get_field("kind").choices or ())


def link_praise(
    *, case: Case, staff: Staff, text: str, by: Scope, at: datetime, kind: str = "praise"
) -> Praise:
    """The praise of a case goes to whom it is due, and into what is known of him (S4-4.1-2)."""
    _require(case.project, kind, text, staff, None, at)
    with transaction.atomic():
        with acting(case, by=by, right="case.classify", at=at) as act:
            if act.case.praises.filter(staff=staff, kind=kind).exists():
                raise Refused("linked-already", "这件事已经记给这位员工，不用再记。", field="staff")
            data = {"staff": staff.number, "kind": kind, "text": f"{staff.name}：{text.strip()}"}
            act.write("praise-linked", data)
        row = Praise.objects.create(
            **place_of(act.case.project), case=act.case, staff=staff, kind=kind, text=text.strip(),
            said_by=act.case.customer_name, unit=act.case.unit, at=at, recorded_by=by.staff,
        )  # fmt: skip
        _tell(row, at)
    return row


def record_praise(
    *,
    project: OrgUnit,
    text: str,
    by: Scope,
    at: datetime,
    kind: str = "praise",
    staff: Staff | None = None,
    department: OrgUnit | None = None,
    said_by: str = "",
    unit: Unit | None = None,
) -> Praise:
    """Said to somebody on his round, good or bad (S2-STD5-2b)."""
    by.require("contact.register", project)
    _require(project, kind, text, staff, department, at)
    with transaction.atomic():
        row = Praise.objects.create(
            **place_of(project), staff=staff, department=department, kind=kind, text=text.strip(),
            said_by=said_by.strip()[:60], unit=unit, at=at, recorded_by=by.staff,
        )  # fmt: skip
        _tell(row, at)
    return row


def _require(
    project: OrgUnit,
    kind: str,
    text: str,
    staff: Staff | None,
    department: OrgUnit | None,
    at: datetime,
) -> None:
    if kind not in KINDS:
        raise Refused("unknown-kind", "请选表扬还是批评。", field="kind")
    require_written([("text", "住户说了什么", text)])
    if staff is None and department is None:
        raise Refused("nobody", "请选说的是哪位员工，或者哪个部门。", field="staff")
    company = project.company or project
    if staff and not people_below(company, at).filter(pk=staff.pk).exists():
        raise Refused("not-found", "这个人不在本公司，请另选一位。", field="staff")
    if department and department.project_id != project.pk:
        raise Refused("not-found", "没有找到这个部门。", field="department")


def _tell(row: Praise, at: datetime) -> None:
    """Whom it is about hears of praise at once; of criticism his head speaks with him."""
    if row.staff and row.kind == "praise":
        tell(
            people=[row.staff], event=f"praise:{row.pk}", at=at, subject="住户表扬了您",
            body=row.text,
        )  # fmt: skip
