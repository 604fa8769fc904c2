"""Who draws it up, who checks, who signs; what must stand in it; what happens afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shouwen.statements.actions import sending
from shouwen.statements.actions.correcting import correct, reject
from shouwen.statements.actions.improving import (
    Measure,
    lacking,
    report,
    want_measures,
    write_measures,
)
from shouwen.statements.actions.ringing import ring_late
from shouwen.statements.actions.writing import renew, write
from shouwen.statements.models import Statement
from shouwen.statements.standing import signatures
from tests.moments import moment
from tests.statements.conftest import S1, S2, SECOND, TEXTS, Office, refused

clause = pytest.mark.clause
THIRD = SECOND + timedelta(days=1)
MONTH = "翠湖花园 2026年11月《月度客户信息统计分析表》"
DUE = moment("2026-12-06 00:00", "周日")


# --- The chain ------------------------------------------------------------------------------------


def test_the_fifth_of_the_month_takes_one_signature(office: Office) -> None:
    """Of the manager: drawn up, it is signed, sent, and told to whom it is due."""
    row = office.submitted()
    assert office.told(office.cast.zhoumin) == [f"请签字：{MONTH}"]
    office.acts("sign", row, office.cast.zhoumin)
    assert (row.state, row.sent_at, row.is_late) == ("sent", SECOND, False)
    assert f"报送：{MONTH}" in office.told(office.cast.zhengjie)


def test_the_next_place_is_not_for_who_signed_before(office: Office) -> None:
    row = office.prepared()
    office.away(office.cast.zhoumin, office.cast.sunli)
    office.submitted(row)
    with refused("signed-already"):
        office.acts("sign", row, office.cast.sunli)


@clause("S1-4.2-4")
def test_the_regions_analysis_does_not_go_out_unsigned(office: Office) -> None:
    office.adopts(S1)
    row = office.prepared("month-analysis", office.cast.jinxiu)
    texts = {"summary": "平稳", "analysis": "工程类为主", "improvements": "加强交付前查验"}
    office.writes(row, office.cast.zhengjie, texts)
    office.acts("submit", row, office.cast.zhengjie)
    assert row.deliveries.filter(sent_at=None).count() == 2
    with refused("not-allowed"):
        office.acts("sign", row, office.cast.zhengjie)
    office.acts("sign", row, office.cast.zhaogang)
    last = signatures(row)[-1]
    assert last.by == office.cast.zhaogang
    assert row.deliveries.exclude(sent_at=SECOND).count() == 0


@clause("S2-A18-8c")
def test_the_supervisor_checks_the_analysis_of_visits_before_the_director_has_it(
    office: Office,
) -> None:
    office.adopts(S2)
    row = office.prepared("visit-analysis")
    office.writes(row, office.cast.limin, {"analysis": "两户对同一事项再次不满意"})
    office.acts("submit", row, office.cast.limin)
    assert row.deliveries.get().sent_at is None
    office.acts("check", row, office.cast.sunli, note="同意，提请立项")
    assert row.deliveries.get().sent_at == SECOND
    assert "报送：翠湖花园 2026年11月《回访统计分析》" in office.told(office.cast.zhoumin)


def test_who_is_away_is_signed_for_by_the_deputy_and_both_names_stand_there(
    office: Office,
) -> None:
    row = office.submitted()
    office.away(office.cast.zhoumin, office.cast.wangfang)
    office.acts("sign", row, office.cast.wangfang)
    last = signatures(row)[-1]
    assert (last.by, last.for_whom) == (office.cast.wangfang, office.cast.zhoumin)
    assert row.state == "sent"


def test_where_nobody_stands_in_the_next_above_signs(office: Office) -> None:
    row = office.submitted()
    office.away(office.cast.zhoumin, None)
    office.acts("sign", row, office.cast.zhengjie)
    assert signatures(row)[-1].for_whom is None


def test_sent_back_with_a_reason_it_begins_anew(office: Office) -> None:
    row = office.submitted()
    office.acts("give_back", row, office.cast.zhoumin, reason="未写第三项原因")
    assert (row.state, row.digest, signatures(row)) == ("prepared", "", [])
    assert f"退回：{MONTH}" in office.told(office.cast.sunli)
    office.acts("submit", row, office.cast.sunli, at=THIRD)
    assert len(signatures(row)) == 1


# --- What must stand in it ------------------------------------------------------------------------


@clause("S4-4.3.6a-2")
def test_every_case_not_closed_needs_a_measure_a_person_and_a_day_before_it_is_signed(
    office: Office,
) -> None:
    case = office.registers("电梯困人后无人回电", kind="complaint")
    row, sunli = office.prepared(), office.cast.sunli
    office.writes(row, sunli, TEXTS)
    with refused("no-measure"):
        office.acts("submit", row, sunli)
    line = row.actions.get()
    assert line.case == case
    half = {line.pk: Measure("约见住户", office.cast.liuqiang)}
    write_measures(statement=row, measures=half, by=office.of(sunli), at=SECOND)
    with refused("no-measure"):
        office.acts("submit", row, sunli)
    office.improves(row, sunli)
    office.acts("submit", row, sunli)
    office.acts("sign", row, office.cast.zhoumin)
    assert any("请落实改善措施" in words for words in office.told(office.cast.liuqiang))


def test_the_rest_of_a_list_that_is_too_long_wants_one_measure_for_all(office: Office) -> None:
    row = office.prepared()
    [listed] = [one for one in row.content["sections"] if one["id"] == "open"]
    listed["more"] = 73
    want_measures(row)
    assert row.actions.get().subject == "未关闭的客户信息：没有逐件列出的其余 73 件"
    assert lacking(row) == 1
    listed["more"] = 0
    want_measures(row)
    assert not row.actions.exists()


def test_who_carries_out_a_measure_says_how_far_he_is(office: Office) -> None:
    office.registers("电梯困人后无人回电", kind="complaint")
    line = office.signed().actions.get()
    liuqiang = office.of(office.cast.liuqiang, THIRD)
    report(action=line, progress="已约见，住户认可", done=True, by=liuqiang, at=THIRD)
    assert line.done_at == THIRD
    with refused("not-allowed"):
        report(
            action=line, progress="也去看了", done=True, by=office.of(office.cast.limin), at=THIRD
        )


def test_a_section_that_must_hold_words_holds_it_back(office: Office) -> None:
    office.adopts(S2)
    row = office.prepared("complaint-month")
    said = {section["id"]: section for section in row.content["sections"]}
    said["causes"]["draft"] = ""
    row.save()
    office.writes(row, office.cast.sunli, {"improvements": "每周复查"})
    with refused("no-words"):
        office.acts("submit", row, office.cast.sunli)


def test_two_who_write_at_once_do_not_overwrite_each_other(office: Office) -> None:
    row = office.prepared()
    seen = row.version
    office.writes(row, office.cast.sunli, {"summary": "第一稿"})
    with refused("changed-meanwhile"):
        write(
            statement=row, texts={"summary": "第二稿"}, version=seen,
            by=office.of(office.cast.sunli), at=SECOND,
        )  # fmt: skip
    assert row.texts["summary"] == "第一稿"


def test_the_draft_comes_back_when_ones_own_words_are_taken_out(office: Office) -> None:
    row = office.prepared()
    office.writes(row, office.cast.sunli, {"summary": "第一稿"})
    office.writes(row, office.cast.sunli, {"summary": ""})
    assert "summary" not in row.texts


def test_figures_are_taken_anew_until_it_is_signed_and_the_words_stay(office: Office) -> None:
    row = office.prepared()
    office.writes(row, office.cast.sunli, {"summary": "第一稿"})
    office.registers("车位被占", at=moment("2026-11-30 20:00", "周一"), kind="complaint")
    renew(statement=row, by=office.of(office.cast.sunli), at=SECOND)
    assert row.actions.count() == 1
    assert row.texts["summary"] == "第一稿"
    office.submitted(row)
    with refused("not-now"):
        renew(statement=row, by=office.of(office.cast.sunli), at=THIRD)


def test_what_was_changed_behind_a_signature_is_not_signed(office: Office) -> None:
    row = office.submitted()
    Statement.objects.filter(pk=row.pk).update(texts={"summary": "换过的话"})
    with refused("not-what-was-signed"):
        office.acts("sign", row, office.cast.zhoumin)


# --- Sent and received ----------------------------------------------------------------------------


@clause("S3-4.5-4a")
def test_the_company_manager_gets_the_months_statistics_and_acknowledges_them(
    office: Office,
) -> None:
    office.adopts("complaint-procedure")
    row = office.prepared("complaint-statistics")
    office.writes(row, office.cast.sunli, {"summary": "平稳", "analysis": "无集中问题"})
    office.acts("submit", row, office.cast.sunli)
    delivery = row.deliveries.get()
    assert (delivery.name, delivery.sent_at) == ("公司经理", SECOND)
    by = office.of(office.cast.zhaogang, THIRD)
    sending.receive(delivery=delivery, by=by, at=THIRD)
    assert (delivery.received_by, delivery.received_at) == ("赵刚", THIRD)


@clause("S2-A17-1b")
@clause("S2-A17-4")
def test_the_survey_goes_to_the_director_and_with_measures_to_the_owners_committee_with_proof(
    office: Office,
) -> None:
    office.adopts(S2)
    at = moment("2027-01-04 10:00", "周一")
    row = office.prepared("survey-year", at=at)
    assert row.due_at == moment("2027-01-16 00:00", "周六")
    assert "improvements" in row.written.required
    texts = {"summary": "满意率 93%", "improvements": "加装照明"}
    office.writes(row, office.cast.sunli, texts, at)
    office.acts("submit", row, office.cast.sunli, at=at)
    assert row.state == "signed"
    director = row.deliveries.get(name="住户服务中心主任")
    assert director.sent_at == at
    sending.receive(delivery=director, by=office.of(office.cast.zhoumin, at), at=at)
    assert (director.received_by, director.received_at) == ("周敏", at)
    committee = row.deliveries.get(name="业主委员会")
    by = office.of(office.cast.sunli, at)
    with refused("no-proof"):
        sending.send_outside(delivery=committee, proof=" ", by=by, at=at)
    sending.send_outside(delivery=committee, proof="当面递交，例会 2027-01-04", by=by, at=at)
    assert committee.statement.state == "sent"
    sending.receive(delivery=committee, name="李主任", by=by, at=at)
    assert committee.received_by == "李主任"


def test_nobody_acknowledges_for_another(office: Office) -> None:
    delivery = office.signed().deliveries.get()
    with refused("not-allowed"):
        sending.receive(delivery=delivery, by=office.of(office.cast.zhoumin), at=THIRD)


def test_who_received_it_sends_it_back_and_another_edition_is_made(office: Office) -> None:
    row = office.signed()
    by = office.of(office.cast.zhengjie, THIRD)
    new = reject(delivery=row.deliveries.get(), reason="报修数与系统不符", by=by, at=THIRD)
    row.refresh_from_db()
    assert (row.state, new.edition, new.replaces) == ("replaced", 2, row)
    assert new.reason == "报修数与系统不符"


# --- Another edition ------------------------------------------------------------------------------


def test_a_signed_statement_never_changes_a_correction_stands_beside_it(office: Office) -> None:
    row = office.signed()
    content, digest = row.content, row.digest
    office.registers("补登的投诉", at=moment("2026-11-30 21:00", "周一"), kind="complaint")
    by = office.of(office.cast.sunli, THIRD)
    new = correct(statement=row, reason="月末一件漏登", by=by, at=THIRD)
    row.refresh_from_db()
    assert (row.content, row.digest, row.state) == (content, digest, "replaced")
    assert new.content != content
    assert (new.state, new.texts, new.actions.count()) == ("prepared", row.texts, 1)


# --- Late -----------------------------------------------------------------------------------------


def test_whose_turn_it_is_hears_of_it_the_day_before_and_when_it_is_due(office: Office) -> None:
    office.prepared()
    ring_late(at=DUE - timedelta(days=1))
    ring_late(at=DUE)
    words = office.told(office.cast.sunli)
    assert f"快到期：{MONTH}" in words
    assert f"到期：{MONTH}" in words


def test_a_late_statement_climbs_and_stays_late(office: Office) -> None:
    row = office.prepared()
    ring_late(at=DUE + timedelta(days=1))
    assert any("超时未报" in words for words in office.told(office.cast.zhoumin))
    ring_late(at=DUE + timedelta(days=3))
    assert any("超时未报" in words for words in office.told(office.cast.zhengjie))
    office.submitted(row, DUE + timedelta(days=4))
    office.acts("sign", row, office.cast.zhoumin, at=DUE + timedelta(days=4))
    assert row.is_late
    assert ring_late(at=DUE + timedelta(days=9)) == 0


def test_what_was_sent_in_time_does_not_ring(office: Office) -> None:
    row = office.signed()
    assert row.ring_at is None
