"""Organisation tree, staff, posts, absences, tokens, and who looked behind a mask."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.rights import FUNCTIONS, RIGHTS, ROLES

_RECORDS = {"customer": "客户", "contact": "来电", "case": "诉求"}
_FIELDS = {"phone": "电话"}


def role_choices() -> list[tuple[str, str]]:
    """A function, so that a new role asks for no new migration."""
    return [(code, role.name) for code, role in ROLES.items()]


class OrgUnit(models.Model):
    """One node: group → company → project (service centre) → department → team.

    `path` is "/1/4/9/" with the node's own id last: everything below a node is one prefix range.
    `group`, `company` and `project` are the nearest such ancestor, or the node itself.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("集团")
        COMPANY = "company", _("公司")
        PROJECT = "project", _("项目")
        DEPARTMENT = "department", _("部门")
        TEAM = "team", _("班组")

    kind = models.CharField(_("层级"), max_length=12, choices=Kind)
    code = models.CharField(_("代码"), max_length=24, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    path = models.CharField(max_length=120, db_index=True, editable=False)
    group = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    company = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    project = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    function = models.CharField(
        _("职能"), max_length=20, blank=True, default="", choices=list(FUNCTIONS.items())
    )
    contractor = models.BooleanField(_("外包"), default=False)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    closed_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def kinds_below(self) -> list[Kind]:
        """What may stand directly below."""
        kind = self.Kind
        return {
            kind.GROUP: [kind.COMPANY, kind.DEPARTMENT],
            kind.COMPANY: [kind.PROJECT, kind.DEPARTMENT],
            kind.PROJECT: [kind.DEPARTMENT],
            kind.DEPARTMENT: [kind.TEAM],
            kind.TEAM: [],
        }[kind(self.kind)]

    @property
    def is_project(self) -> bool:
        return self.kind == self.Kind.PROJECT


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(username__iexact=username)


class Staff(AbstractBaseUser):
    """A person who works here, or for a contractor of ours."""

    username = models.CharField(_("登录名"), max_length=40, unique=True)
    number = models.CharField(_("工号"), max_length=20, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("电话"), max_length=20, blank=True, default="")
    is_active = models.BooleanField(_("在职"), default=True)
    must_change_password = models.BooleanField(default=False)

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "number"]

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role held on a unit, from a day to a day."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="posts", verbose_name=_("人员"))
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    role = models.CharField(_("角色"), max_length=20, choices=role_choices)
    since = models.DateTimeField(_("自"))
    until = models.DateTimeField(_("至"), null=True, blank=True)
    main = models.BooleanField(_("主要任职"), default=True)

    class Meta:
        ordering: ClassVar = ["-main", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "unit", "role"], condition=Q(until=None), name="post_held_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}·{self.get_role_display()}·{self.staff}"


class Absence(models.Model):
    """Away from a moment to a moment; reminders go to the deputy, or climb past."""

    staff = models.ForeignKey(
        Staff, models.CASCADE, related_name="absences", verbose_name=_("人员")
    )
    starts_at = models.DateTimeField(_("自"))
    ends_at = models.DateTimeField(_("至"))
    deputy = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("代理人")
    )
    reason = models.CharField(_("事由"), max_length=100, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.starts_at:%m-%d}–{self.ends_at:%m-%d}"


class ApiToken(models.Model):
    """What an integration signs in with. Only the hash is kept; the token is shown once."""

    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="tokens", verbose_name=_("以谁的名义")
    )
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("范围"))
    rights = models.JSONField(_("权限"), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("到期"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def right_names(self) -> str:
        return "；".join(RIGHTS.get(right, right) for right in self.rights)


class Disclosure(models.Model):
    """Somebody asked to see masked personal data, and saw it."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    record = models.CharField(max_length=20)
    """"customer", "contact" or "case"."""
    record_id = models.BigIntegerField()
    field = models.CharField(max_length=20, default="phone")
    purpose = models.CharField(max_length=100, blank=True, default="")
    project = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["record", "record_id", "at"])]
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.staff} {self.record} {self.record_id}"

    @property
    def record_words(self) -> str:
        """客户 17 · 电话"""
        record = _RECORDS.get(self.record, self.record)
        return f"{record} {self.record_id} · {_FIELDS.get(self.field, self.field)}"
