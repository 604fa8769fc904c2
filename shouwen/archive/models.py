"""What is kept, where, for how long, and who allowed it to go."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Placed


class Folder(Placed):
    """One file of the archive: a statement, a filled form, the papers of a quarter, a complaint.

    Nothing is ever deleted by itself. After `keep_until` it may be proposed for disposal."""

    class State(models.TextChoices):
        HELD = "held", _("在档")
        OUT = "out", _("借出")
        DISPOSED = "disposed", _("已销毁")

    number = models.CharField(_("档案号"), max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=30)
    subject = models.CharField(max_length=60)
    """What it holds: "statement:ZB-…", "record:…", "visits:2026-Q4", "case:S-…"."""
    title = models.CharField(_("题名"), max_length=120)
    url = models.CharField(max_length=160, blank=True, default="")
    text = models.TextField(blank=True, default="")
    """What it is found by besides its title."""
    clause = models.CharField(max_length=40, blank=True, default="")
    papers = models.PositiveIntegerField(_("份数"), default=1)
    place = models.CharField(_("存放处"), max_length=60, blank=True, default="")
    filed_on = models.DateField(_("归档日期"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    keep_until = models.DateField(_("保管到"), null=True, blank=True)
    """Empty: for ever."""
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.HELD)

    class Meta:
        ordering: ClassVar = ["-filed_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"], condition=~Q(state="disposed"), name="filed_once"
            )
        ]
        indexes: ClassVar = [
            *(
                models.Index(fields=[place, "kind", "-filed_on"])
                for place in ("project", "company", "group")
            ),
            models.Index(fields=["project", "keep_until"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class FolderStep(models.Model):
    """Filed, lent, brought back, disposed of. Never changed."""

    folder = models.ForeignKey(Folder, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.folder_id} {self.verb}"


class Disposal(Placed):
    """A list of folders whose time is over, proposed by one and approved by another."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    folders = models.ManyToManyField(Folder, related_name="disposals")
    reason = models.CharField(_("理由"), max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.number
