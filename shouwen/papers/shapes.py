"""What stands on each sheet, as plain values. The layout is in `sheets/`, one template a class.

An empty text is a place to write by hand. Columns follow forms-and-ledgers F-32 to F-44.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

#: A moment, or the empty place where somebody writes it down.
When = datetime | None
Amount = Decimal | None
#: What stands in a cell of a register.
Cell = str | datetime | date | Decimal | None
#: The marks that a customer may give, the best first.
SCALE = {5: "很满意", 4: "满意", 3: "一般", 2: "不满意", 1: "很不满意"}


@dataclass(frozen=True)
class Head:
    """The head and foot of a controlled form."""

    company: str
    project: str
    title: str
    record: str
    """Number of the record: W-CH-261129-001."""
    form: str = ""
    """Number of the form: 370-46.3."""
    edition: str = ""
    basis: str = ""
    """The regulation and clause that ask for this form."""
    copies: tuple[str, ...] = ("",)
    """The name of each copy; all are printed."""
    signatures: tuple[str, ...] = ()
    printed: str = ""
    address: str = ""
    """Where the record is; in the code of every copy."""


@dataclass(frozen=True)
class Sheet:
    app: ClassVar[str] = "papers"
    """Whose folder `sheets` holds the template."""
    template: ClassVar[str]
    head: Head


@dataclass(frozen=True)
class Priced:
    """A line with a price: of a quotation, a receipt, a bill."""

    name: str
    unit: str = ""
    quantity: str = ""
    price: Amount = None
    amount: Amount = None
    code: str = ""


# --- 维修 -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """Material on a 维修单."""

    name: str
    spec: str = ""
    quantity: str = ""
    unit: str = ""
    price: Amount = None
    amount: Amount = None


@dataclass(frozen=True)
class RepairOrder(Sheet):
    """《维修单》 370-46.3 (F-33; S4-5.3-1, S2-RP-4, S3-4.2-1d)."""

    template: ClassVar[str] = "repair-order"

    room: str
    customer: str
    phone: str
    reported_at: When
    content: str
    range: str = ""
    """家政 or 公共."""
    work_class: str = ""
    department: str = ""
    handed_over_at: When = None
    repairer: str = ""
    appointment: str = ""
    paid: str = ""
    """有偿, 无偿, or nothing while it is not decided."""
    payer: str = ""
    quoted: str = ""
    consent: str = ""
    """Amount, who and when (S3-4.2-1d)."""
    materials: tuple[Drawn, ...] = ()
    requisition: str = ""
    arrived_at: When = None
    done_at: When = None
    total: Amount = None
    result: str = ""
    quality: str = ""
    attitude: str = ""
    opinion: str = ""
    visit_phone: str = ""
    signature: tuple[int, ...] = ()
    """What the customer drew or signed, a PNG, byte by byte; empty is a line to sign on."""
    signed_at: When = None
    scale: tuple[str, ...] = tuple(SCALE.values())


@dataclass(frozen=True)
class Wanted:
    """A line of a 领料单, in the unit of the material."""

    code: str
    name: str
    spec: str
    unit: str
    asked: str
    issued: str = ""
    used: str = ""
    returned: str = ""


@dataclass(frozen=True)
class Requisition(Sheet):
    """《领料单》 (F-34; S2-RP-5): the second copy goes with the repairer."""

    template: ClassVar[str] = "requisition"

    order: str
    room: str
    asked_by: str
    asked_at: When
    lines: tuple[Wanted, ...]
    store: str = ""
    issued_at: When = None
    note: str = ""


# --- 收费 -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Receipt(Sheet):
    """收据 (F-37; S2-RP-10)."""

    template: ClassVar[str] = "receipt"

    payer: str
    room: str
    order: str
    method: str
    paid_at: When
    lines: tuple[Priced, ...]
    amount: Decimal
    capitals: str
    taken_by: str
    issued_by: str
    issued_at: When
    delivered: str = ""
    """Who handed it to the customer, and when."""
    void: bool = False


@dataclass(frozen=True)
class Quotation(Sheet):
    """报价单: the itemised price before the work (S0-3.4-25)."""

    template: ClassVar[str] = "quotation"

    customer: str
    room: str
    subject: str
    content: str
    given_at: When
    given_by: str
    edition: str
    lines: tuple[Priced, ...]
    total: Decimal
    capitals: str
    answer: str = ""
    answered_at: When = None
    answered_by: str = ""
    means: str = ""
    note: str = ""


@dataclass(frozen=True)
class Billed:
    """A line of a bill: the fee, or a repair of the period."""

    title: str
    order: str
    amount: Decimal
    lines: tuple[Priced, ...] = ()


@dataclass(frozen=True)
class FeeBill(Sheet):
    """《管理费收费单》 (F-38; S3-4.2-1g): repairs of the period beside the fee, line by line."""

    template: ClassVar[str] = "fee-bill"

    room: str
    customer: str
    period: str
    issued_at: When
    due_on: date | None
    lines: tuple[Billed, ...]
    details: tuple[Billed, ...]
    """Those of the lines that are made up of several."""
    total: Decimal
    paid: Decimal
    open: Decimal
    capitals: str


# --- 服务 -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ServiceOrder(Sheet):
    """《服务需求单》 360-8 (F-42; S4-5.4-1, S4-4.4.3b-1)."""

    template: ClassVar[str] = "service-order"

    customer: str
    room: str
    phone: str
    asked_at: When
    item: str
    way: str = ""
    details: tuple[tuple[str, str], ...] = ()
    plan: str = ""
    price: str = ""
    basis: str = ""
    confirmed_at: When = None
    confirmed_by: str = ""
    staff: str = ""
    started_at: When = None
    done_at: When = None
    result: str = ""
    amount: Amount = None
    bill: str = ""
    told_at: When = None
    visited: str = ""
    satisfaction: str = ""


# --- 投诉 -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hop:
    """One step of a matter outside: what was written, by whom and when; empty while it is ahead."""

    title: str
    text: str = ""
    who: str = ""
    at: When = None


@dataclass(frozen=True)
class Referral(Sheet):
    """What somebody outside must settle: 《需开发商协商处理问题记录表》 (F-15; S2-A15-22),
    工程遗留问题书面报告 (F-16; S2-A15-19), 专题报告 (F-17; S2-A15-21)."""

    template: ClassVar[str] = "referral"

    room: str
    customer: str
    case: str
    party: str
    opened_at: When
    drafted_by: str
    problem: str
    wanted: str
    households: str = ""
    severity: str = ""
    due_at: When = None
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True)
class ComplaintRecord(Sheet):
    """《客户建议/投诉处理记录表》 (F-13; S2-A15-9, -10, -11, -14)."""

    template: ClassVar[str] = "complaint-record"

    customer: str
    room: str
    phone: str
    opened_at: When
    event: str
    cause_class: str = ""
    class_opinion: str = ""
    """Who decided the class, why and when."""
    content: str = ""
    """What the head of the desk wrote; the event, before he did."""
    wanted: str = ""
    department: str = ""
    cause: str = ""
    method: str = ""
    until: When = None
    signed: str = ""
    """The head of the department, and when."""
    verified: str = ""
    verified_by: str = ""


# --- 台账与目录 -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    title: str
    width: float = 1
    """Its share of the page."""
    number: bool = False


@dataclass(frozen=True)
class Register(Sheet):
    """Any list: a ledger of a month, a price list, a catalogue."""

    template: ClassVar[str] = "register"

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[tuple[str, str], ...] = ()
    blank: int = 0
    """Empty rows at least, to be filled by hand."""
    landscape: bool = True
    nothing: str = "本期无记录"
