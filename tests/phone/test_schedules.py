"""F15: whatever happens between a phone and us, what the phone did is in the journal or is shown as
a conflict: nothing is dropped, nothing is done twice, and both times are kept."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwen.cases.models import Done, JournalEntry
from shouwen.phone.models import Conflict
from shouwen.repairs.actions import working
from shouwen.repairs.models import WorkOrder
from tests.phone.conftest import BACK, Phone, PhoneOf
from tests.repairs.conftest import SENT, Shop

WORDS = ("accept", "depart", "arrive", "make-safe", "resume", "note", "finish")
DATA: dict[str, dict[str, Any]] = {
    "make-safe": {"text": "关了阀"}, "note": {"text": "记一笔"}, "finish": {"text": "修好了"},
}  # fmt: skip
#: What befalls a batch: it arrives, twice, only its request, never, or its first part alone.
FATES = ("arrives", "twice", "answer lost", "request lost", "cut")


@dataclass
class Handset:
    """One phone: what waits on it, and what it has been told."""

    phone: Phone
    waits: list[dict[str, Any]]
    told: dict[str, str] = field(default_factory=dict)

    def sends(self, fate: str, batch: int, at: datetime) -> list[dict[str, Any]]:
        """Sends the first of what waits; gives back what went over the line, for late repeats."""
        acts = self.waits[:batch]
        if fate == "request lost" or not acts:
            return []
        over = acts[: max(1, len(acts) // 2)] if fate == "cut" else acts
        answers = self.phone.sends(*over, at=at)
        if fate == "twice":
            assert self.phone.sends(*over, at=at) == answers
        if fate in ("arrives", "twice"):
            self._hears(answers)
        return over

    def _hears(self, answers: Sequence[dict[str, Any]]) -> None:
        for answer in answers:
            self.told[answer["key"]] = "ok" if answer.get("ok") else "refused"
        gone = {answer["key"] for answer in answers if "missing" not in answer}
        self.waits = [act for act in self.waits if act["key"] not in gone]


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, Any]:
    """What two phones of one engineer did, how wrong their clocks are, and what befell each
    request."""
    acts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)
    return {
        "acts": draw(st.tuples(acts, acts)),
        "slow": draw(st.tuples(*[st.sampled_from([0, 3, -24, 24])] * 2)),
        "fates": draw(
            st.lists(
                st.tuples(st.integers(0, 1), st.sampled_from(FATES), st.integers(1, 5)), max_size=8
            )
        ),
        "late": draw(st.sampled_from([0, 1, 30])),
        "cancelled_after": draw(st.none() | st.integers(0, 8)),
        "seed": draw(st.integers(0, 1000)),
    }


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return shop.sent(payer="company")


@pytest.mark.peers("T28")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(schedule=schedules())
def test_what_a_phone_did_is_in_the_journal_once_or_a_visible_conflict(
    phone_of: PhoneOf, order: WorkOrder, shop: Shop, schedule: dict[str, Any]
) -> None:
    with transaction.atomic():
        Lives(phone_of, order, shop, schedule).run()
        transaction.set_rollback(True)


class Lives:
    """One schedule from the first act to the last answer."""

    def __init__(
        self, phone_of: PhoneOf, order: WorkOrder, shop: Shop, schedule: dict[str, Any]
    ) -> None:
        self.order, self.shop, self.schedule = order, shop, schedule
        self.at = BACK + timedelta(days=schedule["late"])
        self.phones = [
            Handset(phone, [self._act(phone, word, n) for n, word in enumerate(words)])
            for phone, words in (
                (phone_of(slow=timedelta(hours=hours)), words)
                for hours, words in zip(schedule["slow"], schedule["acts"], strict=True)
            )
        ]
        self.done = [act for handset in self.phones for act in handset.waits]
        self.true = {act["key"]: self._true(act, handset) for handset in self.phones
                     for act in handset.waits}  # fmt: skip

    def _act(self, phone: Phone, word: str, n: int) -> dict[str, Any]:
        return phone.act(word, self.order, SENT + timedelta(minutes=n), **DATA.get(word, {}))

    @staticmethod
    def _true(act: dict[str, Any], handset: Handset) -> datetime:
        return datetime.fromisoformat(act["at"]) + handset.phone.slow

    def run(self) -> None:
        over: list[tuple[Handset, list[dict[str, Any]]]] = []
        for turn, (which, fate, batch) in enumerate(self.schedule["fates"]):
            if turn == self.schedule["cancelled_after"]:
                self._cancel()
            handset = self.phones[which]
            over.append((handset, handset.sends(fate, batch, self.at)))
        for handset in self.phones:
            while handset.waits:
                handset.sends("arrives", 50, self.at)
        before = self._written()
        self._repeat_late(over)
        assert self._written() == before
        self._judge()

    def _cancel(self) -> None:
        by = self.shop.of(self.shop.cast.liuqiang, self.at)
        working.cancel(order=self.order, reason="业主取消", by=by, at=self.at)

    def _repeat_late(self, over: list[tuple[Handset, list[dict[str, Any]]]]) -> None:
        """Everything that went over the line comes once more, in any order."""
        random.Random(self.schedule["seed"]).shuffle(over)
        for handset, acts in over:
            if acts:
                handset.phone.sends(*acts, at=self.at + timedelta(minutes=9))

    def _written(self) -> list[tuple[str, datetime]]:
        entries = JournalEntry.objects.filter(case=self.order.case_id).order_by("seq")
        return [(entry.verb, entry.at) for entry in entries]

    def _judge(self) -> None:
        conflicts = {each.key: each for each in Conflict.objects.all()}
        written = {act["key"] for act in self.done} - conflicts.keys()
        answered = {done.key.removeprefix("phone:") for done in Done.objects.all()}
        assert {act["key"] for act in self.done} <= answered, "an act was dropped"
        told = {key: word for handset in self.phones for key, word in handset.told.items()}
        assert all(told[key] == "refused" for key in conflicts), "a conflict was swallowed"
        assert all(told[key] == "ok" for key in written)
        for act in self.done:
            self._times(act, conflicts.get(act["key"]))

    def _times(self, act: dict[str, Any], conflict: Conflict | None) -> None:
        """The true time is in the journal, or beside the phone's own on the conflict."""
        true = self.true[act["key"]]
        if conflict:
            assert conflict.phone_at == datetime.fromisoformat(act["at"])
            assert conflict.happened == true
            return
        times = {at for _, at in self._written()}
        assert true in times, f"{act['act']} lost its time"
