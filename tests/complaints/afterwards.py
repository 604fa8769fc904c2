"""What follows the work: return visits, and what is learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.accounts.models import Staff
from shouwen.followup.actions.following import follow
from shouwen.followup.actions.planning import choose_visitor, plan_visit
from shouwen.followup.actions.recording import Answer, Said, attempt, record, visit_during
from shouwen.followup.models import Visit
from shouwen.followup.queries import rule_of
from shouwen.learning.actions import collecting, correcting, praising, proposing, suggesting
from shouwen.learning.models import Correction, Suggestion
from shouwen.rules.vocabulary import HOUSE_PARTS
from tests.complaints.walk import (
    DESK,
    LEADERS,
    MOST,
    PEOPLE,
    STRANGERS,
    Step,
    Turn,
    Walk,
    there_are,
    turn,
)

PLAN = {"cause": "没有巡查", "measure": "加派", "prevention": "每日检查"}


def visits(state: str = "") -> list[Visit]:
    rows = Visit.objects.select_related("case").order_by("pk")
    return list(rows.filter(state=state) if state else rows)


def corrections() -> list[Correction]:
    return list(Correction.objects.order_by("pk"))


class Afterwards(Walk):
    # --- Return visits ----------------------------------------------------------------------------

    @there_are(visits)
    @rule(turn=turn(*LEADERS), data=st.data(), to=st.sampled_from((*DESK, *LEADERS)))
    def plan_visit(self, turn: Turn, data: st.DataObject, to: str) -> None:
        undrawn, planned = visits("not-drawn"), visits("planned")
        visit = data.draw(st.sampled_from([*undrawn, *planned] or visits()), label="visit")
        if visit.state == Visit.State.NOT_DRAWN:
            self.do(turn, plan_visit, visit=visit)
        else:
            self.do(turn, choose_visitor, visit=visit, people=[self.person(to)])

    @there_are(visits)
    @rule(turn=turn(*DESK), data=st.data(), outcome=st.sampled_from(["no-answer", "later"]))
    def try_in_vain(self, turn: Turn, data: st.DataObject, outcome: str) -> None:
        visit = data.draw(st.sampled_from(visits("planned") or visits()), label="visit")
        self.do(turn, attempt, visit=visit, outcome=outcome, again_at=self.soon())

    @rule(
        turn=turn(*DESK, "zhoumin", "zhengjie"), data=st.data(), item=st.booleans(),
        result=st.sampled_from(["satisfied", "partly", "unsatisfied"]),
    )  # fmt: skip
    def visit(self, turn: Turn, data: st.DataObject, item: bool, result: str) -> None:
        """As the rule wants it, some days after the work; the customer says what he likes."""
        follow(at=self.at)
        self.moved()
        if not visits():
            return
        visit = data.draw(st.sampled_from([*visits("planned") * 9, *visits()]), label="visit")
        known = rule_of(visit)
        answer = Answer(
            result=result, opinion="还是有味道", spoken_to="业主", no_signature="电话中答复",
            mode=known.modes[0] if known.modes else "phone",
            scores={score.id: "满意" for score in known.scores},
            visitors=self._visitors(visit), items=self._asked_besides() if item else (),
        )  # fmt: skip
        self.wait(2 * 24 * 60)
        self.do(self._typist(turn, answer.visitors), record, visit=visit, answer=answer)

    def _visitors(self, visit: Visit) -> list[Staff]:
        """Those whom the rule wants; nobody where the one it means has done the work himself."""
        try:
            return self.product.visitors(visit.case, rule_of(visit))
        except StopIteration:
            return []

    def _typist(self, turn: Turn, visitors: Sequence[Staff]) -> Turn:
        names = [name for name in PEOPLE if self.person(name) in visitors]
        return replace(turn, who=names[0]) if names and turn.who not in STRANGERS else turn

    def _asked_besides(self) -> tuple[Said, ...]:
        return (Said("门口的灯不亮", reply_by=self.soon()),) if len(self.cases) < MOST else ()

    @rule(turn=turn(*DESK))
    def visit_during(self, turn: Turn) -> None:
        self.do(turn, visit_during, case=self.case(turn), opinion="还没有人来")

    # --- What is learned --------------------------------------------------------------------------

    @rule(turn=turn(*LEADERS), trigger=st.sampled_from(["visit", "survey", "measure"]))
    def propose_correction(self, turn: Turn, trigger: str) -> None:
        found = proposing.Found(trigger=trigger, title="油烟", problem="反复投诉")
        self.do(turn, proposing.propose_on, case=self.case(turn), found=found)

    @there_are(corrections)
    @rule(turn=turn(*LEADERS), data=st.data(), ok=st.booleans(), far=st.integers(0, 6))
    def correct(self, turn: Turn, data: st.DataObject, ok: bool, far: int) -> None:
        """One step in whatever order, or so much of the course."""
        row = data.draw(st.sampled_from(corrections()), label="correction")
        about = {"correction": row, "text": "已加派，巡查三晚"}
        owner = {"owner": self.cast.wuqiang, "due": self.soon()}
        steps: list[Step] = [
            ("sunli", correcting.review, about),
            ("zhoumin", correcting.open_correction, {**about, **owner}),
            ("wuqiang", correcting.plan, {"correction": row, **PLAN}),
            ("wuqiang", correcting.finish, about),
            ("sunli", correcting.verify, {**about, "ok": ok}),
            ("zhoumin", correcting.check, {**about, "effective": ok, "due": self.soon()}),
        ]
        dismissal: Step = ("zhoumin", correcting.dismiss, about)
        one = data.draw(st.sampled_from([*steps, dismissal]), label="step")
        self.course(turn, steps[:far] if far else [one])

    @precondition(lambda self: Suggestion.objects.exists())
    @rule(turn=turn(*LEADERS), decision=st.sampled_from(["adopted", "declined", "planned"]))
    def decide_on_suggestion(self, turn: Turn, decision: str) -> None:
        found = Suggestion.objects.select_related("case").earliest("pk")
        said = {"decision": decision, "reason": "已有安排", "plan": "下月施工"}
        self.do(turn, suggesting.decide, suggestion=found, **said)

    @rule(turn=turn(*LEADERS), what=st.sampled_from(["praise", "typical", "defect"]))
    def learn_from_it(self, turn: Turn, what: str) -> None:
        case = self.case(turn)
        if what == "praise":
            who = self.person("gaofei")
            self.do(turn, praising.link_praise, case=case, staff=who, text="很耐心")
        elif what == "typical":
            said = {"title": "油烟", "story": "从五月起", "lesson": "早协商"}
            self.do(turn, collecting.choose, case=case, **said)
        else:
            said = {"part": next(iter(HOUSE_PARTS)), "defect": "渗漏"}
            self.do(turn, collecting.note_defect_on, case=case, **said)
