"""What is worth passing on: typical cases by quarter, and the quality of the product."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.intake import next_number
from shouwen.cases.models import Case
from shouwen.cases.queries import may_see
from shouwen.estate.queries import place_of
from shouwen.learning.models import ProductFeedback, TypicalCase
from shouwen.notify.actions import tell
from shouwen.rules.corrections import quarter_of, require_written
from shouwen.rules.refused import Refused
from shouwen.rules.vocabulary import HOUSE_PARTS

LEADS = "case.rule"
DECISIONS = dict(ProductFeedback._meta.get_field("decision").choices or ())


# --- Typical cases --------------------------------------------------------------------------------


def choose(
    *, case: Case, title: str, story: str, lesson: str, by: Scope, at: datetime
) -> TypicalCase:
    """A complaint with a lesson goes into the collection of the present quarter."""
    by.require(LEADS, case.project)
    require_written(
        [("title", "标题", title), ("story", "经过", story), ("lesson", "教训", lesson)]
    )
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("project").get(pk=case.pk)
        )
        if case.kind != "complaint":
            raise Refused("no-complaint", "只有投诉收入典型案例，请从投诉页面收入。")
        if TypicalCase.objects.filter(case=case).exists():
            raise Refused("chosen-already", "这件投诉已经收入典型案例，不用再收。")
        return TypicalCase.objects.create(
            **place_of(case.project), case=case, quarter=quarter_of(localdate(at)),
            title=title.strip()[:80], story=story.strip(), lesson=lesson.strip(), chosen_at=at,
            chosen_by=by.staff,
        )  # fmt: skip


def submit(*, project: OrgUnit, quarter: str, by: Scope, at: datetime) -> int:
    """The company's collection of a quarter goes to the group's after-sales centre (S1-4.2-5).
    Returns how many cases it holds that were not submitted before."""
    by.require(LEADS, project)
    company = project.company
    with transaction.atomic():
        rows = TypicalCase.objects.filter(by.on(LEADS), company=company, quarter=quarter)
        sent = rows.filter(submitted_at=None).update(submitted_at=at, submitted_by=by.staff)
        if not sent:
            raise Refused("nothing-new", "这个季度的案例都已上报，不用再报。")
        tell(
            people=reach_role("hq_cs", project, at),
            event=f"typical:{project.company_id}:{quarter}:{at.timestamp():.0f}",
            at=at,
            subject=f"{company.name if company else ''} {quarter} 典型投诉案例 {sent} 件",
            url=f"/learning/typical?state={quarter}",
        )
    return sent


# --- The product ----------------------------------------------------------------------------------


def note_defect(
    *,
    project: OrgUnit,
    part: str,
    defect: str,
    by: Scope,
    at: datetime,
    quantity: int = 1,
    text: str = "",
    cases: Sequence[Case] = (),
) -> ProductFeedback:
    """A defect of what was built and sold goes on the register (S1-1.1-4)."""
    by.require("case.dispatch", project)
    if part not in HOUSE_PARTS:
        raise Refused("unknown-part", "请选部位。", field="part")
    require_written([("defect", "缺陷", defect)])
    if any(case.project_id != project.pk or not may_see(by, case) for case in cases):
        raise Refused("not-found", "没有找到这件事，请核对编号。", field="cases")
    with transaction.atomic():
        row = ProductFeedback.objects.create(
            **place_of(project), number=next_number("P", project, localdate(at)), part=part,
            defect=defect.strip()[:60], quantity=quantity, text=text.strip(), found_at=at,
            found_by=by.staff,
        )  # fmt: skip
        row.cases.set(cases)
    return row


def note_defect_on(*, case: Case, by: Scope, at: datetime, **about: Any) -> ProductFeedback:
    """What a customer reported is a defect of the product."""
    return note_defect(project=case.project, cases=[case], by=by, at=at, **about)


def send_defect(*, feedback: ProductFeedback, to: str, by: Scope, at: datetime) -> ProductFeedback:
    """To the developer's design or engineering."""
    by.require(LEADS, feedback.project)
    require_written([("to", "反馈给谁", to)])
    with transaction.atomic():
        row = ProductFeedback.objects.select_for_update().get(pk=feedback.pk)
        if row.sent_at:
            raise Refused("sent-already", "已经反馈给开发商，不用再反馈。")
        row.sent_at, row.sent_to = at, to.strip()[:60]
        row.save(update_fields=["sent_at", "sent_to"])
    feedback.__dict__.update(row.__dict__)
    return feedback


def conclude_defect(
    *, feedback: ProductFeedback, decision: str, change: str, by: Scope, at: datetime
) -> ProductFeedback:
    """采纳、不采纳 or 观察, with the change of the product or the reason (S1-1.1-4b). What is
    watched may be concluded once more."""
    by.require(LEADS, feedback.project)
    if decision not in DECISIONS:
        raise Refused("unknown-decision", "请选结论。", field="decision")
    require_written([("change", "产品改进或理由", change)])
    with transaction.atomic():
        row = ProductFeedback.objects.select_for_update().get(pk=feedback.pk)
        if not row.sent_at:
            raise Refused("not-sent", "先反馈给开发商，再记结论。")
        if row.decision in ("adopted", "declined"):
            raise Refused("concluded-already", "已经有结论，不用再记。")
        row.decision, row.change, row.decided_at = decision, change.strip(), at
        row.save(update_fields=["decision", "change", "decided_at"])
    feedback.__dict__.update(row.__dict__)
    return feedback
