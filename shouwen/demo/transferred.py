"""Matters that another body passes on: with its own number and due time, and owed a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shouwen.cases.actions.contacting import reply_to_sender
from shouwen.cases.actions.working import report_up
from shouwen.demo.lives import ask, finished, judge, planned, taken
from shouwen.demo.timeline import Life
from shouwen.demo.walk import Walk


@dataclass(frozen=True)
class Sender:
    source: str
    name: str
    number: str
    days: int
    """Its due time, in days."""


HOTLINE = Sender("hotline-400", "400 服务监督热线", "400-{day}-{n:04}", 2)
COMMITTEE = Sender("committee", "{project}业主委员会", "业委〔{day}〕{n:02}号", 5)
GOVERNMENT = Sender("government", "市 12345 热线", "12345-{day}{n:03}", 5)


def passed_on(walk: Walk, sender: Sender, facts: Mapping[str, str | bool] | None = None) -> Life:
    """Registered where it arrives, sent down, settled, visited a second time, and answered."""
    receive(walk, sender, facts)
    yield walk.after(*((4, 8) if sender is GOVERNMENT else (10, 60)))
    if sender is not COMMITTEE:
        walk.classify({"handle_level": "project"}, walk.role("company_cs"))
        walk.dispatch(by=walk.role("company_cs"))
    else:
        walk.dispatch()
    yield walk.by_day(5, 30)
    walk.contact()
    yield from taken(walk)
    if sender is GOVERNMENT:
        yield walk.after(5, 15)
        walk.arrive()
    yield from finished(walk)
    yield walk.by_day(10, 60)
    if walk.matter.kind == "repair":
        walk.verify()
    walk.feed_back()
    if walk.matter.kind == "complaint":
        yield walk.by_day(10, 90)
        judge(walk)
    yield from answered_back(walk, sender)


def receive(walk: Walk, sender: Sender, facts: Mapping[str, str | bool] | None = None) -> None:
    clerk = walk.role("hotline400").staff if sender is HOTLINE else None
    if sender is GOVERNMENT:
        clerk = walk.role("company_cs").staff
    day = f"{walk.at:%m%d}"
    walk.register(
        by=clerk, source=sender.source, sender=sender.name.format(project=walk.project.name),
        sender_number=sender.number.format(day=day, n=walk.rng.randint(1, 99)),
        sender_due=walk.at + timedelta(days=sender.days),
        facts={**walk.matter.all_facts, **(facts or {}), "urgent": sender is GOVERNMENT},
    )  # fmt: skip


def answered_back(walk: Walk, sender: Sender) -> Life:
    """The company asks the customer once more before it answers 400 (4.4.1c)."""
    yield walk.by_day(150, 200)
    for visit in planned(walk):
        yield walk.by_day(10, 90)
        ask(walk, visit, "satisfied")
    if walk.matter.kind == "complaint" and sender is not COMMITTEE:
        report_up(
            case=walk.case, by=walk.role("project_manager"), at=walk.at, to="company_cs",
            question="已按要求处理完毕，结果如上，请公司审阅",
        )  # fmt: skip
    yield walk.by_day(10, 60)
    reply_to_sender(
        case=walk.case, by=walk.role("company_cs"), at=walk.at,
        text=f"{walk.say(walk.matter.done)}；客户回访满意，特此回复。",
    )  # fmt: skip
    yield walk.by_day(10, 60)
    walk.close()
