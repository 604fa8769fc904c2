"""The product as a project has it that adopted a regulation. Whatever happens here goes through the
actions that the pages call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from shouwen import clock
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions import classifying, closing, contacting, dispatching, intake, working
from shouwen.cases.actions.intake import Told
from shouwen.cases.models import Case, Commitment, JournalEntry
from shouwen.cases.queries import as_entries, journal
from shouwen.followup.actions.following import follow
from shouwen.followup.actions.planning import plan_visit
from shouwen.followup.actions.recording import Answer, record
from shouwen.followup.models import Visit
from shouwen.learning.actions.suggesting import decide, keep
from shouwen.notify.actions import deliver
from shouwen.rules.case_kinds import Need, ReturnVisit
from shouwen.rules.closing import Line, checklist
from shouwen.rules.lifecycle import fold
from shouwen.rules.regulation import Rulebook
from tests.cast import FOUNDED, Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment

MORNING = moment("2026-11-19 09:12", "周四")
TEXT = "希望物业尽快处理"
#: What is chosen where a test does not care; else the first value of the list.
USUAL = {"cause": "class-3", "kind": "complaint", "validity": "valid", "fee": "free"}
#: Who looks at the result where the regulation names nobody: never the one who did the work.
CHECKER = "project_manager"


@dataclass
class Product:
    """`product.registers("complaint", source="letter")`, then what is done with it."""

    cast: Cast
    now: datetime = MORNING
    people: dict[str, Staff] = field(init=False)
    """Somebody for every role."""

    def __post_init__(self) -> None:
        cast = self.cast
        self.people = {
            "csr": cast.limin, "engineer": cast.chenjianguo, "repair_head": cast.liuqiang,
            "dept_head": cast.wuqiang, "project_manager": cast.zhoumin, "cs_head": cast.sunli,
            "company_cs": cast.zhengjie, "company_leader": cast.zhaogang, "hq_cs": cast.qianhong,
            "hotline400": cast.fengjuan, "night_duty": cast.gaofei, "contractor": cast.dingyi,
        }  # fmt: skip

    def adopts(self, *regulations: str) -> None:
        """翠湖花园 follows these and no other."""
        self.cast.follows(*regulations, since=FOUNDED + timedelta(minutes=1))

    def scope(self, who: Staff | str) -> Scope:
        staff = self.people[who] if isinstance(who, str) else who
        return scope_of(staff, self.now)

    def acts(self, who: Staff | str) -> dict[str, Any]:
        """Who does it and when: `dispatch(case=case, lead=…, **product.acts("csr"))`."""
        return {"by": self.scope(who), "at": self.now}

    def later(self, **duration: float) -> datetime:
        self.now += timedelta(**duration)
        return self.now

    # --- A case -----------------------------------------------------------------------------------

    def registers(
        self, kind: str = "complaint", *, by: Staff | str = "csr", text: str = TEXT,
        told: dict[str, Any] | None = None, **facts: Any,
    ) -> Case:  # fmt: skip
        """王女士 of 3栋2单元501 says something."""
        source = str(facts.pop("source", "phone"))
        said = {
            "name": "王女士", "phone": "13900000421", "address": "3栋2单元501",
            "source": source, "facts": {"kind": kind, **facts}, **(told or {}),
        }  # fmt: skip
        return intake.register(
            project=self.cast.cuihu, told=Told(text=text, **said), **self.acts(by)
        )

    def book(self, case: Case) -> Rulebook:
        return rulebook(case.rulebook_id)

    def lines(self, case: Case, before: str = "closed") -> dict[str, Line]:
        """What the case still lacks before a verb."""
        found = checklist(self.book(case), as_entries(journal(case)), before)
        return {line.id: line for line in found if not line.done}

    def marks_urgent(self, case: Case, *, urgent: bool = True, by: Staff | str = "csr") -> Case:
        return classifying.mark_urgent(case=case, reason="据了解", urgent=urgent, **self.acts(by))

    def row(self, case: Case, rule: str) -> Commitment:
        return case.commitments.filter(rule=rule).latest("pk")

    def told(self, staff: Staff) -> list[str]:
        """The subjects in somebody's inbox."""
        deliver(at=self.now)
        return list(staff.notices.order_by("pk").values_list("subject", flat=True))

    def entry(self, case: Case, verb: str) -> JournalEntry:
        return case.journal.filter(verb=verb).latest("seq")

    def looks(self, who: Staff | str, name: str, *args: Any, **query: str) -> Any:
        """The answer to somebody who opens a page: `looks("csr", "cases:case", case.number)`."""
        client = Client()
        client.force_login(self.scope(who).staff, backend=MODEL_BACKEND)
        with clock.set_to(self.now):
            return client.get(reverse(name, args=args), query)

    # --- Its life ---------------------------------------------------------------------------------

    def dispatches(self, case: Case, function: str = "engineering", *assist: str) -> Case:
        units = [self.cast.department(name) for name in (function, *assist)]
        return dispatching.dispatch(case=case, lead=units[0], assist=units[1:], **self.acts("csr"))

    def dispatches_to(self, case: Case, code: str) -> Case:
        unit = OrgUnit.objects.get(code=code)
        return dispatching.dispatch(case=case, lead=unit, **self.acts("csr"))

    def accepts(self, case: Case, who: Staff | str) -> Case:
        return dispatching.accept(case=case, **self.acts(who))

    def reopens(self, case: Case) -> Case:
        return closing.reopen(case=case, reason="又坏了", channel="phone", **self.acts("csr"))

    def works(self, case: Case, function: str = "engineering", leave: Sequence[str] = ()) -> Case:
        """Dispatched, and done by 陈建国, with everything that the regulation wants before it."""
        self.completes(case, "dispatched", leave)
        self.dispatches(case, function)
        self.completes(case, "done", leave)
        return self.does(case)

    def does(self, case: Case) -> Case:
        who = "engineer" if case.department == self.cast.department("engineering") else "csr"
        return working.report_done(case=case, text="已处理", signed=True, **self.acts(who))

    def decides(self, case: Case, decision: str, reason: str = "") -> None:
        """The director takes a suggestion up, or does not."""
        suggestion = keep(case)
        assert suggestion is not None
        acts = self.acts("project_manager")
        decide(suggestion=suggestion, decision=decision, reason=reason, **acts)

    def feeds_back(self, case: Case) -> Case:
        return contacting.feed_back(case=case, text="已告知结果", **self.acts("csr"))

    def ends(self, case: Case, leave: Sequence[str] = ()) -> Case:
        """Done, fed back, and all that closing wants but what is left."""
        self.works(case, leave=leave)
        if not any(line.verb == "fed-back" for line in self._left(case, leave)):
            self.feeds_back(case)
        self.completes(case, "replied-sender", leave)
        self.completes(case, "closed", leave)
        return case

    def closes(self, case: Case, by: Staff | str = "project_manager") -> Case:
        return closing.close(case=case, **self.acts(by))

    def completes(self, case: Case, before: str, leave: Sequence[str] = ()) -> None:
        """Everything that the regulation wants before a verb, but what is left."""
        for _ in range(20):
            open_ = [line for name, line in self.lines(case, before).items() if name not in leave]
            if not open_:
                return
            self.fills(case, open_[0])
        raise AssertionError(f"never complete: {self.lines(case, before)}")

    def _left(self, case: Case, leave: Sequence[str]) -> list[Line]:
        return [line for name, line in self.lines(case).items() if name in leave]

    def fills(self, case: Case, line: Line) -> None:
        """Do what one line wants."""
        who = self._who(case, line)
        acts = self.acts(who)
        if line.verb == "ticked":
            intake.tick(case=case, ticks=[line.id], **acts)
        elif line.verb == "detailed":
            intake.add_details(case=case, details={line.id: "有"}, **acts)
        elif line.verb == "classified":
            self._classifies(case, line.id)
        elif line.verb == "noted":
            working.note(case=case, text="已办", tag=line.tag, signed=True, **acts)
        elif line.verb == "verified":
            working.verify(case=case, ok=True, opinion="属实", **acts)
        elif line.verb == "reported":
            working.report_up(case=case, question="处理结果报告", **acts)
        elif line.verb == "suggestion-decided":
            self.decides(case, "adopted")
        elif line.verb == "fed-back":
            self.feeds_back(case)
        elif line.verb == "replied-sender":
            self.completes(case, "replied-sender")
            contacting.reply_to_sender(case=case, text="已办结", **acts)
        elif line.verb == "visited":
            self.visits(case, self._need(case, line).rule)
        else:
            raise AssertionError(f"nobody knows how to fill {line}")

    def _need(self, case: Case, line: Line) -> Need:
        needs: Need = next(r.needs for _, r in self.book(case).all("closing") if r.id == line.id)
        return needs

    def _who(self, case: Case, line: Line) -> str:
        """Whoever may: 吴强, the head of another department, does not even see the case."""
        if line.verb in ("ticked", "detailed", "classified", "fed-back", "replied-sender"):
            return "csr"
        if line.id == "unsatisfied":
            return CHECKER
        need = self._need(case, line)
        able = [role for role in need.by if role in self.people and role != "dept_head"]
        if line.verb == "verified" or "project_manager" in able:
            return next((r for r in able if r != CHECKER), CHECKER) if need.by else CHECKER
        return able[0] if able else "csr"

    def _classifies(self, case: Case, axis_id: str) -> None:
        found = self.book(case).axis(axis_id)
        assert found is not None
        axis = found[1]
        usual = [v.code for v in axis.values if v.code == USUAL.get(axis_id)]
        value = (usual or [axis.values[0].code])[0]
        who = "csr" if not axis.decided_by or "csr" in axis.decided_by else axis.decided_by[0]
        classifying.classify(
            case=case, facts={axis_id: value}, reason="据所述情况", **self.acts(who)
        )

    # --- Return visits ----------------------------------------------------------------------------

    def visit(self, case: Case, rule: str) -> Visit:
        """The visit by a rule, drawn or added to the sample by hand."""
        follow(at=self.now)
        visit = Visit.objects.get(case=case, rule=rule, round=case.round)
        if visit.state == Visit.State.NOT_DRAWN:
            plan_visit(visit=visit, **self.acts("project_manager"))
            visit.refresh_from_db()
        return visit

    def visit_rule(self, visit: Visit) -> ReturnVisit:
        rules = self.book(visit.case).all("return_visit")
        rule: ReturnVisit = next(rule for _, rule in rules if rule.id == visit.rule)
        return rule

    def visitors(self, case: Case, rule: ReturnVisit) -> list[Staff]:
        """Who may go by the rule: one for each place where several go."""
        handlers = fold(as_entries(journal(case))).handlers
        places = rule.by if rule.together > 1 else rule.by[:1]
        return [self._goes(place, rule, handlers) for place in places[: rule.together]]

    def _goes(self, place: str, rule: ReturnVisit, handlers: set[str]) -> Staff:
        if place == "handler":
            return next(p for p in self.people.values() if p.number in handlers)
        able = [self.people[place], *([self.cast.wangfang] if place == "csr" else [])]
        return next(p for p in able if not (rule.never_by and p.number in handlers))

    def visits(self, case: Case, rule: str, by: Staff | None = None, **said: Any) -> Visit:
        """Make a visit as its rule wants it, but for what the test says otherwise."""
        visit = self.visit(case, rule)
        known = self.visit_rule(visit)
        visitors = self.visitors(case, known)
        given: dict[str, Any] = {
            "result": "satisfied", "spoken_to": "王女士", "visitors": visitors,
            "mode": known.modes[0] if known.modes else "phone",
            "scores": {score.id: "满意" for score in known.scores},
            "no_signature": "电话中答复，无法签名",
        }  # fmt: skip
        record(
            visit=visit, answer=Answer(**given | said), **self.acts(by or self._typist(visitors))
        )
        case.refresh_from_db()
        visit.refresh_from_db()
        return visit

    def _typist(self, visitors: Sequence[Staff]) -> Staff:
        """One of the visitors; the desk types for those who see only the work of a department."""
        narrow = (self.cast.wuqiang, self.cast.liuqiang, self.cast.chenjianguo)
        return next((person for person in visitors if person not in narrow), self.cast.limin)

    def department(self, function: str) -> OrgUnit:
        return self.cast.department(function)
