"""The books: accounts and postings, and what they are written from: charges, bills, payments,
receipts, refunds, write-offs, cash handed in and counted.

The books are kept twice. What users see (a charge and how much of it is paid) is a row; what it did
to the money is a posting whose lines sum to zero. `queries.audit` holds one against the other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case, Placed
from shouwen.estate.models import Customer, Unit
from shouwen.rules.money import ZERO

#: SQLite adds decimals as floats, so a sum of two may be off by less than anybody can owe.
LESS_THAN_A_CENT = Decimal("0.001")


class Numbered(Placed):
    """What people call by its number."""

    number = models.CharField(_("编号"), max_length=40, unique=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class Collect(models.TextChoices):
    """How a charge is collected, as the regulation says."""

    CASH = "cash", _("当面收取")
    FEE_BILL = "fee-bill", _("随管理费收费单")
    MONTHLY_BILL = "monthly-bill", _("月结账单")


class Method(models.TextChoices):
    """How money came or went."""

    CASH = "cash", _("现金")
    TRANSFER = "transfer", _("转账")
    WECHAT = "wechat", _("微信支付")
    ALIPAY = "alipay", _("支付宝")


# --- The ledger -----------------------------------------------------------------------------------


class Account(Placed):
    """One place where money is or is owed, in one project. `code` names it: "till", "hand:0003",
    "receivable:3-2-501"."""

    class Kind(models.TextChoices):
        RECEIVABLE = "receivable", _("应收")
        INCOME = "income", _("收入")
        TILL = "till", _("收款台现金")
        HAND = "hand", _("在途现金")
        BANK = "bank", _("银行")
        CLEARING = "clearing", _("支付平台待结算")
        WRITE_OFF = "write-off", _("减免")
        REFUND_DUE = "refund-due", _("应退")
        HELD = "held", _("代收代付")
        OVER_SHORT = "over-short", _("现金长短款")

    code = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="accounts")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    """For whom money is held."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "code"], name="account_once_in_a_project")
        ]
        indexes: ClassVar = [models.Index(fields=["unit"]), models.Index(fields=["staff"])]

    def __str__(self) -> str:
        return self.code


class Posting(Numbered):
    """One movement of money, never changed: a mistake is posted back. Its lines sum to zero."""

    at = models.DateTimeField(_("时间"))
    recorded_at = models.DateTimeField()
    what = models.CharField(_("摘要"), max_length=120)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="postings")
    subject = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["project", "at"])]


class PostingLine(models.Model):
    """What came to an account (+) or left it (−)."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount=0), name="line_moves_something"),
            models.UniqueConstraint(fields=["posting", "account"], name="account_once_a_posting"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"


# --- What is owed ---------------------------------------------------------------------------------


class Bill(Numbered):
    """The charges of one home that are asked for together: with the management fee, or monthly."""

    class Kind(models.TextChoices):
        FEE = "fee", _("管理费收费单")
        MONTHLY = "monthly", _("特约服务月结账单")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="bills", verbose_name=_("房屋"))
    period = models.CharField(_("账期"), max_length=7)
    """As 2026-11."""
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    total = models.DecimalField(_("合计"), max_digits=12, decimal_places=2)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("出账人"),
    )
    """Empty: the worker, on the regulation's day."""
    issued_at = models.DateTimeField(_("出账时间"))
    due_on = models.DateField(_("缴款期限"))
    paid_at = models.DateTimeField(_("收清时间"), null=True)

    class Meta:
        ordering: ClassVar = ["-issued_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "period", "kind"], name="one_bill_a_period")
        ]
        indexes: ClassVar = [models.Index(fields=["project", "period"])]


class Charge(Numbered):
    """Something that a customer owes. `paid` and `written_off` say how much of it is settled."""

    class State(models.TextChoices):
        OPEN = "open", _("待收")
        BILLED = "billed", _("已出账")
        PAID = "paid", _("已收清")
        WRITTEN_OFF = "written-off", _("已减免")
        CANCELLED = "cancelled", _("已撤销")

    OWED = (State.OPEN, State.BILLED)

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="charges")
    subject = models.CharField(_("单号"), max_length=40, blank=True, default="")
    """Number of the work order or service order."""
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="charges", verbose_name=_("房屋")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="charges", verbose_name=_("客户")
    )
    held_for = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    """Whose money it is, when it is not ours: rent that we collect for an owner."""
    title = models.CharField(_("费用"), max_length=120)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    paid = models.DecimalField(_("已收"), max_digits=12, decimal_places=2, default=ZERO)
    refunded = models.DecimalField(_("已退"), max_digits=12, decimal_places=2, default=ZERO)
    """Of `paid`, what went back."""
    written_off = models.DecimalField(_("减免"), max_digits=12, decimal_places=2, default=ZERO)
    collect = models.CharField(_("收取方式"), max_length=12, choices=Collect)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.OPEN)
    bill = models.ForeignKey(Bill, models.PROTECT, null=True, related_name="charges")
    at = models.DateTimeField(_("时间"))
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("计费人"),
    )
    cancel_reason = models.CharField(_("撤销原因"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="charge_asks_for_something"),
            models.CheckConstraint(
                condition=Q(paid__gte=0)
                & Q(written_off__gte=0)
                & Q(amount__gt=F("paid") + F("written_off") - LESS_THAN_A_CENT),
                name="charge_not_settled_twice",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(paid__gte=F("refunded")),
                name="no_more_back_than_paid",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "state"]),
            models.Index(fields=["project", "state", "collect"]),
            models.Index(fields=["subject"]),
            models.Index(fields=["bill"]),
        ]

    @property
    def owed(self) -> Decimal:
        """What is still to be paid."""
        return self.amount - self.paid - self.written_off if self.state in self.OWED else ZERO


class ChargeLine(models.Model):
    """One row of a charge: what, how much of it, at what price."""

    charge = models.ForeignKey(Charge, models.CASCADE, related_name="lines")
    name = models.CharField(_("项目"), max_length=120)
    unit = models.CharField(_("单位"), max_length=20, blank=True, default="")
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=3)
    price = models.DecimalField(_("单价"), max_digits=12, decimal_places=2)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


# --- What was paid --------------------------------------------------------------------------------


class HandIn(Numbered):
    """An engineer's cash, counted by the clerk. What is missing stays on his account."""

    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("交款人")
    )
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("收款人")
    )
    day = models.DateField(_("日期"))
    at = models.DateTimeField(_("时间"))
    expected = models.DecimalField(_("应交"), max_digits=12, decimal_places=2)
    counted = models.DecimalField(_("实交"), max_digits=12, decimal_places=2)
    difference = models.DecimalField(_("差额"), max_digits=12, decimal_places=2)
    """counted − expected"""
    note = models.CharField(_("差额说明"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["project", "day"])]


class Payment(Numbered):
    """Money that came in. What its charges did not need (`excess`) is owed back."""

    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    excess = models.DecimalField(_("多收"), max_digits=12, decimal_places=2, default=ZERO)
    method = models.CharField(_("方式"), max_length=10, choices=Method)
    payer = models.CharField(_("付款人"), max_length=60, blank=True, default="")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="payments")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经手人"),
    )
    """Empty: a provider told us."""
    at = models.DateTimeField(_("收款时间"))
    recorded_at = models.DateTimeField()
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("现金在"),
    )
    """The engineer who took the cash on site."""
    hand_in = models.ForeignKey(HandIn, models.PROTECT, null=True, related_name="payments")
    provider_ref = models.CharField(_("流水号"), max_length=80, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_brings_something"),
            models.UniqueConstraint(
                fields=["method", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="paid_once_at_the_provider",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-at"]),
            models.Index(fields=["held_by"], condition=Q(hand_in=None), name="cash_on_the_way"),
        ]

    @property
    def is_on_the_way(self) -> bool:
        """Cash that an engineer has not handed in yet."""
        return self.held_by_id is not None and self.hand_in_id is None


class Allocation(models.Model):
    """How much of a payment went to a charge."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="allocations")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "charge"], name="charge_once_in_a_payment"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocates_something"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} → {self.charge_id}"


class Receipt(Numbered):
    """The numbered paper for a payment. Numbers have no gaps; a spoilt one is void and stays."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="receipts")
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("开具人")
    )
    issued_at = models.DateTimeField(_("开具时间"))
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("送交人"),
    )
    delivered_at = models.DateTimeField(_("交给业户"), null=True)
    void_at = models.DateTimeField(_("作废时间"), null=True)
    void_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("作废人"),
    )
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-issued_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment"], condition=Q(void_at=None), name="one_receipt_a_payment"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["project", "-issued_at"])]


# --- What goes back, and what is given up ---------------------------------------------------------


class Decided(Numbered):
    """Asked for by one, decided by another."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")
        PAID = "paid", _("已退款")

    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    reason = models.CharField(_("原因"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("审批人"),
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision = models.CharField(_("审批意见"), max_length=200, blank=True, default="")

    class Meta:
        abstract = True
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="%(class)s_decided_by_another",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="%(class)s_of_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["project", "state"])]


class Refund(Decided):
    """Money of one payment that goes back: of what it paid for a charge, or of its excess."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, related_name="refunds")
    """Empty: of the excess."""
    method = models.CharField(_("退款方式"), max_length=10, choices=Method, blank=True, default="")
    reference = models.CharField(_("流水号"), max_length=80, blank=True, default="")
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("退款人"),
    )
    paid_at = models.DateTimeField(_("退款时间"), null=True)

    class Meta(Decided.Meta):
        abstract = False


class WriteOff(Decided):
    """Part or all of a charge that is given up."""

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="write_offs")

    class Meta(Decided.Meta):
        abstract = False


# --- The till, the providers, the handover --------------------------------------------------------


class TillCount(Numbered):
    """The end of a clerk's day: the drawer counted, and what was brought to the bank."""

    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("清点人")
    )
    day = models.DateField(_("日期"))
    at = models.DateTimeField(_("时间"))
    expected = models.DecimalField(_("账面"), max_digits=12, decimal_places=2)
    counted = models.DecimalField(_("实点"), max_digits=12, decimal_places=2)
    difference = models.DecimalField(_("长短款"), max_digits=12, decimal_places=2)
    deposited = models.DecimalField(_("存入银行"), max_digits=12, decimal_places=2)
    bank_ref = models.CharField(_("存款凭证号"), max_length=80, blank=True, default="")
    note = models.CharField(_("差额说明"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["project", "day"])]


class Remittance(Numbered):
    """Money held for somebody that was passed on: the rent to the owner."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    method = models.CharField(_("方式"), max_length=10, choices=Method)
    reference = models.CharField(_("流水号"), max_length=80, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经手人")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]


class Checkout(Numbered):
    """One try to pay online: a code that the customer scans, good for these charges. The provider
    knows it by our number."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待支付")
        PAID = "paid", _("已支付")
        CLOSED = "closed", _("已关闭")

    provider = models.CharField(_("支付平台"), max_length=10)
    charges = models.ManyToManyField(Charge, related_name="checkouts")
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    payer = models.CharField(_("付款人"), max_length=60, blank=True, default="")
    code_url = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="checkout")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]


class ProviderEvent(models.Model):
    """A message of a payment provider, taken once. What it said is kept as it came."""

    provider = models.CharField(max_length=10)
    event_id = models.CharField(max_length=80)
    checkout = models.ForeignKey(Checkout, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=12)
    """paid, closed or refunded"""
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    """taken, known-already, unknown-number, noted"""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="event_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"


class Clearance(Placed):
    """That nothing is owed any more before a home is handed over, or who let it pass and why."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="clearances")
    owed = models.DecimalField(_("欠款"), max_digits=12, decimal_places=2)
    """What was owed at that moment; more than nothing only with an override."""
    developer_receipt = models.CharField(_("开发商收据号"), max_length=80)
    developer_paid = models.CharField(_("开发商收费项目"), max_length=200, blank=True, default="")
    override_reason = models.CharField(_("放行原因"), max_length=200, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("办理人")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(owed__lte=0) | ~Q(override_reason=""), name="cleared_or_overridden"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.at:%Y-%m-%d}"


def place(project: OrgUnit) -> dict[str, Any]:
    """What `Placed` wants, for a record of this project."""
    return {"project": project, "company_id": project.company_id, "group_id": project.group_id}
