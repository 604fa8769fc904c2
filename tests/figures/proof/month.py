"""A November of 翠湖花园 in which everything happens that a figure must tell apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shouwen.accounts.scope import scope_of
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions import closing, contacting, linking, working
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.followup.actions.following import follow
from shouwen.followup.actions.recording import Said
from shouwen.followup.models import Visit
from shouwen.services.actions.catalogue import seed_catalogue
from shouwen.services.models import ServiceOrder
from tests.clauses.product import Product
from tests.moments import moment

#: When figures are asked for: the month is over, some windows are still open.
AFTERWARDS = moment("2026-12-01 09:00", "周二")
ASKED = (Said("希望多打扫"), Said("保安不错", answer="谢谢"))


class Month(Product):
    """What people do, one matter after the other, whatever regulations they follow."""

    def passes(self) -> None:
        self.complaints()
        self.repairs()
        self.others()
        self.elsewhere()
        follow(at=AFTERWARDS)

    # --- Complaints -------------------------------------------------------------------------------

    def complaints(self) -> None:
        """On time, late, won over after a second round, lost, not asked; merged, voided, waiting,
        not begun, and just begun."""
        self.settled(self.raised("2026-11-02 09:12"), 20, "satisfied")
        self.settled(self.raised("2026-11-03 09:12"), 4 * 24 * 60, "satisfied")
        partly = self.raised("2026-11-04 09:12")
        self.settled(partly, 30, "partly")
        self.settled(partly, 60, "satisfied")
        self.settled(self.raised("2026-11-05 09:12"), 30, "unsatisfied")
        self.settled(self.raised("2026-11-26 09:12"), 30)
        self.settled(self.raised("2026-11-10 09:12"), 30)
        self.merged()
        self.voided()
        self.waits()
        self.raised("2026-11-11 10:00")
        self.raised("2026-11-30 17:50")

    def raised(self, text: str, kind: str = "complaint", **facts: Any) -> Case:
        self.now = moment(text)
        return self.registers(kind, text="楼道保洁不到位，一周没人打扫", **facts)

    def settled(self, case: Case, minutes: int, result: str = "") -> None:
        """Answered so many minutes later, done an hour after that, asked about the next day where
        there is a result, and closed as soon as its regulations let it be."""
        self.later(minutes=minutes)
        contacting.contact_customer(case=case, text="正在安排", **self.acts("csr"))
        self.later(hours=1)
        visits = [name for name, line in self.lines(case).items() if line.verb == "visited"]
        self.ends(case, leave=visits)
        self.closed(case)
        if result:
            self.later(days=1)
            self.asked(case, result)
            self.closed(case)

    def closed(self, case: Case) -> None:
        if case.status == Case.Status.FED_BACK and not self.lines(case):
            self.closes(case)

    def asked(self, case: Case, result: str) -> None:
        """Every visit that is due, until one of them opens the matter again."""
        follow(at=self.now)
        opinion = "" if result == "satisfied" else "还是不行"
        first, due = case.round, case.visits.filter(state=Visit.State.PLANNED)
        for visit in list(due.filter(round=first, not_before__lte=self.now)):
            if case.round == first:
                said: dict[str, Any] = {"result": result, "opinion": opinion, "items": ASKED}
                marks = {score.id: "4" for score in self.visit_rule(visit).scores}
                self.visits(case, visit.rule, scores=marks, **said)

    def merged(self) -> None:
        into, case = (self.raised(f"2026-11-12 {hour}:00") for hour in ("08", "09"))
        linking.merge(case=case, into=into, reason="同一件事", **self.acts("csr"))

    def voided(self) -> None:
        case = self.raised("2026-11-13 11:00")
        closing.request_void(case=case, reason="登记错了", **self.acts("csr"))
        acts = self.acts("project_manager")
        closing.decide_void(case=case, approve=True, reason="核对过", **acts)

    def waits(self) -> None:
        """Waiting that was approved: its times stand still."""
        case = self.raised("2026-11-16 10:00")
        working.wait(case=case, reason="parts", text="厂家没有现货", **self.acts("csr"))
        working.approve_wait(case=case, **self.acts("project_manager"))

    # --- Repairs and the rest ---------------------------------------------------------------------

    def repairs(self) -> None:
        """Enough that some are drawn for a visit and some are not; two are not begun."""
        for number in range(10):
            case = self.raised(f"2026-11-{3 + number:02} 10:00", "repair", scope="home")
            if number < 8:
                asked = ("", "satisfied", "unsatisfied", "satisfied")[number % 4]
                self.settled(case, 30 if number % 3 else 200, asked)

    def others(self) -> None:
        """One of each kind that the regulations list, asked about and not."""
        for day, kind in enumerate(("special-service", "emergency-aid", "activity"), start=16):
            if kind in self.kinds():
                self.settled(self.raised(f"2026-11-{day} 10:00", kind), 30, "satisfied")
                self.settled(self.raised(f"2026-11-{day} 15:00", kind), 30)
        self.raised("2026-11-30 16:00", "special-service")
        self.ordered()

    def ordered(self) -> None:
        """A service order under each of these, where the regulations have a catalogue."""
        for item in seed_catalogue(project=self.cast.cuihu, **self.acts("cs_head"))[:1]:
            for case in Case.objects.filter(kind="special-service").order_by("pk"):
                place = {"project": case.project, "company": case.company, "group": case.group}
                ServiceOrder.objects.create(
                    **place, number=f"F-{case.number}", case=case, item=item,
                    asked_at=case.opened_at,
                )  # fmt: skip

    def kinds(self) -> set[str]:
        found = rulebook(pin(self.cast.cuihu, self.now).pk).axis("kind")
        return {value.code for value in found[1].values} if found else set()

    def elsewhere(self) -> None:
        """江南里 has its own month, which only the group sees beside ours."""
        at = moment("2026-11-18 15:00", "周三")
        by = scope_of(self.cast.jiangnan_clerk, at)
        for kind in ("complaint", "repair", "repair"):
            told = Told(text="电梯异响", name="钱先生", phone="13900000777", facts={"kind": kind})
            register(project=self.cast.jiangnan, told=told, by=by, at=at + timedelta(minutes=1))
