"""What complaints come to: handed down, supervised, brought before the developer, answered for a
whole building, and learned from (`complaints.toml`). Most of it is open now."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shouwen.accounts.models import Staff
from shouwen.adoption.actions import adopt, stop_adopting
from shouwen.cases.actions.working import note, report_up
from shouwen.cases.models import Case
from shouwen.demo import lives
from shouwen.demo.company import ZONE, Company
from shouwen.demo.matters import Matter
from shouwen.demo.timeline import Life
from shouwen.demo.walk import Walk
from shouwen.groups.actions import answering, grouping
from shouwen.groups.models import GroupMatter
from shouwen.learning.actions import correcting, suggesting
from shouwen.learning.actions.praising import link_praise
from shouwen.learning.actions.proposing import Found, propose
from shouwen.majors.actions.foreseeing import register_risk
from shouwen.majors.actions.grading import ask_downgrade, look, rule_grade
from shouwen.outside.actions.parties import keep_party
from shouwen.outside.actions.referring import open_referral, remind, take_step
from shouwen.supervision.actions.asking import ask
from shouwen.supervision.actions.handing import hand_down

#: 金桂苑 tries two further regulations, from and until so many hours before now. What was told
#: meanwhile keeps their path to the developer and their gate before an authority is answered.
TRIAL = "JG"
_TRIED = (("service-centre", 50, 25), ("developer-aftersales", 24, 1))

Said = Mapping[str, str]


@dataclass(frozen=True)
class Tale:
    """Something told so many hours before now, and the words of what came of it."""

    id: str
    before: float
    text: str
    kind: str = "complaint"
    lead: str = ""
    business: str = ""
    project: str = "CH"
    said: Said = field(default_factory=dict)

    @property
    def matter(self) -> Matter:
        facts: dict[str, str | bool] = {}
        if self.kind == "complaint":
            facts = {"nature": "demand", "business": self.business}
        return Matter(
            id=self.id, kind=self.kind, lead=self.lead, texts=(self.text,), facts=facts,
            asked=("致歉，说明已安排人员核实",), done=("已处理并拍照",),
        )  # fmt: skip

    def play(self, walk: Walk) -> Life:
        return LIVES[self.id](walk, self.said)


def tales() -> list[Tale]:
    """All but the second of two, which needs the first."""
    return [tale for tale in _tales() if tale.id in LIVES]


def tale(name: str) -> Tale:
    return next(found for found in _tales() if found.id == name)


def _tales() -> list[Tale]:
    return [Tale(**row) for row in _words()["tale"]]


@cache
def _words() -> dict[str, Any]:
    with Path(__file__).with_name("complaints.toml").open("rb") as file:
        return tomllib.load(file)


def _ago(company: Company, hours: float) -> datetime:
    return company.now - timedelta(hours=hours)


# --- The trial ------------------------------------------------------------------------------------


def try_out(company: Company) -> None:
    """One after the other beside the regulations of the group, for a day each."""
    for regulation, since, until in _TRIED:
        adoption = adopt(
            unit=company.units[TRIAL], regulation=regulation, position=2,
            since=_ago(company, since), by=company.staff["admin"],
        )  # fmt: skip
        stop_adopting(adoption=adoption, at=_ago(company, until))


def on_trial(company: Company, code: str, at: datetime) -> bool:
    """Only the tales are told there then: everyday lives know nothing of further rules."""
    return code == TRIAL and at >= _ago(company, _TRIED[0][1])


# --- Steps that several take ----------------------------------------------------------------------


def _taken(walk: Walk) -> Life:
    """Heard, answered, sent to the department and taken there."""
    yield walk.after(6, 15)
    walk.contact(by=walk.by(walk.desk))
    yield walk.after(2, 6)
    walk.dispatch(by=walk.by(walk.desk))
    yield walk.after(4, 15)
    walk.accept()


def _told(walk: Walk) -> Life:
    walk.register()
    yield from _taken(walk)


def _before_now(walk: Walk, hours: float) -> datetime:
    return walk.until(_ago(walk.company, hours))


def _day(walk: Walk) -> str:
    return f"{walk.at.astimezone(ZONE):%m%d}"


# --- From above, and brought before others --------------------------------------------------------


def _from_400(walk: Walk, said: Said) -> Life:
    """The company hands it to the project, which owes the reply."""
    now = walk.company.now
    walk.register(
        by=walk.role("hotline400").staff, source="hotline-400", sender="400 服务监督热线",
        sender_number=f"400-{_day(walk)}-0163", sender_due=now + timedelta(hours=20),
    )  # fmt: skip
    yield walk.after(15, 30)
    hand_down(
        case=walk.case, to=walk.project, text=said["order"], due=now + timedelta(hours=5),
        sender_number=f"客服交办〔{_day(walk)}〕02号", by=walk.role("company_cs"), at=walk.at,
    )  # fmt: skip
    walk.desk = walk.role("cs_head").staff
    yield from _taken(walk)


def _from_the_street_office(walk: Walk, said: Said) -> Life:
    """Told to the leader at once, looked into; the reply waits for the meeting."""
    cs, head = walk.role("company_cs"), walk.role("cs_head")
    walk.register(
        by=cs.staff, source="government", sender=said["sender"],
        sender_number=f"金街信〔{walk.at.astimezone(ZONE):%Y}〕17号",
        sender_due=walk.company.now + timedelta(days=3), details=_details(walk),
    )  # fmt: skip
    yield walk.after(1, 2)
    walk.classify({"stage": "other"}, head)
    walk.classify({"handle_level": "project"}, cs)
    walk.contact(by=head)
    yield walk.after(1, 2)
    walk.dispatch(by=cs)
    yield walk.after(5, 10)
    walk.accept()
    look(case=walk.case, at=walk.at)
    yield walk.after(10, 25)
    rule_grade(case=walk.case, grade="major", reason=said["grade"], by=cs, at=walk.at)
    yield walk.after(2, 8)
    report_up(case=walk.case, by=cs, at=walk.at, to="company_leader", question=said["report"])
    yield walk.after(30, 50)
    note(case=walk.case, by=head, at=walk.at, tag="investigate", text=said["found"])


def _details(walk: Walk) -> dict[str, str]:
    home = walk.home
    return {"name": home.customer.name, "room": home.unit.label, "phone": home.phone}


def _defect(walk: Walk, said: Said) -> Life:
    """Two opinions, then before the developer, whose answer is late."""
    walk.register(details=_details(walk))
    head, manager = walk.role("cs_head"), walk.role("project_manager")
    yield walk.after(1, 3)
    walk.classify({"cause": "class-2"}, head, said["class"])
    yield from _taken(walk)
    walk.agree(walk.company.now + timedelta(days=2), said["agreed"], by=walk.by(walk.desk))
    yield walk.after(20, 50)
    note(case=walk.case, by=head, at=walk.at, tag="investigate", text=said["found"])
    developer = keep_party(
        project=walk.project, name=said["party"], kind="developer", contact=said["contact"],
        phone="13800008800", days=3, by=manager, at=walk.at,
    )  # fmt: skip
    referral = open_referral(
        case=walk.case, path="developer-negotiation", party=developer, problem=said["problem"],
        wanted=said["wanted"], by=head, at=walk.at,
    )  # fmt: skip
    repairs = walk.role("repair_head")
    for step, by in (("check", repairs), ("advise", repairs), ("approve", manager)):
        yield walk.after(40, 90)
        take_step(referral=referral, step=step, text=said[step], by=by, at=walk.at)
    yield walk.after(20, 40)
    due = _ago(walk.company, 7)
    take_step(referral=referral, step="send", text=said["send"], by=head, at=walk.at, due_at=due)
    yield _before_now(walk, 4)
    remind(referral=referral, text=said["remind"], by=head, at=walk.at)


def _supervised(walk: Walk, said: Said) -> Life:
    """The company asks, and waits for the answer."""
    yield from _told(walk)
    yield _before_now(walk, 3.2)
    due = walk.company.now + timedelta(minutes=100)
    ask(
        case=walk.case, kind="supervise", text=said["ask"], details={"due": due},
        by=walk.role("company_cs"), at=walk.at,
    )  # fmt: skip


def _to_be_lowered(walk: Walk, said: Said) -> Life:
    """Graded as major, and asked to be less so: that is for somebody above to decide."""
    head = walk.role("cs_head")
    yield from _told(walk)
    yield walk.after(10, 20)
    rule_grade(case=walk.case, grade="major", reason=said["grade"], by=head, at=walk.at)
    yield walk.after(10, 20)
    report_up(case=walk.case, by=head, at=walk.at, to="project_manager", question=said["report"])
    yield _before_now(walk, 2.1)
    ask_downgrade(case=walk.case, grade="general", reason=said["lower"], by=head, at=walk.at)


# --- Five households ------------------------------------------------------------------------------


def water() -> list[Tale]:
    """What each household of the building tells."""
    about: dict[str, Any] = {"id": "water", "lead": "engineering", "business": "facility"}
    return [Tale(**about, **home) for home in _words()["water"]["homes"]]


def building() -> str:
    return str(_words()["water"]["building"])


def cold_water(walks: Sequence[Walk]) -> Life:
    """Five households are a major matter: one statement, one voice; for one of them it is not over
    yet."""
    said: Said = _words()["water"]
    matter = None
    for number, walk in enumerate(walks, start=1):
        yield walk.at
        yield from _told(walk)
        if number == len(walks) - 1:
            matter = _grouped(walk, [each.case for each in walks[:number]], said)
    if matter:
        yield from _as_one(walks, matter, said)


def _grouped(walk: Walk, cases: list[Case], said: Said) -> GroupMatter:
    by = walk.role("cs_head")
    matter = grouping.open_matter(cases=cases[:1], title=said["title"], by=by, at=walk.at)
    return grouping.join(matter=matter, cases=cases[1:], why=said["why"], by=by, at=walk.at)


def _as_one(walks: Sequence[Walk], matter: GroupMatter, said: Said) -> Life:
    last, cases = walks[-1], [walk.case for walk in walks]
    head, cs = last.role("cs_head"), last.role("company_cs")
    yield last.after(5, 15)
    grouping.join(matter=matter, cases=cases[-1:], why=said["why"], by=head, at=last.at)
    yield last.after(60, 100)
    drafted = answering.draft_statement(
        matter=matter, text=said["statement"], measures=said["measures"], by=cs, at=last.at
    )
    yield last.after(20, 60)
    answering.rule_on_statement(
        statement=drafted, approve=True, opinion=said["opinion"], by=last.role("company_leader"),
        at=last.at,
    )  # fmt: skip
    yield last.after(5, 15)
    manager = last.role("project_manager")
    answering.name_speaker(matter=matter, to=head.staff, by=manager, at=last.at)
    yield last.after(5, 15)
    _answer(matter, walks, said["first"], last, by=head.staff)
    yield _before_now(last, 6)
    for walk in walks[:-1]:
        walk.at = last.at
        walk.case.refresh_from_db()
        walk.done()
    yield last.after(30, 60)
    _answer(matter, walks[:-1], said["result"], last, by=head.staff, result=True)


def _answer(
    matter: GroupMatter, walks: Sequence[Walk], text: str, last: Walk, *, by: Staff,
    result: bool = False,
) -> None:  # fmt: skip
    for walk in walks:
        walk.case.refresh_from_db()
    answering.answer_all(
        matter=matter, cases=[walk.case for walk in walks], text=text, channel="sms",
        by=last.by(by), at=last.at, result=result,
    )  # fmt: skip


# --- Learning -------------------------------------------------------------------------------------


def _settled(walk: Walk, _said: Said) -> Life:
    walk.register()
    yield from lives.complaint(walk)
    yield from lives.visited(walk)


def told_again(first: Walk, second: Walk) -> Life:
    """The same home, the same door: somebody sees what is behind it."""
    said = tale("second of two").said
    yield from _told(second)
    head, manager = second.role("cs_head"), second.role("project_manager")
    yield second.after(20, 40)
    second.agree(second.company.now + timedelta(hours=30), said["agreed"], by=head)
    correction = propose(
        project=second.project, by=head, at=second.at,
        found=Found(
            trigger="complaints", title=said["title"], problem=said["problem"],
            cases=[first.case, second.case],
        ),
    )  # fmt: skip
    yield second.after(20, 40)
    correcting.review(correction=correction, text=said["review"], by=head, at=second.at)
    yield second.after(60, 120)
    owner, due = second.role("repair_head"), second.company.now + timedelta(days=4)
    correcting.open_correction(
        correction=correction, owner=owner.staff, due=due, department=second.case.department,
        by=manager, at=second.at,
    )  # fmt: skip
    yield _before_now(second, 9)
    correcting.plan(
        correction=correction, cause=said["cause"], measure=said["measure"],
        prevention=said["prevention"], by=owner, at=second.at,
    )  # fmt: skip


def _suggested(walk: Walk, said: Said) -> Life:
    """Told to the head the same day."""
    walk.register()
    yield walk.after(10, 30)
    report_up(
        case=walk.case, by=walk.by(walk.desk), at=walk.at, to="project_manager",
        question=said["report"],
    )  # fmt: skip
    suggesting.keep(walk.case)


def _taken_up(walk: Walk, said: Said) -> Life:
    """And taken up: the resident is told by telephone."""
    yield from _suggested(walk, said)
    yield walk.after(90, 200)
    if suggestion := suggesting.keep(walk.case):
        suggesting.decide(
            suggestion=suggestion, decision="adopted", reason=said["reason"], plan=said["plan"],
            by=walk.role("project_manager"), at=walk.at,
        )  # fmt: skip
    yield walk.after(30, 60)
    walk.contact(said["answer"], by=walk.by(walk.desk))
    yield walk.after(30, 60)
    walk.done(by=walk.desk)
    yield walk.after(3, 10)
    walk.feed_back(by=walk.by(walk.desk))
    suggesting.keep(walk.case)
    yield walk.after(30, 60)
    walk.close(by=walk.by(walk.desk))


def _praised(walk: Walk, said: Said) -> Life:
    """It goes to whom it is due."""
    walk.register()
    yield walk.after(20, 60)
    link_praise(
        case=walk.case, staff=walk.company.staff[said["staff"]], text=said["words"],
        by=walk.role("cs_head"), at=walk.at,
    )  # fmt: skip
    yield from lives.settled_at_desk(walk)


def watched(company: Company, at: datetime) -> Life:
    """A risk that somebody watches before anybody complains."""
    said: Said = _words()["risk"]
    by = company.scope(company.staff["zhoumin"], at)
    register_risk(
        unit=company.units["CH"], title=said["title"], trigger=said["trigger"], level="high",
        owner=company.staff["liuqiang"], plan=said["plan"], by=by, at=at,
        next_drill_at=company.now + timedelta(days=6),
    )  # fmt: skip
    yield from ()


LIVES: Mapping[str, Callable[[Walk, Said], Life]] = {
    "from 400": _from_400,
    "from the street office": _from_the_street_office,
    "defect": _defect,
    "supervised": _supervised,
    "downgrade": _to_be_lowered,
    "first of two": _settled,
    "suggestion taken up": _taken_up,
    "suggestion waits": _suggested,
    "praise": _praised,
}
