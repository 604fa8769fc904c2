"""What is kept beside the clauses: flow charts that the document left out, audits by checklist."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwen.outside.models import Chart
from shouwen.repairs.actions.finding import Looked, checklists, record_patrol
from tests.moments import SetClock
from tests.outside.conftest import S3, Outside
from tests.permissions_world import PNG

pytestmark = pytest.mark.django_db
S1 = "developer-aftersales"


@pytest.mark.clause("S3-5-1", "S3-6-1")
def test_the_flow_charts_that_the_document_leaves_out_have_their_places(
    outside: Outside, clock: SetClock
) -> None:
    clock("2026-11-19 09:12", "周四")
    outside.adopts(S3)
    manager, clerk = outside.client(outside.cast.zhoumin), outside.client(outside.cast.limin)
    address = reverse("outside:charts")
    for clause in ("S3-5-1", "S3-6-1"):
        chart = SimpleUploadedFile("流程图.png", PNG, "image/png")
        assert manager.post(address, {"clause": clause, "chart": chart}).status_code == 302
    shown = clerk.get(address).content.decode()
    assert shown.count("流程图.png") == 2
    found = Chart.objects.get(clause="S3-5-1")
    answer = clerk.get(reverse("outside:chart", args=[found.pk]))
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined] # a file
    again = SimpleUploadedFile("新流程图.png", PNG, "image/png")
    assert manager.post(address, {"clause": "S3-5-1", "chart": again}).status_code == 302
    assert "新流程图.png" in clerk.get(address).content.decode()
    assert clerk.post(address, {"clause": "S3-5-1"}).status_code == 403


def test_a_chart_has_no_place_where_no_clause_wants_one(outside: Outside, clock: SetClock) -> None:
    clock("2026-11-19 09:12", "周四")
    chart = SimpleUploadedFile("流程图.png", PNG, "image/png")
    manager, address = outside.client(outside.cast.zhoumin), reverse("outside:charts")
    answer = manager.post(address, {"clause": "S3-5-1", "chart": chart})
    assert answer.status_code == 422
    assert "没有这张流程图" in answer.content.decode()


@pytest.mark.parametrize(
    ("checklist", "amiss"),
    [
        pytest.param("risk-notices", "audit-site-posted", marks=pytest.mark.clause("S1-4.3-3")),
        pytest.param(
            "complaint-channels", "audit-channels-posted", marks=pytest.mark.clause("S1-4.3-4")
        ),
    ],
)
def test_an_audit_goes_through_every_item_and_what_fails_is_put_right(
    outside: Outside, checklist: str, amiss: str
) -> None:
    outside.adopts(S1)
    project, manager = outside.cast.cuihu, outside.acts(outside.cast.zhoumin)
    rules = {rule.id: rule for _, rule in checklists(project, outside.now)}
    items = [item.id for item in rules[checklist].items]
    looked = [
        Looked(item, item != amiss, "" if item != amiss else "大堂没有张贴") for item in items
    ]
    audit = record_patrol(project=project, checklist=checklist, looked=looked, **manager)
    failed = audit.items.get(item=amiss)
    assert failed.case is not None
    assert failed.case.is_open
    assert "大堂没有张贴" in failed.case.text
    assert audit.items.filter(case=None).count() == len(items) - 1
