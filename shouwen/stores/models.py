"""Materials, where they lie, and every move between store, engineer and work order.

What lies somewhere is the sum of its moves, kept beside them so that it can be read at once. One
function writes both: `actions/moving.move`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Case, Placed

NONE = Decimal("0.00")


def amount_field(name: Any, **options: Any) -> models.DecimalField[Decimal, Decimal]:
    """Pieces, metres, kilograms, yuan: two places."""
    return models.DecimalField(name, max_digits=12, decimal_places=2, **options)


class Material(Placed):
    """One kind of thing that a project keeps, by its own code."""

    code = models.CharField(_("编号"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    spec = models.CharField(_("规格"), max_length=60, blank=True, default="")
    unit = models.CharField(_("单位"), max_length=10)
    kind = models.CharField(_("物品类型"), max_length=40, blank=True, default="")
    price = amount_field(_("单价"), default=NONE)
    """What a move is valued at, in yuan."""
    sold_from = models.DecimalField(
        _("对外最低售价"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    sold_to = models.DecimalField(
        _("对外最高售价"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    low_mark = amount_field(_("告警库存"), default=NONE)
    """Below it the material stands on the list of what to buy; 0: never."""
    barcode = models.CharField(_("条码"), max_length=40, blank=True, default="")
    fixed = models.BooleanField(_("固定物品"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True, default="")
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "code"], name="material_code_once"),
            models.UniqueConstraint(
                fields=["project", "barcode"], condition=~Q(barcode=""), name="barcode_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["project", "name"])]

    def __str__(self) -> str:
        return f"{self.name} {self.spec}".strip()


class Store(Placed):
    """A place where materials lie: a store room, or what an engineer carries with him."""

    name = models.CharField(_("库房"), max_length=40)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stores",
        verbose_name=_("持有人"),
    )
    """Empty for a store room."""

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "holder"],
                condition=Q(holder__isnull=False),
                name="one_own_stock_in_a_project",
            ),
            models.UniqueConstraint(
                fields=["project", "name"], condition=Q(holder=None), name="store_room_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """How much of a material lies in a store: the sum of its moves, and never below nothing."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="stock")
    material = models.ForeignKey(Material, models.PROTECT, related_name="stock")
    quantity = amount_field(_("数量"), default=NONE)

    class Meta:
        ordering: ClassVar = ["material__code", "store_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["store", "material"], name="stock_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="stock_is_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.material_id} {self.quantity}"


class Requisition(Placed):
    """《领料单》: what somebody wants from the store for a work order, and what he was given."""

    class State(models.TextChoices):
        ASKED = "asked", _("待发料")
        ISSUED = "issued", _("已发料")
        CANCELLED = "cancelled", _("已取消")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="requisitions"
    )
    subject = models.CharField(_("维修单"), max_length=40, blank=True, default="")
    """The number of the work order; empty: for the engineer's own stock."""
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("领料人")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发料库房")
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("库管"),
    )
    issued_at = models.DateTimeField(_("发料时间"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("签收第二联"), null=True, blank=True)
    """When the engineer took the goods and the second copy (S2-RP-5)."""
    cancelled_because = models.CharField(_("取消原因"), max_length=100, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_at__isnull=False, store__isnull=False),
                name="issued_from_a_store",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "state", "-asked_at"]),
            models.Index(fields=["subject"]),
        ]

    def __str__(self) -> str:
        return self.number


class RequisitionLine(models.Model):
    """One material of a requisition. What was used of it stands in the moves of the order."""

    requisition = models.ForeignKey(Requisition, models.CASCADE, related_name="lines")
    material = models.ForeignKey(Material, models.PROTECT, related_name="+")
    asked = amount_field(_("申领数量"))
    issued = amount_field(_("实发数量"), default=NONE)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["requisition", "material"], name="asked_once"),
            models.CheckConstraint(
                condition=Q(asked__gt=0, issued__gte=0, issued__lte=F("asked")),
                name="issued_within_what_was_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requisition_id} {self.material_id}"


class StockCount(Placed):
    """《盘点》: what was found in a store against what the books say. A difference moves nothing
    until somebody else has approved it."""

    class State(models.TextChoices):
        COUNTED = "counted", _("差异待批准")
        APPROVED = "approved", _("已确认")
        REFUSED = "refused", _("退回重盘")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, related_name="counts")
    state = models.CharField(_("状态"), max_length=10, choices=State)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("盘点人")
    )
    counted_at = models.DateTimeField(_("盘点时间"))
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("批准人"),
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    opinion = models.CharField(_("批准意见"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-counted_at", "-pk"]

    def __str__(self) -> str:
        return self.number


class StockCountLine(models.Model):
    """What the books said when one material was counted, and what was found."""

    count = models.ForeignKey(StockCount, models.CASCADE, related_name="lines")
    material = models.ForeignKey(Material, models.PROTECT, related_name="+")
    expected = amount_field(_("账面数"))
    counted = amount_field(_("实盘数"))

    class Meta:
        ordering: ClassVar = ["material__code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["count", "material"], name="counted_once"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="nothing_counted_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.count_id} {self.material_id}"

    @property
    def difference(self) -> Decimal:
        return self.counted - self.expected


class Move(Placed):
    """So much of a material went from one place to another. Append-only.

    Without a source it came from outside or was found; without a target it was used, or is gone.
    """

    class Kind(models.TextChoices):
        RECEIVE = "receive", _("入库")
        DRAW = "draw", _("领料")
        RETURN = "return", _("退料")
        USE = "use", _("用料")
        TRANSFER = "transfer", _("调拨")
        COUNT = "count", _("盘点调整")

    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    material = models.ForeignKey(Material, models.PROTECT, related_name="moves")
    quantity = amount_field(_("数量"))
    price = amount_field(_("单价"))
    """The material's price on that day."""
    source = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("从")
    )
    target = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("到")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="material_moves"
    )
    subject = models.CharField(_("维修单"), max_length=40, blank=True, default="")
    requisition = models.ForeignKey(
        Requisition, models.PROTECT, null=True, blank=True, related_name="moves"
    )
    count = models.ForeignKey(
        StockCount, models.PROTECT, null=True, blank=True, related_name="moves"
    )
    at = models.DateTimeField(_("时间"))
    recorded_at = models.DateTimeField(_("录入时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经手人")
    )
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(source__isnull=False) | Q(target__isnull=False)),
                name="something_moves_somewhere",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-at"]),
            models.Index(fields=["material", "-at"]),
            models.Index(fields=["subject"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.material_id} {self.quantity}"
