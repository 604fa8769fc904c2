"""Registering: a contact that opens a case, one that is answered at once, one case more."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import File, Status
from ninja.files import UploadedFile
from pydantic import Field, StrictBool

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import projects_for
from shouwen.adoption.actions import Footing, footing
from shouwen.cases.actions import intake
from shouwen.cases.api import answers
from shouwen.cases.api.reading import get_contact
from shouwen.cases.api.router import router
from shouwen.cases.files import attach
from shouwen.cases.standing import Standing
from shouwen.estate.models import Customer, Unit
from shouwen.estate.queries import resolve_unit, visible_customers
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook
from shouwen.web.http import Code, Moment, Name, Number, Said, Short, Text, extra

REGISTER = extra("contact.register")
Facts = Annotated[dict[Code, Code], Field(max_length=20)]


class What(Said):
    """What a customer said. Only the text is needed; it suggests what you leave out."""

    text: Text
    facts: Facts = Field({})
    """Axes of the regulation that you know: kind, scope, business, … Never urgency."""
    urgent: StrictBool = False
    """Raises the urgency. False raises nothing, and lowers nothing that the words suggest."""
    ticks: list[Code] = Field([], max_length=20)
    details: dict[Code, Short] = Field({}, max_length=20)

    @property
    def chosen(self) -> dict[str, str | bool]:
        """A program may call something urgent. That it is not, only a person says, on the page."""
        return {**self.facts, **({"urgent": True} if self.urgent else {})}


class Registration(What):
    project: Code
    source: Code = "phone"
    name: Name = ""
    phone: Annotated[Name, Field(max_length=40)] = ""
    address: Annotated[Short, Field(max_length=120)] = ""
    """As it was said: 3栋2单元501. Where it names one unit of the project, the unit is found."""
    customer: Annotated[int, Field(strict=True, ge=1, le=2**53)] | None = None
    happened: Moment | None = None
    heard_by: Annotated[Name, Field(max_length=40)] = ""
    heard_at: Moment | None = None
    sender: Name = ""
    sender_number: Name = ""
    sender_due: Moment | None = None


class Answered(Registration):
    answer: Text


@router.post(
    "/cases",
    response={201: answers.CaseAnswer},
    summary="登记一件诉求",
    openapi_extra=REGISTER,
)
def register(request: SignedInRequest, body: Registration) -> Status[answers.CaseAnswer]:
    """A contact and its case. You own it, in the name that your token stands for."""
    project = _project(request, body.project)
    ground = _ground(request, project, body)
    case = intake.register(
        project=project,
        told=_told(request, project, body, ground),
        by=request.scope,
        at=request.at,
        happened=body.happened,
        ground=ground,
    )
    return Status(201, answers.case_answer(Standing(case, request.scope, request.at)))


@router.post(
    "/contacts",
    response={201: answers.ContactAnswer},
    summary="登记当场答复的来电来访",
    openapi_extra=REGISTER,
)
def answer_at_once(request: SignedInRequest, body: Answered) -> Status[answers.ContactAnswer]:
    """A contact that needs no case: kept with its answer."""
    project = _project(request, body.project)
    contact = intake.answer_at_once(
        project=project,
        told=_told(request, project, body, _ground(request, project, body)),
        answer=body.answer,
        by=request.scope,
        at=request.at,
        happened=body.happened,
    )
    return Status(201, answers.contact_answers([contact], request.scope)[0])


@router.post(
    "/contacts/{number}/cases",
    response={201: answers.CaseAnswer},
    summary="同一次来电来访的另一件诉求",
    openapi_extra=REGISTER,
)
def open_case(request: SignedInRequest, number: Number, body: What) -> Status[answers.CaseAnswer]:
    """«还有其他需要吗»: the same customer, another matter."""
    contact = get_contact(request, number)
    request.scope.require("contact.register", contact.project)
    told = told_of(body, footing(contact.project, contact.at).rulebook, source=contact.source)
    case = intake.open_case(contact=contact, told=told, by=request.scope, at=request.at)
    return Status(201, answers.case_answer(Standing(case, request.scope, request.at)))


@router.post(
    "/contacts/{number}/attachments",
    response={201: answers.FileAnswer},
    summary="给来电来访加附件",
    openapi_extra=REGISTER,
)
def attach_to_contact(
    request: SignedInRequest, number: Number, file: File[UploadedFile]
) -> Status[answers.FileAnswer]:
    """A letter with its scan, a recording of the call."""
    contact = get_contact(request, number)
    request.scope.require("contact.register", contact.project)
    kept = attach(upload=file, by=request.scope, at=request.at, contact=contact)
    return Status(201, answers.file_answer(kept))


# --- From what was sent to what was told ----------------------------------------------------------


def _project(request: SignedInRequest, code: str) -> OrgUnit:
    """One that the token may register in; the same refusal for every other."""
    request.scope.require("contact.register")
    reached = projects_for(request.scope, "contact.register").select_related("company", "group")
    project = reached.filter(code=code).first()
    if project is None:
        raise Refused("not-found", "没有找到这个项目，请核对代码。", field="project")
    return project


def _ground(request: SignedInRequest, project: OrgUnit, body: Registration) -> Footing:
    return footing(project, min(body.happened or request.at, request.at))


def _told(
    request: SignedInRequest, project: OrgUnit, body: Registration, ground: Footing
) -> intake.Told:
    _require_known(ground.rulebook, "source", body.source)
    return told_of(
        body,
        ground.rulebook,
        source=body.source,
        name=body.name,
        phone=body.phone,
        address=body.address,
        unit=_unit(project, body.address),
        customer=_customer(request, project, body.customer),
        heard_by=body.heard_by,
        heard_at=body.heard_at,
        sender=body.sender,
        sender_number=body.sender_number,
        sender_due=body.sender_due,
    )


def told_of(body: What, rules: Rulebook, **more: Any) -> intake.Told:
    for axis, value in body.facts.items():
        _require_known(rules, axis, value)
    return intake.Told(
        text=body.text, facts=body.chosen, ticks=body.ticks, details=body.details, **more
    )


def _require_known(rules: Rulebook, axis_id: str, value: str) -> None:
    """An axis and a value of the regulation; and one that needs no opinion and no certain post."""
    found = rules.axis(axis_id)
    if found is None:
        raise Refused("unknown-axis", f"制度中没有“{axis_id}”这种分类。", field="facts")
    _, axis = found
    if value not in {known.code for known in axis.values}:
        known = "、".join(v.code for v in axis.values)
        field = "source" if axis_id == "source" else "facts"
        raise Refused("unknown-value", f"“{axis.title}”只有：{known}。", axis.clause, field)
    if axis.decided_by or axis.reason:
        raise Refused(
            "not-at-opening", f"“{axis.title}”登记后用“分类”确定，写明意见。", axis.clause, "facts"
        )


def _unit(project: OrgUnit, address: str) -> Unit | None:
    return resolve_unit(project, address) if address.strip() else None


def _customer(request: SignedInRequest, project: OrgUnit, pk: int | None) -> Customer | None:
    if pk is None:
        return None
    found = visible_customers(request.scope).filter(project=project, pk=pk).first()
    if found is None:
        raise Refused("not-found", "没有找到这位客户。", field="customer")
    return found
