"""Work orders (维修单), who is on duty with which skill, and what opens several orders at once:
the defects of a handover, the round of a patrol."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Attachment, Case, Placed
from shouwen.estate.models import Unit
from shouwen.rules import orders
from shouwen.rules.vocabulary import HOUSE_PARTS

#: 工种: what somebody has learnt, and what an order asks for.
TRADES: dict[str, str] = {
    "water": "水",
    "power": "电",
    "carpentry": "木",
    "masonry": "泥瓦防水",
    "lock": "门锁门窗",
    "hvac": "空调暖通",
    "weak": "弱电消防",
    "lift": "电梯",
    "other": "综合",
}
CLASSES: dict[str, str] = {
    "general-fault": "一般性故障",
    "small": "小修",
    "medium": "中修",
    "large": "大修",
    "larger": "较大型维修",
    "special": "特殊情况",
    "project": "工程",
}


def house_parts() -> list[tuple[str, str]]:
    """A function, so that a new part asks for no new migration."""
    return list(HOUSE_PARTS.items())


class WorkOrder(Placed):
    """One piece of repair work of a case. The row equals the fold of what the case's journal says
    of it (`rules.orders`)."""

    number = models.CharField(_("维修单号"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="orders")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="orders")
    range = models.CharField(_("范围"), max_length=8, choices=list(orders.RANGES.items()))
    work_class = models.CharField(
        _("等级"), max_length=16, blank=True, default="", choices=list(CLASSES.items())
    )
    trade = models.CharField(
        _("工种"), max_length=12, blank=True, default="", choices=list(TRADES.items())
    )
    urgent = models.BooleanField(_("紧急"), default=False)
    night = models.BooleanField(_("夜间"), default=False)
    mandatory = models.BooleanField(_("必办"), default=True)
    title = models.CharField(_("维修项目"), max_length=80)
    text = models.TextField(_("报修内容"), blank=True, default="")
    part = models.CharField(_("部位"), max_length=16, blank=True, default="", choices=house_parts)
    """Decides, with the day of the handover, whether the developer still answers for it."""
    materials = models.CharField(_("拟领材料"), max_length=300, blank=True, default="")
    """What the duty head wrote on it (S2-RP-4); what was drawn stands in the stores."""
    payer = models.CharField(_("费用承担"), max_length=12, blank=True, default="")
    payer_words = models.CharField(max_length=200, blank=True, default="")
    payer_clause = models.CharField(max_length=60, blank=True, default="")
    paid = models.BooleanField(_("有偿"), default=False)
    department = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("维修工"),
    )
    mode = models.CharField(
        _("派工方式"), max_length=8, blank=True, default="", choices=list(orders.MODES.items())
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=list(orders.ORDER_STATES.items()), default=orders.OPENED
    )
    refusal = models.CharField(_("退单理由"), max_length=300, blank=True, default="")
    waiting_for = models.CharField(_("等待"), max_length=120, blank=True, default="")
    appointment_from = models.DateTimeField(_("预约自"), null=True, blank=True)
    appointment_to = models.DateTimeField(_("预约至"), null=True, blank=True)
    agreed_by = models.CharField(_("谁约的"), max_length=60, blank=True, default="")
    opened_at = models.DateTimeField(_("开单时间"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    hand_over_due_at = models.DateTimeField(_("派工时限"), null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    """When somebody was told that it had not been handed over in time."""
    sent_at = models.DateTimeField(_("派工时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("接单时间"), null=True, blank=True)
    departed_at = models.DateTimeField(_("出发时间"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("到场时间"), null=True, blank=True)
    made_safe_at = models.DateTimeField(_("应急处置时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("完工时间"), null=True, blank=True)
    result = models.CharField(
        _("结果"), max_length=12, blank=True, default="", choices=list(orders.RESULTS.items())
    )
    done_text = models.TextField(_("处理情况"), blank=True, default="")
    labour_minutes = models.PositiveIntegerField(_("工时（分钟）"), null=True, blank=True)
    signature = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签字")
    )
    signed_name = models.CharField(_("签字人"), max_length=60, blank=True, default="")
    no_signature = models.CharField(_("未签字原因"), max_length=100, blank=True, default="")
    score_quality = models.PositiveSmallIntegerField(_("服务质量"), null=True, blank=True)
    score_attitude = models.PositiveSmallIntegerField(_("服务态度"), null=True, blank=True)
    opinion = models.TextField(_("客户意见"), blank=True, default="")
    phone_for_visit = models.CharField(_("回访电话"), max_length=40, blank=True, default="")
    comm_report = models.TextField(_("沟通情况"), blank=True, default="")
    comm_reported_at = models.DateTimeField(_("汇报时间"), null=True, blank=True)
    copy2_at = models.DateTimeField(_("第二联收回"), null=True, blank=True)
    copy1_at = models.DateTimeField(_("第一联交班长"), null=True, blank=True)
    training_case = models.BooleanField(_("培训案例"), default=False)
    checked_at = models.DateTimeField(_("验收时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "checked"])
                | (Q(done_at__isnull=False) & ~Q(result="")),
                name="done_order_has_its_result",
            ),
            models.CheckConstraint(
                condition=Q(appointment_to=None)
                | Q(appointment_to__gt=models.F("appointment_from")),
                name="window_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "state", "-opened_at"]),
            models.Index(fields=["company", "state", "-opened_at"]),
            models.Index(fields=["group", "state", "-opened_at"]),
            models.Index(fields=["assignee", "state"]),
            models.Index(fields=["unit", "-opened_at"]),
            models.Index(
                fields=["hand_over_due_at"],
                condition=Q(sent_at=None, rung_at=None),
                name="order_not_handed_over",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in orders.UNFINISHED

    @property
    def place(self) -> str:
        """Where to go, as the customer said it."""
        return self.case.address or (self.unit.label if self.unit else "")

    @property
    def in_time(self) -> bool | None:
        """Whether it was finished within the agreed window; None without one, or while it runs."""
        if self.appointment_to is None or self.done_at is None:
            return None
        return self.done_at <= self.appointment_to


class Skill(models.Model):
    """What somebody has learnt: 水, 电, 木 …"""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills")
    trade = models.CharField(_("工种"), max_length=12, choices=list(TRADES.items()))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "trade"], name="skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.trade}"


class Roster(Placed):
    """Somebody is on duty for a department from a moment to a moment."""

    department = models.ForeignKey(OrgUnit, models.PROTECT, related_name="roster")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="roster", verbose_name=_("值班人")
    )
    starts_at = models.DateTimeField(_("自"))
    ends_at = models.DateTimeField(_("至"))
    head = models.BooleanField(_("当值负责人"), default=False)

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="duty_ends_after_it_begins"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["department", "ends_at"])]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.starts_at:%m-%d %H:%M}"


class HandoverCheck(Placed):
    """验房: what the owner and we found when a home was handed over, each defect with its own
    case (S2-A10r-6b)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="handover_checks")
    at = models.DateTimeField(_("验房时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    with_whom = models.CharField(_("业主或代理人"), max_length=60)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at:%Y-%m-%d}"


class Defect(models.Model):
    """One defect of a handover and its arrangement: a case that has owner and due date."""

    check_made = models.ForeignKey(HandoverCheck, models.CASCADE, related_name="defects")
    place = models.CharField(_("部位"), max_length=40)
    text = models.CharField(_("缺陷"), max_length=200)
    size = models.CharField(
        _("大小"),
        max_length=8,
        choices=[("small", _("小型维修")), ("larger", _("较大型维修")), ("special", _("特殊情况"))],
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.place} {self.text}"


class Patrol(Placed):
    """One round through the public areas by a checklist of the regulation (S2-W-10)."""

    checklist = models.CharField(max_length=60)
    title = models.CharField(_("巡查"), max_length=60)
    clause = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    area = models.CharField(_("区域"), max_length=60, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["project", "-at"])]

    def __str__(self) -> str:
        return f"{self.title} {self.at:%Y-%m-%d}"


class PatrolItem(models.Model):
    """One line of a round: found in order, or not and so a case."""

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="items")
    item = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    ok = models.BooleanField(_("正常"))
    note = models.CharField(_("发现"), max_length=200, blank=True, default="")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ok=True) | Q(case__isnull=False), name="what_is_amiss_is_a_case"
            )
        ]

    def __str__(self) -> str:
        return self.title
