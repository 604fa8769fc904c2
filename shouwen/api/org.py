"""The part of the organisation that a caller reaches: codes to put into other requests."""

from __future__ import annotations

from ninja import Router, Schema

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.queries import departments_of, projects_reached
from shouwen.rules.refused import Refused
from shouwen.web.http import Number, extra

router = Router()


class Project(Schema):
    code: str
    name: str
    company: str


class Projects(Schema):
    items: list[Project]


class Department(Schema):
    code: str
    name: str
    kind: str
    function: str


class Departments(Schema):
    items: list[Department]


@router.get("/projects", response=Projects, summary="项目", openapi_extra=extra(""))
def list_projects(request: SignedInRequest) -> Projects:
    """Every project that your token reaches."""
    rows = projects_reached(request.scope).select_related("company").order_by("path")
    return Projects(
        items=[
            Project(code=row.code, name=row.name, company=row.company.name if row.company else "")
            for row in rows
        ]
    )


@router.get(
    "/projects/{code}/departments",
    response=Departments,
    summary="项目的部门",
    openapi_extra=extra(""),
)
def list_departments(request: SignedInRequest, code: Number) -> Departments:
    """Departments and teams that work can be handed to, by the code of the project."""
    project = projects_reached(request.scope).filter(code=code).first()
    if project is None:
        raise Refused("not-found", "没有找到这个项目，请核对代码。")
    return Departments(
        items=[
            Department(code=row.code, name=row.name, kind=row.kind, function=row.function)
            for row in departments_of(project)
        ]
    )
