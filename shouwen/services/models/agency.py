"""Letting and selling for owners: mandates, viewings, rent, and reports on the state of a home."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Attachment, Placed
from shouwen.estate.models import Customer, Unit
from shouwen.services.models.orders import ServiceOrder, amount

_STAFF = settings.AUTH_USER_MODEL


class Mandate(Placed):
    """An owner's mandate to let or to sell a home (租售委托); it closes only with a result."""

    class Deal(models.TextChoices):
        RENT = "rent", _("出租")
        SALE = "sale", _("出售")

    class Result(models.TextChoices):
        LET = "let", _("已出租")
        SOLD = "sold", _("已出售")
        WITHDRAWN = "withdrawn", _("业主撤回")
        EXPIRED = "expired", _("到期未成交")

    number = models.CharField(_("委托号"), max_length=30, unique=True)
    order = models.OneToOneField(
        ServiceOrder, models.PROTECT, related_name="mandate", verbose_name=_("需求单")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="mandates", verbose_name=_("房号"))
    owner = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="+", verbose_name=_("业主")
    )
    deal = models.CharField(_("租/售"), max_length=6, choices=Deal)
    price = amount(_("挂牌价"))
    """Yuan; of a letting for a month."""
    listed_on = models.DateField(_("挂牌日期"))
    until = models.DateField(_("委托到期"), null=True)
    opened_at = models.DateTimeField()
    by = models.ForeignKey(_STAFF, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    result = models.CharField(_("结果"), max_length=10, choices=Result, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    party = models.CharField(_("承租（买受）人"), max_length=60, blank=True, default="")
    deal_price = amount(_("成交价"), null=True)
    contract = models.CharField(_("合同号"), max_length=40, blank=True, default="")
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(result=""), name="mandate_closes_with_a_result"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["project", "closed_at", "-opened_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Viewing(models.Model):
    """Somebody was shown the home (带看)."""

    mandate = models.ForeignKey(Mandate, models.CASCADE, related_name="viewings")
    at = models.DateTimeField(_("带看时间"))
    who = models.CharField(_("看房人"), max_length=60)
    by = models.ForeignKey(_STAFF, models.PROTECT, related_name="+", verbose_name=_("带看人"))
    said = models.CharField(_("意见"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.mandate} {self.who}"


class RentDue(models.Model):
    """One rent of a home that was let: due, reminded of, received, passed on to the owner."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="rents")
    due_on = models.DateField(_("应收日期"))
    amount = amount(_("租金"))
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)
    received_at = models.DateTimeField(_("收到时间"), null=True)
    method = models.CharField(_("方式"), max_length=10, blank=True, default="")
    remitted_at = models.DateTimeField(_("转付业主时间"), null=True)
    reference = models.CharField(_("转付凭证"), max_length=60, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mandate", "due_on"], name="rent_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="rent_is_an_amount"),
            models.CheckConstraint(
                condition=Q(remitted_at=None) | Q(received_at__isnull=False),
                name="rent_is_remitted_after_it_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mandate} {self.due_on}"


class HouseReport(models.Model):
    """《房屋健康报告》: the state of a home, part by part, handed to owner or tenant."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="reports")
    number = models.CharField(_("编号"), max_length=30, unique=True)
    made_at = models.DateTimeField(_("检查时间"))
    made_by = models.ForeignKey(_STAFF, models.PROTECT, related_name="+", verbose_name=_("检查人"))
    issued_at = models.DateTimeField(_("交付时间"), null=True)
    issued_to = models.CharField(_("交付对象"), max_length=60, blank=True, default="")
    issued_as = models.CharField(
        _("身份"),
        max_length=10,
        blank=True,
        default="",
        choices=[("owner", _("业主")), ("tenant", _("承租人"))],
    )

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.number


class HouseReportRow(models.Model):
    """One part of the home: how it is, what is wrong, a photo."""

    STATES: ClassVar = [("good", _("完好")), ("worn", _("可用")), ("bad", _("需维修"))]

    report = models.ForeignKey(HouseReport, models.CASCADE, related_name="rows")
    part = models.CharField(_("部位"), max_length=40)
    state = models.CharField(_("状况"), max_length=6, choices=STATES)
    problem = models.CharField(_("问题"), max_length=200, blank=True, default="")
    photo = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.part} {self.state}"
