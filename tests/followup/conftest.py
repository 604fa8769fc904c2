"""A matter that was finished, so that somebody may be asked about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.classifying import classify
from shouwen.cases.actions.closing import close
from shouwen.cases.actions.contacting import feed_back
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.working import note, report_done
from shouwen.cases.models import Case
from shouwen.followup.actions.following import follow
from shouwen.followup.actions.recording import Answer, record
from shouwen.followup.models import Visit
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment

OPENED = moment("2026-11-19 09:12", "周四")
FINISHED = moment("2026-11-19 16:30", "周四")
NEXT_DAY = moment("2026-11-20 10:00", "周五")
PHOTO_REASON = "客户在外地，口头同意"
S0, S2, S3, S4 = (
    "first-contact", "service-centre", "complaint-procedure", "customer-communication",
)  # fmt: skip


#: What the regulations want to know before such work goes on; a test that cares says otherwise.
CLASSED: dict[object, dict[str, str | bool]] = {
    "complaint": {"cause": "class-3", "business": "security"},
    "repair": {"scope": "home", "repair_class": "small"},
}


@dataclass
class Desk:
    """What the people of 翠湖花园 do, in few words."""

    cast: Cast

    def of(self, who: Staff, at: datetime = NEXT_DAY) -> Scope:
        return scope_of(who, at)

    def adopts(self, regulation: str) -> None:
        """翠湖花园 follows this regulation and no other."""
        self.cast.follows(regulation)

    def registers(
        self, text: str = "厨房水槽下面漏水", *, at: datetime = OPENED, source: str = "phone",
        **facts: str | bool,
    ) -> Case:  # fmt: skip
        """李敏 hears 王女士 of 3栋2单元501."""
        facts = {**CLASSED.get(facts.get("kind"), {}), **facts}
        wanted = [rule for _, rule in rulebook(pin(self.cast.cuihu, at).pk).all("intake")]
        said = Told(
            text=text, source=source, name="王女士", phone="13900000421", unit=self.cast.home,
            customer=self.cast.mswang, facts=facts, heard_by="李敏" if source != "phone" else "",
            ticks=[tick.id for rule in wanted for tick in rule.ticks],
            details={name: "问过了" for rule in wanted for name in rule.details},
        )  # fmt: skip
        by = self.of(self.cast.limin, at)
        return register(project=self.cast.cuihu, told=said, by=by, at=at)

    def sends_to(self, case: Case, level: str, *, at: datetime = OPENED) -> Case:
        """The company's desk decides who handles it: the project or the company."""
        by = self.of(self.cast.zhengjie, at)
        return classify(case=case, facts={"handle_level": level}, by=by, at=at)

    def finishes(
        self, case: Case, *, at: datetime = FINISHED, department: str = "engineering",
        who: Staff | None = None,
    ) -> Case:  # fmt: skip
        """Handed to a department, looked into, and reported done by one of its people."""
        unit = self.cast.department(department)
        dispatch(case=case, lead=unit, by=self.of(self.cast.limin, at), at=at)
        worker = who or self.cast.chenjianguo
        by = self.of(worker, at)
        note(case=case, by=by, at=at, text="到现场看过，情况属实", tag="investigate")
        report_done(case=case, by=by, at=at, text="换了角阀，试水不漏")
        return case

    def finished(self, text: str = "厨房水槽下面漏水", **facts: Any) -> Case:
        return self.finishes(self.registers(text, **facts))

    def feeds_back(self, case: Case, *, at: datetime = FINISHED) -> Case:
        by = self.of(self.cast.limin, at)
        return feed_back(case=case, by=by, at=at, text="已修好", said_by="王女士")

    def closes(self, case: Case, *, at: datetime = FINISHED) -> Case:
        return close(case=case, by=self.of(self.cast.limin, at), at=at)

    def visit(self, case: Case, rule: str = "", *, at: datetime = FINISHED) -> Visit:
        """The visit that following the journal plans for the case in its present round."""
        follow(at=at)
        found = case.visits.filter(round=case.round)
        return found.get(rule=rule) if rule else found.get()

    def visits(self, case: Case, *, at: datetime = FINISHED) -> dict[str, Visit]:
        follow(at=at)
        return {visit.rule: visit for visit in case.visits.filter(round=case.round)}

    def asks(
        self, visit: Visit, result: str = "satisfied", *, by: Staff | None = None,
        at: datetime = NEXT_DAY, visitors: Sequence[Staff] = (), happened: datetime | None = None,
        **said: Any,
    ) -> Visit:  # fmt: skip
        """王芳, or who is named, rings 王女士 up."""
        visit.refresh_from_db()
        words = {"opinion": "" if result == "satisfied" else "还是漏", "spoken_to": "王女士"}
        answer = Answer(result=result, visitors=visitors, **{**words, **said})
        scope = self.of(by or self.cast.wangfang, at)
        return record(visit=visit, answer=answer, by=scope, at=at, happened=happened)

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


@pytest.fixture
def drawn(desk: Desk) -> Callable[..., Case]:
    """Finished repairs are made until one is drawn (or is not): nobody can choose."""

    def make(*, wanted: bool = True, **facts: Any) -> Case:
        for number in range(60):
            case = desk.finished(f"厨房水槽下面漏水 {number}", kind="repair", **facts)
            follow(at=FINISHED)
            state = Visit.State.PLANNED if wanted else Visit.State.NOT_DRAWN
            if case.visits.filter(state=state, rate__lt=1).exists():
                return case
        raise AssertionError("the draw never fell so in sixty cases")

    return make
