"""A price list goes from the draft to the wall, and only then anybody may quote from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from shouwen.accounts.scope import scope_of
from shouwen.notify.models import OutboxMessage
from shouwen.pricing.actions.listing import (
    Row,
    approve,
    discard,
    draft,
    post,
    rewrite,
    send_back,
    submit,
)
from shouwen.pricing.models import PriceEdition
from shouwen.pricing.queries import effective_edition, find_items, in_force, visible_lists
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.moments import moment
from tests.pricing.prices import REPAIR, SINCE, SPECIAL, repair_prices, special_prices

clause = pytest.mark.clause
NOW = moment("2026-11-19 10:00", "周四")
TODAY = localdate(NOW)
State = PriceEdition.State


def drawn_up(cast: Cast, kind: str = "special", rows: tuple[Row, ...] = SPECIAL) -> PriceEdition:
    """A draft of today, by who draws such a list up."""
    by = scope_of(cast.sunli if kind == "special" else cast.liuqiang, NOW)
    edition = draft(project=cast.cuihu, kind=kind, by=by, at=NOW)
    return rewrite(edition=edition, rows=rows, by=by, at=NOW)


def submitted(cast: Cast, kind: str = "special") -> PriceEdition:
    by = scope_of(cast.sunli if kind == "special" else cast.liuqiang, NOW)
    return submit(edition=drawn_up(cast, kind), effective_from=TODAY, by=by, at=NOW)


# --- Drawing up -----------------------------------------------------------------------------------


@clause("S4-4.4.3a-1")
def test_the_service_centre_draws_up_the_list_edition_by_edition(cast: Cast) -> None:
    first = special_prices(cast)["T01"].edition
    second = draft(project=cast.cuihu, kind="special", by=scope_of(cast.sunli, NOW), at=NOW)
    assert (first.version, second.version) == (1, 2)
    assert second.price_list.title == "特约服务项目及收费标准"
    item = second.items.get(code="T01")
    assert (item.name, item.unit, item.low, item.high, item.basis) == (
        "室内保洁", "平方米", Decimal("4.00"), Decimal("6.00"), "市场调查",
    )  # fmt: skip


@clause("S4-4.4.3a-1")
def test_another_department_does_not_draw_it_up(cast: Cast) -> None:
    with pytest.raises(Refused, match="由客服负责人、项目经理编制") as refused:
        draft(project=cast.cuihu, kind="special", by=scope_of(cast.liuqiang, NOW), at=NOW)
    assert refused.value.clause == "4.4.3a"
    with pytest.raises(Refused, match="没有这项权限"):
        draft(project=cast.cuihu, kind="special", by=scope_of(cast.limin, NOW), at=NOW)


def test_one_edition_at_a_time_is_in_the_making(cast: Cast) -> None:
    drawn_up(cast)
    with pytest.raises(Refused, match="第 1 版还在编制或审批中"):
        drawn_up(cast)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (replace(SPECIAL[0], unit=""), "都要有编号、项目和单位"),
        (replace(SPECIAL[0], low=Decimal(7)), "不能高于最高价"),
        (replace(SPECIAL[1], code="T01"), "编号 T01 出现了不止一次"),
    ],
)
def test_a_line_without_sense_is_refused_and_the_draft_stays_as_it_was(
    cast: Cast, row: Row, words: str
) -> None:
    edition = drawn_up(cast)
    with pytest.raises(Refused, match=words):
        rewrite(
            edition=edition, rows=[SPECIAL[0], row] if row.code == "T01" else [row],
            by=scope_of(cast.sunli, NOW), at=NOW,
        )  # fmt: skip
    assert edition.items.count() == len(SPECIAL)


def test_what_was_submitted_is_not_changed_any_more(cast: Cast) -> None:
    edition, by = submitted(cast), scope_of(cast.sunli, NOW)
    with pytest.raises(Refused, match="不能再改"):
        rewrite(edition=edition, rows=SPECIAL, by=by, at=NOW)
    with pytest.raises(Refused, match="不能再改"):
        discard(edition=edition, by=by, at=NOW)


def test_prices_are_not_raised_for_the_past(cast: Cast) -> None:
    repair_prices(cast)
    edition = drawn_up(cast, "repair", REPAIR)
    with pytest.raises(Refused, match="不能早于今天"):
        submit(
            edition=edition, effective_from=TODAY - timedelta(days=1),
            by=scope_of(cast.liuqiang, NOW), at=NOW,
        )  # fmt: skip


# --- The chain ------------------------------------------------------------------------------------


@clause("S4-4.4.3a-2")
def test_finance_agrees_first_and_records_the_answer_of_the_price_authority(cast: Cast) -> None:
    edition, finance = submitted(cast), scope_of(cast.tangli, NOW)
    with pytest.raises(Refused, match="现在轮到公司财务部"):
        approve(edition=edition, by=scope_of(cast.zhoumin, NOW), at=NOW)
    approve(edition=edition, by=finance, at=NOW)
    with pytest.raises(Refused, match="审批还是备案"):
        approve(edition=edition, by=finance, at=NOW, number="12号", decided_on=TODAY)
    with pytest.raises(Refused, match="文号"):
        approve(edition=edition, by=finance, at=NOW, mode="备案", decided_on=TODAY)
    with pytest.raises(Refused, match="日期"):
        approve(edition=edition, by=finance, at=NOW, mode="备案", number="12号")
    found = approve(
        edition=edition, by=finance, at=NOW, mode="备案", number="沪价备〔2026〕12号",
        decided_on=TODAY,
    )  # fmt: skip
    assert (found.state, found.approval_mode, found.approval_number) == (
        State.APPROVED, "备案", "沪价备〔2026〕12号",
    )  # fmt: skip
    steps = found.approvals.values_list("title", "by__name", "state")
    assert list(steps) == [
        ("公司财务部", "唐莉", "approved"),
        ("辖区物价管理部门", "唐莉", "approved"),
    ]


def test_whose_turn_it_is_is_told(cast: Cast) -> None:
    edition = submitted(cast)
    told = OutboxMessage.objects.get(event__startswith=f"price-edition:{edition.pk}:step")
    assert (told.staff, told.subject) == (
        cast.tangli, "待审批：翠湖花园《特约服务项目及收费标准》第 1 版",
    )  # fmt: skip


def test_what_is_sent_back_is_a_draft_again_with_the_reason(cast: Cast) -> None:
    edition, finance = submitted(cast), scope_of(cast.tangli, NOW)
    with pytest.raises(Refused, match="退回的原因"):
        send_back(edition=edition, by=finance, at=NOW, note=" ")
    found = send_back(edition=edition, by=finance, at=NOW, note="保洁单价没有依据")
    assert found.state == State.DRAFT
    assert OutboxMessage.objects.filter(staff=cast.sunli, body="保洁单价没有依据").exists()
    again = submit(edition=found, effective_from=TODAY, by=scope_of(cast.sunli, NOW), at=NOW)
    assert [(step.title, step.state) for step in again.approvals.order_by("pk")] == [
        ("公司财务部", "refused"),
        ("公司财务部", "waiting"),
        ("辖区物价管理部门", "waiting"),
    ]


def test_nobody_approves_what_he_drew_up_himself(cast: Cast) -> None:
    by = scope_of(cast.zhoumin, NOW)
    edition = draft(project=cast.cuihu, kind="repair", by=by, at=NOW)
    rewrite(edition=edition, rows=REPAIR, by=by, at=NOW)
    submit(edition=edition, effective_from=TODAY, by=by, at=NOW)
    with pytest.raises(Refused, match="自己编制"):
        approve(edition=edition, by=by, at=NOW)


# --- In force -------------------------------------------------------------------------------------


@clause("S4-4.4.3a-3")
def test_nothing_is_quoted_from_the_list_of_services_before_it_is_put_up(cast: Cast) -> None:
    edition, finance = submitted(cast), scope_of(cast.tangli, NOW)
    approve(edition=edition, by=finance, at=NOW)
    with pytest.raises(Refused, match="批准后才能公示"):
        post(edition=edition, where="公告栏", by=scope_of(cast.sunli, NOW), at=NOW)
    approve(edition=edition, by=finance, at=NOW, mode="审批", number="12号", decided_on=TODAY)
    assert effective_edition(cast.cuihu, "special", NOW) is None
    found = post(edition=edition, where="服务中心公告栏", by=scope_of(cast.sunli, NOW), at=NOW)
    assert (found.posted_where, found.posted_at) == ("服务中心公告栏", NOW)
    assert effective_edition(cast.cuihu, "special", NOW) == found


def test_the_old_edition_holds_until_the_day_of_the_new_one(cast: Cast) -> None:
    old = repair_prices(cast)["JS-01"].edition
    edition = drawn_up(cast, "repair", REPAIR)
    tomorrow = NOW + timedelta(days=1)
    submit(
        edition=edition, effective_from=localdate(tomorrow), by=scope_of(cast.liuqiang, NOW),
        at=NOW,
    )  # fmt: skip
    assert effective_edition(cast.cuihu, "repair", tomorrow) == old
    approve(edition=edition, by=scope_of(cast.zhoumin, NOW), at=NOW)
    assert effective_edition(cast.cuihu, "repair", NOW) == old
    assert effective_edition(cast.cuihu, "repair", tomorrow) == edition
    old.refresh_from_db()
    assert (old.state, old.effective_until) == (State.REPLACED, localdate(tomorrow))


@pytest.mark.parametrize("posted", [True, False])
@pytest.mark.parametrize("day", [date(2026, 11, 1), SINCE, date(2026, 11, 9), date(2026, 11, 10)])
def test_the_query_and_the_rule_agree_on_what_is_in_force(
    cast: Cast, day: date, posted: bool
) -> None:
    edition = special_prices(cast)["T01"].edition
    edition.effective_until = date(2026, 11, 10)
    edition.posted_at = edition.posted_at if posted else None
    edition.save()
    found = PriceEdition.objects.filter(in_force(day)).exists()
    assert found is edition.is_effective(day)
    assert found is (posted and day in (SINCE, date(2026, 11, 9)))


def test_an_item_is_found_by_code_or_words_of_its_name_where_it_is_in_force(cast: Cast) -> None:
    repair_prices(cast)
    names = [item.name for item in find_items(cast.cuihu, "疏通", NOW)]
    assert names == ["疏通下水管"]
    assert [item.name for item in find_items(cast.cuihu, "dq-0", NOW)] == ["更换插座面板"]
    assert not find_items(cast.jingui, "疏通", NOW).exists()
    assert not find_items(cast.cuihu, "疏通", moment("2026-11-01 10:00", "周日")).exists()


def test_who_works_in_a_project_sees_its_prices_and_no_others(cast: Cast) -> None:
    repair_prices(cast)
    assert visible_lists(scope_of(cast.chenjianguo, NOW)).count() == 1
    assert visible_lists(scope_of(cast.tangli, NOW)).count() == 1
    assert visible_lists(scope_of(cast.jingui_clerk, NOW)).count() == 0
    assert visible_lists(scope_of(cast.dingyi, NOW)).count() == 0
