"""Contacts, cases, the journal, the commitments, and what hangs on them.

Every row that a list shows carries its project, company and group, so that a queue at any level
of the
tree is one index range.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.adoption.models import PinnedRulebook, WorkCalendar
from shouwen.estate.models import Customer, Unit
from shouwen.rules.journal import VERBS


def verb_choices() -> list[tuple[str, str]]:
    """A function, so that a new verb asks for no new migration."""
    return list(VERBS.items())


def person(label: Any = "", *, null: bool = True) -> Any:
    """A column for one of ours; who stands in a record is never removed from it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=null,
        blank=null,
        related_name="+",
        verbose_name=label,
    )


def listed(*fields: str) -> list[models.Index]:
    """An index for the lists of each level of the tree."""
    return [models.Index(fields=[place, *fields]) for place in ("project", "company", "group")]


class Placed(models.Model):
    """Where a record belongs in the tree."""

    project = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("项目"))
    company = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Asked(models.Model):
    """Asked for by one, decided by another; open while `approved` is empty."""

    asked_by = person(_("提出人"), null=False)
    asked_at = models.DateTimeField(_("提出时间"))
    decided_by = person(_("批准人"))
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        abstract = True

    def decide(self, approved: bool, by: Staff, at: datetime) -> None:
        """The caller has made sure that it is open and not his own, and saves it."""
        self.approved, self.decided_by, self.decided_at = approved, by, at


class Contact(Placed):
    """One conversation, by any channel. Opens none, one or several cases.

    Name, phone and address are what was said then, and stay so.
    """

    number = models.CharField(_("编号"), max_length=30, unique=True)
    source = models.CharField(_("来源"), max_length=24, default="phone")
    at = models.DateTimeField(_("时间"))
    recorded_at = models.DateTimeField(_("录入时间"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("受理人")
    )
    heard_by = models.CharField(_("听到的人"), max_length=40, blank=True, default="")
    heard_at = models.DateTimeField(_("听到的时间"), null=True, blank=True)
    name = models.CharField(_("客户姓名"), max_length=60, blank=True, default="")
    phone = models.CharField(_("电话"), max_length=40, blank=True, default="")
    address = models.CharField(_("房号"), max_length=120, blank=True, default="")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="contacts")
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="contacts"
    )
    text = models.TextField(_("内容"))
    night = models.BooleanField(_("夜间"), default=False)
    late_entry = models.BooleanField(_("补录"), default=False)
    stand_in = models.BooleanField(_("代接"), default=False)
    sender = models.CharField(_("转办单位"), max_length=60, blank=True, default="")
    sender_number = models.CharField(_("转办编号"), max_length=60, blank=True, default="")
    sender_due = models.DateTimeField(_("转办时限"), null=True, blank=True)
    ticks = models.JSONField(_("确认事项"), default=dict, blank=True)
    """{tick id: moment}"""
    details = models.JSONField(default=dict, blank=True)
    """What a source asks besides: waiting minutes, nature of a complaint, claim amount."""
    answer = models.TextField(_("当场答复"), blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    previous = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    """The contact that this one goes on from («还有其他需要吗»), or came up from (escalated)."""
    origin = models.CharField(max_length=120, blank=True, default="")
    """Key of an imported row, so that it is taken in once."""

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "origin"], condition=~Q(origin=""), name="imported_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-at"]),
            models.Index(fields=["company", "-at"]),
            models.Index(fields=["group", "-at"]),
            models.Index(fields=["phone", "-at"]),
            models.Index(fields=["unit", "-at"]),
        ]

    def __str__(self) -> str:
        return self.number


class Case(Placed):
    """One matter a customer wants settled. State is here; the journal beside it explains it."""

    class Status(models.TextChoices):
        REGISTERED = "registered", _("已登记")
        DISPATCHED = "dispatched", _("已派单")
        ACCEPTED = "accepted", _("处理中")
        WAITING = "waiting", _("等待")
        DONE = "done", _("已完成")
        FED_BACK = "fed-back", _("已反馈")
        CLOSED = "closed", _("已关闭")
        MERGED = "merged", _("已并入")
        VOID = "void", _("已作废")

    OPEN = (
        Status.REGISTERED,
        Status.DISPATCHED,
        Status.ACCEPTED,
        Status.WAITING,
        Status.DONE,
        Status.FED_BACK,
    )

    number = models.CharField(_("编号"), max_length=30, unique=True)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="cases")
    title = models.CharField(_("摘要"), max_length=80)
    text = models.TextField(_("内容"))
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.REGISTERED)
    round = models.PositiveSmallIntegerField(_("第几轮"), default=1)
    kind = models.CharField(_("类别"), max_length=24, default="other")
    source = models.CharField(_("来源"), max_length=24)
    urgent = models.BooleanField(_("紧急"), default=False)
    facts = models.JSONField(default=dict)
    """Every axis, as the rules read it: {"kind": "repair", "urgent": true, "scope": "public"}."""
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="owned_cases",
        verbose_name=_("首问责任人"),
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegated_cases",
        verbose_name=_("代办人"),
    )
    department = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主办部门")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_cases",
        verbose_name=_("处理人"),
    )
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="cases")
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    customer_name = models.CharField(_("客户"), max_length=60, blank=True, default="")
    customer_phone = models.CharField(_("电话"), max_length=40, blank=True, default="")
    address = models.CharField(_("房号"), max_length=120, blank=True, default="")
    opened_at = models.DateTimeField(_("登记时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    fed_back_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    waiting_for = models.CharField(_("等待"), max_length=80, blank=True, default="")
    next_due_at = models.DateTimeField(_("最近到期"), null=True, blank=True)
    """The earliest due time among running commitments: shown, never reasoned with."""
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed"
    )
    void_requested = models.BooleanField(default=False)
    rulebook = models.ForeignKey(PinnedRulebook, models.PROTECT, related_name="+")
    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)
    """Length of the journal; also the ETag against lost updates."""
    head = models.CharField(max_length=64, default="")
    """Hash of the last entry of the journal."""
    indexed_version = models.IntegerField(default=-1)
    """The version that the text index knows; the worker brings it up."""

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False),
                name="closed_has_its_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "-opened_at"]),
            models.Index(fields=["company", "-opened_at"]),
            models.Index(fields=["group", "-opened_at"]),
            models.Index(
                fields=["project", "next_due_at"],
                condition=Q(closed_at=None) & ~Q(status__in=["void", "merged"]),
                name="case_open_project",
            ),
            models.Index(
                fields=["company", "next_due_at"],
                condition=Q(closed_at=None) & ~Q(status__in=["void", "merged"]),
                name="case_open_company",
            ),
            models.Index(
                fields=["group", "next_due_at"],
                condition=Q(closed_at=None) & ~Q(status__in=["void", "merged"]),
                name="case_open_group",
            ),
            models.Index(fields=["unit", "-opened_at"]),
            models.Index(fields=["customer_phone"]),
            models.Index(
                fields=["id"], condition=~Q(indexed_version=F("version")), name="case_not_indexed"
            ),
            models.Index(
                fields=["status"], condition=Q(status="merged"), name="case_merged"
            ),  # few among many: a list counts them
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class JournalEntry(models.Model):
    """What happened, append-only, each hashed with the one before."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="journal")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=20, choices=verb_choices)
    at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("录入时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    roles = models.JSONField(default=list)
    said_by = models.CharField(_("谁说的"), max_length=60, blank=True, default="")
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["case_id", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="one_entry_in_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.verb}"


class JournalAnchor(models.Model):
    """The heads of all journals of a day, hashed together: what proves that no whole chain was
    rewritten."""

    at = models.DateTimeField()
    through = models.BigIntegerField(default=0)
    """The last entry that it covers; what is recorded afterwards, with whatever time, has a greater
    id."""
    cases = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.digest[:12]}"


class CasePart(models.Model):
    """A department that a case was handed to, leading or assisting."""

    class State(models.TextChoices):
        SENT = "sent", _("待接单")
        ACCEPTED = "accepted", _("已接单")
        REFUSED = "refused", _("退单待裁定")
        DONE = "done", _("已完成")
        WITHDRAWN = "withdrawn", _("已撤回")

    case = models.ForeignKey(Case, models.CASCADE, related_name="parts")
    department = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    lead = models.BooleanField(_("主办"))
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(_("退单理由"), max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-lead", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(lead=True, state__in=["sent", "accepted", "refused", "done"]),
                name="one_leading_department",
            ),
            models.UniqueConstraint(
                fields=["case", "department"],
                condition=~Q(state="withdrawn"),
                name="department_once_in_a_case",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["department", "state"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.department}"


class Commitment(Placed):
    """One dated promise made by one clause. Kept by the rules as the journal grows.

    Once ended it never changes. A paused commitment has no due time, so no query can find it due.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="commitments")
    key = models.CharField(max_length=120)
    rule = models.CharField(max_length=60)
    regulation = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    clause = models.CharField(max_length=40, blank=True, default="")
    default = models.BooleanField(default=False)
    """Made by the product's own defaults: 系统默认，非制度规定."""
    customer_facing = models.BooleanField(default=True)
    department = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="commitments"
    )
    """The person on whose board it stands; empty: the whole department's, or the desk's."""
    urgent = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(null=True)
    """Before any waiting or agreed time moved it."""
    provisional = models.BooleanField(default=False)
    words = models.TextField(default="")
    """The arithmetic, in Chinese."""
    paused = models.BooleanField(default=False)
    outcome = models.CharField(
        max_length=6,
        blank=True,
        default="",
        choices=[("met", _("按时")), ("late", _("超时")), ("waived", _("免责"))],
    )
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=100, blank=True, default="")
    """Why it was waived."""
    late_at = models.DateTimeField(null=True)
    """When the worker marked it late; what is late is judged from the times, never from this."""
    rings = models.JSONField(default=list)
    """[[moment, to whom, "warn" or "late"], …] in order, as `rules.commitments.Promise.rings`
    gives them."""
    next_ring_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    """How many of its rings (warning, then each step of the reporting line) have rung."""
    generation = models.PositiveSmallIntegerField(default=0)
    """Rises each time that its due time moves, so that it may ring anew."""

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key"], name="commitment_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(ended_at__isnull=False), name="ended_has_its_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_ring_at"], condition=Q(outcome=""), name="commitment_rings"),
            models.Index(
                fields=["project", "due_at"], condition=Q(outcome=""), name="promise_project"
            ),
            models.Index(
                fields=["company", "due_at"], condition=Q(outcome=""), name="promise_company"
            ),
            models.Index(fields=["group", "due_at"], condition=Q(outcome=""), name="promise_group"),
            models.Index(
                fields=["holder", "due_at"], condition=Q(outcome=""), name="promise_holder"
            ),
            models.Index(
                fields=["department", "due_at"], condition=Q(outcome=""), name="promise_department"
            ),
            models.Index(fields=["project", "rule", "started_at"]),
            *(
                models.Index(
                    fields=[place, "due_at", "outcome"],
                    # Not IN (…): with its values bound, SQLite no longer knows the index by it.
                    condition=~Q(outcome=""),
                    name=f"judged_{place}",
                )
                for place in ("project", "company", "group", "holder")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.title}"


class CaseLink(models.Model):
    """Two matters that belong together."""

    a = models.ForeignKey(Case, models.CASCADE, related_name="+")
    b = models.ForeignKey(Case, models.CASCADE, related_name="+")
    kind = models.CharField(
        max_length=10,
        choices=[
            ("related", _("相关")),
            ("merged", _("并入")),
            ("split", _("拆出")),
            ("again", _("再次提出")),
        ],
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["a", "b", "kind"], name="linked_once"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="not_linked_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.a_id}–{self.b_id}"


class Hold(models.Model):
    """An upper floor stops the closing of a case until it lifts this."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="holds")
    key = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "key"], name="held_once")]

    def __str__(self) -> str:
        return self.reason


class Attachment(models.Model):
    """A file of a case or contact, stored under the hash of its content; the given name is only a
    label."""

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="attachments")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="attachments")
    entry = models.ForeignKey(JournalEntry, models.SET_NULL, null=True, related_name="attachments")
    label = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(contact__isnull=False),
                name="file_belongs_somewhere",
            )
        ]

    def __str__(self) -> str:
        return self.label


class NumberSeries(models.Model):
    """The last number given out in a series ("S/CH/2026-11-21"); locked while the next is taken."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class SavedView(models.Model):
    """Filters of a list that somebody keeps under a name."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=500)
    default = models.BooleanField(default=False)
    """What the page shows when nothing else is asked for."""

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "page", "name"], name="one_view_of_a_name"),
            models.UniqueConstraint(
                fields=["staff", "page"], condition=Q(default=True), name="one_default_view"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SearchText(models.Model):
    """What the text index knows of a case, normalised; `cases.search` keeps it and the index."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="search_text")
    body = models.TextField()
    indexed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:40]


class StockTake(models.Model):
    """The daily stock-take of a project's open cases (每日盘点), confirmed by its head."""

    project = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("项目"))
    day = models.DateField(_("日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("盘点时间"))
    open_cases = models.PositiveIntegerField()
    """How many were open then, and of these late: a later look must not change them."""
    late_cases = models.PositiveIntegerField()
    notes = models.TextField(_("批示"), blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-day", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "day"], name="one_stock_take_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.day}"

    @property
    def late_words(self) -> str:
        return f"超时 {self.late_cases}"


class Done(models.Model):
    """An act that was asked for under a key, and its answer: asked again, it is answered again,
    not done."""

    key = models.CharField(max_length=255)
    actor = models.CharField(max_length=40)
    """Staff number or token id: keys of different callers never meet."""
    request = models.CharField(max_length=64)
    """Hash of what was asked, to tell a repeat from a reuse."""
    status = models.PositiveSmallIntegerField(default=200)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "key"], name="done_once_for_a_key")
        ]
        indexes: ClassVar = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return self.key
