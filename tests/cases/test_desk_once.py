"""What is sent twice is done once: a double click, a replay, two at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from shouwen.cases.actions.once import once
from shouwen.cases.models import Done
from shouwen.rules.refused import Refused
from tests.moments import moment

AT = moment("2026-11-20 09:12", "周五")


class Acts:
    """Counts how often it was done."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> tuple[int, dict[str, Any]]:
        self.done += 1
        return 201, {"number": self.done}


def send(act: Acts, key: str = "k", actor: str = "0001", request: object = "漏水") -> Any:
    return once(actor=actor, key=key, request=request, at=AT, act=act)


@pytest.mark.django_db
def test_asked_again_it_answers_again_and_does_nothing() -> None:
    act = Acts()
    assert send(act) == send(act) == (201, {"number": 1})
    assert act.done == 1


@pytest.mark.django_db
def test_keys_of_different_people_never_meet() -> None:
    act = Acts()
    assert send(act, actor="0001") != send(act, actor="0002")


@pytest.mark.django_db
def test_the_same_key_for_something_else_is_refused() -> None:
    act = Acts()
    send(act)
    with pytest.raises(Refused) as refused:
        send(act, request="漏电")
    assert refused.value.code == "key-reused"
    assert act.done == 1


@pytest.mark.django_db
def test_what_was_refused_leaves_its_key_free() -> None:
    def refuse() -> tuple[int, dict[str, Any]]:
        raise Refused("empty-text", "请写下内容。")

    with pytest.raises(Refused):
        once(actor="0001", key="k", request="漏水", at=AT, act=refuse)
    assert not Done.objects.exists()
    assert send(Acts()) == (201, {"number": 1})


@pytest.mark.django_db(transaction=True)
def test_of_two_that_arrive_together_one_does_it_and_both_are_answered_alike() -> None:
    act, together = Acts(), Barrier(2)

    def at_once(_: int) -> Any:
        try:
            together.wait(5)
            return send(act)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(at_once, range(2)))
    assert answers == [(201, {"number": 1})] * 2
    assert act.done == 1
