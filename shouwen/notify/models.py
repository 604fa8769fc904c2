"""What somebody must be told: the outbox, and the inbox that it fills."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One message to one person by one channel, written in the transaction of what it tells about.

    `event` names what is told, uniquely per receiver and channel, so that nothing is told twice:
    "ring:512:0:1" is the second ring of commitment 512.
    """

    event = models.CharField(max_length=120)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=12, default="inbox")
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True, default="")
    url = models.CharField(max_length=200, blank=True, default="")
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    """Ordinary messages wait for working time."""
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    fence = models.CharField(max_length=32, blank=True, default="")
    """Who holds the claim; a worker that wakes after its lease can no longer commit."""
    delivered_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "staff", "channel"], name="told_once_by_each_channel"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"],
                condition=Q(delivered_at=None, failed_at=None),
                name="outbox_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.staff}"


class Notice(models.Model):
    """A message in somebody's inbox."""

    message = models.OneToOneField(OutboxMessage, models.CASCADE, related_name="notice")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("收件人")
    )
    subject = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True, default="")
    url = models.CharField(max_length=200, blank=True, default="")
    urgent = models.BooleanField(_("紧急"), default=False)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["staff", "-at"]),
            models.Index(fields=["staff"], condition=Q(read_at=None), name="notice_unread"),
        ]
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class Heartbeat(models.Model):
    """A worker says that it lives; the page warns everybody when none has for a minute."""

    worker = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
