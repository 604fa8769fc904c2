"""What the page of a visit shows: the matter in short, what to say, who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import people_below, people_with_role
from shouwen.accounts.rights import ROLES
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.cases.models import Commitment, JournalEntry
from shouwen.cases.queries import journal
from shouwen.cases.story import file_link
from shouwen.followup.actions.recording import MODES
from shouwen.followup.forms import RecordForm, VisitorsForm
from shouwen.followup.listing import scores_of
from shouwen.followup.models import Visit, VisitItem
from shouwen.followup.queries import handlers_of, rule_of
from shouwen.rules.case_kinds import ReturnVisit
from shouwen.rules.visits import HANDLER
from shouwen.web.pieces import FileLink

#: What a caller wants to know of the story: what was done, said, and promised.
TELLING = ("opened", "done", "fed-back", "promise-agreed", "reopened", "visited", "visit-attempted")


@dataclass(frozen=True)
class Sentence:
    """One thing of the story, in short."""

    word: str
    at: datetime
    text: str


class VisitPage:
    """Everything on the page, each read once."""

    def __init__(self, visit: Visit, scope: Scope, at: datetime) -> None:
        self.visit, self.scope, self.at = visit, scope, at

    @cached_property
    def rule(self) -> ReturnVisit:
        return rule_of(self.visit)

    @property
    def regulation(self) -> str:
        return rulebook(self.visit.case.rulebook_id).by_id[self.visit.regulation].title

    # --- Who may do what --------------------------------------------------------------------------

    @property
    def waits(self) -> bool:
        return self.visit.state == Visit.State.PLANNED and self.visit.round == self.visit.case.round

    @property
    def may_record(self) -> bool:
        return self.waits and self.scope.can("visit.make", self.visit.project)

    @property
    def may_assign(self) -> bool:
        return self.waits and self.scope.can("visit.assign", self.visit.project)

    @property
    def may_plan(self) -> bool:
        return self.visit.state == Visit.State.NOT_DRAWN and self.scope.can(
            "visit.assign", self.visit.project
        )

    @property
    def may_unmask(self) -> bool:
        return self.scope.can("personal.unmask", self.visit.project)

    @property
    def may_register(self) -> bool:
        return self.scope.can("contact.register", self.visit.project)

    @property
    def is_early(self) -> bool:
        return self.waits and self.at < self.visit.not_before

    @property
    def is_own_work(self) -> bool:
        """Whoever did the work must leave the visit to somebody else."""
        handled = self.scope.staff.number in self.handlers
        return self.waits and self.rule.never_by == "handler" and handled

    # --- The people -------------------------------------------------------------------------------

    @cached_property
    def handlers(self) -> set[str]:
        return handlers_of(self.visit)

    @cached_property
    def visitors(self) -> list[Staff]:
        return list(self.visit.visitors.all())

    @property
    def by_rule(self) -> str:
        """Whom the rule wants, in words: 客户服务员、客服负责人 2 人"""
        names = [ROLES[place].name if place in ROLES else "处理人" for place in self.rule.by]
        several = f" {self.rule.together} 人共同" if self.rule.together > 1 else ""
        return "、".join(names) + several

    @cached_property
    def candidates(self) -> list[Staff]:
        """Who may have gone: those named, those of the rule's posts who are here, and who types."""
        found = [*self.visitors, self.scope.staff]
        for place in self.rule.by:
            if place == HANDLER:
                found += Staff.objects.filter(number__in=self.handlers)
            else:
                found += people_with_role(place, self.visit.project, self.at)
        return list(dict.fromkeys(found))

    def record_form(self, data: Any = None, files: Any = None) -> RecordForm:
        return RecordForm(
            data, files, visit=self.visit, rule=self.rule, people=self.candidates,
            initial={"visitors": self.visitors or [self.scope.staff]},
        )  # fmt: skip

    def visitors_form(self, data: Mapping[str, Any] | None = None) -> VisitorsForm:
        """Where the rule says 组织进行, anybody of the project may be sent."""
        everybody = people_below(self.visit.project, self.at) if self.rule.organised else ()
        people = list(dict.fromkeys([*self.candidates, *everybody]))
        return VisitorsForm(data, people=people, initial={"visitors": self.visitors})

    # --- The matter -------------------------------------------------------------------------------

    @cached_property
    def entries(self) -> list[JournalEntry]:
        return journal(self.visit.case)

    @property
    def story(self) -> list[Sentence]:
        told = [entry for entry in self.entries if entry.verb in TELLING]
        return [
            Sentence(entry.get_verb_display(), entry.at, text)
            for entry in told
            if (text := str(entry.data.get("text") or entry.data.get("reason") or ""))
        ]

    @cached_property
    def promised(self) -> list[Commitment]:
        """What the customer was promised, and how it went."""
        rows = self.visit.case.commitments.filter(customer_facing=True).order_by("started_at", "pk")
        return [row for row in rows if not row.rule.startswith("visit:") and row.why == ""]

    @property
    def script(self) -> str:
        """What to say, in the words of the first regulation that has any."""
        scripts = rulebook(self.visit.case.rulebook_id).all("script", self.visit.case.facts)
        text = next((rule.text for _, rule in scripts if rule.moment == "return-visit"), "")
        filled = {
            "{customer}": self.visit.case.customer_name,
            "{project}": self.visit.project.name,
            "{staff}": self.scope.staff.name,
        }
        for place, word in filled.items():
            text = text.replace(place, word)
        return text

    # --- The record -------------------------------------------------------------------------------

    @cached_property
    def items(self) -> list[VisitItem]:
        return list(self.visit.items.select_related("case"))

    @property
    def mode(self) -> str:
        return MODES.get(self.visit.mode, self.visit.mode)

    @property
    def scores(self) -> list[tuple[str, str]]:
        return scores_of(self.visit)

    @property
    def empty_scores(self) -> list[str]:
        """What is to be scored, for a form filled in by hand."""
        return [score.title for score in self.rule.scores]

    @property
    def typed_for(self) -> str:
        """Who typed it in, when he was not there himself."""
        by = self.visit.typed_by
        return by.name if by and by not in self.visitors else ""

    @property
    def signature(self) -> list[FileLink]:
        return [file_link(self.visit.signature)] if self.visit.signature else []

    @cached_property
    def form_title(self) -> str:
        """What the regulation calls its form."""
        forms = rulebook(self.visit.case.rulebook_id).all("form")
        return next((rule.title for _, rule in forms if rule.id == "visit-record"), "回访记录表")
