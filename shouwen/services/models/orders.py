"""The catalogue of services, the orders (服务需求单), and what is looked after with them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Attachment, Case, Placed
from shouwen.estate.models import Customer, Unit
from shouwen.rules import services as rules
from shouwen.rules.vocabulary import SERVICE_WAYS

_STAFF = settings.AUTH_USER_MODEL


def amount(label: object, **rest: object) -> models.DecimalField:  # type: ignore[type-arg] # not generic at runtime
    return models.DecimalField(label, max_digits=12, decimal_places=2, **rest)  # type: ignore[arg-type] # its own keywords


class Partner(Placed):
    """A shop, agency or station that does a service for our customers (商家)."""

    name = models.CharField(_("商家"), max_length=60)
    does = models.CharField(_("做什么"), max_length=100, blank=True, default="")
    phone = models.CharField(_("电话"), max_length=40, blank=True, default="")
    active = models.BooleanField(_("合作中"), default=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class CatalogueItem(Placed):
    """One service of a project's catalogue, taken from a `service_item` of its regulation."""

    regulation = models.CharField(max_length=40)
    code = models.CharField(_("编号"), max_length=20)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("服务项目"), max_length=60)
    clause = models.CharField(_("条款"), max_length=40, blank=True, default="")
    way = models.CharField(
        _("方式"), max_length=10, blank=True, default="", choices=list(SERVICE_WAYS.items())
    )
    provider = models.CharField(_("提供方"), max_length=60, blank=True, default="")
    paid = models.BooleanField(_("有偿"), default=False)
    price_item = models.CharField(_("收费项目"), max_length=40, blank=True, default="")
    """The code of an item of the price list."""
    details = models.JSONField(default=list)
    """Names of `rules.vocabulary.SERVICE_DETAILS`."""
    results = models.JSONField(default=list)
    sub = models.JSONField(default=list)
    """Services that it consists of (年检, 保险, …), one of which is chosen."""
    closes_told = models.BooleanField(default=False)
    """The customer is told the result before it is settled."""
    partner = models.ForeignKey(
        Partner, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("商家")
    )
    active = models.BooleanField(_("开办"), default=True)

    class Meta:
        ordering: ClassVar = ["regulation", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "regulation", "code"], name="service_once_in_a_catalogue"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def asks(self, detail: str) -> bool:
        return detail in self.details

    @property
    def choices(self) -> tuple[str, ...]:
        """The results to choose from, the hoped for first."""
        return tuple(self.results) or rules.RESULTS

    @property
    def keeps(self) -> bool:
        """Something of the customer's is taken into our keeping."""
        return self.asks("documents") or self.asks("return_at")

    @property
    def is_repair(self) -> bool:
        """A free work order of the repair team; a paid one is planned and charged like others."""
        return self.way == "team" and not self.paid


class ServiceOrder(Placed):
    """《服务需求单》: one service for one customer, from asking to the result."""

    STATES: ClassVar = list(rules.STATE_NAMES.items())
    MEANS: ClassVar = [
        ("request", _("提出时即确认（免费）")),
        ("signature", _("当面签字")),
        ("call", _("电话确认")),
        ("link", _("链接确认")),
        ("paper", _("书面")),
    ]

    number = models.CharField(_("单号"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="service_orders")
    item = models.ForeignKey(
        CatalogueItem, models.PROTECT, related_name="orders", verbose_name=_("服务项目")
    )
    sub = models.CharField(_("子项"), max_length=30, blank=True, default="")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("房号")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="+", verbose_name=_("客户")
    )
    details = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=STATES, default=rules.ASKED)
    asked_at = models.DateTimeField(_("登记时间"))
    plan = models.TextField(_("服务方案"), blank=True, default="")
    price = amount(_("价格"), default=0)
    planned_at = models.DateTimeField(null=True)
    confirmed_name = models.CharField(_("确认人"), max_length=60, blank=True, default="")
    confirmed_means = models.CharField(_("确认方式"), max_length=10, blank=True, choices=MEANS)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    confirmed_by = models.ForeignKey(_STAFF, models.PROTECT, null=True, related_name="+")
    """Who wrote the confirmation down; nobody, where the customer did it by his link."""
    staff = models.ForeignKey(
        _STAFF, models.PROTECT, null=True, related_name="+", verbose_name=_("服务人员")
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, related_name="+", verbose_name=_("商家")
    )
    started_at = models.DateTimeField(_("开始时间"), null=True)
    due_at = models.DateTimeField(_("约定时间"), null=True)
    """When something is to be delivered, or given back."""
    ends_on = models.DateField(_("到期日"), null=True)
    """Of a subscription, which runs on after the order was placed: stopped or reminded of."""
    reminded_at = models.DateTimeField(null=True)
    """Our people were told that it ends."""
    resident_told_at = models.DateTimeField(_("提醒住户时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    result = models.CharField(_("结果"), max_length=30, blank=True, default="")
    result_note = models.CharField(_("结果说明"), max_length=300, blank=True, default="")
    told_at = models.DateTimeField(_("告知客户时间"), null=True)
    told_to = models.CharField(_("告知谁"), max_length=60, blank=True, default="")
    work_order = models.CharField(_("维修单"), max_length=30, blank=True, default="")
    cancelled_for = models.CharField(_("取消原因"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=[rules.STARTED, rules.DONE]) | Q(confirmed_at__isnull=False),
                name="service_starts_after_it_was_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state=rules.DONE) | (Q(done_at__isnull=False) & ~Q(result="")),
                name="done_service_has_a_result",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "state", "-asked_at"]),
            models.Index(fields=["company", "state", "-asked_at"]),
            models.Index(
                fields=["ends_on"], condition=Q(ends_on__isnull=False), name="service_ending"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def hold(self) -> str:
        """The key of the hold that keeps its case open."""
        return f"service:{self.number}"

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now


class Keepsake(models.Model):
    """Something of the customer's in our keeping: papers for an application, clothes for the
    cleaner. It comes and goes against a signature."""

    order = models.ForeignKey(ServiceOrder, models.CASCADE, related_name="keepsakes")
    name = models.CharField(_("名称"), max_length=80)
    quantity = models.PositiveSmallIntegerField(_("件数"), default=1)
    taken_at = models.DateTimeField(_("收取时间"))
    taken_from = models.CharField(_("交出人"), max_length=60)
    taken_by = models.ForeignKey(_STAFF, models.PROTECT, related_name="+", verbose_name=_("收件人"))
    taken_signature = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(_("归还时间"), null=True)
    returned_to = models.CharField(_("领回人"), max_length=60, blank=True, default="")
    returned_signature = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """A subscription changed or stopped on request, from a day on."""

    order = models.ForeignKey(ServiceOrder, models.CASCADE, related_name="changes")
    from_on = models.DateField(_("自"))
    stop = models.BooleanField(_("停订"), default=False)
    quantity = models.CharField(_("数量"), max_length=20, blank=True, default="")
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")
    asked_by = models.CharField(_("提出人"), max_length=60)
    at = models.DateTimeField()
    by = models.ForeignKey(_STAFF, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["from_on", "pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.from_on}"
