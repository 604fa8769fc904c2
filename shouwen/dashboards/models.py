"""What the dashboards remember: which periods were looked through for swings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models import Placed


class Watch(Placed):
    """The measures of a project were put to the control chart for a period, once."""

    period = models.CharField(_("期间"), max_length=10)
    """`rules.periods.Period.key`."""
    at = models.DateTimeField(_("检查时间"))
    swings = models.PositiveSmallIntegerField(_("波动"))
    """How many swung; what they brought up stands in `learning`."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "period"], name="watched_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.period}"
