"""A form is filled, kept as a draft, signed, corrected; what was signed stays as it was."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from shouwen.cases.files import keep
from shouwen.notify.models import OutboxMessage
from shouwen.registers.actions import filling
from shouwen.registers.models import Record, RecordSignature
from shouwen.registers.queries import get_record, visible_records
from shouwen.rules.forms import digest
from shouwen.rules.refused import Refused
from tests.registers.conftest import CONTACT, HR, LATER, S4, Clerk, ink, photo


@pytest.mark.clause("S2-A12-7-1")
def test_the_contact_sheet_is_complete_when_the_owner_has_signed_it(clerk: Clerk) -> None:
    record = clerk.contact()
    assert (record.state, record.signed_at) == ("filled", None)
    assert record.number == "B-CH-261124-001"
    clerk.signs(record, "业主")
    assert (record.state, record.signed_at) == ("signed", LATER)
    assert record.unit == clerk.cast.home
    assert record.values["family"][0]["name"] == "王奶奶"


def test_a_contact_sheet_without_somebody_to_call_is_no_contact_sheet(clerk: Clerk) -> None:
    with pytest.raises(Refused) as refused:
        clerk.contact(emergency="")
    assert (refused.value.code, refused.value.field) == ("form-incomplete", "emergency")
    assert "紧急联系人" in refused.value.sentence
    assert not Record.objects.exists()


def test_a_draft_may_lack_what_must_be_filled(clerk: Clerk) -> None:
    draft = clerk.begins("contact-sheet", complete=False, name="王女士")
    assert draft.state == "draft"
    by = clerk.of(clerk.cast.limin, LATER)
    filling.change(record=draft, typed=CONTACT, complete=True, by=by, at=LATER)
    assert draft.state == "filled"
    assert [step.verb for step in draft.steps.all()] == ["begun", "filled"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"unit": "99-9-999"}, "unit"),
        ({"on": "24.11.2026"}, "on"),
        ({"family": [{"name": "王奶奶"}, {"relation": "母亲"}]}, "family-1-name"),
        ({"name": "王" * 201}, "name"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    clerk: Clerk, typed: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        clerk.contact(**typed)
    assert refused.value.field == field


def test_what_the_form_does_not_ask_is_refused(clerk: Clerk) -> None:
    with pytest.raises(Refused, match="salary"):
        clerk.contact(salary="1")


def test_what_was_signed_does_not_change(clerk: Clerk) -> None:
    record = clerk.signed_contact()
    by = clerk.of(clerk.cast.sunli, LATER)
    with pytest.raises(Refused) as refused:
        filling.change(record=record, typed=CONTACT, complete=True, by=by, at=LATER)
    assert refused.value.code == "signed-already"
    signature = record.signatures.get()
    assert signature.digest == digest(Record.objects.get().values)
    assert signature.picture is not None


def test_a_place_is_signed_once(clerk: Clerk) -> None:
    record = clerk.begins("handover-summary", on="2026-11-24", unit="3-2-501", owner="王女士",
                          staff="0001", given="钥匙 3 把")  # fmt: skip
    clerk.signs(record, "业主")
    with pytest.raises(Refused) as refused:
        clerk.signs(record, "业主")
    assert refused.value.code == "signed-already"
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordSignature.objects.create(
            record=record, place="业主", by=clerk.cast.limin, name="x", digest="", at=LATER
        )


def test_until_it_is_signed_a_change_keeps_what_stood_there(clerk: Clerk) -> None:
    record = clerk.contact()
    by = clerk.of(clerk.cast.limin, LATER)
    typed = {**CONTACT, "emergency": "李先生"}
    filling.change(record=record, typed=typed, complete=True, by=by, at=LATER)
    assert record.steps.order_by("-pk")[0].data == {"before": {"emergency": "王先生"}}
    assert record.values["emergency"] == "李先生"


def test_only_who_holds_the_role_signs_where_the_form_names_one(clerk: Clerk) -> None:
    record = clerk.begins("work-diary", on="2026-11-24", staff="0003", result="着装整齐")
    with pytest.raises(Refused) as refused:
        clerk.signs(record, "检查人", who=clerk.cast.limin)
    assert "项目经理" in refused.value.sentence
    clerk.signs(record, "检查人", who=clerk.cast.zhoumin)
    assert record.signatures.get().name == "周敏"
    assert record.state == "signed"


def test_who_is_to_sign_learns_that_it_waits(clerk: Clerk) -> None:
    record = clerk.begins("survey-report", on="2026-11-24", period="2026 年", sent="100",
                          returned="80", satisfied="90%", common="无",
                          items=[{"item": "供电管理", "rate": "95%"}])  # fmt: skip
    told = OutboxMessage.objects.filter(event=f"record:{record.pk}:住户服务中心主任")
    assert [message.staff for message in told] == [clerk.cast.zhoumin]


def test_a_correction_is_a_new_record_that_names_the_one_it_replaces(clerk: Clerk) -> None:
    record = clerk.signed_contact()
    by = clerk.of(clerk.cast.sunli, LATER)
    draft = filling.replace(record=record, text="电话写错", by=by, at=LATER)
    assert record.state == "void"
    assert (draft.state, draft.replaces) == ("draft", record)
    assert draft.values == record.values
    assert record.steps.order_by("-pk")[0].data == {"text": "电话写错", "by_number": draft.number}


def test_striking_out_needs_a_reason_and_somebody_who_leads(clerk: Clerk) -> None:
    record = clerk.signed_contact()
    with pytest.raises(Refused) as refused:
        filling.void(record=record, text=" ", by=clerk.of(clerk.cast.sunli), at=LATER)
    assert refused.value.field == "text"
    with pytest.raises(Refused) as refused:
        filling.void(record=record, text="重复", by=clerk.of(clerk.cast.limin), at=LATER)
    assert refused.value.code == "not-allowed"
    filling.void(record=record, text="重复", by=clerk.of(clerk.cast.sunli), at=LATER)
    assert record.state == "void"
    assert Record.objects.filter(pk=record.pk).exists(), "it stays in the list"


def test_ones_own_draft_needs_nobodys_leave_to_be_struck_out(clerk: Clerk) -> None:
    draft = clerk.begins("contact-sheet", complete=False, name="王女士")
    filling.void(record=draft, text="误开", by=clerk.of(clerk.cast.limin), at=LATER)
    assert draft.state == "void"


# --- Archives of homes ----------------------------------------------------------------------------


@pytest.mark.clause("S2-A10-3", "S2-A12-5")
def test_the_file_of_a_home_holds_the_mandate_and_the_copy_of_the_identity_card(
    clerk: Clerk,
) -> None:
    record = clerk.begins(
        "owner-file", on="2026-11-24", unit="3-2-501", owner="王女士", mandate="有，已存",
        agent="王先生", papers=[{"paper": "购房合同", "count": "1"}], copies=[keep(photo())],
    )  # fmt: skip
    found = get_record(clerk.of(clerk.cast.wangfang), record.number)
    assert (found.unit, found.state) == (clerk.cast.home, "signed")
    assert found.files.get(pk__in=found.values["copies"]).media_type == "image/jpeg"


@pytest.mark.clause("S2-A10r-9")
def test_the_inspection_form_is_filed_by_its_class_once_the_owner_approved_it(
    clerk: Clerk,
) -> None:
    waits = clerk.begins("defect-sheet", on="2026-11-24", unit="1-3-602", group="小型维修")
    filed = clerk.begins("defect-sheet", on="2026-11-24", unit="3-2-501", group="无问题")
    clerk.signs(filed, "业主")
    seen = visible_records(clerk.of(clerk.cast.wangfang)).filter(form="defect-sheet")
    assert list(seen.filter(state="signed", words__contains="无问题")) == [filed]
    assert list(seen.filter(state="filled")) == [waits], "not approved yet: it is listed"


def test_a_photo_of_another_record_cannot_be_named(clerk: Clerk) -> None:
    other = clerk.begins("owner-file", on="2026-11-24", unit="1-3-602", owner="赵先生",
                         copies=[keep(photo())])  # fmt: skip
    mine = clerk.begins("owner-file", on="2026-11-24", unit="3-2-501", owner="王女士",
                        copies=list(other.values["copies"]))  # fmt: skip
    assert "copies" not in mine.values


# --- Who sees what --------------------------------------------------------------------------------


def test_another_project_sees_none_of_it(clerk: Clerk) -> None:
    record = clerk.contact()
    with pytest.raises(Refused):
        get_record(clerk.of(clerk.cast.jingui_clerk), record.number)


def test_the_attendance_of_a_department_is_signed_by_its_head_and_seen_by_who_leads(
    clerk: Clerk,
) -> None:
    clerk.cast.follows(HR)
    record = clerk.begins(
        "attendance-summary", on="2026-12-01", department="CH-environment", month="2026-11",
        who=clerk.cast.dingyi, people=[{"name": "丁一", "days": "22", "late": "1"}],
    )  # fmt: skip
    seen = [
        who.username
        for who in (clerk.cast.wuqiang, clerk.cast.zhoumin, clerk.cast.dingyi, clerk.cast.limin)
        if visible_records(clerk.of(who)).filter(pk=record.pk).exists()
    ]
    assert seen == ["wuqiang", "zhoumin", "dingyi"], "a colleague at the desk does not"
    clerk.signs(record, "部门负责人", who=clerk.cast.wuqiang)
    assert record.signatures.get().name == "吴强"


def test_under_a_regulation_that_does_not_ask_for_a_form_it_cannot_be_filled(
    clerk: Clerk,
) -> None:
    clerk.cast.follows(S4)
    with pytest.raises(Refused) as refused:
        clerk.contact()
    assert refused.value.code == "no-such-form"


def test_what_is_personal_is_not_searched(clerk: Clerk) -> None:
    record = clerk.contact()
    assert "王奶奶" in record.words
    assert "0421" not in record.words.replace("**** 0421", "")
    assert "13900000423" not in record.words


def test_a_signature_by_hand_needs_a_name_and_a_picture(clerk: Clerk) -> None:
    record = clerk.contact()
    with pytest.raises(Refused) as refused:
        clerk.signs(record, "业主", name="")
    assert refused.value.field == "name"
    assert ink().media_type == "image/png"
