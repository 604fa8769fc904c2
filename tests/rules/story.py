"""A small rulebook and a way to tell a story in it, for tests of promises and of the life of a
case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shouwen.rules.commitments import Calendars, Promise, promises
from shouwen.rules.journal import Entry
from shouwen.rules.lifecycle import State, fold
from shouwen.rules.regulation import Regulation, Rulebook
from shouwen.rules.worktime import Calendar
from tests.moments import moment

DUTY = Calendar.from_json(
    {
        "tz": "Asia/Shanghai",
        "hours": {
            day: [["08:30", "12:00"], ["14:00", "18:00"]]
            for day in ("mon", "tue", "wed", "thu", "fri")
        },
    }
)
CALENDARS = Calendars(DUTY)

RULES: dict[str, Any] = {
    "id": "small",
    "title": "小规定",
    "edition": "1",
    "commitment": [
        {
            "id": "dispatch",
            "title": "派单",
            "clause": "1",
            "applies": {"kind": ["repair"]},
            "met_by": ["dispatched"],
            "due": "10 minutes",
            "warn": "3 minutes",
        },
        {
            "id": "first-contact",
            "title": "首次接洽",
            "clause": "2",
            "applies": {"kind": ["repair"]},
            "unless": {"urgent": True},
            "met_by": ["customer-contacted", "arrived"],
            "due": "8 hours",
            "moves": True,
            "pauses": True,
        },
        {
            "id": "urgent-contact",
            "title": "紧急接洽",
            "clause": "2",
            "applies": {"kind": ["repair"], "urgent": True},
            "met_by": ["customer-contacted", "arrived"],
            "due": "1 hour",
            "pauses": True,
            "urgent": True,
        },
        {
            "id": "fix",
            "title": "修好",
            "clause": "3",
            "applies": {"kind": ["repair"]},
            "met_by": ["done"],
            "due": "8 working hours",
            "pauses": True,
            "moves": True,
            "late": [
                {"after": "0 minutes", "to": "holder"},
                {"after": "1 hour", "to": "project_manager"},
            ],
        },
        {
            "id": "taken",
            "title": "接单",
            "clause": "4",
            "per": "department",
            "starts": "dispatched",
            "met_by": ["accepted"],
            "due": "30 minutes",
            "to": "department",
            "holder": "department",
        },
        {
            "id": "age",
            "title": "一个月未解决",
            "clause": "5",
            "rounds": False,
            "met_by": ["closed"],
            "due": "1 month",
            "raises": {"grade": "major"},
        },
        {
            "id": "answer",
            "title": "答复",
            "clause": "6",
            "applies": {"kind": ["complaint"]},
            "met_by": ["fed-back"],
            "due": "24 hours",
            "moves": True,
        },
    ],
    "return_visit": [
        {
            "id": "after-repair",
            "title": "报修回访",
            "clause": "7",
            "applies": {"kind": ["repair"]},
            "window": ["0 days", "3 working days"],
        },
        {
            "id": "after-leak",
            "title": "漏水回访",
            "clause": "8",
            "applies": {"kind": ["leak"]},
            "window": ["1 month", "2 months"],
        },
    ],
}


def small(**changes: Any) -> Rulebook:
    """The rulebook, with some of its parts replaced."""
    return Rulebook(regulations=(Regulation.model_validate({**RULES, **changes}),))


class Story:
    """`Story("2026-11-19 09:12").then("dispatched", "09:20", departments=["eng"])`"""

    def __init__(
        self,
        opened: str,
        rulebook: Rulebook | None = None,
        seed: str = "S-1",
        calendars: Calendars = CALENDARS,
        **facts: str | bool,
    ) -> None:
        self.rulebook, self.seed, self.calendars = rulebook or small(), seed, calendars
        self.day = opened[:10]
        self.entries: list[Entry] = []
        self.then(
            "opened", opened, owner="1001", facts={"kind": "repair", "urgent": False, **facts}
        )

    def then(self, verb: str, when: str, by: str = "1002", **data: Any) -> "Story":
        at = moment(when if len(when) > 5 else f"{self.day} {when}")
        self.day = f"{at.astimezone(DUTY.zone):%Y-%m-%d}"
        self.entries.append(Entry(len(self.entries) + 1, verb, at, by, (), data))
        return self

    def promise(self, rule: str, department: str = "") -> Promise:
        """The last promise of a rule."""
        return [p for p in self.promises() if p.rule.id == rule and p.department == department][-1]

    def promises(self) -> list[Promise]:
        return promises(self.rulebook, self.entries, self.calendars, self.seed)

    def outcomes(self) -> Mapping[str, str]:
        """Outcome by key."""
        return {p.key: p.outcome for p in self.promises()}

    @property
    def state(self) -> State:
        return fold(self.entries)


def due_of(promise: Promise) -> datetime:
    assert promise.due.at is not None, promise.due.words
    return promise.due.at
