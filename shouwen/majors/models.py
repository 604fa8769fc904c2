"""Major events with all that they set in motion, the reporting matrix, risks, early warnings."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case, Placed

#: The sections of the special report, none of which may be empty (4.3.4).
SECTIONS = {
    "situation": _("情况描述"),
    "causes": _("原因分析"),
    "responsibility": _("责任分析"),
    "measures": _("改进措施"),
}


class GradeWatch(models.Model):
    """How far the criteria have been put to a case, and when time alone may meet one of them."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="grade_watch")
    version = models.PositiveIntegerField()
    look_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.version}"


# --- Major events ---------------------------------------------------------------------------------


class MajorEvent(Placed):
    """A major matter: one grave case, or a group of them. It has a report, a task force, and
    actions that outlive the cases."""

    class State(models.TextChoices):
        OPEN = "open", _("处理中")
        CLOSED = "closed", _("已结束")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    title = models.CharField(_("事件"), max_length=80)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="major_events"
    )
    group_number = models.CharField(_("群体事项"), max_length=30, blank=True, default="")
    grade = models.CharField(_("级别"), max_length=24)
    event_type = models.CharField(_("事件类型"), max_length=24, blank=True, default="")
    cause = models.CharField(_("事件原因"), max_length=24, blank=True, default="")
    facts = models.JSONField(default=dict)
    """What the reporting rules read, where there is no case."""
    rulebook = models.ForeignKey("adoption.PinnedRulebook", models.PROTECT, related_name="+")
    reason = models.TextField(_("列为重大事件的原因"))
    clause = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("列为时间"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """Empty: the product itself, by a clause that decides."""
    situation = models.TextField(_("情况描述"), blank=True, default="")
    causes = models.TextField(_("原因分析"), blank=True, default="")
    responsibility = models.TextField(_("责任分析"), blank=True, default="")
    measures = models.TextField(_("改进措施"), blank=True, default="")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    drafted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    closing = models.TextField(_("结束说明"), blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="open"), name="one_open_event_a_case"
            ),
            models.UniqueConstraint(
                fields=["group_number"],
                condition=Q(state="open") & ~Q(group_number=""),
                name="one_open_event_a_group",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                name="closed_event_has_its_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "state", "-opened_at"]),
            models.Index(fields=["company", "state", "-opened_at"]),
            models.Index(fields=["group", "state", "-opened_at"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def empty_sections(self) -> list[str]:
        """Titles of the sections of the report that nobody has written yet."""
        return [str(title) for name, title in SECTIONS.items() if not getattr(self, name).strip()]


class Sending(models.Model):
    """Somebody who must be told of an event, by when, and the receipt. Sent once, with the words
    that were sent."""

    event = models.ForeignKey(MajorEvent, models.CASCADE, related_name="sendings")
    key = models.CharField(max_length=80)
    """The rule or the line of the matrix that asks for it."""
    to = models.CharField(max_length=24, blank=True, default="")
    """A role or department of ours."""
    name = models.CharField(_("报送"), max_length=80)
    what = models.CharField(
        _("内容"), max_length=8, choices=[("report", _("专项报告")), ("notice", _("当即告知"))]
    )
    clause = models.CharField(max_length=40, blank=True, default="")
    default = models.BooleanField(default=False)
    due_at = models.DateTimeField(_("最晚"))
    sent_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    report = models.JSONField(default=dict)
    """The four sections as they were sent."""
    received_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    received_by = models.CharField(_("签收人"), max_length=60, blank=True, default="")
    warned_at = models.DateTimeField(null=True)
    late_told_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "key"], name="told_once_of_an_event")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None), name="sending_due")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.name}"


class Member(models.Model):
    """Somebody in the task force (处理小组)."""

    event = models.ForeignKey(MajorEvent, models.CASCADE, related_name="members")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("成员")
    )
    side = models.CharField(
        _("身份"),
        max_length=10,
        choices=[
            ("leader", _("分管领导")),
            ("company", _("公司部门")),
            ("project", _("项目人员")),
        ],
    )
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "staff"], name="once_in_a_task_force")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.staff_id}"


class Meeting(models.Model):
    """Minutes of the task force, or the resolution without which nobody outside is answered."""

    event = models.ForeignKey(
        MajorEvent, models.CASCADE, null=True, blank=True, related_name="meetings"
    )
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="meetings")
    held_at = models.DateTimeField(_("开会时间"))
    attendees = models.CharField(_("参会人"), max_length=300)
    decision = models.TextField(_("决议、措施"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["held_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(event__isnull=False) | Q(case__isnull=False),
                name="meeting_is_about_something",
            )
        ]

    def __str__(self) -> str:
        return self.decision[:40]


class Opinion(models.Model):
    """What a superior said to the report. Over only when actions followed from it and are done."""

    event = models.ForeignKey(MajorEvent, models.CASCADE, related_name="opinions")
    said_by = models.CharField(_("上级单位"), max_length=80)
    text = models.TextField(_("处理意见"))
    at = models.DateTimeField(_("收到时间"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class EventAction(models.Model):
    """One thing to be done because of an event: whose, until when, and the proof."""

    event = models.ForeignKey(MajorEvent, models.CASCADE, related_name="actions")
    opinion = models.ForeignKey(
        Opinion, models.CASCADE, null=True, blank=True, related_name="actions"
    )
    """Empty: a measure that the task force decided."""
    text = models.CharField(_("措施"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("负责人")
    )
    due_at = models.DateTimeField(_("最晚"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    proof = models.TextField(_("完成情况和凭据"), blank=True, default="")
    warned_at = models.DateTimeField(null=True)
    late_told_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(proof=""), name="done_action_has_its_proof"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="event_action_due")
        ]

    def __str__(self) -> str:
        return self.text[:40]


class MatrixLine(models.Model):
    """One line of a company's own reporting matrix (分级报送机制), beside what the regulations
    ask."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    grade = models.CharField(_("级别"), max_length=24)
    to = models.CharField(_("岗位"), max_length=24, blank=True, default="")
    body = models.CharField(_("外部单位"), max_length=80, blank=True, default="")
    hours = models.PositiveSmallIntegerField(_("几小时内"))
    what = models.CharField(
        _("内容"), max_length=8, choices=[("report", _("专项报告")), ("notice", _("当即告知"))]
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    """Taken out of the matrix then; what was asked for under it stays."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["grade", "hours", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(to="") | ~Q(body=""), name="matrix_line_names_somebody"
            )
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.to or self.body}"


# --- Beforehand -----------------------------------------------------------------------------------


class Risk(models.Model):
    """A risk of complaints: what sets it off, who watches it, what is done when it comes."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    title = models.CharField(_("风险"), max_length=80)
    trigger = models.CharField(_("什么情况下发生"), max_length=200)
    level = models.CharField(
        _("等级"), max_length=6, choices=[("high", _("高")), ("middle", _("中")), ("low", _("低"))]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("负责人")
    )
    plan = models.TextField(_("应急预案"))
    next_drill_at = models.DateTimeField(_("下次演练"), null=True, blank=True)
    told_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("解除时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["closed_at", "-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Drill(models.Model):
    """The plan of a risk was drilled, or carried out in earnest."""

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="drills")
    kind = models.CharField(
        _("类别"), max_length=8, choices=[("drill", _("演练")), ("real", _("实际启动"))]
    )
    held_at = models.DateTimeField(_("时间"))
    text = models.TextField(_("经过和改进"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-held_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:40]


class EarlyWarning(Placed):
    """Something graver announces itself; one person must respond, in time."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    """The complaint that made it so."""
    rule = models.CharField(max_length=60)
    regulation = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    """What it is about: while it is open, the same raises no second one."""
    title = models.CharField(_("预警"), max_length=80)
    clause = models.CharField(max_length=40, blank=True, default="")
    default = models.BooleanField(default=False)
    words = models.CharField(_("依据"), max_length=300)
    cases = models.JSONField(default=list)
    """Numbers of the complaints that it counts."""
    raised_at = models.DateTimeField(_("预警时间"))
    due_at = models.DateTimeField(_("最晚应对"))
    responder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("应对人"),
    )  # fmt: skip
    answered_at = models.DateTimeField(_("应对时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    response = models.TextField(_("应对措施"), blank=True, default="")
    late_told_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-raised_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "rule", "key"],
                condition=Q(answered_at=None),
                name="one_open_warning_of_a_thing",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-raised_at"]),
            models.Index(fields=["company", "-raised_at"]),
            models.Index(fields=["group", "-raised_at"]),
        ]

    def __str__(self) -> str:
        return self.title
