"""Mail at the front desk, and the hours in which the air conditioning runs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Placed
from shouwen.estate.models import Building, Unit

_STAFF = settings.AUTH_USER_MODEL


class Parcel(Placed):
    """Mail of a room: registered, announced, and given out against a signature; or sent for a
    resident, with a receipt number."""

    number = models.CharField(_("登记号"), max_length=30, unique=True)
    outgoing = models.BooleanField(_("代寄"), default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parcels", verbose_name=_("房号"))
    person = models.CharField(_("收（寄）件人"), max_length=60, blank=True, default="")
    kind = models.CharField(
        _("类别"),
        max_length=10,
        default="parcel",
        choices=[("parcel", _("快递")), ("letter", _("信函")), ("paper", _("报刊"))],
    )
    carrier = models.CharField(_("承运"), max_length=40, blank=True, default="")
    tracking = models.CharField(_("运单号"), max_length=40, blank=True, default="")
    copies = models.PositiveSmallIntegerField(_("件数"), default=1)
    received_at = models.DateTimeField(_("登记时间"))
    received_by = models.ForeignKey(
        _STAFF, models.PROTECT, related_name="+", verbose_name=_("经手人")
    )
    notified_at = models.DateTimeField(_("通知时间"), null=True)
    notified_how = models.CharField(_("通知方式"), max_length=10, blank=True, default="")
    released_at = models.DateTimeField(_("领取（寄出）时间"), null=True)
    released_to = models.CharField(_("领取人"), max_length=60, blank=True, default="")
    released_by = models.ForeignKey(_STAFF, models.PROTECT, null=True, related_name="+")
    signature = models.CharField(max_length=64, blank=True, default="")
    """SHA-256 of the picture of the signature, kept with the other files."""
    difference = models.CharField(_("差异"), max_length=200, blank=True, default="")
    """Damaged, short, or refused: what was not as it should be (F-39)."""

    class Meta:
        ordering: ClassVar = ["-received_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(outgoing=True) | ~Q(signature=""),
                name="parcel_is_released_against_a_signature",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "released_at", "-received_at"]),
            models.Index(fields=["tracking"]),
        ]

    def __str__(self) -> str:
        return self.number


class SupplyHours(Placed):
    """When the air conditioning of a building runs without being asked for (空调供应时间)."""

    building = models.ForeignKey(
        Building, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("楼栋")
    )
    """Empty: every building of the project."""
    weekdays = models.CharField(_("星期"), max_length=7, default="12345")
    """"12345": Monday to Friday."""
    since = models.TimeField(_("自"))
    until = models.TimeField(_("至"))
    note = models.CharField(_("说明"), max_length=100, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["building_id", "since"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("since")), name="supply_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekdays} {self.since}–{self.until}"
