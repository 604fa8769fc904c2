"""Statements: forms filled with figures, prepared by the worker, edited, checked, signed, sent on
time, receipted. A signed one never changes: a correction is another edition."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.periods import Period, read_period


class Statement(models.Model):
    """One statement of one unit (project, company, group) and period, in one edition."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("待编制")
        SUBMITTED = "submitted", _("待审核")
        CHECKED = "checked", _("待签字")
        SIGNED = "signed", _("待报送")
        SENT = "sent", _("已报送")
        RECEIVED = "received", _("已签收")
        REPLACED = "replaced", _("已更正")

    OPEN = (State.PREPARED, State.SUBMITTED, State.CHECKED, State.SIGNED)
    #: Bears every signature, and no other edition took its place.
    OUT = (State.SIGNED, State.SENT, State.RECEIVED)

    number = models.CharField(_("编号"), max_length=40, unique=True)
    regulation = models.CharField(max_length=40)
    rule = models.CharField(max_length=60)
    """The id of the `statement` rule; `law` is the rule itself, as it was when it was prepared."""
    law = models.JSONField(default=dict)
    title = models.CharField(_("报表"), max_length=60)
    clause = models.CharField(max_length=40, blank=True, default="")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    project = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    company = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    period = models.CharField(_("期间"), max_length=10)
    """`rules.periods.Period.key`."""
    first = models.DateField()
    last = models.DateField()
    edition = models.PositiveSmallIntegerField(_("版次"), default=1)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.CharField(_("更正理由"), max_length=300, blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PREPARED)
    turn = models.CharField(max_length=24, blank=True, default="")
    """The role that must do something now; empty when it is out."""
    prepared_at = models.DateTimeField(_("生成时间"))
    due_at = models.DateTimeField(_("报送期限"), null=True)
    """Empty: the document names no time and no default was given."""
    due_words = models.CharField(max_length=200, blank=True, default="")
    content = models.JSONField(default=dict)
    """Tables, charts and drafts as they were prepared (`statements.content`)."""
    texts = models.JSONField(default=dict)
    """{section: words}: what the person in charge wrote in place of the draft."""
    digest = models.CharField(max_length=64, blank=True, default="")
    """Of content and texts, at the first signature: what was signed is what is sent."""
    sent_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    ring_at = models.DateTimeField(null=True, blank=True)
    rung = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-last", "rule", "-edition", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "regulation", "rule", "period", "edition"],
                name="one_statement_of_a_period",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-last"]),
            models.Index(fields=["company", "-last"]),
            models.Index(fields=["group", "-last"]),
            models.Index(
                fields=["ring_at"], condition=Q(ring_at__isnull=False), name="statement_rings"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def spans(self) -> Period:
        return read_period(self.period)

    @property
    def is_open(self) -> bool:
        """Not yet sent: it can be late."""
        return self.state in self.OPEN

    @property
    def is_late(self) -> bool:
        """Sent after its time. Late stays late."""
        return bool(self.due_at and self.sent_at and self.sent_at > self.due_at)

    @cached_property
    def written(self) -> StatementRule:
        """Its rule, as it was when it was prepared."""
        return StatementRule.model_validate(self.law)


class StatementStep(models.Model):
    """One line of its story: prepared, renewed, written, submitted, checked, returned, signed,
    sent, received, rang, replaced. Never changed.

    Submitted, checked and signed are signatures: `role` is the place on the paper.
    """

    SIGNATURES = ("submitted", "checked", "signed")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=24, blank=True, default="")
    for_whom = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """Of a deputy: the absent one in whose place it was signed."""
    note = models.CharField(max_length=300, blank=True, default="")
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.verb}"


class Delivery(models.Model):
    """One recipient of a statement: to whom, when, and that it was received."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="deliveries")
    name = models.CharField(_("报送"), max_length=60)
    role = models.CharField(max_length=24, blank=True, default="")
    """Empty: a body outside, which is sent it by hand."""
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    proof = models.CharField(_("凭证"), max_length=120, blank=True, default="")
    """Of a body outside: how it was sent, the number of the letter or parcel."""
    received_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    received_by = models.CharField(_("签收人"), max_length=60, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "name"], name="sent_to_each_once")
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.name}"


class StatementAction(models.Model):
    """A measure (改善措施) that a statement promises about a case or a weak spot: who, until when,
    what came of it."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="actions")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(_("事项"), max_length=120)
    measure = models.CharField(_("改善措施"), max_length=300, blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(_("期限"), null=True, blank=True)
    progress = models.CharField(_("进展"), max_length=300, blank=True, default="")
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.subject
