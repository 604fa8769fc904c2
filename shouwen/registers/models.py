"""Controlled forms that people fill, and the lists of them: what a regulation wants written down
and no other floor keeps. And the calls that a telephone system counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.adoption.models import PinnedRulebook
from shouwen.cases.models import Case, Placed, listed, person
from shouwen.estate.models import Unit


class Record(Placed):
    """One filled form. What was signed does not change: a correction is a new record that names
    the one it replaces."""

    class State(models.TextChoices):
        DRAFT = "draft", _("填写中")
        FILLED = "filled", _("待签")
        SIGNED = "signed", _("完成")
        """Every place is signed; or there is none, and it was filled."""
        VOID = "void", _("作废")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    form = models.CharField(max_length=60)
    """The id of the `form` rule."""
    regulation = models.CharField(max_length=40)
    rulebook = models.ForeignKey(PinnedRulebook, models.PROTECT, related_name="+")
    """The form as it was when this was begun."""
    title = models.CharField(_("表单"), max_length=60)
    """As the regulation called it then."""
    on = models.DateField(_("日期"))
    """The day that it is about; it counts in figures of that day."""
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    values = models.JSONField(default=dict)
    """{field id: plain value}: text, ISO dates and moments, numbers as text, true for a tick,
    {item: mark} of scores, a list of lines of a table, ids of files of a photo."""
    words = models.TextField(blank=True, default="")
    """What of it is searched: everything but what is personal."""
    closed = models.BooleanField(default=False)
    """`Form.closed`, so that a list can ask for it."""
    department = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    staff = person(_("人员"))
    """Whom it is about: who greeted, who was inspected."""
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("房号")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("诉求")
    )
    filled_by = person(_("填写人"), null=False)
    filled_at = models.DateTimeField(_("填写时间"))
    """When it was begun; filled, once it is more than a draft."""
    signed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    version = models.PositiveIntegerField(default=0)
    """How many steps it has had."""

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_at__isnull=False),
                name="signed_record_says_when",
            )
        ]
        indexes: ClassVar = [
            *listed("form", "-on"),
            models.Index(fields=["signed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class RecordStep(models.Model):
    """What happened to a record: begun, changed, filled, signed, replaced, voided. Never
    changed."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField(_("时间"))
    by = person(_("经办人"))
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.verb}"


class RecordFile(models.Model):
    """A photo of a record, or a signature that was drawn; stored under the hash of its content."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="files")
    label = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=60)
    by = person(_("经办人"), null=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.label


class RecordSignature(models.Model):
    """One place to sign, signed: by one of ours signed in, or by hand on the screen."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="signatures")
    place = models.CharField(_("签名处"), max_length=40)
    by = person(_("经办人"), null=False)
    """Who signed; of a signature by hand, before whom."""
    name = models.CharField(_("签名人"), max_length=40)
    picture = models.ForeignKey(RecordFile, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    """Of what was signed (`rules.forms.digest`)."""
    at = models.DateTimeField(_("签名时间"))

    class Meta:
        ordering: ClassVar = ["pk"]
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
    by = person(_("上传人"), null=False)
    at = models.DateTimeField(_("上传时间"))
    since = models.DateTimeField(_("启用"), null=True, blank=True)
    """Empty: only to be looked at so far."""
    until = models.DateTimeField(_("停用"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "form"],
                condition=Q(since__isnull=False, until=None),
                name="one_template_of_a_form",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Call(Placed):
    """One call that a telephone system counted: when it rang, when it was answered if it was."""

    key = models.CharField(max_length=64)
    """The telephone system's own id of it; taken in once."""
    inbound = models.BooleanField(_("来电"), default=True)
    caller = models.CharField(_("主叫"), max_length=40, blank=True, default="")
    called = models.CharField(_("被叫"), max_length=40, blank=True, default="")
    at = models.DateTimeField(_("呼叫时间"))
    answered_at = models.DateTimeField(_("接听时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"))
    cause = models.CharField(_("结束原因"), max_length=40, blank=True, default="")
    called_back_at = models.DateTimeField(_("回拨时间"), null=True, blank=True)
    called_back_by = person(_("回拨人"))
    """Empty: the customer got through himself."""
    note = models.CharField(_("回拨结果"), max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "key"], name="call_taken_in_once")
        ]
        indexes: ClassVar = [
            *listed("-at"),
            models.Index(
                fields=["project", "-at"],
                condition=models.Q(inbound=True, answered_at=None, called_back_at=None),
                name="call_to_be_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.caller}"
