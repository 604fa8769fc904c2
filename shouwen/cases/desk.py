"""What the desk makes of what is being typed: words to say, chips, promises, whom they tell.

Nothing here writes. What saving does with the same words is in `actions.intake`, by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.rights import FUNCTIONS
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import calendar_row, calendars, rulebook
from shouwen.cases.actions.intake import Told, facts_of
from shouwen.cases.models import Case
from shouwen.cases.telling import Names, visit_words
from shouwen.rules.case_kinds import Axis, AxisValue
from shouwen.rules.commitments import Calendars, Promise, promises
from shouwen.rules.intake import Routing, Suggestion, is_night, route, suggest, wanted
from shouwen.rules.journal import Entry
from shouwen.rules.regulation import Rulebook
from shouwen.rules.rule import Facts
from shouwen.rules.visits import visit_rules

#: What a reader of the right column takes in; the rest is on the page of the case.
TOLD_LATER = 5
#: Sources that stand as chips at once; the others are behind 更多.
SOURCES_AT_ONCE = 5
DIGITS = 9


# --- Chips ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pick:
    """One chip."""

    value: str
    title: str
    checked: bool


@dataclass(frozen=True, slots=True)
class PickRow:
    """The chips of one axis: which are set, and why. `was` is what was suggested."""

    name: str
    title: str
    picks: tuple[Pick, ...]
    why: str = ""
    was: str = ""
    by_hand: bool = False
    many: bool = False
    tone: str = ""
    digits: bool = False


Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Desk:
    """The desk of a project at a moment: its rules, its calendar, its departments."""

    scope: Scope
    project: OrgUnit
    at: datetime

    @cached_property
    def rules(self) -> Rulebook:
        return rulebook(pin(self.project, self.at).pk)

    @cached_property
    def calendars(self) -> Calendars:
        return calendars(calendar_row(self.project, self.at).pk)

    @cached_property
    def departments(self) -> list[OrgUnit]:
        """Departments that work goes to: the project's, and the company's where it has none."""
        near = Q(project=self.project) | Q(project=None, company=self.project.company_id)
        found = OrgUnit.objects.filter(near, kind=OrgUnit.Kind.DEPARTMENT, closed_at=None)
        by_function: dict[str, OrgUnit] = {}
        for unit in found.exclude(function="").order_by("-path"):
            by_function.setdefault(unit.function, unit)
        return sorted(by_function.values(), key=lambda unit: list(FUNCTIONS).index(unit.function))

    def department(self, code: str) -> OrgUnit | None:
        return next((unit for unit in self.departments if unit.code == code), None)

    def of_function(self, function: str) -> OrgUnit | None:
        return next((unit for unit in self.departments if unit.function == function), None)

    def script(self, moment: str, facts: Facts, customer: str = "") -> tuple[str, str]:
        """What to say at a moment, and the clause; of the first regulation that says anything."""
        for regulation, rule in self.rules.all("script", facts):
            if rule.moment == moment:
                words = rule.text.format(
                    project=self.project.name, customer=customer, staff=self.scope.staff.name
                )
                return words, _source(regulation.title, rule.clause)
        return "", ""

    def sources(self) -> list[AxisValue]:
        found = self.rules.axis("source")
        return list(found[1].values) if found else []


@dataclass(frozen=True)
class Reading:
    """What the desk makes of a text, and of the chips that the clerk set by hand."""

    desk: Desk
    told: Told
    chosen: Chosen
    happened: datetime | None = None

    @property
    def at(self) -> datetime:
        """When the conversation was, which is what its times count from."""
        return self.happened if self.happened and self.happened < self.desk.at else self.desk.at

    @cached_property
    def facts(self) -> dict[str, str | bool]:
        """As `open_case` will find them."""
        local = self.desk.calendars.duty.local(self.at)
        night = is_night(self.desk.rules, local)
        return facts_of(self.desk.rules, self.told) | {"night": night}

    @cached_property
    def suggestions(self) -> dict[str, Suggestion]:
        return {one.axis: one for one in suggest(self.desk.rules, self.told.text)}

    @cached_property
    def routing(self) -> Routing | None:
        return route(self.desk.rules, self.facts, self.told.text) if self.told.text else None

    @cached_property
    def source(self) -> AxisValue | None:
        return self.desk.rules.value("source", self.told.source)

    @cached_property
    def lead(self) -> OrgUnit | None:
        if "lead" in self.chosen:
            return self.desk.department("".join(self.chosen["lead"][:1]))
        return self.desk.of_function(self.routing.lead) if self.routing else None

    @cached_property
    def assist(self) -> list[OrgUnit]:
        if "assist" in self.chosen:
            units = [self.desk.department(code) for code in self.chosen["assist"]]
        else:
            functions = self.routing.assist if self.routing else ()
            units = [self.desk.of_function(function) for function in functions]
        return [unit for unit in units if unit and unit != self.lead]

    # --- Chips ------------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[PickRow]:
        """Kind, department, urgency, and the axes that must be known before dispatching."""
        return [
            *(self._axis_row(axis) for axis in self._axes()),
            self._lead_row(),
            *([self._assist_row()] if self.lead else []),
            self._urgent_row(),
        ]

    def _axes(self) -> list[Axis]:
        """Those to be set here, kind first: what dispatching needs, and a complaint's nature."""
        found = [axis for _, axis in self.desk.rules.axes() if axis.matches(self.facts)]
        needed = [
            axis
            for axis in found
            if axis.id != "source"
            and (axis.required in ("opening", "dispatch") or axis.id in ("kind", "nature"))
            and not (axis.decided_by and not set(axis.decided_by) & set(self._roles))
        ]
        return sorted(needed, key=lambda axis: axis.id != "kind")

    @cached_property
    def _roles(self) -> tuple[str, ...]:
        return self.desk.scope.roles(self.desk.project)

    def _axis_row(self, axis: Axis) -> PickRow:
        suggested = self.suggestions.get(axis.id)
        if axis.id not in _SUGGESTED or (suggested and suggested.value not in _codes(axis)):
            suggested = None
        was = str(suggested.value) if suggested else ""
        by_hand = axis.id in self.chosen
        now = "".join(self.chosen[axis.id][:1]) if by_hand else was
        picks = tuple(Pick(v.code, v.name, v.code == now) for v in axis.values)
        why = _because(suggested, _name(axis, was)) if suggested and not by_hand else ""
        if not now and axis.required == "dispatch" and self.told.text:
            why = "派单前要选"
        row_title = "类别" if axis.id == "kind" else axis.title
        return PickRow(axis.id, row_title, picks, why, was, by_hand, digits=axis.id == "kind")

    def _lead_row(self) -> PickRow:
        suggested = self.desk.of_function(self.routing.lead) if self.routing else None
        by_hand = "lead" in self.chosen
        picks = tuple(Pick(u.code, u.name, u == self.lead) for u in self.desk.departments)
        why = _routed(self.routing) if self.routing and suggested and not by_hand else ""
        return PickRow("lead", "派给", picks, why, suggested.code if suggested else "", by_hand)

    def _assist_row(self) -> PickRow:
        functions = self.routing.assist if self.routing else ()
        suggested = sorted(u.code for f in functions if (u := self.desk.of_function(f)))
        picks = tuple(
            Pick(u.code, f"＋{u.name}", u in self.assist)
            for u in self.desk.departments
            if u != self.lead
        )
        by_hand = "assist" in self.chosen
        return PickRow("assist", "协助", picks, "", ",".join(suggested), by_hand, many=True)

    def _urgent_row(self) -> PickRow:
        suggested = self.suggestions.get("urgent")
        source_says = bool(self.source and self.source.sets.get("urgent"))
        was = "yes" if suggested or source_says else ""
        by_hand = "urgent" in self.chosen
        now = bool(self.facts.get("urgent"))
        why = _because(suggested, "先处置，费用后说") if suggested and not by_hand else ""
        picks = (Pick("yes", "紧急", now),)
        return PickRow("urgent", "轻重", picks, why, was, by_hand, many=True, tone="late")

    @cached_property
    def wanted(self) -> tuple[list[tuple[str, str, str]], list[str]]:
        return wanted(self.desk.rules, self.facts)

    @property
    def ticks(self) -> list[tuple[str, str, str, bool]]:
        """Id, title, clause, and whether it is ticked."""
        return [(*tick, tick[0] in self.told.ticks) for tick in self.wanted[0]]

    @property
    def details(self) -> list[str]:
        """The fields that this source or kind has besides, in the order of the form."""
        source, kind = self.source, self.facts.get("kind")
        shown = {
            "heard_by": bool(source and source.named),
            "heard_at": bool(source and source.named),
            "sender": bool(source and source.sender),
            "sender_number": bool(source and source.sender),
            "sender_due": bool(source and source.sender),
            "accused": kind == "complaint",
            "claim": self.facts.get("nature") == "claim",
            "waited": self.told.source == "front-desk",
        }
        asked = set(self.wanted[1])
        return [name for name, is_shown in shown.items() if is_shown or name in asked]

    # --- What to say ------------------------------------------------------------------------------

    @cached_property
    def say(self) -> tuple[str, str]:
        """The line for this moment: a greeting until there is a text, then what fits the matter."""
        customer = self.told.name
        if self.told.text:
            for moment in self._moments():
                words, clause = self.desk.script(moment, self.facts, customer)
                if words:
                    return words, clause
        greeting = "visitor" if self.told.source == "front-desk" else "answering-phone"
        return self.desk.script(greeting, self.facts, customer)

    def _moments(self) -> list[str]:
        kind = str(self.facts["kind"])
        if kind == "repair" and self.facts.get("urgent"):
            return ["urgent-repair", "repair-recorded"]
        if kind == "lost-found":
            return ["found" if any(word in self.told.text for word in _FOUND) else "lost"]
        return list(_MOMENTS.get(kind, ()))

    # --- What saving promises ---------------------------------------------------------------------

    @cached_property
    def promises(self) -> list[Promise]:
        """What saving and dispatching at once will promise, by due time."""
        if not self.told.text:
            return []
        found = promises(self.desk.rules, self._entries(), self.desk.calendars)
        found.sort(key=lambda one: (one.outcome != "", one.due_at is None, one.due_at or self.at))
        return found

    def _entries(self) -> list[Entry]:
        due = self.told.sender_due
        me = self.desk.scope.staff.number
        opening = {"owner": me, "facts": self.facts, "sender_due": due.isoformat() if due else ""}
        entries = [Entry(1, "opened", self.at, me, self._roles, opening)]
        if self.lead:
            codes = [unit.code for unit in (self.lead, *self.assist)]
            data = {"lead": self.lead.code, "departments": codes}
            entries.append(Entry(2, "dispatched", self.desk.at, me, self._roles, data))
        return entries

    @cached_property
    def visits(self) -> list[tuple[str, str]]:
        """Return visits that may follow: title, and how many, when, by which clause."""
        if not self.told.text:
            return []
        return [
            (rule.title, " · ".join(filter(None, (visit_words(rule), rule.clause))))
            for _, rule in visit_rules(self.desk.rules, self.facts)
        ]

    @cached_property
    def telling(self) -> list[tuple[datetime | None, str, str]]:
        """Who hears of it: at once (no moment), and when something is not done in time."""
        if not self.promises:
            return []
        names = Names(self._case(), self.desk.at)
        at_once = [(None, unit.name, names.of_department(unit)) for unit in self._units()]
        for one in self.promises:
            at_once += [(None, one.rule.title, names.of(name)) for name in one.rule.tells]
        late: dict[tuple[datetime, str], list[str]] = {}
        for at, title, to in self._rings():
            if (at, title) in late or len(late) < TOLD_LATER:
                late.setdefault((at, title), []).append(names.of(to))
        later = [(at, title, "、".join(called)) for (at, title), called in late.items()]
        return [*dict.fromkeys(at_once), *later]

    def _rings(self) -> list[tuple[datetime, str, str]]:
        """When the reporting line hears that something is late: moment, promise, role."""
        return sorted(
            (ring.at, one.rule.title, ring.to)
            for one in self.promises
            if one.outcome == ""
            for ring in one.rings()
            if ring.kind == "late" and ring.to not in ("holder", "owner", "department")
        )

    def _units(self) -> list[OrgUnit]:
        return [self.lead, *self.assist] if self.lead else []

    def _case(self) -> Case:
        """The case that saving would make, never saved: what `people_for` needs to know."""
        return Case(project=self.desk.project, owner=self.desk.scope.staff, department=self.lead)


#: The axes for which `intake.facts_of` takes a suggestion without being told.
_SUGGESTED = frozenset({"kind", "scope"})


def _codes(axis: Axis) -> set[str]:
    return {value.code for value in axis.values}


_FOUND = ("捡", "拾到", "拾获")
_MOMENTS = {
    "repair": ("repair-recorded",),
    "facility": ("repair-recorded",),
    "complaint": ("complaint-recorded",),
    "suggestion": ("complaint-recorded",),
    "opinion": ("complaint-recorded",),
    "special-service": ("paid-service",),
    "payment": ("payment",),
    "belongings": ("belongings-in-public",),
    "help": ("cannot-now",),
}


def _because(suggestion: Suggestion, what: str) -> str:
    """“积水”“电箱”→ 先处置，费用后说"""
    return f"{_quoted(suggestion.words)}→ {what}"


def _quoted(words: Sequence[str]) -> str:
    return "".join(f"“{word}”" for word in words[:4])


def _name(axis: Axis, code: str) -> str:
    return next((value.name for value in axis.values if value.code == code), "")


def _routed(routing: Routing) -> str:
    by = f"按{_source(routing.title, routing.clause)}"
    return f"{_quoted(routing.words)}→ {by}" if routing.words else by


def _source(title: str, clause: str) -> str:
    return " ".join(filter(None, (title, clause)))
