"""Matters between the levels: what was handed over or asked, by whom of whom, and the answer."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Case, Placed
from shouwen.rules.matters import HANDINGS, MATTER_NAMES


def kind_choices() -> list[tuple[str, str]]:
    """A function, so that a new kind asks for no new migration."""
    return list(MATTER_NAMES.items())


class Matter(Placed):
    """One handing of a case to another level, or one question about it (督办、请示). What is owed
    stands here until it is answered; that it rings is the case's own commitment."""

    number = models.CharField(_("编号"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="matters")
    kind = models.CharField(_("种类"), max_length=24, choices=kind_choices)
    clause = models.CharField(max_length=40, blank=True, default="")
    from_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name=_("提出单位")
    )
    to_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name=_("答复单位")
    )
    role = models.CharField(max_length=24, blank=True, default="")
    """Who of that unit must answer, as the regulation names him."""
    department = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    """Where one department is asked by name."""
    sender_number = models.CharField(_("来文编号"), max_length=60, blank=True, default="")
    text = models.TextField(_("内容"))
    details = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    at = models.DateTimeField(_("提出时间"))
    due_at = models.DateTimeField(_("期限"), null=True, blank=True)
    """As it was when asked; the commitment of the case moves with the calendar."""
    reply_owed = models.BooleanField(_("须答复"), default=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复人"),
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answer = models.TextField(_("答复"), blank=True, default="")
    answers = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                name="answered_matter_has_words",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["to_unit", "due_at"], condition=Q(answered_at=None), name="matter_owed"
            ),
            models.Index(
                fields=["from_unit", "due_at"], condition=Q(answered_at=None), name="matter_owing"
            ),
            models.Index(fields=["project", "-at"]),
            models.Index(fields=["company", "-at"]),
            models.Index(fields=["group", "-at"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_handing(self) -> bool:
        return self.kind in HANDINGS

    @property
    def title(self) -> str:
        return MATTER_NAMES[self.kind]

    @property
    def is_withdrawn(self) -> bool:
        """Taken back by who asked; the answer is the reason."""
        return bool(self.answers.get("withdrawn"))

    @property
    def is_open(self) -> bool:
        return self.reply_owed and self.answered_at is None


class RegionAction(models.Model):
    """The group's guidance of a region's service: one of five actions, what was found, and what
    the region says to it (S1-1.1-0d)."""

    class Kind(models.TextChoices):
        GUIDE = "guide", _("指导")
        INSPECT = "inspect", _("检查")
        OVERSEE = "oversee", _("监督")
        COORDINATE = "coordinate", _("协调")
        ASSESS = "assess", _("考核")

    company = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name=_("地区公司")
    )
    kind = models.CharField(_("监督方式"), max_length=12, choices=Kind)
    on = models.DateField(_("日期"))
    finding = models.TextField(_("发现"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    response = models.TextField(_("地区公司答复"), blank=True, default="")
    responded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    responded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(responded_at__isnull=True) | Q(responded_at__gte=F("at")),
                name="responded_after_the_finding",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["company", "-on"])]

    def __str__(self) -> str:
        return f"{self.company} {self.on} {self.kind}"
