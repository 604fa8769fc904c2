"""What came from phones and stands nowhere else: photos that wait for their act, and acts that the
rules refused."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Case, Placed


class PhoneFile(models.Model):
    """A photo or signature that a phone has sent, under the hash that the phone knows it by. What
    is kept was written anew and has a hash of its own (`cases.files`)."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    label = models.CharField(max_length=120)
    kept_sha256 = models.CharField(max_length=64, blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    media_type = models.CharField(max_length=60, blank=True, default="")
    refusal = models.CharField(max_length=300, blank=True, default="")
    """Why it could not be kept; the act that speaks of it is refused with this sentence."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "sha256"], name="phone_file_once")
        ]

    def __str__(self) -> str:
        return self.label


class Conflict(Placed):
    """An act of a phone that could not be written: what was done, when it truly was, and why not.

    It goes from the phone when its engineer has read it, and from the desk's list when somebody has
    put the matter straight. It is never deleted.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("谁的手机")
    )
    key = models.CharField(max_length=60)
    act = models.CharField(_("做了什么"), max_length=20)
    order = models.CharField(_("单号"), max_length=60, blank=True, default="")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    phone_at = models.DateTimeField(_("手机时间"))
    happened = models.DateTimeField(_("发生时间"))
    """`phone_at`, put right by how wrong the phone's clock was when it was sent."""
    at = models.DateTimeField(_("收到时间"))
    code = models.CharField(max_length=40)
    sentence = models.CharField(_("原因"), max_length=300)
    clause = models.CharField(max_length=40, blank=True, default="")
    seen_at = models.DateTimeField(_("本人已阅"), null=True, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled = models.CharField(_("怎么处理的"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "key"], name="conflict_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-at"]),
            models.Index(fields=["company", "-at"]),
            models.Index(fields=["group", "-at"]),
            models.Index(fields=["staff"], condition=Q(seen_at=None), name="conflict_on_the_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.act}"
