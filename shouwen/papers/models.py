"""What was printed, and what came back signed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Attachment, Case, Placed


class Print(Placed):
    """A sheet that was made to be printed: of which record, by whom, when, in how many copies."""

    kind = models.CharField(max_length=24)
    record = models.CharField(_("编号"), max_length=60)
    title = models.CharField(_("单据"), max_length=60)
    form = models.CharField(_("表号"), max_length=40, blank=True, default="")
    copies = models.PositiveSmallIntegerField(_("联数"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="prints")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("打印时间"))

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["case", "-at"]),
            models.Index(fields=["project", "-at"]),
            models.Index(fields=["kind", "record"]),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.record}"


class Scan(Placed):
    """The signed paper, back as a picture: its code said which record and which copy it is."""

    kind = models.CharField(max_length=24)
    record = models.CharField(_("编号"), max_length=60)
    copy = models.PositiveSmallIntegerField(_("第几联"))
    title = models.CharField(_("单据"), max_length=60)
    case = models.ForeignKey(Case, models.PROTECT, related_name="scans")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("收回时间"))

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["case", "-at"])]

    def __str__(self) -> str:
        return f"{self.title} {self.record} {self.copy}"
