"""Price lists with their editions and approvals, and what was quoted to a customer."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Attachment, Case, Placed
from shouwen.rules.money import Line
from shouwen.rules.quotation import Band, Edition, is_effective


class PriceList(Placed):
    """A project's list of one kind, as its regulation calls it; its content is in the editions."""

    class Kind(models.TextChoices):
        REPAIR = "repair", _("有偿维修")
        SPECIAL = "special", _("特约服务")

    title = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    must_post = models.BooleanField(default=False)
    """In force only once it was put up."""

    class Meta:
        ordering: ClassVar = ["project_id", "kind", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "kind"], name="one_price_list_of_a_kind")
        ]

    def __str__(self) -> str:
        return self.title


class PriceEdition(models.Model):
    """One edition, frozen once it is submitted. What was quoted from it keeps it for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", _("编制中")
        SUBMITTED = "submitted", _("审批中")
        APPROVED = "approved", _("已批准")
        REPLACED = "replaced", _("已有新版")

    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="editions")
    version = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    effective_from = models.DateField(_("生效日期"), null=True, blank=True)
    effective_until = models.DateField(null=True, blank=True)
    """The first day on which it holds no more."""
    basis = models.CharField(_("编制依据"), max_length=200, blank=True, default="")
    approval_number = models.CharField(_("批准文号"), max_length=60, blank=True, default="")
    approval_mode = models.CharField(_("审批或备案"), max_length=10, blank=True, default="")
    posted_at = models.DateTimeField(_("公示时间"), null=True, blank=True)
    posted_where = models.CharField(_("公示地点"), max_length=100, blank=True, default="")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["price_list_id", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["price_list", "version"], name="edition_once"),
            models.UniqueConstraint(
                fields=["price_list"],
                condition=Q(state__in=["draft", "submitted"]),
                name="one_edition_in_the_making",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "replaced"]) | Q(effective_from__isnull=False),
                name="approved_edition_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} V{self.version}"

    def is_effective(self, day: date) -> bool:
        return is_effective(self.as_rule, day)

    @property
    def as_rule(self) -> Edition:
        return Edition(
            self.state in (self.State.APPROVED, self.State.REPLACED),
            self.effective_from,
            self.effective_until,
            self.price_list.must_post,
            localdate(self.posted_at) if self.posted_at else None,
        )


class PriceItem(models.Model):
    """One line of an edition. `low` and `high` are the band; equal for a fixed price."""

    edition = models.ForeignKey(PriceEdition, models.CASCADE, related_name="items")
    code = models.CharField(_("编号"), max_length=20)
    name = models.CharField(_("项目"), max_length=80)
    content = models.CharField(_("内容"), max_length=300, blank=True, default="")
    unit = models.CharField(_("单位"), max_length=20)
    low = models.DecimalField(_("最低价"), max_digits=12, decimal_places=2)
    high = models.DecimalField(_("最高价"), max_digits=12, decimal_places=2)
    material_fee = models.DecimalField(
        _("材料费"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    """Per unit; empty where the material is charged as it is used."""
    basis = models.CharField(_("定价依据"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["edition_id", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="price_once_in_an_edition"),
            models.CheckConstraint(
                condition=Q(low__gte=0) & Q(high__gte=F("low")), name="price_band_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def band(self) -> Band:
        return Band(self.code, self.name, self.low, self.high)


class PriceApproval(models.Model):
    """One step of the chain as the regulation had it when the edition was submitted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待审批")
        APPROVED = "approved", _("同意")
        REFUSED = "refused", _("退回")

    edition = models.ForeignKey(PriceEdition, models.CASCADE, related_name="approvals")
    step = models.PositiveSmallIntegerField()
    title = models.CharField(_("审批单位"), max_length=40)
    role = models.CharField(max_length=20)
    outside = models.BooleanField(default=False)
    modes = models.JSONField(default=list)
    state = models.CharField(_("结果"), max_length=10, choices=State, default=State.WAITING)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(null=True, blank=True)
    mode = models.CharField(max_length=10, blank=True, default="")
    number = models.CharField(_("文号"), max_length=60, blank=True, default="")
    decided_on = models.DateField(_("批准日期"), null=True, blank=True)
    note = models.CharField(_("意见"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["edition_id", "pk"]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.title}"


class Quotation(Placed):
    """A price told to a customer for one matter, or one order of it, and what he said to it."""

    class State(models.TextChoices):
        GIVEN = "given", _("待客户答复")
        AGREED = "agreed", _("客户同意")
        DECLINED = "declined", _("客户不同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Means(models.TextChoices):
        SIGNATURE = "signature", _("签字")
        LINK = "link", _("网页确认")
        CALL = "call", _("电话录音")
        PAPER = "paper", _("纸面签字")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="quotations")
    subject = models.CharField(max_length=40, blank=True, default="")
    """Number of the work order or service order; empty for the matter as a whole."""
    round = models.PositiveSmallIntegerField(_("第几轮"), default=1)
    """Of the case. A price for the matter as a whole counts in its round and no longer."""
    edition = models.ForeignKey(
        PriceEdition, models.PROTECT, null=True, blank=True, related_name="quotations"
    )
    total = models.DecimalField(_("合计"), max_digits=12, decimal_places=2)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.GIVEN)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("报价时间"))
    answered_by_name = models.CharField(_("答复人"), max_length=60, blank=True, default="")
    relation = models.CharField(_("与业主关系"), max_length=20, blank=True, default="")
    means = models.CharField(_("方式"), max_length=10, choices=Means, blank=True, default="")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Staff who put the answer on record; empty when the customer gave it himself."""
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "subject", "round"],
                condition=Q(state__in=["given", "agreed"]),
                name="one_quotation_stands",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | (Q(answered_at__isnull=False) & ~Q(means="")),
                name="consent_says_who_and_when",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["project", "-given_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def is_agreed(self) -> bool:
        return self.state == self.State.AGREED

    @property
    def is_proxied(self) -> bool:
        """Staff wrote down what the customer said; he neither signed nor answered himself."""
        return self.recorded_by_id is not None and self.means == self.Means.CALL


class QuotationLine(models.Model):
    """What was quoted, as it stood then: a later edition changes nothing here."""

    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="lines")
    item = models.ForeignKey(PriceItem, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("项目"), max_length=80)
    unit = models.CharField(_("单位"), max_length=20, blank=True, default="")
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=2)
    price = models.DecimalField(_("单价"), max_digits=12, decimal_places=2)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    material = models.BooleanField(_("材料"), default=False)

    class Meta:
        ordering: ClassVar = ["quotation_id", "pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"

    @property
    def as_line(self) -> Line:
        return Line(self.name, self.unit, self.quantity, self.price)
