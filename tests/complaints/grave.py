"""How grave a complaint is, and the major event that it may become."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.majors.actions import events, following, foreseeing, grading, reporting, speaking
from shouwen.majors.models import SECTIONS, EarlyWarning, EventAction, MajorEvent, Sending
from shouwen.rules.grades import AXIS, criteria
from tests.complaints.walk import LEADERS, MINUTES, Turn, Walk, turn

PRESS = {"medium": "晚报", "text": "问了油烟的事"}
SIDES = list(following.SIDES)


def open_events() -> list[MajorEvent]:
    """The latest first; one that is over may be tried, too."""
    return list(MajorEvent.objects.order_by("-state", "-pk"))


class Grave(Walk):
    # --- The grade --------------------------------------------------------------------------------

    @rule(turn=turn("limin", *LEADERS), data=st.data(), homes=st.integers(0, 8))
    def answer_criteria(self, turn: Turn, data: st.DataObject, homes: int) -> None:
        case = self.case(turn)
        known = [rule.id for _, rule in criteria(self.product.book(case), case.facts)]
        judged = {name: data.draw(st.booleans(), label=name) for name in known}
        said = {"judged": judged, "claim": "6000元" if homes > 4 else "", "households": homes}
        self.do(turn, grading.answer, case=case, **said)

    @rule(turn=turn(*LEADERS), data=st.data())
    def rule_grade(self, turn: Turn, data: st.DataObject) -> None:
        grade = self._grade(turn, data)
        self.do(turn, grading.rule_grade, case=self.case(turn), grade=grade, reason="研究过")

    @rule(turn=turn("limin", "sunli"), data=st.data(), ok=st.booleans(), minutes=MINUTES)
    def down_again(self, turn: Turn, data: st.DataObject, ok: bool, minutes: int) -> None:
        """Ruled grave, asked to be lowered, and ruled upon by somebody above."""
        case, grade = self.case(turn), self._grade(turn, data)
        self.do(turn, grading.rule_grade, case=case, grade="major", reason="研究过")
        self.do(turn, grading.ask_downgrade, case=case, grade=grade, reason="已平息")
        above = Turn(data.draw(st.sampled_from(LEADERS)), minutes, 0, 0)
        self.do(above, grading.rule_downgrade, case=case, ok=ok, reason="看过")

    def _grade(self, turn: Turn, data: st.DataObject) -> str:
        listed = self.product.book(self.case(turn)).axis(AXIS)
        codes = [value.code for value in listed[1].values] if listed else ["major"]
        grade: str = data.draw(st.sampled_from(codes), label="grade")
        return grade

    # --- The event --------------------------------------------------------------------------------

    @rule(turn=turn(*LEADERS))
    def open_event(self, turn: Turn) -> None:
        self.do(turn, events.open_event, case=self.case(turn), reason="业主受伤")

    @precondition(lambda self: open_events())
    @rule(turn=turn(*LEADERS), data=st.data())
    def set_cause(self, turn: Turn, data: st.DataObject) -> None:
        event = data.draw(st.sampled_from(open_events()), label="event")
        listed = {axis.id: axis for axis in self.axes(event.case or self.cases[0])}
        axis = listed.get(events.CAUSES)
        codes = [value.code for value in axis.values] if axis else ["design"]
        cause = data.draw(st.sampled_from(codes), label="cause")
        self.do(turn, events.set_cause, event=event, cause=cause)

    @precondition(lambda self: open_events())
    @rule(turn=turn(*LEADERS), data=st.data(), whole=st.booleans())
    def draft_report(self, turn: Turn, data: st.DataObject, whole: bool) -> None:
        event = data.draw(st.sampled_from(open_events()), label="event")
        written = dict.fromkeys(SECTIONS if whole else ["situation"], f"{self.at}")
        self.do(turn, events.draft_report, event=event, **written)

    @precondition(lambda self: open_events())
    @rule(turn=turn("zhengjie", "qianhong"), data=st.data(), whole=st.booleans())
    def send_report(self, turn: Turn, data: st.DataObject, whole: bool) -> None:
        event = data.draw(st.sampled_from(open_events()), label="event")
        if whole:
            self.do(turn, events.draft_report, event=event, **dict.fromkeys(SECTIONS, "写明"))
        self.do(turn, events.send_report, event=event)

    @precondition(lambda self: open_events())
    @rule(turn=turn(*LEADERS), data=st.data(), side=st.sampled_from(SIDES))
    def follow_the_event(self, turn: Turn, data: st.DataObject, side: str) -> None:
        """The task force meets, a superior has an opinion, and something is to be done."""
        event = data.draw(st.sampled_from(open_events()), label="event")
        who = {"leader": "zhaogang", "company": "zhengjie", "project": "zhoumin"}[side]
        self.do(turn, following.join, event=event, staff=self.person(who), side=side)
        minutes = {"held_at": self.at, "attendees": "全体", "decision": "加派人手"}
        self.do(turn, following.meet, event=event, **minutes)
        opinion = self.do(
            turn, following.record_opinion, event=event, said_by="集团", text="严肃处理"
        )
        what = {"text": "加检", "owner": self.person(who), "due_at": self.soon()}
        self.do(turn, following.plan, event=event, opinion=opinion, **what)

    @precondition(lambda self: EventAction.objects.exists())
    @rule(turn=turn(*LEADERS, "zhaogang"), data=st.data())
    def finish_action(self, turn: Turn, data: st.DataObject) -> None:
        actions = list(EventAction.objects.select_related("event").order_by("pk"))
        action = data.draw(st.sampled_from(actions), label="action")
        self.do(turn, following.finish, action=action, proof="照片")

    @precondition(lambda self: Sending.objects.exists())
    @rule(turn=turn(*LEADERS), data=st.data(), received=st.booleans())
    def tell_those_above(self, turn: Turn, data: st.DataObject, received: bool) -> None:
        sendings = list(Sending.objects.select_related("event").order_by("pk"))
        sending = data.draw(st.sampled_from(sendings), label="sending")
        if received:
            self.do(turn, reporting.acknowledge, sending=sending, received_by="赵工")
        else:
            self.do(turn, reporting.send_notice, sending=sending)

    @precondition(lambda self: open_events())
    @rule(turn=turn("zhengjie", "zhaogang", "qianhong"), data=st.data())
    def close_event(self, turn: Turn, data: st.DataObject) -> None:
        """When all is done that it set in motion."""
        event = data.draw(st.sampled_from(open_events()), label="event")
        for sending in event.sendings.filter(what="notice", sent_at=None):
            self.do(turn, reporting.send_notice, sending=sending)
        for action in event.actions.filter(done_at=None):
            self.do(turn, following.finish, action=action, proof="照片")
        self.do(turn, events.close_event, event=event, text="已平息")

    @precondition(lambda self: EarlyWarning.objects.exists())
    @rule(turn=turn(*LEADERS), data=st.data())
    def respond_to_warning(self, turn: Turn, data: st.DataObject) -> None:
        warning = data.draw(st.sampled_from(list(EarlyWarning.objects.order_by("pk"))))
        self.do(turn, foreseeing.respond, warning=warning, text="已约谈饭店")

    # --- The press --------------------------------------------------------------------------------

    @rule(turn=turn("brand"), told=st.booleans())
    def press(self, turn: Turn, told: bool) -> None:
        """Anybody may report that it asks; the brand department alone speaks."""
        case = self.case(turn)
        if told:
            self.do(replace(turn, who="limin"), speaking.tell_brand, case=case, **PRESS)
        else:
            self.do(turn, speaking.speak, case=case, **PRESS)

    @rule(turn=turn(*LEADERS))
    def resolve(self, turn: Turn) -> None:
        minutes = {"held_at": self.at, "attendees": "班子", "decision": "依法答复"}
        self.do(turn, following.resolve, case=self.case(turn), **minutes)
