"""Controlled forms that people fill, and the lists of them: what a regulation wants written down
and no other floor keeps."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Attachment, Case, Placed
from shouwen.estate.models import Unit


class Record(Placed):
    """One filled form. What was signed does not change: a correction is a new record that names
    the one it replaces."""

    class State(models.TextChoices):
        DRAFT = "draft", _("填写中")
        FILLED = "filled", _("待签")
        SIGNED = "signed", _("已签")
        VOID = "void", _("作废")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    form = models.CharField(max_length=60)
    """The id of the `form` rule."""
    regulation = models.CharField(max_length=40)
    title = models.CharField(_("表单"), max_length=60)
    """As the regulation called it then."""
    on = models.DateField(_("日期"))
    """The day that it is about; it counts in figures of that day."""
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    values = models.JSONField(default=dict)
    """{field id: plain value}; moments as ISO text."""
    department = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("人员"),
    )
    """Whom it is about: who greeted, who was inspected."""
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("房号")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("诉求")
    )
    filled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("填写人")
    )
    filled_at = models.DateTimeField(_("填写时间"))
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    version = models.PositiveIntegerField(default=0)
    """How many steps it has had."""

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]
        indexes: ClassVar = [
            *(
                models.Index(fields=[place, "form", "-on"])
                for place in ("project", "company", "group")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class RecordStep(models.Model):
    """What happened to a record: filled, changed, signed, replaced, voided. Never changed."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.verb}"


class RecordSignature(models.Model):
    """One place to sign, signed: by one of ours signed in, or by a customer on the screen."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="signatures")
    place = models.CharField(_("签名处"), max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("签名人"), max_length=40)
    picture = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("签名时间"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "place"], name="place_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.place}"


class FormTemplate(models.Model):
    """A company's own Word file for a controlled form, with placeholders. A later one replaces it;
    none is ever changed."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    form = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("文件名"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField(_("启用"))
    until = models.DateTimeField(_("停用"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "form"], condition=Q(until=None), name="one_template_of_a_form"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Call(Placed):
    """One call of the telephone exchange, as its records say (`shouwen import calls`)."""

    key = models.CharField(max_length=64)
    """The exchange's own id, so that a call is taken in once."""
    at = models.DateTimeField(_("来电时间"))
    caller = models.CharField(_("主叫"), max_length=40, blank=True, default="")
    called = models.CharField(_("被叫"), max_length=40, blank=True, default="")
    rang = models.PositiveIntegerField(_("响铃（秒）"))
    talked = models.PositiveIntegerField(_("通话（秒）"))
    answered = models.BooleanField(_("接听"))
    cause = models.CharField(max_length=40, blank=True, default="")
    """Why it ended, in the exchange's word."""
    back_due_at = models.DateTimeField(_("回电期限"), null=True, blank=True)
    """A missed call is to be called back; empty where nobody can be (no number, given up at
    once)."""
    back_at = models.DateTimeField(_("回电时间"), null=True, blank=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """Empty: the customer got through himself."""
    back_note = models.CharField(_("回电结果"), max_length=120, blank=True, default="")
    told_at = models.DateTimeField(null=True, blank=True)
    """When somebody was told that nobody has called back."""

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "key"], name="call_taken_in_once")
        ]
        indexes: ClassVar = [
            *(models.Index(fields=[place, "-at"]) for place in ("project", "company", "group")),
            models.Index(
                fields=["project", "back_due_at"],
                condition=Q(back_due_at__isnull=False, back_at=None),
                name="call_to_be_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.at:%Y-%m-%d %H:%M}"
