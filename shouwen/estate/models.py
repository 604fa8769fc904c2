"""Buildings, units, customers and who lived where when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.estate.phones import mask_phone


class Building(models.Model):
    """A 幢/栋/座 of a project. `key` is its normalised name ("3", "A"), unique in the project."""

    project = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="buildings", verbose_name=_("项目")
    )
    company = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    name = models.CharField(_("楼栋"), max_length=40)
    key = models.CharField(max_length=40)
    handed_over_on = models.DateField(_("交付日期"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["project_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "key"], name="building_once_in_a_project")
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A home, shop or office. `key` is "3-2-501" (house-entrance-room), unique in the project."""

    project = models.ForeignKey(OrgUnit, models.PROTECT, related_name="units")
    company = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    building = models.ForeignKey(
        Building, models.PROTECT, related_name="units", verbose_name=_("楼栋")
    )
    entrance = models.CharField(_("单元"), max_length=20, blank=True, default="")
    room = models.CharField(_("房号"), max_length=20)
    floor = models.CharField(_("楼层"), max_length=10, blank=True, default="")
    key = models.CharField(max_length=80)
    label = models.CharField(_("房屋"), max_length=80)
    use = models.CharField(_("用途"), max_length=20, blank=True, default="")
    area = models.DecimalField(
        _("建筑面积"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(_("状态"), max_length=20, blank=True, default="")
    handed_over_on = models.DateField(_("交付日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["building_id", "entrance", "room"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "key"], name="unit_once_in_a_project")
        ]
        indexes: ClassVar = [models.Index(fields=["project", "room"])]

    def __str__(self) -> str:
        return self.label


class Customer(models.Model):
    """Owner, tenant, family member or passer-by, known to one project."""

    project = models.ForeignKey(OrgUnit, models.PROTECT, related_name="customers")
    company = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    code = models.CharField(_("客户编号"), max_length=40, blank=True, default="")
    kind = models.CharField(
        _("性质"),
        max_length=10,
        default="person",
        choices=[("person", _("个人")), ("company", _("单位"))],
    )
    care = models.CharField(_("关怀提示"), max_length=200, blank=True, default="")
    """What a visitor must know: 独居老人, 听力不便, 敲门后稍候."""
    restriction = models.CharField(_("联系限制"), max_length=200, blank=True, default="")
    """When or how this customer must not be contacted: 20:00 后不打电话, 不发短信."""
    note = models.CharField(_("备注"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["project", "name"])]

    def __str__(self) -> str:
        return self.name


class Phone(models.Model):
    """A number of a customer, digits only in `number`."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="phones")
    project = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    number = models.CharField(_("电话"), max_length=20)
    label = models.CharField(_("说明"), max_length=20, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "number"], name="phone_once_per_customer")
        ]
        indexes: ClassVar = [models.Index(fields=["number"])]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """As everybody may see it: 139 **** 0421."""
        return mask_phone(self.number)


class Occupancy(models.Model):
    """A customer's tie to a unit, from a day to a day."""

    class Relation(models.TextChoices):
        OWNER = "owner", _("业主")
        TENANT = "tenant", _("租户")
        FAMILY = "family", _("家属")
        OTHER = "other", _("其他")

    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="occupancies", verbose_name=_("房屋")
    )
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="occupancies", verbose_name=_("客户")
    )
    relation = models.CharField(_("关系"), max_length=10, choices=Relation)
    since = models.DateField(_("自"), null=True, blank=True)
    until = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["relation", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "customer", "relation"],
                condition=Q(until=None),
                name="occupancy_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=models.F("since")),
                name="occupancy_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.customer}"


class BuildingNotice(models.Model):
    """What is going on at a building now (停水, 消杀), for whoever answers a call from there."""

    project = models.ForeignKey(OrgUnit, models.PROTECT, related_name="building_notices")
    company = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    building = models.ForeignKey(
        Building,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("楼栋"),
    )
    title = models.CharField(_("标题"), max_length=80)
    text = models.CharField(_("内容"), max_length=500, blank=True, default="")
    starts_at = models.DateTimeField(_("自"))
    ends_at = models.DateTimeField(_("至"))
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["project", "ends_at"])]

    def __str__(self) -> str:
        return self.title


class ImportRun(models.Model):
    """One workbook taken in: checked first, shown, and only then applied, all or nothing.

    The worker claims it by a lease; progress is written as it goes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待检查")
        CHECKING = "checking", _("检查中")
        CHECKED = "checked", _("待确认")
        CONFIRMED = "confirmed", _("等待导入")
        APPLYING = "applying", _("导入中")
        DONE = "done", _("已导入")
        FAILED = "failed", _("未导入")

    project = models.ForeignKey(OrgUnit, models.PROTECT, related_name="import_runs")
    company = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(_("文件"), max_length=200)
    file = models.CharField(max_length=120)
    """Path below MEDIA_ROOT."""
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    """{"units": {"new": 3, "changed": 1, "same": 9}, …} of the preview, then of what was
    applied."""
    errors = models.PositiveIntegerField(default=0)
    error_file = models.CharField(max_length=120, blank=True, default="")
    message = models.CharField(max_length=300, blank=True, default="")
    claimed_until = models.DateTimeField(null=True, blank=True)
    fence = models.CharField(max_length=32, blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name
