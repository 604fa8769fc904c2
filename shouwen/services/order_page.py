"""What the page of a service order shows: what is wanted, what was agreed, how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shouwen.accounts.scope import Scope
from shouwen.billing.models import Charge
from shouwen.cases.models import JournalEntry
from shouwen.cases.story import file_link
from shouwen.pricing.models import Quotation
from shouwen.pricing.queries import latest_quotation
from shouwen.rules.journal import VERBS
from shouwen.rules.money import yuan
from shouwen.rules.services import DETAILS, fields, missing
from shouwen.rules.vocabulary import SERVICE_DETAILS
from shouwen.services.forms.asking import MARKS
from shouwen.services.models import Change, Keepsake, ServiceOrder
from shouwen.services.queries import overtime_hours, papers_of
from shouwen.services.steps import Step, offered, onward
from shouwen.web.pieces import Check, FileLink
from shouwen.web.pieces import Step as Mark
from shouwen.web.pieces import steps as marks

WAY = (_("登记"), _("方案"), _("确认"), _("服务"), _("办结"))
_AT = {"asked": 1, "planned": 2, "confirmed": 3, "started": 4, "done": 5, "cancelled": 5}


@dataclass(frozen=True)
class Kept:
    """Something of the customer's, with both signatures."""

    row: Keepsake
    files: list[FileLink]


@dataclass(frozen=True)
class Told:
    """One entry of the journal about this order."""

    word: str
    at: datetime
    who: str
    said_by: str
    text: str

    @classmethod
    def of(cls, row: JournalEntry) -> Told:
        data = row.data
        amount = data.get("total") or data.get("amount")
        text = str(data.get("text") or data.get("reason") or (f"{amount} 元" if amount else ""))
        who = row.by.name if row.by else _("客户")
        return cls(VERBS[row.verb], row.at, who, row.said_by, text)


@dataclass(frozen=True)
class OrderPage:
    order: ServiceOrder
    scope: Scope
    at: datetime

    @property
    def may_act(self) -> bool:
        return self.scope.can("case.work", self.order.project)

    @cached_property
    def next(self) -> Step | None:
        return onward(self.order) if self.may_act else None

    @cached_property
    def others(self) -> list[Step]:
        return offered(self.order) if self.may_act else []

    @property
    def steps(self) -> tuple[Mark, ...]:
        return marks([str(word) for word in WAY], _AT[self.order.state])

    @property
    def details(self) -> list[tuple[str, str]]:
        """What was asked for, in words."""
        given = self.order.details
        return [
            (SERVICE_DETAILS[name], _said(name, given[name]))
            for name in fields(self.order.item.details)
            if given.get(name)
        ]

    @property
    def lacking(self) -> list[str]:
        order = self.order
        return missing(order.item.details, order.details, "start") if order.is_open else []

    @property
    def overtime(self) -> str:
        hours = overtime_hours(self.order)
        return _("加时 {hours} 小时").format(hours=f"{hours:f}") if hours else ""

    @property
    def price(self) -> str:
        return _("免费") if not self.order.item.paid else f"{yuan(self.order.price)} 元"

    @cached_property
    def quotation(self) -> Quotation | None:
        """The price line by line, for whoever may see prices."""
        if not self.order.item.paid or not self.scope.can("price.view", self.order.project):
            return None
        return latest_quotation(self.order.case, self.order.number)

    @cached_property
    def charges(self) -> list[Charge]:
        if not self.scope.can("money.view", self.order.project):
            return []
        rows = Charge.objects.filter(case=self.order.case_id, subject=self.order.number)
        return list(rows.select_related("bill").order_by("pk"))

    @cached_property
    def kept(self) -> list[Kept]:
        rows = self.order.keepsakes.select_related("taken_signature", "returned_signature")
        return [
            Kept(row, [file_link(f) for f in (row.taken_signature, row.returned_signature) if f])
            for row in rows
        ]

    @cached_property
    def papers(self) -> list[Check]:
        """资料清单: what the customer hands in, and what of it is still awaited."""
        return [Check(paper, taken) for paper, taken in papers_of(self.order).items()]

    @cached_property
    def changes(self) -> list[Change]:
        return list(self.order.changes.select_related("by"))

    @cached_property
    def story(self) -> list[Told]:
        """What the journal of the case says about this order."""
        rows = self.order.case.journal.filter(data__order=self.order.number)
        return [Told.of(row) for row in rows.select_related("by").order_by("seq")]


def _said(name: str, value: Any) -> str:
    match DETAILS[name].shape:
        case "moment":
            return f"{localtime(datetime.fromisoformat(str(value))):%Y-%m-%d %H:%M}"
        case "score":
            return str(MARKS.get(str(value), value))
        case _:
            return str(value)
