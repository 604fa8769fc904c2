"""One case on its way: whose turn it is, what time it is for it, and one step for each verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.actions import (
    classifying,
    closing,
    contacting,
    dispatching,
    intake,
    working,
)
from shouwen.cases.models import Case
from shouwen.cases.queries import as_entries, journal
from shouwen.demo.company import CLOSES, OPENS, ZONE, Company
from shouwen.demo.homes import Home
from shouwen.demo.matters import Matter
from shouwen.rules.closing import this_round
from shouwen.rules.lifecycle import fold

REFUSALS = (
    "现场查看属开发商保修范围，不归我部门处理",
    "位置在红线外，属市政管理",
    "需要业主先清空柜子才能施工，退回重新约时间",
)
RULINGS = ("首问负责，先由你部门处理到位", "与责任划分不符，请接单处理并联系相关单位")
TRANSFERS = ("现场核实属另一部门职责", "保洁能处理表面，根源在设备")
WAITS = (
    ("parts", "配件需向厂家订货，已下单"),
    ("customer", "业主出差，约回来后上门"),
    ("outside", "已报维保单位，等排期"),
    ("weather", "连日下雨，外墙无法施工"),
)


@dataclass
class Walk:
    """A matter of one customer. `at` is the moment that the case has reached."""

    company: Company
    rng: Random
    project: OrgUnit
    matter: Matter
    home: Home
    at: datetime
    building: str = ""
    case: Case = field(init=False)
    desk: Staff = field(init=False)
    hand: Staff = field(init=False)
    """Who does the work."""

    # --- time -------------------------------------------------------------------------------------

    def after(self, low: float, high: float) -> datetime:
        """So many minutes later."""
        self.at += timedelta(minutes=self.rng.uniform(low, high))
        return self.at

    def by_day(self, low: float, high: float) -> datetime:
        """So many minutes later, or when the desk opens again."""
        local = self.after(low, high).astimezone(ZONE)
        if not OPENS <= local.hour < CLOSES:
            day = local.date() + timedelta(days=local.hour >= CLOSES)
            opening = datetime(day.year, day.month, day.day, OPENS, tzinfo=ZONE)
            self.at = opening + timedelta(minutes=self.rng.uniform(2, 25))
        return self.at

    def until(self, moment: datetime) -> datetime:
        self.at = max(self.at, moment)
        return self.at

    def end_of_day(self) -> datetime:
        local = self.at.astimezone(ZONE)
        return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def say(self, words: Sequence[str]) -> str:
        return self.rng.choice(words)

    # --- people -----------------------------------------------------------------------------------

    def by(self, person: Staff) -> Scope:
        return self.company.scope(person, self.at)

    def clerk(self) -> Scope:
        """The owner while at the desk, else whoever is there."""
        desk = self.company.at_desk(self.project, self.at, self.rng)
        owner = self.case.owner
        here = self.company.here([owner], self.at)
        return self.by(owner if here and self.chance(0.7) and self.is_clerk(owner) else desk)

    def is_clerk(self, person: Staff) -> bool:
        return "csr" in self.by(person).roles(self.project)

    def role(self, role: str) -> Scope:
        return self.by(self.company.holding(role, self.project, self.at))

    # --- steps ------------------------------------------------------------------------------------

    def told(self, **more: Any) -> intake.Told:
        public = bool(self.matter.places)
        given = {
            "text": self.say(self.matter.texts),
            "source": self.rng.choices(("phone", "front-desk", "app", "email"), (70, 15, 12, 3))[0],
            "name": self.home.customer.name,
            "phone": self.home.phone,
            "address": self.matter.address(self.home.unit.label, self.building, self.rng),
            "unit": None if public else self.home.unit,
            "customer": self.home.customer,
            "facts": self.matter.all_facts,
            "ticks": ("read-back",),
        }
        return intake.Told(**{**given, **more})

    def register(self, by: Staff | None = None, **more: Any) -> None:
        self.desk = by or self.company.at_desk(self.project, self.at, self.rng)
        self.case = intake.register(
            project=self.project, told=self.told(**more), by=self.by(self.desk), at=self.at
        )

    def dispatch(self, lead: str = "", by: Scope | None = None) -> None:
        to, *assist = (
            self.company.department(self.project, name)
            for name in (lead or self.matter.lead, *self.matter.assist)
        )
        dispatching.dispatch(
            case=self.case, lead=to, assist=assist, by=by or self.clerk(), at=self.at
        )

    def choose_hand(self) -> None:
        """Somebody of the leading department who is not the owner: the owner asks later on."""
        department = self.case.department
        if department:
            but = self.case.owner.number
            self.hand = self.company.worker(department, self.at, self.rng, but)

    def accept(self, hand: Staff | None = None) -> None:
        if hand:
            self.hand = hand
        else:
            self.choose_hand()
        dispatching.accept(case=self.case, by=self.by(self.hand), at=self.at)

    def refuse(self) -> None:
        self.choose_hand()
        dispatching.refuse(
            case=self.case, by=self.by(self.hand), at=self.at, reason=self.say(REFUSALS)
        )

    def rule(self, to: str = "") -> None:
        """The manager decides: the refusal stands and it goes elsewhere, or the work is theirs."""
        department = self.case.department
        if department is None:
            return
        dispatching.rule(
            case=self.case, by=self.role("project_manager"), at=self.at, department=department,
            refusal_stands=bool(to), reason="情况属实，改派" if to else self.say(RULINGS),
            to=self.company.department(self.project, to) if to else None,
        )  # fmt: skip

    def transfer(self, to: str) -> None:
        unit = self.company.department(self.project, to)
        dispatching.transfer(
            case=self.case, to=unit, by=self.clerk(), at=self.at, reason=self.say(TRANSFERS)
        )

    def assign(self) -> None:
        """The head names who does it; the name stands on the board."""
        head = self.company.posts.get(("repair_head", f"{self.project.code}-engineering"), [])
        at_work = self.company.here(head, self.at)
        if at_work and self.case.department and self.case.department.function == "engineering":
            dispatching.assign(case=self.case, by=self.by(at_work[0]), at=self.at, to=self.hand)

    def contact(self, text: str = "", tag: str = "", by: Scope | None = None) -> None:
        contacting.contact_customer(
            case=self.case, by=by or self.clerk(), at=self.at, tag=tag,
            text=text or self.say(self.matter.asked or ("已联系客户",)),
        )  # fmt: skip

    def arrive(self) -> None:
        working.arrive(case=self.case, by=self.by(self.hand), at=self.at)

    def agree(self, until: datetime, text: str = "", by: Scope | None = None) -> None:
        """A new time for whatever may move, agreed with the customer."""
        keys = list(
            self.case.commitments.filter(
                outcome="",
                rule__in=("complaint-same-day", "repair-general-fault", "result-reported"),
            ).values_list("key", flat=True)
        )
        contacting.agree_promise(
            case=self.case, by=by or self.clerk(), at=self.at, until=until, keys=keys,
            consent_by=self.home.customer.name, text=text or "与客户电话约定",
        )  # fmt: skip

    def wait(self, until: datetime | None = None, why: tuple[str, str] | None = None) -> None:
        reason, text = why or self.rng.choice(WAITS)
        working.wait(
            case=self.case, by=self.by(self.hand), at=self.at, reason=reason, text=text, until=until
        )

    def approve_wait(self) -> None:
        working.approve_wait(
            case=self.case, by=self.role("project_manager"), at=self.at, text="同意，请告知业主"
        )

    def resume(self) -> None:
        working.resume(
            case=self.case, by=self.by(self.hand), at=self.at, text="条件已具备，继续处理"
        )

    def urge(self, text: str = "") -> None:
        contacting.urge(
            case=self.case, by=self.clerk(), at=self.at, said_by=self.home.customer.name,
            text=text or self.say(("怎么还没人来？请快一点", "又来电询问进度，语气着急")),
        )  # fmt: skip

    def done(self, by: Staff | None = None) -> None:
        worker = by or self.hand
        working.report_done(
            case=self.case, by=self.by(worker), at=self.at, text=self.say(self.matter.done)
        )

    def part_done(self, department: OrgUnit) -> None:
        worker = self.company.worker(department, self.at, self.rng)
        working.report_part_done(
            case=self.case, by=self.by(worker), at=self.at, department=department,
            text="已配合完成",
        )  # fmt: skip

    def verified(self) -> bool:
        """Whether somebody has checked it already since it was last opened, with the work order."""
        return any(e.verb == "verified" for e in this_round(as_entries(journal(self.case))))

    def checker(self) -> Scope:
        """The head of repairs, unless he had a hand in it or it went to another department."""
        head = self.role("repair_head")
        department = self.case.department
        engineering = department is not None and department.code.endswith("engineering")
        handlers = fold(as_entries(journal(self.case))).handlers
        mine = head.staff == self.hand or head.staff.number in handlers
        return head if engineering and not mine else self.role("cs_head")

    def verify(self) -> None:
        working.verify(
            case=self.case, by=self.checker(), at=self.at, ok=True,
            opinion=self.say(("现场复查合格", "抽看照片和工单，符合要求", "试用正常")),
        )  # fmt: skip

    def feed_back(self, by: Scope | None = None) -> None:
        contacting.feed_back(
            case=self.case, by=by or self.clerk(), at=self.at, text=self.say(self.matter.told),
            said_by=self.home.customer.name,
        )  # fmt: skip

    def classify(self, facts: Mapping[str, str | bool], by: Scope, reason: str = "") -> None:
        classifying.classify(case=self.case, facts=facts, by=by, at=self.at, reason=reason)

    def close(self, by: Scope | None = None) -> None:
        closing.close(case=self.case, by=by or self.clerk(), at=self.at)
