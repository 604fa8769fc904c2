"""Many households with one cause: the group, its statement, the one who speaks."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.cases.models import Case
from shouwen.groups.actions import answering, grouping
from shouwen.groups.models import GroupMatter, Statement
from shouwen.groups.queries import members
from tests.complaints.walk import DESK, LEADERS, MOST, TEXTS, Turn, Walk, turn


def groups() -> list[GroupMatter]:
    return list(GroupMatter.objects.order_by("pk"))


class Households(Walk):
    @precondition(lambda self: len(self.cases) < MOST)
    @rule(text=st.sampled_from(TEXTS), cause=st.sampled_from(["", "class-1", "class-3"]))
    def neighbour_complains(self, text: str, cause: str) -> None:
        self.complains(len(self.cases), text, **({"cause": cause} if cause else {}))

    @precondition(lambda self: 1 < len(self.cases) < MOST and not groups())
    @rule(turn=turn(*DESK))
    def whole_house_complains(self, turn: Turn) -> None:
        """Five homes at once, found and put together."""
        while len(self.cases) < MOST - 1 and self.complains(len(self.cases), TEXTS[0]):
            continue
        self.do(turn, grouping.open_matter, cases=self.cases, title="油烟")

    @rule(turn=turn(*DESK), data=st.data())
    def open_group(self, turn: Turn, data: st.DataObject) -> None:
        cases = self._some(data, self.cases)
        self.do(turn, grouping.open_matter, cases=cases, title="油烟")

    @precondition(lambda self: groups())
    @rule(turn=turn(*DESK), data=st.data())
    def join(self, turn: Turn, data: st.DataObject) -> None:
        cases = self._some(data, self.cases)
        self.do(turn, grouping.join, matter=self._group(data), cases=cases)

    @precondition(lambda self: groups())
    @rule(turn=turn(*DESK), data=st.data(), split=st.booleans())
    def leave_or_split(self, turn: Turn, data: st.DataObject, split: bool) -> None:
        group = self._group(data)
        cases = self._some(data, [member.case for member in members(group)] or self.cases)
        if split:
            said = {"title": "另一家", "why": "另有原因"}
            self.do(turn, grouping.split, matter=group, cases=cases, **said)
        else:
            self.do(turn, grouping.leave, matter=group, case=cases[0], why="不是同一件事")

    @precondition(lambda self: groups())
    @rule(turn=turn(*LEADERS), data=st.data())
    def close_group(self, turn: Turn, data: st.DataObject) -> None:
        self.do(turn, grouping.close_matter, matter=self._group(data), result="饭店已整改")

    @precondition(lambda self: groups())
    @rule(turn=turn(*LEADERS), data=st.data())
    def draft_statement(self, turn: Turn, data: st.DataObject) -> None:
        group = self._group(data)
        said = {"text": "正与饭店协商", "measures": "加装净化器"}
        self.do(turn, answering.draft_statement, matter=group, **said)

    @precondition(lambda self: Statement.objects.exists())
    @rule(turn=turn("zhengjie", "zhoumin"), data=st.data(), approve=st.booleans())
    def rule_on_statement(self, turn: Turn, data: st.DataObject, approve: bool) -> None:
        statements = list(Statement.objects.select_related("matter").order_by("-pk"))
        statement = data.draw(st.sampled_from(statements), label="statement")
        said = {"approve": approve, "opinion": "看过"}
        self.do(turn, answering.rule_on_statement, statement=statement, **said)

    @precondition(lambda self: groups())
    @rule(turn=turn(*LEADERS), data=st.data(), to=st.sampled_from((*DESK, "zhoumin", "dingyi")))
    def name_speaker(self, turn: Turn, data: st.DataObject, to: str) -> None:
        group = self._group(data)
        self.do(turn, answering.name_speaker, matter=group, to=self.person(to))

    @precondition(lambda self: groups())
    @rule(turn=turn(*DESK), data=st.data(), result=st.booleans())
    def answer_all(self, turn: Turn, data: st.DataObject, result: bool) -> None:
        group = self._group(data)
        cases = [member.case for member in members(group)]
        said = {"text": "正在整改", "channel": "phone", "result": result}
        self.do(turn, answering.answer_all, matter=group, cases=cases, **said)

    def _group(self, data: st.DataObject) -> GroupMatter:
        group: GroupMatter = data.draw(st.sampled_from(groups()), label="group")
        return group

    def _some(self, data: st.DataObject, cases: list[Case]) -> list[Case]:
        which = st.lists(st.sampled_from(range(len(cases))), min_size=1, unique=True)
        return [cases[n] for n in data.draw(which, label="cases")]
