"""How grave a complaint is, and the major event that it may become."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.cases.actions.dispatching import dispatch
from shouwen.majors.actions import events, following, foreseeing, grading, reporting, speaking
from shouwen.majors.models import SECTIONS, EarlyWarning, EventAction, MajorEvent, Sending
from shouwen.rules.grades import AXIS, criteria
from tests.complaints.walk import IN_WORK, LEADERS, MINUTES, Step, Turn, Walk, there_are, turn

PRESS = {"medium": "晚报", "text": "问了油烟的事"}


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

    @rule(turn=turn(*LEADERS), far=st.integers(0, 9))
    def open_event(self, turn: Turn, far: int) -> None:
        """And so much of what follows: the report, the task force, measures, the end."""
        event = self.do(turn, events.open_event, case=self.case(turn), reason="业主受伤")
        if event:
            self.course(turn, self._event_course(event)[:far])

    @there_are(open_events)
    @rule(turn=turn(*LEADERS, "zhaogang"), data=st.data())
    def go_on_with_event(self, turn: Turn, data: st.DataObject) -> None:
        """One step of it, in whatever order."""
        event = data.draw(st.sampled_from(open_events()), label="event")
        step = data.draw(st.sampled_from(self._event_course(event)), label="step")
        self.course(turn, [step])

    def _event_course(self, event: MajorEvent) -> list[Step]:
        """A major event from its cause to its end."""
        about = {"event": event}
        what = {"text": "加检", "owner": self.cast.wuqiang, "due_at": self.soon()}
        minutes = {"held_at": self.at, "attendees": "全体", "decision": "加派人手"}
        force = {"leader": "zhaogang", "company": "zhengjie", "project": "zhoumin"}
        return [
            ("zhoumin", events.set_cause, {**about, "cause": "design"}),
            ("sunli", events.draft_report, {**about, **dict.fromkeys(SECTIONS, f"{self.at}")}),
            ("zhengjie", events.send_report, about),
            ("zhoumin", following.record_opinion, {**about, "said_by": "集团", "text": "严办"}),
            *(
                ("zhengjie", following.join, {**about, "staff": self.person(who), "side": side})
                for side, who in force.items()
            ),
            ("zhoumin", following.meet, {**about, **minutes}),
            ("zhoumin", following.plan, {**about, "opinion": event.opinions.last(), **what}),
            ("zhengjie", events.close_event, {**about, "text": "已平息"}),
        ]

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

    @there_are(open_events)
    @rule(turn=turn("zhengjie", "qianhong"), data=st.data())
    def finish_event(self, turn: Turn, data: st.DataObject) -> None:
        """Everything that is still missing, and the end."""
        event = data.draw(st.sampled_from(open_events()), label="event")
        self.course(turn, self._event_course(event)[:-1])
        for sending in event.sendings.filter(what="notice", sent_at=None):
            self.do(turn, reporting.send_notice, sending=sending)
        for action in event.actions.filter(done_at=None):
            self.do(turn, following.finish, action=action, proof="照片")
        self.course(turn, self._event_course(event)[-1:])

    @precondition(lambda self: EarlyWarning.objects.exists())
    @rule(turn=turn(*LEADERS), data=st.data())
    def respond_to_warning(self, turn: Turn, data: st.DataObject) -> None:
        warning = data.draw(st.sampled_from(list(EarlyWarning.objects.order_by("pk"))))
        self.do(turn, foreseeing.respond, warning=warning, text="已约谈饭店")

    # --- The press --------------------------------------------------------------------------------

    @rule(turn=turn("brand"), told=st.booleans())
    def press(self, turn: Turn, told: bool) -> None:
        """Anybody may report that it asks; the brand department alone speaks, once it has it."""
        case, unit = self.case(turn, *IN_WORK), self.world.brand.posts.get().unit
        if told:
            self.do(replace(turn, who="limin"), speaking.tell_brand, case=case, **PRESS)
        else:
            sent = {"lead": None if case.department else unit, "assist": [unit]}
            self.do(replace(turn, who="limin"), dispatch, case=case, **sent)
            self.do(turn, speaking.speak, case=case, **PRESS)

    @rule(turn=turn(*LEADERS))
    def resolve(self, turn: Turn) -> None:
        minutes = {"held_at": self.at, "attendees": "班子", "decision": "依法答复"}
        self.do(turn, following.resolve, case=self.case(turn), **minutes)
