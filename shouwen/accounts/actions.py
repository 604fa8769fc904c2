"""Changes to the organisation, its people and their posts."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import Absence, ApiToken, Disclosure, OrgUnit, Post, Staff
from shouwen.accounts.rights import RIGHTS, ROLES
from shouwen.rules.refused import Refused

#: One-time passwords are read aloud and typed: nothing that looks like something else.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def create_unit(
    *,
    kind: str,
    code: str,
    name: str,
    parent: OrgUnit | None = None,
    function: str = "",
    contractor: bool = False,
) -> OrgUnit:
    """Add a node below `parent`: group, company, project; departments below any, then teams."""
    kinds = parent.kinds_below if parent else [OrgUnit.Kind.GROUP]
    if kind not in kinds:
        raise Refused(
            "wrong-parent", "上级单位的层级不对：集团→公司→项目→部门→班组。", field="parent"
        )
    if OrgUnit.objects.filter(code=code).exists():
        raise Refused("code-taken", "这个代码已经有单位在用，请换一个。", field="code")
    unit = OrgUnit.objects.create(
        kind=kind,
        code=code,
        name=name,
        parent=parent,
        path="",
        function=function,
        contractor=contractor,
        group=parent and (parent.group or parent),
        company=parent and parent.company,
        project=parent and parent.project,
    )
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    if kind in (OrgUnit.Kind.GROUP, OrgUnit.Kind.COMPANY, OrgUnit.Kind.PROJECT):
        setattr(unit, kind, unit)
    unit.save(update_fields=["path", "group", "company", "project"])
    return unit


def login_name(text: str) -> str:
    """The one way in which a sign-in name is written: without case, width and outer spaces.

    Spelling it another way must not give five more guesses before the lock.
    """
    return unicodedata.normalize("NFKC", text).strip().lower()


@transaction.atomic
def create_staff(
    *,
    username: str,
    name: str,
    number: str,
    password: str,
    phone: str = "",
    must_change_password: bool = False,
    hashed: bool = False,
) -> Staff:
    """A person who can sign in, without any post yet. `hashed` says that the password is given as
    its hash, as another system kept it."""
    username = login_name(username)
    if Staff.objects.filter(username=username).exists():
        raise Refused("username-taken", "这个登录名已经有人在用，请换一个。", field="username")
    if Staff.objects.filter(number=number).exists():
        raise Refused("number-taken", "这个工号已经有人在用，请核对。", field="number")
    staff = Staff(
        username=username,
        name=name,
        number=number,
        phone=phone,
        must_change_password=must_change_password,
    )
    if hashed:
        staff.password = password
    else:
        staff.set_password(password)
    staff.save()
    return staff


@transaction.atomic
def take_on(
    *, username: str, name: str, number: str, phone: str, unit: OrgUnit, role: str, at: datetime
) -> tuple[Staff, str]:
    """A new colleague with a first post, and the one-time password to tell them."""
    password = one_time_password()
    staff = create_staff(
        username=username,
        name=name,
        number=number,
        phone=phone,
        password=password,
        must_change_password=True,
    )
    give_post(staff=staff, unit=unit, role=role, at=at)
    return staff, password


def one_time_password() -> str:
    """Twelve letters and digits in threes: 59 bits, to be changed at the first sign-in."""
    letters = "".join(secrets.choice(_LEGIBLE) for _ in range(12))
    return "-".join(letters[at : at + 3] for at in range(0, 12, 3))


def reset_password(*, staff: Staff) -> str:
    """Signs somebody out everywhere; the password returned opens once, to choose another."""
    password = one_time_password()
    staff.set_password(password)
    staff.must_change_password = True
    staff.save(update_fields=["password", "must_change_password"])
    return password


def change_password(*, staff: Staff, password: str) -> None:
    """One's own choice. Every other session of this person ends."""
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])


def give_post(*, staff: Staff, unit: OrgUnit, role: str, at: datetime, main: bool = True) -> Post:
    if role not in ROLES:
        raise Refused("unknown-role", "没有这个角色。", field="role")
    if Post.objects.filter(staff=staff, unit=unit, role=role, until=None).exists():
        raise Refused("post-held", "这个岗位本来就由此人担任。", field="role")
    return Post.objects.create(staff=staff, unit=unit, role=role, since=at, main=main)


def end_post(*, post: Post, at: datetime) -> None:
    if post.until is not None:
        raise Refused("post-ended", "这个任职已经结束。")
    post.until = at
    post.save(update_fields=["until"])


def deactivate(*, staff: Staff, at: datetime) -> None:
    """Somebody leaves: signed out everywhere at the next request, posts ended, tokens revoked."""
    with transaction.atomic():
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        staff.posts.filter(until=None).update(until=at)
        staff.tokens.filter(revoked_at=None).update(revoked_at=at)


def record_absence(
    *,
    staff: Staff,
    starts_at: datetime,
    ends_at: datetime,
    deputy: Staff | None,
    reason: str = "",
) -> Absence:
    if ends_at <= starts_at:
        raise Refused("ends-before-start", "结束时间要晚于开始时间。", field="ends_at")
    if deputy == staff:
        raise Refused("own-deputy", "代理人不能是本人。", field="deputy")
    if staff.absences.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Refused(
            "absence-overlaps", "这段时间已经登记过不在岗，请先结束那一条。", field="starts_at"
        )
    return Absence.objects.create(
        staff=staff, starts_at=starts_at, ends_at=ends_at, deputy=deputy, reason=reason
    )


def end_absence(*, absence: Absence, at: datetime) -> None:
    """Back earlier than said; an absence that has not begun is taken back altogether."""
    if absence.ends_at <= at:
        raise Refused("absence-over", "这一条已经结束。")
    if absence.starts_at >= at:
        absence.delete()
        return
    absence.ends_at = at
    absence.save(update_fields=["ends_at"])


def disclose(
    *,
    by: Staff,
    at: datetime,
    record: str,
    record_id: int,
    project: OrgUnit | None,
    field: str = "phone",
    purpose: str = "",
) -> None:
    """Write down that somebody looked behind a mask."""
    Disclosure.objects.create(
        staff=by,
        at=at,
        record=record,
        record_id=record_id,
        field=field,
        purpose=purpose,
        project=project,
    )


def issue_token(
    *,
    name: str,
    staff: Staff,
    unit: OrgUnit,
    rights: list[str],
    at: datetime,
    expires_at: datetime | None = None,
) -> str:
    """A new token for an integration. The text is returned once and only its hash is kept."""
    unknown = [right for right in rights if right not in RIGHTS]
    if unknown:
        raise Refused("unknown-right", f"没有这项权限：{'、'.join(unknown)}", field="rights")
    text = f"sw_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        name=name,
        digest=token_digest(text),
        staff=staff,
        unit=unit,
        rights=rights,
        created_at=at,
        expires_at=expires_at,
    )
    return text


def revoke_token(*, token: ApiToken, at: datetime) -> None:
    if token.revoked_at is not None:
        raise Refused("token-revoked", "这个令牌已经停用。")
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])


def token_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
