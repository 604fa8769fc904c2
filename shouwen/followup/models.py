"""Return visits: planned, drawn, tried, recorded."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Attachment, Case, Placed


class Visit(Placed):
    """One return visit that a rule asks for, for one round of a case. Those not drawn stand here
    too, so that the rate can be counted and the draw be checked."""

    class State(models.TextChoices):
        NOT_DRAWN = "not-drawn", _("未抽中")
        PLANNED = "planned", _("待回访")
        DONE = "done", _("已回访")
        CANCELLED = "cancelled", _("已取消")

    case = models.ForeignKey(Case, models.CASCADE, related_name="visits")
    round = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=60)
    regulation = models.CharField(max_length=40)
    title = models.CharField(_("回访"), max_length=60)
    clause = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=24)
    draw = models.FloatField()
    """Where the case fell in [0, 1), from its number alone; drawn when below the rate."""
    rate = models.FloatField()
    target = models.FloatField()
    state = models.CharField(_("状态"), max_length=10, choices=State)
    topped_up = models.BooleanField(default=False)
    """Drawn later, by hand, to reach the target."""
    after_at = models.DateTimeField(_("完成时间"))
    not_before = models.DateTimeField(_("最早"))
    due_at = models.DateTimeField(_("最晚"))
    visitors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="visits", verbose_name=_("回访人")
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("指派人"),
    )
    """Who named the visitors; empty while they are those that the rule proposed."""
    visited_at = models.DateTimeField(_("回访时间"), null=True, blank=True)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("录入人"),
    )
    spoken_to = models.CharField(_("受访人"), max_length=60, blank=True, default="")
    mode = models.CharField(_("方式"), max_length=12, blank=True, default="")
    result = models.CharField(
        _("结果"),
        max_length=12,
        blank=True,
        default="",
        choices=[("satisfied", _("满意")), ("partly", _("部分解决")), ("unsatisfied", _("不满意"))],
    )
    scores = models.JSONField(default=dict)
    opinion = models.TextField(_("客户意见"), blank=True, default="")
    signature = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签名")
    )
    no_signature = models.CharField(_("未签名原因"), max_length=100, blank=True, default="")
    form_number = models.CharField(_("记录表编号"), max_length=40, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "round", "rule"], name="visit_once_a_round"),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(visited_at__isnull=False) & ~Q(result="")),
                name="done_visit_has_a_result",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "state", "due_at"]),
            models.Index(fields=["company", "state", "due_at"]),
            models.Index(fields=["group", "state", "due_at"]),
            models.Index(fields=["project", "after_at"]),
            models.Index(fields=["company", "after_at"]),
            models.Index(fields=["group", "after_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.title}"

    @property
    def is_late(self) -> bool:
        """Made after the window closed: it counts, and counts as late."""
        return self.visited_at is not None and self.visited_at > self.due_at


class VisitAttempt(models.Model):
    """Somebody tried and reached nobody."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(
        _("情况"),
        max_length=12,
        choices=[
            ("no-answer", _("无人接听")),
            ("not-home", _("无人在家")),
            ("refused", _("拒绝受访")),
            ("later", _("约好再访")),
        ],
    )
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")
    again_at = models.DateTimeField(_("约定时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.outcome}"


class VisitItem(models.Model):
    """One opinion or question from a visit, with what became of it: answered there and then,
    promised an answer, or a case."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="items")
    text = models.TextField(_("意见或问题"))
    answer = models.CharField(_("当场答复"), max_length=200, blank=True, default="")
    reply_by = models.DateTimeField(_("约定答复时间"), null=True, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    """Where it is settled: the case that it became, or the one that the visit reopened."""

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_open(self) -> bool:
        return not self.answer and self.case_id is None


class Cursor(models.Model):
    """How far an upper floor has read the journal.

    Entry ids are not commit order on PostgreSQL: one that commits late may carry a smaller id.
    `behind` keeps the ids skipped over so far, until they appear or are too old to appear.
    """

    name = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)
    behind = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name
