"""From the form of the desk to the actions: what was told, and what saving it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions import linking
from shouwen.cases.actions.contacting import urge
from shouwen.cases.actions.dispatching import dispatch
from shouwen.cases.actions.intake import Told, answer_at_once, open_case, register_contact
from shouwen.cases.callers import Card
from shouwen.cases.desk import Desk, Reading
from shouwen.cases.files import Kept, attach_kept
from shouwen.cases.forms.desk import DeskForm
from shouwen.cases.models import Case, Contact
from shouwen.cases.queries import as_entries, get_case, journal
from shouwen.estate.models import Customer, Unit
from shouwen.estate.phones import digits
from shouwen.estate.queries import find_callers, resolve_unit, visible_customers, visible_units
from shouwen.rules.journal import Entry as JournalLine
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Rulebook

#: Fields that only some sources or kinds have.
DETAILS = (
    "heard_by", "heard_at", "sender", "sender_number", "sender_due", "accused", "claim", "waited",
)  # fmt: skip
#: Of these, what is kept as a detail of the contact; the others are fields of their own.
_AS_DETAIL = ("accused", "claim", "waited")


# --- What was told --------------------------------------------------------------------------------


def told_so_far(form: DeskForm, unit: Unit | None) -> tuple[Told, datetime | None]:
    """What is typed, however wrong it may still be: for looking, not for saving."""
    typed = _cleaned(form)
    told = Told(
        text=str(form["text"].value() or "").strip(),
        source=str(form["source"].value() or "phone"),
        name=typed.get("name", ""),
        unit=unit,
        facts=form.facts,
        ticks=form.ticks,
        sender=typed.get("sender", ""),
        sender_due=typed.get("sender_due"),
    )
    return told, typed.get("happened")


def _cleaned(form: DeskForm) -> dict[str, Any]:
    """The fields that are right so far. The form keeps no errors of it."""
    if not form.is_bound:
        return {}
    form.is_valid()
    return form.cleaned_data


def told_of(contact: Contact, case: Case | None) -> Told:
    """What a saved contact said, as the suggestions read it."""
    text = case.text if case else contact.text
    return Told(text=text, source=contact.source, facts=case.facts if case else {})


def again(contact: Contact) -> dict[str, Any]:
    """The next matter of the same conversation: the same caller, nothing typed twice."""
    return {
        "after": contact.number,
        "who": contact.address or contact.phone or contact.name,
        "unit": contact.unit_id,
        "customer": contact.customer_id,
        "name": contact.name,
        "phone": contact.phone,
        "address": contact.address,
        "source": contact.source,
    }


def caller_fields(form: DeskForm, found: Card) -> dict[str, str]:
    """What stands in the fields of the caller: what was typed, else what is known.

    A number on file is not copied into the page: it is taken when saving (see `Entry.told`).
    """
    known = found.customer.name if found.customer else ""
    place = found.unit.label if found.unit else ""
    return {
        "name": str(form["name"].value() or known),
        "phone": str(form["phone"].value() or found.number),
        "address": place or str(form["address"].value() or ""),
    }


def unit_of(scope: Scope, project: OrgUnit, pk: str | None) -> Unit | None:
    if not pk or not pk.isdecimal():
        return None
    return visible_units(scope).filter(project=project, pk=int(pk)).first()


def journal_and_rules(case: Case) -> tuple[Sequence[JournalLine], Rulebook]:
    return as_entries(journal(case)), rulebook(case.rulebook_id)


# --- Saving ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One press of a button of the desk, on a form that is right."""

    scope: Scope
    project: OrgUnit
    at: datetime
    form: DeskForm
    before: Contact | None

    def save(self) -> tuple[int, dict[str, Any]]:
        """Status and answer, as `once` keeps them: the number, and a sentence for the receiver."""
        with transaction.atomic():
            if self._given("join"):
                number, said = self._join(get_case(self.scope, self._given("join")))
            elif self._given("do") == "answer":
                number, said = self._answered()
            else:
                number, said = self._registered()
        return 201, {"number": number, "said": said}

    def _given(self, name: str) -> str:
        return self.form.typed.get(name, "")

    def _typed(self, name: str) -> Any:
        return self.form.cleaned_data.get(name)

    # --- What was told ----------------------------------------------------------------------------

    @cached_property
    def caller(self) -> tuple[Unit | None, Customer | None]:
        """Who was picked; else the one that `who` means beyond doubt."""
        unit = unit_of(self.scope, self.project, str(self._typed("unit") or ""))
        customer = (
            visible_customers(self.scope)
            .filter(project=self.project, pk=self._typed("customer") or 0)
            .first()
        )
        if unit or customer:
            return unit, customer
        said = self._typed("who") or self._typed("address") or self._typed("phone")
        found = find_callers(self.scope, said, on=localdate(self.at), project=self.project)
        if len(found) == 1:
            return found[0].unit, found[0].customer
        return resolve_unit(self.project, said) if said else None, None

    @cached_property
    def told(self) -> Told:
        unit, customer = self.caller
        who = self._typed("who")
        number = digits(who) or ""
        details = {name: self._typed(name) for name in _AS_DETAIL if self._typed(name)}
        if self._kept:
            details["scan"] = "、".join(kept.label for kept in self._kept)
        return Told(
            text=self._typed("text"),
            source=self._typed("source") or "phone",
            name=self._typed("name") or (customer.name if customer else ""),
            phone=self._typed("phone") or number or _number_of(customer),
            address=self._typed("address") or ("" if unit or number or customer else who),
            unit=unit,
            customer=customer,
            facts=self.form.facts,
            ticks=self.form.ticks,
            details=details,
            heard_by=self._typed("heard_by"),
            heard_at=self._typed("heard_at"),
            sender=self._typed("sender"),
            sender_number=self._typed("sender_number"),
            sender_due=self._typed("sender_due"),
            stand_in=self._typed("stand_in"),
            previous=self.before,
        )

    @property
    def _kept(self) -> list[Kept]:
        kept: list[Kept] = self.form.cleaned_data["uploads"]
        return kept

    # --- The buttons ------------------------------------------------------------------------------

    def _answered(self) -> tuple[str, str]:
        """No case: the contact is kept with its answer."""
        contact = answer_at_once(
            project=self.project, told=self.told, answer=self._typed("answer"),
            by=self.scope, at=self.at, happened=self._typed("happened"),
        )  # fmt: skip
        self._attach(contact, None)
        return contact.number, _("已记录 %(number)s，当场答复。") % {"number": contact.number}

    def _registered(self) -> tuple[str, str]:
        """A case; dispatched at once where the button says so and nothing is missing for it."""
        case = self._new_case(self._contact())
        said = _("已登记 %(number)s。") % {"number": case.number}
        if self._given("do") == "dispatch" or self._given("link"):
            said += self._dispatched(case)
        if self._given("link"):
            other = get_case(self.scope, self._given("link"))
            linking.link(case=case, other=other, by=self.scope, at=self.at)
            said += _("已关联 %(other)s。") % {"other": other.number}
        return case.number, said

    def _contact(self, told: Told | None = None) -> Contact:
        """The conversation; the same one where it goes on with another matter."""
        if self.before and self.before.project_id == self.project.pk:
            return self.before
        return register_contact(
            project=self.project, told=told or self.told, by=self.scope, at=self.at,
            happened=self._typed("happened"),
        )  # fmt: skip

    def _new_case(self, contact: Contact) -> Case:
        case = open_case(contact=contact, told=self.told, by=self.scope, at=self.at)
        self._attach(contact, case)
        return case

    def _attach(self, contact: Contact, case: Case | None) -> None:
        for kept in self._kept:
            attach_kept(kept=kept, by=self.scope, at=self.at, contact=contact, case=case)

    def _dispatched(self, case: Case) -> str:
        """What happened to the dispatch. Registering never fails because dispatching must wait."""
        here = Desk(self.scope, self.project, self.at)
        reading = Reading(here, replace(self.told, source=case.source), self.form.by_hand)
        try:
            with transaction.atomic():
                dispatch(
                    case=case, lead=reading.lead, assist=reading.assist, by=self.scope, at=self.at
                )
        except Refused as refused:
            return _("还没有派单：%(why)s") % {"why": refused}
        lead = reading.lead.name if reading.lead else ""
        return _("已派单：%(lead)s。") % {"lead": lead}

    def _join(self, case: Case) -> tuple[str, str]:
        """The same matter again. From the same home it is pressed for; from another the case of
        that customer goes on in the one that is there, so that both are told the result."""
        told = replace(self.told, details={**self.told.details, "joined": case.number})
        contact = self._contact(told)
        if self._is_theirs(case):
            text = _("%(text)s（%(number)s）") % {"text": told.text, "number": contact.number}
            urge(case=case, by=self.scope, at=self.at, text=text, said_by=told.name)
            self._attach(contact, case)
            said = _("已记录 %(number)s，并入 %(case)s，已告诉首问责任人和主办部门。")
            return contact.number, said % {"number": contact.number, "case": case.number}
        new = self._new_case(contact)
        linking.merge(case=new, into=case, by=self.scope, at=self.at, reason=_("同一件事"))
        said = _("已登记 %(number)s，并入 %(case)s。")
        return new.number, said % {"number": new.number, "case": case.number}

    def _is_theirs(self, case: Case) -> bool:
        same_home = self.told.unit is not None and case.unit_id == self.told.unit.pk
        return same_home or bool(self.told.phone and case.customer_phone == self.told.phone)


def _number_of(customer: Customer | None) -> str:
    """The first number on file."""
    first = customer.phones.order_by("pk").first() if customer else None
    return first.number if first else ""
