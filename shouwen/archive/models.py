"""What is kept, where, for how long, and who allowed it to go."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import OrgUnit
from shouwen.cases.models import Asked, Placed, listed, person
from shouwen.estate.models import Customer
from shouwen.estate.phones import mask_phone


class Kept(models.Model):
    """Of a project, a company or a group: who sees `unit` whole sees it."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    project = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    company = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Folder(Kept):
    """One file of the archive: a statement, a filled form, the papers of a quarter, the copy of an
    order. Closed complaints have theirs in `learning`.

    Nothing is ever deleted by itself. After `keep_until` it may be proposed for disposal."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("报表")
        RECORD = "record", _("表单")
        VISITS = "visits", _("回访资料")
        ORDER = "order", _("维修单")

    class State(models.TextChoices):
        HELD = "held", _("在档")
        OUT = "out", _("借出")
        DISPOSED = "disposed", _("已销毁")

    number = models.CharField(_("档案号"), max_length=40, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    subject = models.CharField(max_length=80)
    """What it holds: "statement:ZB-…", "record:…", "visits:CH:2026-Q4", "order:W-…:service"."""
    title = models.CharField(_("题名"), max_length=120)
    url = models.CharField(max_length=160, blank=True, default="")
    text = models.TextField(blank=True, default="")
    """What it is found by besides its title."""
    clause = models.CharField(max_length=60, blank=True, default="")
    papers = models.PositiveIntegerField(_("份数"), default=1)
    place = models.CharField(_("存放处"), max_length=60, blank=True, default="")
    filed_on = models.DateField(_("归档日期"))
    filed_by = person(_("归档人"))
    """Empty: filed by the program."""
    keep_until = models.DateField(_("保管到"), null=True, blank=True)
    """Empty: for ever."""
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.HELD)
    lent_to = models.CharField(_("借阅人"), max_length=60, blank=True, default="")
    back_by = models.DateField(_("应还日期"), null=True, blank=True)
    asked_back_at = models.DateTimeField(null=True, blank=True)
    """When somebody was told that it is not back in time."""

    class Meta:
        ordering: ClassVar = ["-filed_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"], condition=~Q(state="disposed"), name="filed_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="out") | Q(back_by__isnull=False), name="lent_until_a_day"
            ),
        ]
        indexes: ClassVar = [
            *listed("kind", "-filed_on"),
            models.Index(fields=["unit", "keep_until"]),
            models.Index(
                fields=["back_by"],
                condition=Q(state="out", asked_back_at=None),
                name="folder_to_come_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class FolderStep(models.Model):
    """Filed, lent, brought back, moved, disposed of. Never changed."""

    folder = models.ForeignKey(Folder, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField(_("时间"))
    by = person(_("经办人"))
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.folder_id} {self.verb}"


class Deposit(Placed):
    """Papers that are to be handed to who keeps them, against a receipt (交存): the return visits
    of a quarter, each copy of a signed order. Received, they are a folder."""

    subject = models.CharField(max_length=80, unique=True)
    """As of the folder that they become."""
    kind = models.CharField(_("类别"), max_length=12, choices=Folder.Kind)
    title = models.CharField(_("题名"), max_length=120)
    url = models.CharField(max_length=160, blank=True, default="")
    clause = models.CharField(max_length=60, blank=True, default="")
    papers = models.PositiveIntegerField(_("份数"), default=1)
    """How many there should be; the receipt says how many there were."""
    keeper = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, related_name="+", verbose_name=_("留存部门")
    )
    """Empty: the archive of the project."""
    months = models.PositiveSmallIntegerField(null=True)
    """How long it is kept; empty: for ever."""
    opened_at = models.DateTimeField(_("应交自"))
    due_at = models.DateTimeField(_("期限"), null=True)
    handed_at = models.DateTimeField(_("交出时间"), null=True)
    handed_by = person(_("交出人"))
    received_at = models.DateTimeField(_("接收时间"), null=True)
    received_by = person(_("接收人"))
    folder = models.OneToOneField(Folder, models.PROTECT, null=True, related_name="deposit")
    ring_at = models.DateTimeField(null=True, blank=True)
    rung = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(received_at=None)
                | (Q(handed_at__isnull=False) & Q(folder__isnull=False)),
                name="received_after_handed",
            )
        ]
        indexes: ClassVar = [
            *listed("received_at", "due_at"),
            models.Index(
                fields=["ring_at"], condition=Q(ring_at__isnull=False), name="deposit_rings"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Disposal(Kept, Asked):
    """A list of folders whose time is over, proposed by one and approved by another."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    folders = models.ManyToManyField(Folder, related_name="disposals")
    reason = models.CharField(_("理由"), max_length=200)
    note = models.CharField(_("意见"), max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.number


class NumberChange(Placed):
    """A telephone number that a customer wrote on his order and that his file does not have: who
    keeps the files takes it over or says why not. Old and new stay on record (S2-RP-16)."""

    class State(models.TextChoices):
        FOUND = "found", _("待更新")
        TAKEN = "taken", _("已更新")
        LEFT = "left", _("不更新")

    order = models.CharField(_("维修单号"), max_length=30, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", verbose_name=_("客户"))
    old = models.CharField(_("原电话"), max_length=200, blank=True, default="")
    """What his file had then."""
    new = models.CharField(_("新电话"), max_length=20)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.FOUND)
    found_at = models.DateTimeField(_("登记时间"))
    settled_at = models.DateTimeField(_("处理时间"), null=True)
    settled_by = person(_("处理人"))
    removed = models.CharField(_("停用"), max_length=20, blank=True, default="")
    """The old number that was taken out of the file."""
    note = models.CharField(_("说明"), max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-found_at", "-pk"]
        indexes: ClassVar = [*listed("state")]

    def __str__(self) -> str:
        return f"{self.order} {mask_phone(self.new)}"

    @property
    def masked_old(self) -> str:
        return "、".join(mask_phone(number) for number in self.old.split())

    @property
    def masked(self) -> str:
        return mask_phone(self.new)
