"""Parties outside, and what they were asked to settle."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Attachment, Case, Placed
from shouwen.estate.models import Unit
from shouwen.rules.referrals import PARTIES, STEPS

_STAFF = settings.AUTH_USER_MODEL


class Party(Placed):
    """An organisation outside of the company, with somebody to speak to and a time of its own."""

    name = models.CharField(_("单位名称"), max_length=80)
    kind = models.CharField(_("性质"), max_length=12, choices=list(PARTIES.items()))
    contact = models.CharField(_("联系人"), max_length=60, blank=True, default="")
    phone = models.CharField(_("电话"), max_length=40, blank=True, default="")
    days = models.PositiveSmallIntegerField(_("答复时限（工作日）"), default=5)
    """How many working days it takes to answer, where nothing else is agreed."""
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        ordering: ClassVar = ["kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="party_once_in_a_project")
        ]

    def __str__(self) -> str:
        return self.name


class Referral(Placed):
    """One matter that a party outside must settle, on its path (`rules.referrals`)."""

    class State(models.TextChoices):
        OPEN = "open", _("进行中")
        ENDED = "ended", _("已办结")
        WITHDRAWN = "withdrawn", _("已撤回")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    path = models.CharField(max_length=60)
    title = models.CharField(_("名称"), max_length=60)
    clause = models.CharField(max_length=40, blank=True, default="")
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="referrals", verbose_name=_("呈送单位")
    )
    also = models.ManyToManyField(Party, blank=True, related_name="+", verbose_name=_("同时转呈"))
    problem = models.TextField(_("问题"))
    wanted = models.TextField(_("建议或要求"), blank=True, default="")
    households = models.PositiveIntegerField(_("影响户数"), null=True)
    severity = models.CharField(_("影响程度"), max_length=200, blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("提出时间"))
    opened_by = models.ForeignKey(
        _STAFF, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    sent_at = models.DateTimeField(_("呈送时间"), null=True)
    due_at = models.DateTimeField(_("应答复时间"), null=True)
    """The clock of the party outside."""
    reminded_at = models.DateTimeField(_("最近催办"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    withdrawn_for = models.CharField(_("撤回原因"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(sent_at__isnull=False),
                name="referral_answered_after_it_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(ended_at__isnull=False),
                name="ended_referral_has_its_time",
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
    def hold(self) -> str:
        """The key of the hold that keeps its case open."""
        return f"referral:{self.number}"

    @property
    def is_waiting(self) -> bool:
        """It lies with the party outside."""
        return self.is_open and self.sent_at is not None and self.answered_at is None


class Hop(models.Model):
    """One step done: by whom, when, what he wrote, with the copy that is kept."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="hops")
    step = models.CharField(max_length=12, choices=[(name, k.title) for name, k in STEPS.items()])
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(_STAFF, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    text = models.TextField(_("内容"))
    said_by = models.CharField(_("对方签字人"), max_length=60, blank=True, default="")
    where = models.CharField(_("公布地点"), max_length=80, blank=True, default="")
    copy = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("留底")
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["referral", "step"], name="step_once_in_a_referral")
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.step}"


class Nuisance(models.Model):
    """The home from which noise, smell or dust comes that a complaint is about."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="nuisance")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="nuisances", verbose_name=_("滋扰来源")
    )
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, related_name="+", verbose_name=_("施工单位")
    )
    at = models.DateTimeField(_("认定时间"))
    by = models.ForeignKey(_STAFF, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.case_id} ← {self.unit_id}"


class Chart(Placed):
    """The flow chart that a clause refers to and the document leaves out (略): the company's own,
    kept beside the clause. The last one uploaded holds."""

    clause = models.CharField(max_length=24)
    """The id of the clause: S3-5-1."""
    label = models.CharField(_("文件"), max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=60)
    at = models.DateTimeField(_("上传时间"))
    by = models.ForeignKey(_STAFF, models.PROTECT, related_name="+", verbose_name=_("上传人"))

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.label
