"""Every verb of a case as an operation of its own: `POST /api/cases/{number}/dispatch`.

Each is the action that the page calls, behind the same table of verbs (`cases.verbs`): what the
page would not offer is refused here with the same sentence. `If-Match` guards against lost updates.

The urgency can be raised here and not lowered: that something is not urgent, a person says on the
page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Q
from ninja import File, Form, Status
from ninja.files import UploadedFile

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import scope_of
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.recording import require_unchanged
from shouwen.cases.api import answers, bodies
from shouwen.cases.api.intake import What, told_of
from shouwen.cases.api.router import router
from shouwen.cases.files import attach
from shouwen.cases.models import Case
from shouwen.cases.queries import get_case
from shouwen.cases.standing import Standing
from shouwen.cases.verbs import VERBS
from shouwen.rules.refused import Refused
from shouwen.web.http import (
    Number,
    Said,
    Stale,
    Text,
    extra,
    version_seen,
)

Answer = answers.CaseAnswer
Operation = TypeVar("Operation", bound=Callable[..., Answer])


def verb(name: str) -> Callable[[Operation], Operation]:
    """Registers an operation under the name, the words and the right of the table of verbs."""
    known = VERBS[name]
    return router.post(
        f"/cases/{{number}}/{name}",
        response=Answer,
        summary=str(known.title),
        openapi_extra=extra(known.right),
    )


# --- Doing it -------------------------------------------------------------------------------------


def _case(request: SignedInRequest, number: str) -> Case:
    """The case; where `If-Match` says which version the caller saw, locked and still that one."""
    case = get_case(request.scope, number)
    seen = version_seen(request)
    if seen is not None:
        try:
            require_unchanged(case, seen)
        except Refused as refused:
            case.refresh_from_db()
            raise Stale(refused, case.version) from refused
    return case


def _do(request: SignedInRequest, number: str, name: str, **arguments: Any) -> Answer:
    """`arguments` go to the action as they are; the case is answered as it then stands."""
    return _act(request, _case(request, number), name, **arguments)


def _act(request: SignedInRequest, case: Case, name: str, **arguments: Any) -> Answer:
    VERBS[name].require(Standing(case, request.scope, request.at))
    VERBS[name].act(case=case, by=request.scope, at=request.at, **arguments)
    now = Standing(get_again(request, case), request.scope, request.at)
    return answers.case_answer(now)


def get_again(request: SignedInRequest, case: Case) -> Case:
    """As it stands now. Also for who handed it on and would no longer find it."""
    related = (
        "project", "owner", "delegate", "assignee", "department", "contact", "unit", "merged_into",
    )  # fmt: skip
    return Case.objects.select_related(*related).get(pk=case.pk)


def _department(case: Case, code: str | None, field: str) -> OrgUnit | None:
    """By its code, near the case; the action says whether work may go there."""
    if code is None:
        return None
    near = Q(project=case.project_id) | Q(project=None, group=case.group_id)
    unit = OrgUnit.objects.filter(near, code=code, closed_at=None).first()
    if unit is None:
        raise Refused("not-found", "没有找到这个部门。", field=field)
    return unit


def _departments(case: Case, codes: Iterable[str], field: str) -> list[OrgUnit]:
    found = [_department(case, code, field) for code in codes]
    return [unit for unit in found if unit]


def _own(request: SignedInRequest, case: Case, code: str | None) -> OrgUnit | None:
    """A department that this person may act for; nobody accepts or refuses for their neighbours."""
    unit = _department(case, code, "department")
    named = unit.code if unit else (case.department.code if case.department else "")
    if named and not Standing(case, request.scope, request.at).may_act_for(named):
        raise Refused("not-allowed", "只能替自己的部门接单、退单、报完成。", field="department")
    return unit


def _colleague(request: SignedInRequest, case: Case, number: str) -> Staff:
    """By the staff number, among those who may see this project's cases."""
    person = Staff.objects.filter(number=number, is_active=True).first()
    if person is None or not scope_of(person, request.at).can("case.view", case.project):
        raise Refused("not-found", "没有找到这个人。", field="to")
    return person


def _said(body: Said, *aside: str) -> dict[str, Any]:
    """The fields of a body that go to the action under their own names."""
    return {name: getattr(body, name) for name in type(body).model_fields if name not in aside}


# --- Handing on -----------------------------------------------------------------------------------


@verb("dispatch")
def dispatch(request: SignedInRequest, number: Number, body: bodies.Dispatch) -> Answer:
    case = _case(request, number)
    lead = _department(case, body.lead, "lead")
    assist = _departments(case, body.assist, "assist")
    words = _said(body, "lead", "assist")
    return _act(request, case, "dispatch", lead=lead, assist=assist, **words)


@verb("accept")
def accept(request: SignedInRequest, number: Number, body: bodies.Accept) -> Answer:
    case = _case(request, number)
    department = _own(request, case, body.department)
    return _act(request, case, "accept", department=department, happened=body.happened)


@verb("refuse")
def refuse(request: SignedInRequest, number: Number, body: bodies.Refuse) -> Answer:
    case = _case(request, number)
    department = _own(request, case, body.department)
    return _act(request, case, "refuse", department=department, **_said(body, "department"))


@verb("rule")
def rule(request: SignedInRequest, number: Number, body: bodies.Rule) -> Answer:
    case = _case(request, number)
    return _act(
        request, case, "rule",
        department=_department(case, body.department, "department"),
        to=_department(case, body.to, "to"),
        **_said(body, "department", "to"),
    )  # fmt: skip


@verb("transfer")
def transfer(request: SignedInRequest, number: Number, body: bodies.Transfer) -> Answer:
    case = _case(request, number)
    return _act(
        request, case, "transfer",
        to=_department(case, body.to, "to"),
        from_=_department(case, body.from_, "from_"),
        **_said(body, "to", "from_"),
    )  # fmt: skip


@verb("assign")
def assign(request: SignedInRequest, number: Number, body: bodies.Assign) -> Answer:
    case = _case(request, number)
    to = _colleague(request, case, body.to)
    return _act(request, case, "assign", to=to, happened=body.happened)


# --- The customer ---------------------------------------------------------------------------------


@verb("contact-customer")
def contact_customer(
    request: SignedInRequest, number: Number, body: bodies.ContactCustomer
) -> Answer:
    """`reached: false` is noted and keeps no promise."""
    return _do(request, number, "contact-customer", **_said(body))


@verb("agree-promise")
def agree_promise(request: SignedInRequest, number: Number, body: bodies.AgreePromise) -> Answer:
    """A new time that the customer agreed to. It moves the promises named and no other."""
    return _do(request, number, "agree-promise", **_said(body))


@verb("feed-back")
def feed_back(request: SignedInRequest, number: Number, body: bodies.FeedBack) -> Answer:
    return _do(request, number, "feed-back", **_said(body))


@verb("reply-to-sender")
def reply_to_sender(request: SignedInRequest, number: Number, body: bodies.Reply) -> Answer:
    """To the body that passed the case on (400, company, government)."""
    return _do(request, number, "reply-to-sender", **_said(body))


@verb("urge")
def urge(request: SignedInRequest, number: Number, body: bodies.Urge) -> Answer:
    return _do(request, number, "urge", **_said(body))


# --- The work -------------------------------------------------------------------------------------


@verb("arrive")
def arrive(request: SignedInRequest, number: Number, body: bodies.Happened) -> Answer:
    return _do(request, number, "arrive", **_said(body))


@verb("note")
def note(request: SignedInRequest, number: Number, body: bodies.Note) -> Answer:
    return _do(request, number, "note", **_said(body))


@verb("wait")
def wait(request: SignedInRequest, number: Number, body: bodies.Wait) -> Answer:
    """It stops what the regulation lets it stop; beyond its hours it counts once approved."""
    return _do(request, number, "wait", **_said(body))


@verb("approve-wait")
def approve_wait(request: SignedInRequest, number: Number, body: bodies.ApproveWait) -> Answer:
    return _do(request, number, "approve-wait", **_said(body))


@verb("resume")
def resume(request: SignedInRequest, number: Number, body: bodies.MaybeWords) -> Answer:
    return _do(request, number, "resume", **_said(body))


@verb("report-up")
def report_up(request: SignedInRequest, number: Number, body: bodies.ReportUp) -> Answer:
    return _do(request, number, "report-up", **_said(body))


@verb("answer-question")
def answer_question(request: SignedInRequest, number: Number, body: bodies.Words) -> Answer:
    return _do(request, number, "answer-question", **_said(body))


@verb("report-done")
def report_done(request: SignedInRequest, number: Number, body: bodies.ReportDone) -> Answer:
    return _do(request, number, "report-done", **_said(body))


@verb("report-part-done")
def report_part_done(
    request: SignedInRequest, number: Number, body: bodies.ReportPartDone
) -> Answer:
    case = _case(request, number)
    department = _own(request, case, body.department)
    return _act(
        request, case, "report-part-done", department=department, **_said(body, "department")
    )


@verb("verify")
def verify(request: SignedInRequest, number: Number, body: bodies.Verify) -> Answer:
    """By somebody who did not do the work; what does not stand goes back."""
    return _do(request, number, "verify", **_said(body))


# --- What it is -----------------------------------------------------------------------------------


@verb("classify")
def classify(request: SignedInRequest, number: Number, body: bodies.Classify) -> Answer:
    """Wants `If-Match`: the one verb that silently replaces what somebody else has just chosen."""
    if "If-Match" not in request.headers:
        raise Refused("version-wanted", "分类会覆盖别人的选择，请带上 If-Match。")
    return _do(request, number, "classify", **_said(body))


@verb("mark-urgent")
def mark_urgent(request: SignedInRequest, number: Number, body: bodies.DatedReason) -> Answer:
    return _do(request, number, "mark-urgent", **_said(body))


@verb("tick")
def tick(request: SignedInRequest, number: Number, body: bodies.Tick) -> Answer:
    """What the regulation wants confirmed (四清楚一报告)."""
    return _do(request, number, "tick", **_said(body))


@verb("add-details")
def add_details(request: SignedInRequest, number: Number, body: bodies.Details) -> Answer:
    return _do(request, number, "add-details", **_said(body))


# --- Whose it is ----------------------------------------------------------------------------------


@verb("delegate")
def delegate(request: SignedInRequest, number: Number, body: bodies.ToPerson) -> Answer:
    case = _case(request, number)
    to = _colleague(request, case, body.to)
    return _act(request, case, "delegate", to=to, reason=body.reason)


@verb("hand-back")
def hand_back(request: SignedInRequest, number: Number, body: bodies.UndatedWords) -> Answer:
    return _do(request, number, "hand-back", **_said(body))


@verb("change-owner")
def change_owner(request: SignedInRequest, number: Number, body: bodies.ToPerson) -> Answer:
    case = _case(request, number)
    to = _colleague(request, case, body.to)
    return _act(request, case, "change-owner", to=to, reason=body.reason)


# --- Other cases ----------------------------------------------------------------------------------


@verb("link")
def link(request: SignedInRequest, number: Number, body: bodies.Link) -> Answer:
    other = _other(request, body.other, "other")
    return _do(request, number, "link", other=other, kind=body.kind)


@verb("merge")
def merge(request: SignedInRequest, number: Number, body: bodies.Merge) -> Answer:
    """This one goes on in the other."""
    into = _other(request, body.into, "into")
    return _do(request, number, "merge", into=into, reason=body.reason)


def _other(request: SignedInRequest, number: str, field: str) -> Case:
    try:
        return get_case(request.scope, number)
    except Refused as refused:
        raise Refused(refused.code, refused.sentence, field=field) from refused


@verb("split")
def split(request: SignedInRequest, number: Number, body: What) -> Answer:
    """Part of it becomes a case of its own. Answers the old one; its journal names the new."""
    case = _case(request, number)
    return _act(request, case, "split", told=told_of(body, rulebook(case.rulebook_id)))


# --- The end --------------------------------------------------------------------------------------


@verb("close")
def close(request: SignedInRequest, number: Number, body: bodies.MaybeWords) -> Answer:
    """Only when the closing checklist is complete."""
    return _do(request, number, "close", **_said(body))


@verb("reopen")
def reopen(request: SignedInRequest, number: Number, body: bodies.Reopen) -> Answer:
    return _do(request, number, "reopen", **_said(body))


@verb("request-void")
def request_void(request: SignedInRequest, number: Number, body: bodies.Reason) -> Answer:
    return _do(request, number, "request-void", **_said(body))


@verb("decide-void")
def decide_void(request: SignedInRequest, number: Number, body: bodies.DecideVoid) -> Answer:
    """Never one's own request."""
    return _do(request, number, "decide-void", **_said(body))


# --- Files ----------------------------------------------------------------------------------------


@router.post(
    "/cases/{number}/attachments",
    response={201: answers.FileAnswer},
    summary="加附件",
    openapi_extra=extra("case.work"),
)
def attach_to_case(
    request: SignedInRequest,
    number: Number,
    file: File[UploadedFile],
    text: Form[Text] = "",
) -> Status[answers.FileAnswer]:
    """A photo or paper, on a note of the journal that says what it is."""
    case = _case(request, number)
    _act(request, case, "note", text=text or (file.name or "附件"))
    entry = case.journal.order_by("-seq").first()
    kept = attach(upload=file, by=request.scope, at=request.at, case=case, entry=entry)
    return Status(201, answers.file_answer(kept))


__all__ = ["router"]  # with the reads and the registrations, which this module imports
