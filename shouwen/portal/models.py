"""What opens a page to a customer who never signs in: links to one case, codes at the entrances."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Case, Placed
from shouwen.estate.models import Building


class BuildingCode(Placed):
    """A QR code at an entrance. Everybody passing by may read it: it opens an empty form and
    nothing else, so it stands here in the clear and can be printed again."""

    building = models.ForeignKey(
        Building, models.PROTECT, related_name="codes", verbose_name=_("楼栋")
    )
    place = models.CharField(_("张贴处"), max_length=40, blank=True, default="")
    code = models.CharField(max_length=32, unique=True)
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("楼栋管家"),
    )
    """Who receives what is reported here while he is at work; else the desk."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("制作时间"))
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["building_id", "place", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building", "place"],
                condition=Q(retired_at=None),
                name="one_code_at_a_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.building} {self.place}".strip()


class CustomerLink(Placed):
    """A link that opens one case to its customer. The text of the link is told once; only its
    hash is kept."""

    class Purpose(models.TextChoices):
        OWN = "own", _("本人登记")
        PROGRESS = "progress", _("看进展")
        RATE = "rate", _("请评价")
        CONSENT = "consent", _("确认报价或方案")

    #: Who reported it himself may say whether it is settled; money is agreed only by a link that
    #: we sent to the customer.
    RATING = (Purpose.OWN, Purpose.RATE)

    case = models.ForeignKey(Case, models.CASCADE, related_name="customer_links")
    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True)
    code = models.ForeignKey(
        BuildingCode, models.PROTECT, null=True, blank=True, related_name="links"
    )
    """Where it was reported, of what a customer reported himself."""
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发送人"),
    )
    """Empty for the link that a customer gets for his own report."""
    issued_at = models.DateTimeField(_("发送时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    opened_at = models.DateTimeField(_("首次打开"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.purpose}"

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class Tally(models.Model):
    """How often something was tried by one address, link or code since a moment. The key is a
    hash: who it was cannot be read from it."""

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["since"])]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
