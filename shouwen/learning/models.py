"""What is learned: corrections, suggestions, praise, typical cases, quality of the product, and
the archive of complaints."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case, Placed, listed, person
from shouwen.estate.models import Unit
from shouwen.repairs.models import house_parts

# --- Corrections ----------------------------------------------------------------------------------


class Correction(Placed):
    """《不合格项纠正、预防》: what went wrong, why, what is done about it and against its coming
    back, by whom and until when, and whether it helped."""

    class Trigger(models.TextChoices):
        VISIT = "visit", _("回访不满意")
        COMPLAINTS = "complaints", _("同一事项重复投诉")
        REPAIRS = "repairs", _("同一种维修重复发生")
        CLUSTER = "cluster", _("反映集中的问题")
        SWING = "swing", _("指标波动")
        SURVEY = "survey", _("调查结果")
        PATROL = "patrol", _("巡视或小事预防")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待审核")
        RUNNING = "running", _("整改中")
        DONE = "done", _("待验证")
        VERIFIED = "verified", _("待检查效果")
        CLOSED = "closed", _("已结案")
        DISMISSED = "dismissed", _("不立项")

    #: The state says which of the times below it waits for.
    LIVE = (State.PROPOSED, State.RUNNING, State.DONE, State.VERIFIED)

    number = models.CharField(_("编号"), max_length=30, unique=True)
    trigger = models.CharField(_("来由"), max_length=12, choices=Trigger)
    key = models.CharField(max_length=80, blank=True, default="")
    """What the detector read, so that it is found once; empty when somebody wrote it."""
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    title = models.CharField(_("问题"), max_length=80)
    problem = models.TextField(_("不合格事实"))
    clause = models.CharField(max_length=60, blank=True, default="")
    cases = models.ManyToManyField(Case, related_name="corrections", verbose_name=_("诉求"))
    found_at = models.DateTimeField(_("提出时间"))
    found_by = person(_("提出人"))
    """Empty: found by the program."""
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    reviewed_by = person(_("审核人"))
    department = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任部门")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("责任人"),
    )
    opened_at = models.DateTimeField(_("立项时间"), null=True, blank=True)
    due_at = models.DateTimeField(_("整改期限"), null=True, blank=True)
    cause = models.TextField(_("原因"), blank=True, default="")
    measure = models.TextField(_("纠正措施"), blank=True, default="")
    prevention = models.TextField(_("预防措施"), blank=True, default="")
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    verified_at = models.DateTimeField(_("验证时间"), null=True, blank=True)
    verified_by = person(_("验证人"))
    check_due_at = models.DateTimeField(_("检查效果期限"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("第几轮"), default=1)
    ring_at = models.DateTimeField(null=True, blank=True)
    """When the next reminder rings; empty while nothing is waited for."""
    rung = models.PositiveSmallIntegerField(default=0)
    """How many steps of the ladder have rung for the time that is waited for now."""

    class Meta:
        ordering: ClassVar = ["-found_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "key"], condition=~Q(key=""), name="correction_found_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "dismissed"])
                | (Q(owner__isnull=False) & Q(due_at__isnull=False)),
                name="correction_has_owner_and_due",
            ),
        ]
        indexes: ClassVar = [
            *listed("state", "-found_at"),
            models.Index(fields=["ring_at"], condition=Q(ring_at__isnull=False), name="corr_rings"),
            models.Index(fields=["owner", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def waits_until(self) -> datetime | None:
        """The time that the present state is held to."""
        if self.state in (self.State.RUNNING, self.State.DONE):
            return self.due_at
        return self.check_due_at if self.state == self.State.VERIFIED else None


class CorrectionStep(models.Model):
    """One line of the story of a correction. Never changed."""

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = person(_("经办人"))
    what = models.CharField(max_length=20)
    text = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.text[:40]}"


# --- Suggestions ----------------------------------------------------------------------------------


class Suggestion(Placed):
    """A suggestion and what became of it. What the journal says is kept from the journal; that its
    plan was put up is said here."""

    class Decision(models.TextChoices):
        NONE = "", _("待决定")
        ADOPTED = "adopted", _("采纳")
        PLANNED = "planned", _("制定整改计划")
        DECLINED = "declined", _("不采纳")

    TAKEN_UP = (Decision.ADOPTED, Decision.PLANNED)

    case = models.OneToOneField(Case, models.CASCADE, related_name="suggestion")
    received_at = models.DateTimeField(_("收到时间"))
    told_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    decision = models.CharField(
        _("决定"), max_length=10, choices=Decision, blank=True, default=Decision.NONE
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = person(_("决定人"))
    reason = models.TextField(_("可行性分析或理由"), blank=True, default="")
    plan = models.TextField(_("整改措施"), blank=True, default="")
    answered_at = models.DateTimeField(_("告知业主时间"), null=True, blank=True)
    posted_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    posted_where = models.CharField(_("公布地点"), max_length=100, blank=True, default="")
    posted_until = models.DateField(_("公布到"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-received_at", "-pk"]
        indexes: ClassVar = listed("decision", "-received_at")

    def __str__(self) -> str:
        return f"{self.case} {self.get_decision_display()}"


class Roll(Placed):
    """A list of residents whose suggestions were taken up: “爱我小区”, or the awards of a year."""

    class Kind(models.TextChoices):
        HONOUR = "honour", _("“爱我小区”住户名单")
        AWARD = "award", _("年终建议表扬奖励")

    kind = models.CharField(_("名单"), max_length=8, choices=Kind)
    year = models.PositiveSmallIntegerField(_("年度"))
    made_at = models.DateTimeField(_("生成时间"))
    made_by = person(_("生成人"), null=False)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    approved_by = person(_("批准人"))
    posted_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    posted_where = models.CharField(_("公布地点"), max_length=100, blank=True, default="")
    posted_until = models.DateField(_("公布到"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "kind", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "kind", "year"], name="one_roll_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()}"


class RollLine(models.Model):
    """A household on a roll, with what it is given and when it was told."""

    roll = models.ForeignKey(Roll, models.CASCADE, related_name="lines")
    name = models.CharField(_("住户"), max_length=60)
    address = models.CharField(_("房号"), max_length=120, blank=True, default="")
    suggestions = models.ManyToManyField(Suggestion, related_name="+")
    award = models.CharField(_("表扬奖励"), max_length=120, blank=True, default="")
    told_at = models.DateTimeField(_("告知时间"), null=True, blank=True)
    told_by = person(_("告知人"))

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.address} {self.name}"


# --- Praise ---------------------------------------------------------------------------------------


class Praise(Placed):
    """What a resident said of one of our people or departments: in a case, or on patrol."""

    kind = models.CharField(
        _("评价"), max_length=10, choices=[("praise", _("表扬")), ("criticism", _("批评"))]
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="praises", verbose_name=_("诉求")
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="praises",
        verbose_name=_("员工"),
    )
    department = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    text = models.TextField(_("说了什么"))
    said_by = models.CharField(_("住户"), max_length=60, blank=True, default="")
    unit = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("房号")
    )
    at = models.DateTimeField(_("时间"))
    recorded_by = person(_("记录人"), null=False)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False) | Q(department__isnull=False),
                name="praise_is_of_somebody",
            )
        ]
        indexes: ClassVar = [*listed("-at"), models.Index(fields=["staff", "-at"])]

    def __str__(self) -> str:
        return self.text[:40]


# --- Typical cases --------------------------------------------------------------------------------


class TypicalCase(Placed):
    """A complaint worth telling the others, with its lesson, in the collection of its quarter."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="typical")
    quarter = models.CharField(_("季度"), max_length=6)
    """"2026Q4"."""
    title = models.CharField(_("标题"), max_length=80)
    story = models.TextField(_("经过"))
    lesson = models.TextField(_("教训与做法"))
    chosen_at = models.DateTimeField(_("选入时间"))
    chosen_by = person(_("选入人"), null=False)
    submitted_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    submitted_by = person(_("上报人"))

    class Meta:
        ordering: ClassVar = ["-quarter", "-chosen_at", "-pk"]
        indexes: ClassVar = listed("quarter")

    def __str__(self) -> str:
        return self.title


# --- Quality of the product -----------------------------------------------------------------------


class ProductFeedback(Placed):
    """《产品质量客户信息反馈表》 (F-29): a defect by part, how often, sent to whom, and what the
    developer made of it."""

    number = models.CharField(_("编号"), max_length=30, unique=True)
    part = models.CharField(_("产品/部位"), max_length=16, choices=house_parts)
    defect = models.CharField(_("缺陷"), max_length=60)
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    text = models.TextField(_("说明"), blank=True, default="")
    cases = models.ManyToManyField(Case, related_name="+", verbose_name=_("诉求"))
    found_at = models.DateTimeField(_("登记时间"))
    found_by = person(_("登记人"), null=False)
    sent_to = models.CharField(_("去向"), max_length=60, blank=True, default="")
    sent_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)
    decision = models.CharField(
        _("结论"),
        max_length=10,
        blank=True,
        default="",
        choices=[("adopted", _("采纳")), ("declined", _("不采纳")), ("watched", _("观察"))],
    )
    change = models.TextField(_("产品改进或理由"), blank=True, default="")
    decided_at = models.DateTimeField(_("结论时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-found_at", "-pk"]
        indexes: ClassVar = listed("part", "defect")

    def __str__(self) -> str:
        return f"{self.number} {self.defect}"


# --- The archive ----------------------------------------------------------------------------------


class ArchiveFile(Placed):
    """The file of a closed complaint: its class (销售, 签约, 交楼, 办证 …) and how long it is kept.
    All that belongs to it hangs on the case."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="archive_file")
    number = models.CharField(_("档案号"), max_length=30, unique=True)
    stage = models.CharField(_("类别"), max_length=24, blank=True, default="")
    stage_name = models.CharField(max_length=40)
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True)
    """Empty while the case is open again."""
    keep_until = models.DateField(_("保存到"), null=True, blank=True)
    clause = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-archived_at", "-pk"]
        indexes: ClassVar = listed("stage", "-archived_at")

    def __str__(self) -> str:
        return self.number
