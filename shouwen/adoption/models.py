"""Which edition of which regulation is in force where since when, and the working calendars."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit


class RegulationEdition(models.Model):
    """A regulation as it was when somebody adopted it. Never changes; later files make later
    editions."""

    regulation = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.title} {self.edition}"


class Adoption(models.Model):
    """A unit of the tree adopts an edition from a moment on. Position 0 speaks first."""

    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="adoptions", verbose_name=_("单位")
    )
    edition = models.ForeignKey(RegulationEdition, models.PROTECT, verbose_name=_("制度版本"))
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    since = models.DateTimeField(_("生效"))
    until = models.DateTimeField(_("失效"), null=True, blank=True)
    tightened = models.JSONField(default=dict, blank=True)
    """{rule id: {"due": […]}}: shorter times of this unit; longer ones are refused."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["unit__path", "position", "-since"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "position"], condition=Q(until=None), name="one_adoption_in_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.edition}"


class PinnedRulebook(models.Model):
    """The regulations in force for a project at some moment, in order; cases keep the one they
    began with."""

    digest = models.CharField(max_length=64, unique=True)
    editions = models.JSONField()
    """[[edition id, tightened], …], the first speaking first."""
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class WorkCalendar(models.Model):
    """Working days and hours of a unit. Approved calendars never change: an edit is a new one.

    `content` is `rules.worktime.Calendar` as JSON.
    """

    unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="calendars", verbose_name=_("单位")
    )
    name = models.CharField(_("名称"), max_length=60)
    content = models.JSONField()
    source = models.CharField(_("依据"), max_length=200, blank=True, default="")
    round_the_clock = models.JSONField(default=list, blank=True)
    """Facts of cases served day and night: [{"urgent": true}, {"kind": ["security"]}]."""
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    since = models.DateTimeField(_("生效"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["unit__path", "-since", "-pk"]

    def __str__(self) -> str:
        return self.name
