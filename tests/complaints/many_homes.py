"""Many households with one cause: the group, its statement, the one who speaks."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.cases.actions import contacting
from shouwen.cases.models import Case
from shouwen.groups.actions import answering, grouping
from shouwen.groups.models import GroupMatter, Statement
from shouwen.groups.queries import members
from tests.complaints.walk import DESK, LEADERS, MOST, TEXTS, Step, Turn, Walk, there_are, turn


def groups() -> list[GroupMatter]:
    return list(GroupMatter.objects.order_by("pk"))


class Households(Walk):
    @precondition(lambda self: len(self.cases) < MOST)
    @rule(text=st.sampled_from(TEXTS), cause=st.sampled_from(["", "class-1", "class-3"]))
    def neighbour_complains(self, text: str, cause: str) -> None:
        self.complains(len(self.cases), text, **({"cause": cause} if cause else {}))

    @precondition(lambda self: len(self.cases) < MOST and not groups())
    @rule(turn=turn(*DESK), far=st.integers(0, 6))
    def whole_house_complains(self, turn: Turn, far: int) -> None:
        """Five homes and more at once, put together; and so much of what follows."""
        while len(self.cases) < MOST and self.complains(len(self.cases), TEXTS[0]):
            continue
        group = self.do(turn, grouping.open_matter, cases=self.cases, title="油烟")
        if group:
            self.course(turn, self._group_course(group)[:far])

    def _group_course(self, group: GroupMatter) -> list[Step]:
        """From the one who speaks, beside whom others try to, to the end."""
        about, draft = {"matter": group}, group.statements.first()
        answer = {"text": "正在整改", "channel": "phone", "result": True}
        cases = [member.case for member in members(group)]
        told = {"text": "我们在办"}
        another: list[Step] = [
            ("sunli", contacting.contact_customer, {"case": case, **told}) for case in cases[:2]
        ]
        steps: list[Step] = [
            ("zhoumin", answering.name_speaker, {**about, "to": self.cast.limin}),
            *another,
            ("sunli", answering.draft_statement, {**about, "text": "协商中", "measures": "净化"}),
            ("limin", answering.answer_all, {**about, "cases": cases, **answer}),
            ("zhoumin", grouping.close_matter, {**about, "result": "饭店已整改"}),
        ]
        approved = {"statement": draft, "approve": True, "opinion": ""}
        ruled: list[Step] = [("zhengjie", answering.rule_on_statement, approved)] if draft else []
        return [*steps[:-2], *ruled, *steps[-2:]]

    @there_are(groups)
    @rule(turn=turn(*LEADERS), data=st.data(), far=st.integers(0, 7))
    def go_on_with_group(self, turn: Turn, data: st.DataObject, far: int) -> None:
        """One step of it in whatever order, or so much of its course."""
        group = self._group(data)
        steps = self._group_course(group)
        one = data.draw(st.sampled_from(steps), label="step")
        self.course(turn, steps[:far] if far else [one])

    @rule(turn=turn(*DESK), data=st.data())
    def open_group(self, turn: Turn, data: st.DataObject) -> None:
        cases = self._some(data, self.cases)
        self.do(turn, grouping.open_matter, cases=cases, title="油烟")

    @there_are(groups)
    @rule(turn=turn(*DESK), data=st.data())
    def join(self, turn: Turn, data: st.DataObject) -> None:
        cases = self._some(data, self.cases)
        self.do(turn, grouping.join, matter=self._group(data), cases=cases)

    @there_are(groups)
    @rule(turn=turn(*DESK), data=st.data(), split=st.booleans())
    def leave_or_split(self, turn: Turn, data: st.DataObject, split: bool) -> None:
        group = self._group(data)
        cases = self._some(data, [member.case for member in members(group)] or self.cases)
        if split:
            said = {"title": "另一家", "why": "另有原因"}
            self.do(turn, grouping.split, matter=group, cases=cases, **said)
        else:
            self.do(turn, grouping.leave, matter=group, case=cases[0], why="不是同一件事")

    @precondition(lambda self: Statement.objects.exists())
    @rule(turn=turn("zhengjie", "zhoumin"), data=st.data(), approve=st.booleans())
    def rule_on_statement(self, turn: Turn, data: st.DataObject, approve: bool) -> None:
        statements = list(Statement.objects.select_related("matter").order_by("-pk"))
        statement = data.draw(st.sampled_from(statements), label="statement")
        said = {"approve": approve, "opinion": "看过"}
        self.do(turn, answering.rule_on_statement, statement=statement, **said)

    @there_are(groups)
    @rule(turn=turn(*LEADERS), data=st.data(), to=st.sampled_from((*DESK, "zhoumin", "dingyi")))
    def name_speaker(self, turn: Turn, data: st.DataObject, to: str) -> None:
        group = self._group(data)
        self.do(turn, answering.name_speaker, matter=group, to=self.person(to))

    @there_are(groups)
    @rule(turn=turn(*DESK), data=st.data(), result=st.booleans())
    def answer_all(self, turn: Turn, data: st.DataObject, result: bool) -> None:
        group = self._group(data)
        cases = [member.case for member in members(group)]
        said = {"text": "正在整改", "channel": "phone", "result": result}
        self.do(turn, answering.answer_all, matter=group, cases=cases, **said)

    @precondition(lambda self: GroupMatter.objects.exclude(speaker=None).exists())
    @rule(turn=turn(*DESK, *LEADERS), result=st.booleans())
    def somebody_answers(self, turn: Turn, result: bool) -> None:
        """The one who speaks, or one of those who may not while he does."""
        group = GroupMatter.objects.exclude(speaker=None).latest("pk")
        cases = [member.case for member in members(group)] or self.cases
        act = contacting.feed_back if result else contacting.contact_customer
        self.do(turn, act, case=cases[turn.case % len(cases)], text="正在整改")

    def _group(self, data: st.DataObject) -> GroupMatter:
        group: GroupMatter = data.draw(st.sampled_from(groups()), label="group")
        return group

    def _some(self, data: st.DataObject, cases: list[Case]) -> list[Case]:
        which = st.lists(st.sampled_from(range(len(cases))), min_size=1, unique=True)
        return [cases[n] for n in data.draw(which, label="cases")]
