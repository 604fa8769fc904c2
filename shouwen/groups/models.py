"""The index of what is alike, and the matters of many households."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case, Placed

# --- The index ------------------------------------------------------------------------------------


class Gram(models.Model):
    """One telling piece of one case, as a hash: a new text finds the latest cases that share it by
    one range of the index, on either database."""

    project = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+", db_index=False)
    gram = models.BigIntegerField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["project", "gram", "-case"])]

    def __str__(self) -> str:
        return f"{self.gram} {self.case_id}"


class Commonness(models.Model):
    """In how many cases of a project a gram was said: the rarer, the more it tells. The gram 0
    counts the cases themselves."""

    project = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+", db_index=False)
    gram = models.BigIntegerField()
    cases = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "gram"], name="gram_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.gram} × {self.cases}"


class Compared(models.Model):
    """This case is in the index and was held against those before it."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="compared")

    def __str__(self) -> str:
        return str(self.case_id)


class Alike(Placed):
    """A complaint that looks like an earlier one, as the worker saw when it came in."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="alike")
    earlier = models.ForeignKey(Case, models.CASCADE, related_name="alike_later")
    score = models.FloatField()
    why = models.CharField(_("为什么"), max_length=200)
    opened_at = models.DateTimeField()
    """Of the later case: what lies far apart is offered no more."""
    apart_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who said that these are two matters."""
    apart_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "earlier"], name="alike_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-opened_at"]),
            models.Index(fields=["company", "-opened_at"]),
            models.Index(fields=["group", "-opened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} ~ {self.earlier_id} {self.score:.2f}"


# --- Groups ---------------------------------------------------------------------------------------


class GroupMatter(Placed):
    """One cause behind the cases of many households (群体事项)."""

    number = models.CharField(_("编号"), max_length=30, unique=True)
    title = models.CharField(_("摘要"), max_length=80)
    opened_at = models.DateTimeField(_("建立时间"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("建立人"),
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="split_off"
    )
    households = models.PositiveIntegerField(_("户数"), default=0)
    """Behind its members; those to whom the rule speaks are counted for the threshold apart."""
    complaining = models.PositiveIntegerField(_("投诉户数"), default=0)
    major_at = models.DateTimeField(_("转为重大"), null=True, blank=True)
    clause = models.CharField(_("条款"), max_length=40, blank=True, default="")
    statement_due_at = models.DateTimeField(_("口径期限"), null=True, blank=True)
    statement_rung = models.PositiveSmallIntegerField(default=0)
    """How many of its rings (warning, due, next level) have rung."""
    speaker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        related_name="speaking_for", verbose_name=_("回复专人"),
    )  # fmt: skip
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.TextField(_("结果"), blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["project", "-opened_at"]),
            models.Index(fields=["company", "-opened_at"]),
            models.Index(fields=["group", "-opened_at"]),
            models.Index(
                fields=["statement_due_at"], condition=Q(closed_at=None),
                name="group_statement_due",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class GroupMember(models.Model):
    """A case in a group: when and why it joined, when and why it left. Never deleted."""

    matter = models.ForeignKey(GroupMatter, models.CASCADE, related_name="members")
    case = models.ForeignKey(Case, models.PROTECT, related_name="memberships")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    why = models.CharField(_("为什么"), max_length=200, blank=True, default="")
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    left_why = models.CharField(max_length=200, blank=True, default="")
    moved_to = models.ForeignKey(
        GroupMatter, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["joined_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(left_at=None), name="case_in_one_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.case_id}"


class Statement(models.Model):
    """The one wording (统一口径) with the measures: drafted, approved by somebody else, replaced by
    the next one, never changed."""

    matter = models.ForeignKey(GroupMatter, models.CASCADE, related_name="statements")
    text = models.TextField(_("统一口径"))
    measures = models.TextField(_("应对措施"))
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opinion = models.CharField(_("意见"), max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-drafted_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("drafted_by")),
                name="statement_approved_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class MassAnswer(models.Model):
    """One answer to many households; the record of each stands in the journal of its case."""

    matter = models.ForeignKey(GroupMatter, models.CASCADE, related_name="answers")
    text = models.TextField(_("回复"))
    channel = models.CharField(_("方式"), max_length=24)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cases = models.ManyToManyField(Case, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:40]
