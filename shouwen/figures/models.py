"""Figures are counted from verdicts: one row for each record that a measure judges.

A figure opens into exactly the rows that it counted. When a month is locked its rows stand; what is
learnt later stands beside them and counts only after a restatement was approved.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Asked, Case, Placed
from shouwen.estate.models import Building
from shouwen.rules.figures import OUTCOMES

OUTCOME: list[tuple[str, Any]] = [(code, _(words)) for code, words in OUTCOMES.items()]


class Verdict(Placed):
    """One record, judged by one measure. Kept up to date until its month is locked."""

    measure = models.CharField(max_length=110)
    """"customer-communication/complaint-closed"."""
    record = models.CharField(max_length=60)
    """What was judged: "case:17", "visit:4", "duty:<staff>:2026-W48"."""
    label = models.CharField(_("记录"), max_length=60)
    url = models.CharField(max_length=120, blank=True, default="")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("计入日期"))
    kind = models.CharField(max_length=24, blank=True, default="")
    department = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    building = models.ForeignKey(Building, models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=4, choices=OUTCOME, blank=True, default="")
    """As counted. Empty: it came to light after the lock and counts only when restated."""
    decides_at = models.DateTimeField(null=True)
    """An undecided one that nobody settles has failed from then on."""
    score = models.FloatField(null=True)
    """Of a mean: what it adds to the sum."""
    waited = models.BooleanField(_("曾暂停"), default=False)
    """Approved waiting stopped its time for a while."""
    why = models.CharField(_("说明"), max_length=120, blank=True, default="")
    locked = models.BooleanField(default=False)
    """Its month is locked: `verdict` stands."""
    later = models.CharField(max_length=4, choices=OUTCOME, blank=True, default="")
    """How it would be judged now, where that differs from what counts."""
    later_why = models.CharField(max_length=120, blank=True, default="")
    restated = models.CharField(max_length=4, choices=OUTCOME, blank=True, default="")
    """How it counts since a restatement was approved."""
    judged_at = models.DateTimeField(_("判定时间"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "record"], name="judged_once")
        ]
        indexes: ClassVar = [
            *(
                models.Index(fields=[place, "measure", "on", "verdict"], name=f"verdict_{place}")
                for place in ("project", "company", "group")
            ),
            *(
                models.Index(
                    fields=[place, "on"], condition=Q(locked=False), name=f"verdict_live_{place}"
                )
                for place in ("project", "company", "group")
            ),
            models.Index(fields=["record"], name="verdict_record"),
            models.Index(fields=["project", "on"], condition=~Q(later=""), name="verdict_differs"),
            models.Index(
                fields=["group", "on"], condition=~Q(restated=""), name="verdict_restated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.label} {self.verdict}"


class MonthLock(Placed):
    """From `at` on the figures of a project's month stand as they are."""

    month = models.DateField()
    """Its first day."""
    due_at = models.DateTimeField(_("锁定期限"))
    at = models.DateTimeField(_("锁定时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """Empty: locked by its date."""
    measures = models.JSONField(default=list)
    """[{"regulation", "rule": <the measure as it was>}, …]: later editions change nothing here."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "month"], name="month_locked_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.month:%Y-%m}"

    @property
    def titles(self) -> dict[str, str]:
        """What its measures were called, by their keys."""
        rules = [(row["regulation"], row["rule"]) for row in self.measures]
        return {f"{regulation}/{rule['id']}": rule["title"] for regulation, rule in rules}

    def restatements(self) -> models.QuerySet[Restatement]:
        return Restatement.objects.filter(project=self.project_id, month=self.month)


class Tally(Placed):
    """The sum of a locked month, so that nobody has to count it again. `by` empty: the whole."""

    month = models.DateField()
    measure = models.CharField(max_length=110)
    by = models.CharField(max_length=12, blank=True, default="")
    """department, building, staff, kind, or the whole."""
    key = models.CharField(max_length=24, blank=True, default="")
    label = models.CharField(max_length=60, blank=True, default="")
    hit = models.PositiveIntegerField()
    miss = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    out = models.PositiveIntegerField()
    waited = models.PositiveIntegerField(default=0)
    score = models.FloatField(default=0)
    base = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "month", "measure", "by", "key"], name="tallied_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "month", "by"]),
            models.Index(fields=["group", "month", "by"]),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.by} {self.key}"


class Restatement(Placed, Asked):
    """A correction of a locked month: reason, who asked, who approved, which records, both figures
    shown from then on."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    month = models.DateField(_("月份"))
    reason = models.CharField(_("理由"), max_length=300)
    note = models.CharField(_("批示"), max_length=200, blank=True, default="")
    changes = models.JSONField(default=list)
    """[{"measure", "title", "record", "label", "url", "was", "now", "why"}, …] as they were asked
    for."""

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def story(self) -> list[tuple[str, object]]:
        """Who asked and who decided, in words."""
        told: list[tuple[str, object]] = [
            ("申请人", self.asked_by.name),
            ("提出时间", f"{localtime(self.asked_at):%Y-%m-%d %H:%M}"),
            ("理由", self.reason),
        ]
        if self.decided_by and self.decided_at:
            told += [
                ("批复人", self.decided_by.name),
                ("批复时间", f"{localtime(self.decided_at):%Y-%m-%d %H:%M}"),
                ("批示", self.note),
            ]
        return told

    @property
    def lines(self) -> list[tuple[dict[str, str], str, str]]:
        """Each record with how it counted and how it is to count."""
        words = dict([*OUTCOME, ("", _("未计入"))])
        return [(row, str(words[row["was"]]), str(words[row["now"]])) for row in self.changes]


class Exclusion(Placed, Asked):
    """A record that does not count in a measure, for a reason that somebody else approved, until
    that is taken back."""

    measure = models.CharField(max_length=110)
    record = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    reason = models.CharField(_("理由"), max_length=200)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_why = models.CharField(_("撤回理由"), max_length=200, blank=True, default="")

    #: What leaves a record out.
    HOLDS = Q(approved=True, withdrawn_at=None)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "record"],
                condition=Q(approved=True, withdrawn_at=None) | Q(approved=None),
                name="excluded_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.reason}"

    @property
    def holds(self) -> bool:
        return self.approved is True and self.withdrawn_at is None

    @property
    def story(self) -> str:
        """Why it was asked for, and why it was taken back by whom."""
        back = f" · 撤回：{self.withdrawn_why}（{self.withdrawn_by}）" if self.withdrawn_by else ""
        return f"{self.reason}{back}"
