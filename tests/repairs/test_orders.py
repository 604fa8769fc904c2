"""From the case to the finished order: what each step wants, and what the case learns of it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from shouwen.cases.actions.closing import close, decide_void, request_void
from shouwen.cases.actions.contacting import feed_back
from shouwen.cases.actions.linking import merge
from shouwen.cases.queries import as_entries, journal
from shouwen.notify.models import OutboxMessage
from shouwen.repairs.actions import issuing, working
from shouwen.repairs.models import Roster, Skill
from shouwen.repairs.queries import my_orders, to_grab
from shouwen.rules.orders import fold_order
from shouwen.rules.refused import Refused
from tests.repairs.conftest import EVENING, FINISHED, OPENED, SENT, THERE, Shop


def refused(code: str) -> AbstractContextManager[pytest.ExceptionInfo[Refused]]:
    return pytest.raises(Refused, check=lambda said: said.code == code)


def test_an_order_goes_from_the_desk_to_the_signature(shop: Shop) -> None:
    order = shop.issues(payer="company")
    assert order.number == "W-CH-261119-001"
    assert (order.state, order.payer, order.paid) == ("open", "company", False)
    shop.sends(order)
    assert (order.state, order.assignee) == ("sent", shop.cast.chenjianguo)
    shop.goes(order)
    assert (order.state, order.arrived_at) == ("on-site", THERE)
    shop.finishes(order)

    order.refresh_from_db()
    assert (order.state, order.result, order.done_at) == ("done", "repaired", FINISHED)
    assert order.case.status == "done"
    assert [verb for verb in shop.verbs(order.case) if verb.startswith("order")] == [
        "order-opened", "order-sent", "order-accepted", "order-departed", "order-arrived",
        "order-done",
    ]  # fmt: skip
    assert order.case.journal.get(verb="done").data["signed"] is True


def test_what_the_order_says_is_not_asked_of_the_case_once_more(shop: Shop) -> None:
    order = shop.issues(shop.registers("灯不亮"), range="public", work_class="medium")
    order.case.refresh_from_db()
    assert order.case.facts["scope"] == "public"
    assert order.case.facts["repair_class"] == "medium"
    assert order.case.status == "dispatched"
    assert order.case.department == shop.cast.department("engineering")


@pytest.mark.peers("T20")
def test_a_case_cannot_close_while_a_mandatory_order_is_open(shop: Shop) -> None:
    first = shop.on_site(payer="company")
    case = first.case
    second = shop.issues(case, title="补厨房吊顶", at=THERE)
    shop.finishes(first)
    case.refresh_from_db()
    assert case.status == "accepted", "the second order is still to be done"
    working.cancel(
        order=second, reason="业主自己补", by=shop.of(shop.cast.limin, FINISHED), at=FINISHED
    )
    third = shop.sends(shop.issues(case, title="换吊顶", at=FINISHED, payer="company"), at=FINISHED)
    clerk = shop.of(shop.cast.limin, EVENING)
    with pytest.raises(Refused):
        close(case=case, by=clerk, at=EVENING)

    shop.goes(third, at=FINISHED)
    shop.finishes(third, at=EVENING)
    case.refresh_from_db()
    assert case.status == "done"
    assert not case.holds.filter(lifted_at=None).exists()


def test_an_order_that_need_not_be_done_holds_nothing(shop: Shop) -> None:
    main = shop.on_site(payer="company")
    extra = shop.issues(main.case, title="顺便看看龙头", mandatory=False, at=THERE)
    shop.finishes(main)
    main.case.refresh_from_db()
    assert main.case.status == "done"
    assert extra.state == "open"


def test_what_is_held_by_an_order_is_neither_merged_nor_voided(shop: Shop) -> None:
    order = shop.sent()
    other = shop.registers("二楼也漏水")
    clerk = shop.of(shop.cast.limin, SENT)
    with refused("held"):
        merge(case=order.case, into=other, reason="同一处", by=clerk, at=SENT)
    request_void(case=order.case, by=clerk, at=SENT, reason="登记错了")
    head = shop.of(shop.cast.sunli, SENT)
    with refused("held"):
        decide_void(case=order.case, by=head, at=SENT, approve=True)


@pytest.mark.peers("T13")
def test_what_waits_or_was_cancelled_is_never_completed(shop: Shop) -> None:
    waiting = shop.on_site()
    by = shop.of(shop.cast.chenjianguo, THERE)
    working.pause(order=waiting, reason="parts", text="缺 DN20 角阀", by=by, at=THERE)
    waiting.case.refresh_from_db()
    assert (waiting.state, waiting.done_at) == ("paused", None)
    assert (waiting.case.status, waiting.case.done_at) == ("waiting", None)
    with refused("order-done-not-now"):
        working.finish(order=waiting, text="先算完成", by=by, at=FINISHED)

    ended = shop.sent()
    working.cancel(order=ended, reason="业主出差", by=shop.of(shop.cast.limin, THERE), at=THERE)
    ended.case.refresh_from_db()
    assert (ended.state, ended.done_at, ended.case.done_at) == ("cancelled", None, None)


def test_who_comes_back_with_the_parts_departs_and_arrives_again(shop: Shop) -> None:
    order = shop.on_site(payer="company")
    by = shop.of(shop.cast.chenjianguo, THERE)
    working.pause(order=order, reason="parts", text="缺角阀", by=by, at=THERE)
    later = shop.of(shop.cast.chenjianguo, FINISHED)
    working.resume(order=order, by=later, at=FINISHED)
    order.case.refresh_from_db()
    assert order.case.status == "accepted"
    with refused("order-done-not-now"):
        working.finish(order=order, text="换好了", by=later, at=FINISHED)
    shop.goes(order, at=FINISHED)
    assert order.arrived_at == THERE, "the first arrival is the one that was promised"
    shop.finishes(order, at=EVENING)
    assert order.case.status == "done"


def test_a_step_that_is_typed_afterwards_is_not_earlier_than_the_one_before_it(shop: Shop) -> None:
    order, by = shop.sent(), shop.of(shop.cast.liuqiang, EVENING)
    working.depart(order=order, by=by, at=EVENING, happened=THERE)
    with refused("before-last-step") as said:
        working.arrive(order=order, by=by, at=EVENING, happened=THERE - timedelta(minutes=5))
    assert "“到场”的时间不能早于上一步“出发”的时间" in said.value.sentence
    assert said.value.field == "happened"
    working.arrive(order=order, by=by, at=EVENING, happened=THERE - timedelta(minutes=1))
    assert order.arrived_at == THERE, "forms know minutes: it is made even"
    assert order.case.journal.get(verb="arrived").at == THERE


def test_only_who_was_sent_does_the_work(shop: Shop) -> None:
    order = shop.sent()
    with refused("not-yours"):
        working.arrive(order=order, by=shop.of(shop.cast.hewei, THERE), at=THERE)
    head = shop.of(shop.cast.liuqiang, THERE)
    working.arrive(order=order, by=head, at=THERE)
    assert order.state == "on-site", "the head of repairs types what he hears"


def test_of_two_who_grab_an_order_the_second_is_told_so(shop: Shop) -> None:
    order = shop.sends(shop.issues(range="public"), mode="grab")
    first, second = shop.of(shop.cast.chenjianguo), shop.of(shop.cast.hewei)
    assert list(to_grab(first)) == [order] == list(to_grab(second))
    working.accept(order=order, by=first, at=SENT)
    with refused("not-yours"):
        working.accept(order=order, by=second, at=SENT)
    assert list(my_orders(shop.cast.chenjianguo)) == [order]
    assert not to_grab(second)


def test_the_turn_goes_round_among_those_on_duty(shop: Shop) -> None:
    orders = [shop.sends(shop.issues(), mode="rotate") for _ in range(3)]
    names = [order.assignee.name for order in orders if order.assignee]
    assert names == ["陈建国", "何伟", "陈建国"]


def test_who_has_learnt_the_trade_goes_first_and_who_is_off_duty_not_at_all(shop: Shop) -> None:
    cast = shop.cast
    Skill.objects.create(staff=cast.hewei, trade="power")
    lamp = shop.sends(shop.issues(title="换灯", trade="power"), mode="rotate")
    assert lamp.assignee == cast.hewei
    place = {"project": cast.cuihu, "company": cast.jinxiu, "group": cast.group}
    Roster.objects.create(
        **place, department=cast.department("engineering"), staff=cast.chenjianguo,
        starts_at=OPENED - timedelta(hours=1), ends_at=OPENED + timedelta(hours=9),
    )  # fmt: skip
    second = shop.sends(shop.issues(title="换灯", trade="power"), mode="rotate")
    assert second.assignee == cast.chenjianguo


def test_nobody_holds_more_open_orders_than_the_regulation_lets_him(shop: Shop) -> None:
    for _ in range(8):
        shop.sent()
    ninth = shop.issues()
    with refused("too-many-open") as said:
        shop.sends(ninth)
    assert "8 张" in str(said.value)
    shop.sends(ninth, shop.cast.hewei)
    burst = shop.issues(shop.registers("水管爆裂，积水", urgent=True))
    shop.sends(burst)
    assert burst.assignee == shop.cast.chenjianguo, "an emergency always fits in"


def test_a_refusal_waits_for_a_ruling_by_somebody_else(shop: Shop) -> None:
    order = shop.sent()
    by = shop.of(shop.cast.chenjianguo, SENT)
    issuing.refuse(order=order, reason="要高空作业证", by=by, at=SENT)
    with refused("refusal-pending"):
        working.depart(order=order, by=by, at=SENT)
    head = shop.of(shop.cast.liuqiang, SENT)
    issuing.rule_refusal(order=order, refusal_stands=True, reason="确实没有证", by=head, at=SENT)
    assert order.state == "open"
    assert not order.assignee_id
    shop.sends(order, shop.cast.hewei)
    hewei = shop.of(shop.cast.hewei, SENT)
    issuing.refuse(order=order, reason="太远", by=hewei, at=SENT)
    issuing.rule_refusal(order=order, refusal_stands=False, reason="就近", by=head, at=SENT)
    assert (order.state, order.assignee, order.refusal) == ("sent", shop.cast.hewei, "")


@pytest.mark.clause("S3-4.2-1e")
def test_the_window_agreed_with_the_customer_is_a_promise(shop: Shop) -> None:
    order = shop.sent(payer="company")
    by = shop.of(shop.cast.limin, SENT)
    issuing.appoint(
        order=order, starts=FINISHED, ends=FINISHED + timedelta(hours=2), agreed_by="王女士",
        by=by, at=SENT,
    )  # fmt: skip
    agreed = order.case.journal.get(verb="promise-agreed")
    assert agreed.said_by == "王女士"
    assert order.done_at is None
    shop.goes(order)
    shop.finishes(order, at=EVENING)
    assert order.in_time is False
    with refused("bad-window"):
        issuing.appoint(
            order=shop.sent(), starts=FINISHED, ends=SENT, agreed_by="王女士", by=by, at=OPENED
        )


def test_the_customer_hears_one_word_when_the_order_was_agreed_and_kept(shop: Shop) -> None:
    order = shop.sent(payer="company")
    issuing.appoint(
        order=order, starts=THERE, ends=FINISHED, agreed_by="王女士",
        by=shop.of(shop.cast.limin, SENT), at=SENT,
    )  # fmt: skip
    shop.goes(order)
    assert shop.finishes(order).in_time is True


def test_the_row_of_an_order_is_what_the_journal_says_of_it(shop: Shop) -> None:
    order = shop.done()
    order.refresh_from_db()
    state = fold_order(order.number, as_entries(journal(order.case)))
    for name in ("state", "result", "payer", "paid", "mode", "refusal", "sent_at", "accepted_at",
                 "departed_at", "arrived_at", "made_safe_at", "done_at"):  # fmt: skip
        assert getattr(order, name) == getattr(state, name), name
    assert order.assignee is not None
    assert order.assignee.number == state.assignee


def test_the_owner_is_told_what_came_of_it_and_what_is_still_missing(shop: Shop) -> None:
    order = shop.on_site(payer="company", work_class="")
    shop.finishes(order)
    assert order.case.status == "accepted", "the regulation wants the class before 完成"
    message = OutboxMessage.objects.filter(staff=shop.cast.limin, subject__contains="已修好").get()
    assert "维修等级" in message.body


def test_what_was_only_made_safe_leaves_the_matter_open(shop: Shop) -> None:
    order = shop.on_site(payer="company")
    shop.finishes(order, result="made-safe", text="关了总阀")
    order.case.refresh_from_db()
    assert (order.state, order.case.status) == ("done", "accepted")
    assert order.made_safe_at == FINISHED


def test_an_order_is_not_opened_when_the_work_is_over(shop: Shop) -> None:
    case = shop.done().case
    with refused("order-opened-not-now"):
        shop.issues(case, at=EVENING)
    feed_back(
        case=case, by=shop.of(shop.cast.limin, EVENING), at=EVENING, text="修好了", said_by="王女士"
    )
    assert case.status == "fed-back"


@pytest.mark.peers("T11")
def test_another_shop_gets_its_own_time_and_the_customers_clock_runs_on(shop: Shop) -> None:
    """The second shop's order is handed over within its own ten minutes; what the customer was
    promised at the call keeps its hour."""
    case = shop.registers()
    promised = {row.rule: row.due_at for row in case.commitments.filter(customer_facing=True)}
    shop.sends(shop.issues(case))
    later = SENT + timedelta(hours=2)
    second = shop.issues(
        case, title="恢复绿化", range="public", department=shop.cast.department("environment"),
        at=later,
    )  # fmt: skip
    assert second.hand_over_due_at == later + timedelta(minutes=10)
    for rule, due in promised.items():
        assert case.commitments.filter(rule=rule, due_at=due).exists(), rule


@pytest.mark.peers("T19")
def test_pictures_and_words_of_an_order_survive_the_merging_of_its_case(shop: Shop) -> None:
    order = shop.on_site(payer="company")
    for stage in ("before", "after"):
        shop.photographs(order, stage)
    working.cancel(order=order, reason="与另一件重复", by=shop.of(shop.cast.limin, THERE), at=THERE)
    into = shop.registers("二楼也漏水")
    clerk = shop.of(shop.cast.limin, FINISHED)
    merge(case=order.case, into=into, reason="同一处", by=clerk, at=FINISHED)
    order.refresh_from_db()
    assert order.case.attachments.count() == 2
    assert order.case.customer_name == "王女士"
    assert order.text == "厨房水槽下面漏水"


@pytest.mark.peers("T25")
def test_who_did_the_work_does_not_check_it(shop: Shop) -> None:
    order = shop.on_site(payer="company")
    shop.finishes(order, who=shop.cast.liuqiang)
    with refused("own-work"):
        working.check(
            order=order,
            ok=True,
            opinion="合格",
            by=shop.of(shop.cast.liuqiang, EVENING),
            at=EVENING,
        )
    working.check(
        order=order, ok=True, opinion="合格", by=shop.of(shop.cast.sunli, EVENING), at=EVENING
    )
    assert order.state == "checked"
    assert order.case.journal.filter(verb="verified", data__result="ok").exists()


@pytest.mark.peers("T25")
def test_who_did_the_work_does_not_check_it_though_the_desk_typed_it(shop: Shop) -> None:
    order = shop.sends(shop.issues(payer="company"), shop.cast.liuqiang, by=shop.cast.limin)
    desk = shop.cast.limin
    shop.finishes(shop.goes(order, who=desk), who=desk)
    head = shop.of(shop.cast.liuqiang, EVENING)
    with refused("own-work"):
        working.check(order=order, ok=True, opinion="合格", by=head, at=EVENING)


def test_what_was_closed_is_reopened_before_it_goes_back_to_the_repairer(shop: Shop) -> None:
    shop.adopts("service-centre")
    order = shop.done()
    case, clerk = order.case, shop.of(shop.cast.limin, EVENING)
    feed_back(case=case, by=clerk, at=EVENING, text="修好了", said_by="王女士")
    close(case=case, by=clerk, at=EVENING)
    head = shop.of(shop.cast.sunli, EVENING)
    with refused("case-closed"):
        working.check(order=order, ok=False, opinion="又渗了", by=head, at=EVENING)


def test_what_does_not_stand_goes_back_and_holds_the_case_again(shop: Shop) -> None:
    order = shop.done()
    by = shop.of(shop.cast.sunli, EVENING)
    working.check(order=order, ok=False, opinion="还在渗", by=by, at=EVENING)
    order.case.refresh_from_db()
    assert (order.state, order.case.status) == ("accepted", "accepted")
    assert order.case.holds.filter(lifted_at=None).count() == 1
    shop.goes(order, at=EVENING)
    shop.finishes(order, at=EVENING)
    assert order.case.status == "done"
