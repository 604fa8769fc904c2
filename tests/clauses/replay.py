"""Worked examples, replayed: what the journal of an example says is done through the actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from shouwen.accounts.actions import create_unit
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import staff_of
from shouwen.adoption.examples import Example, Expected, Happened, instant, written
from shouwen.adoption.examples import sample_calendar as calendar
from shouwen.cases.actions import classifying, closing, contacting, dispatching, working
from shouwen.cases.models import Case, Commitment
from shouwen.majors.actions import grading
from shouwen.outside.actions import referring, settling
from shouwen.outside.actions.parties import keep_party
from shouwen.rules.refused import Refused
from shouwen.rules.visits import is_drawn, visit_rules
from tests.clauses.product import Product

#: Departments of the examples -> functions of the departments of 翠湖花园.
FUNCTIONS = {"CH-GC": "engineering", "CH-HJ": "environment", "CH-AN": "security"}
#: What registering finds out by itself; the replay does not tell it, and looks that it comes out.
FOUND_OUT = frozenset({"source", "level", "night", "late_entry", "transferred"})
#: A case that the sample wants has this many chances to be drawn.
CHANCES = 80


class Replay:
    """One example in one project."""

    def __init__(self, product: Product, example: Example) -> None:
        self.product, self.example = product, example
        self.now = instant(example.opened, calendar())

    def run(self) -> list[str]:
        """What does not come out as the example says."""
        case = self._opened()
        found = case.facts | {"level": case.facts.get("level", "project")}
        wrong = [
            f"{name}: {found.get(name)!r}, expected {value!r}"
            for name, value in self.example.facts.items()
            if found.get(name) != value
        ]
        for happened in self.example.entries:
            self.product.now = instant(happened.at, calendar())
            self._happens(case, happened)
        rows = {row.key: row for row in case.commitments.select_related("department")}
        wrong += [
            difference for one in self.example.expect for difference in self._differs(one, rows)
        ]
        there = {row.rule for row in rows.values()}
        return wrong + [f"{rule} is there" for rule in self.example.absent if rule in there]

    # --- What happens -----------------------------------------------------------------------------

    def _opened(self) -> Case:
        """Registered; again and again until the draw is that of the example's number."""
        for _ in range(CHANCES):
            self.product.now = self.now
            case = self._register()
            rules = visit_rules(self.product.book(case), case.facts)
            if all(
                is_drawn(rule, case.number, 1) == is_drawn(rule, self.example.number, 1)
                for _, rule in rules
            ):
                return case
        raise AssertionError("never drawn as the example says")

    def _register(self) -> Case:
        facts = dict(self.example.facts)
        told: dict[str, Any] = {}
        if facts.get("transferred"):
            told = {"sender": "业主委员会", "sender_number": "2026-31"}
        if "sender_due" in self.example.data:
            told["sender_due"] = datetime.fromisoformat(self.example.data["sender_due"])
        by = "company_cs" if facts.get("level") == "company" else "csr"
        chosen: dict[str, Any] = {n: value for n, value in facts.items() if n not in FOUND_OUT}
        kind = str(chosen.pop("kind"))
        source = str(facts.get("source", "phone"))
        return self.product.registers(kind, by=by, source=source, told=told, **chosen)

    def _happens(self, case: Case, happened: Happened) -> None:
        doing: dict[str, Callable[[Case, dict[str, Any]], object]] = {
            "dispatched": self._dispatched, "accepted": self._accepted,
            "assigned": self._assigned, "transferred": self._transferred,
            "arrived": self._arrived, "classified": self._classified,
            "customer-contacted": self._contacted, "promise-agreed": self._agreed,
            "waiting": self._waiting, "resumed": self._resumed, "noted": self._noted,
            "reported": self._reported, "done": self._done, "visited": self._visited,
            "reopened": self._reopened, "downgrade-asked": self._downgrade_asked,
            "downgrade-ruled": self._downgrade_ruled, "suggestion-decided": self._decided,
            "remedy-set": self._remedied, "referral-answered": self._answered_outside,
        }  # fmt: skip
        doing[happened.verb](case, dict(happened.data))

    def _dispatched(self, case: Case, data: dict[str, Any]) -> None:
        self.product.completes(case, "dispatched")
        units = [self._unit(code) for code in data["departments"]]
        lead = self._unit(data["lead"]) if "lead" in data else None
        dispatching.dispatch(
            case=case, lead=lead, assist=[u for u in units if u != lead],
            **self.product.acts("csr"),
        )  # fmt: skip

    def _accepted(self, case: Case, data: dict[str, Any]) -> None:
        unit = self._unit(data["department"])
        dispatching.accept(case=case, department=unit, **self._somebody(unit))

    def _assigned(self, case: Case, data: dict[str, Any]) -> None:
        unit = case.department
        assert unit is not None
        to = staff_of(unit, self.product.now)[0]
        dispatching.assign(case=case, to=to, **self._somebody(unit))

    def _transferred(self, case: Case, data: dict[str, Any]) -> None:
        dispatching.transfer(
            case=case, from_=self._unit(data["from"]), to=self._unit(data["to"]),
            reason="不属本部门", **self.product.acts("csr"),
        )  # fmt: skip

    def _arrived(self, case: Case, data: dict[str, Any]) -> None:
        working.arrive(case=case, **self._somebody(case.department))

    def _classified(self, case: Case, data: dict[str, Any]) -> None:
        classifying.classify(
            case=case, facts=data["facts"], reason=data.get("reason", ""),
            **self.product.acts("csr"),
        )  # fmt: skip

    def _contacted(self, case: Case, data: dict[str, Any]) -> None:
        contacting.contact_customer(case=case, text="已联系", **self.product.acts("csr"))

    def _agreed(self, case: Case, data: dict[str, Any]) -> None:
        keys = [self._key(key) for key in data["keys"]]
        contacting.agree_promise(
            case=case, until=datetime.fromisoformat(data["until"]), keys=keys,
            consent_by="王女士", **self.product.acts("csr"),
        )  # fmt: skip

    def _waiting(self, case: Case, data: dict[str, Any]) -> None:
        who = "project_manager" if data.get("approved") else "csr"
        working.wait(case=case, reason="outside", text=data["reason"], **self.product.acts(who))

    def _resumed(self, case: Case, data: dict[str, Any]) -> None:
        working.resume(case=case, **self.product.acts("csr"))

    def _noted(self, case: Case, data: dict[str, Any]) -> None:
        working.note(case=case, text=data["text"], tag=data["tag"], **self.product.acts("csr"))

    def _reported(self, case: Case, data: dict[str, Any]) -> None:
        working.report_up(case=case, question="请示", **self.product.acts("csr"))

    def _done(self, case: Case, data: dict[str, Any]) -> None:
        self.product.completes(case, "done")
        working.report_done(case=case, text="已处理", **self._somebody(case.department))

    def _visited(self, case: Case, data: dict[str, Any]) -> None:
        """A visit before its window opens is refused: what does not count cannot be recorded."""
        if not data.get("too_early"):
            self.product.visits(case, data["rule"], result=data["result"])
            return
        with pytest.raises(Refused) as refused:
            self.product.visits(case, data["rule"], result=data["result"])
        assert refused.value.code == "too-early"

    def _reopened(self, case: Case, data: dict[str, Any]) -> None:
        closing.reopen(
            case=case, reason=data["reason"], channel="visit", **self.product.acts("csr")
        )

    def _decided(self, case: Case, data: dict[str, Any]) -> None:
        self.product.decides(case, data["decision"], data["reason"])

    def _downgrade_asked(self, case: Case, data: dict[str, Any]) -> None:
        grading.ask_downgrade(
            case=case, grade=data["to"], reason=data["reason"], **self.product.acts("csr")
        )

    def _downgrade_ruled(self, case: Case, data: dict[str, Any]) -> None:
        grading.rule_downgrade(
            case=case, ok=data["approved"], reason=data["reason"],
            **self.product.acts("company_cs"),
        )  # fmt: skip

    def _remedied(self, case: Case, data: dict[str, Any]) -> None:
        until = datetime.fromisoformat(data["until"])
        settling.set_remedy(
            case=case, cause="排班遗漏", method="重新排班", until=until,
            **self.product.acts("project_manager"),
        )  # fmt: skip

    def _answered_outside(self, case: Case, data: dict[str, Any]) -> None:
        """The report of a legacy defect, all the way to the opinion."""
        developer = keep_party(
            project=case.project, name="锦绣地产", kind="developer",
            **self.product.acts("project_manager"),
        )  # fmt: skip
        referral = referring.open_referral(
            case=case, path=data["path"], party=developer, problem=case.text, wanted="请维修",
            households=12, **self.product.acts("csr"),
        )  # fmt: skip
        for step, who in (
            ("forward", "csr"), ("send", "company_leader"), ("answer", "company_leader"),
        ):  # fmt: skip
            referring.take_step(
                referral=referral, step=step, text="明春翻修", **self.product.acts(who)
            )

    def _somebody(self, unit: OrgUnit | None) -> dict[str, Any]:
        """Somebody of the department, else the desk."""
        people = staff_of(unit, self.product.now) if unit else []
        return self.product.acts(people[0] if people else "csr")

    def _unit(self, code: str) -> OrgUnit:
        if code in FUNCTIONS:
            return self.product.department(FUNCTIONS[code])
        return OrgUnit.objects.filter(code=code).first() or create_unit(
            kind="department", code=code, name="公司工程部", parent=self.product.cast.jinxiu,
            function="engineering",
        )  # fmt: skip

    # --- What comes out ---------------------------------------------------------------------------

    def _key(self, key: str) -> str:
        for code in FUNCTIONS:
            key = key.replace(code, self._unit(code).code)
        return key

    def _differs(self, one: Expected, rows: dict[str, Commitment]) -> list[str]:
        key = "/".join(filter(None, (one.commitment, str(one.round), self._key(one.department))))
        row = rows.get(key)
        if row is None:
            return [f"{key} is not promised; there are: {sorted(rows)}"]
        pairs = [
            ("due", one.due, written(row.due_at, calendar())),
            ("not before", one.not_before or None, written(row.not_before, calendar())),
            ("outcome", one.outcome, row.outcome),
        ]
        return [
            f"{key}: {what} {real!r}, expected {wanted!r}"
            for what, wanted, real in pairs
            if wanted is not None and wanted != real
        ]
