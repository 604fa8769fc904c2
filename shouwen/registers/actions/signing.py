"""Signing: signed in, by who holds the role that the form names; or by hand, on the screen."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.rights import ROLES
from shouwen.accounts.scope import Scope
from shouwen.cases.files import Kept
from shouwen.registers.actions.filling import finished, keep_file, log, on
from shouwen.registers.models import Record, RecordSignature
from shouwen.registers.queries import FILLS, form_of
from shouwen.rules.form_kinds import Form
from shouwen.rules.forms import digest
from shouwen.rules.refused import Refused


def sign(
    *,
    record: Record,
    place: str,
    by: Scope,
    at: datetime,
    name: str = "",
    picture: Kept | None = None,
) -> Record:
    """One place is signed. With the last one the record is complete and stays as it is."""
    with on(record, by) as row:
        rule = form_of(row).rule
        _require_open(row, rule, place)
        if roles := rule.signers.get(place, ()):
            _require_role(by, row, place, roles)
            name, picture = by.staff.name, None
        else:
            _require_by_hand(by, row, name, picture)
        RecordSignature.objects.create(
            record=row, place=place, by=by.staff, name=name.strip(), at=at,
            picture=keep_file(row, picture, by, at) if picture else None,
            digest=digest(row.values),
        )  # fmt: skip
        if not unsigned(row, rule):
            finished(row, at)
        log(row, "signed", by, at, place=place, name=name.strip())
    return record


def unsigned(record: Record, rule: Form) -> list[str]:
    """The places that wait for a signature."""
    signed = set(record.signatures.values_list("place", flat=True))
    return [place for place in rule.signatures if place not in signed]


def may_sign(record: Record, rule: Form, place: str, by: Scope) -> bool:
    roles = rule.signers.get(place, ())
    held = by.roles(record.project)
    return bool(set(roles) & set(held)) if roles else by.can(FILLS, record.project)


def _require_open(row: Record, rule: Form, place: str) -> None:
    if place not in rule.signatures:
        raise Refused("no-such-place", "这张表没有这个签名处，请核对。", field="place")
    if row.state != Record.State.FILLED:
        raise Refused("not-now", "这张表现在不能签字，请看最新情况。")
    if place not in unsigned(row, rule):
        raise Refused("signed-already", f"“{place}”已经签过，不用再签。", field="place")


def _require_role(by: Scope, row: Record, place: str, roles: tuple[str, ...]) -> None:
    if not set(roles) & set(by.roles(row.project)):
        who = "、".join(ROLES[role].name for role in roles)
        raise Refused("not-yours-to-sign", f"“{place}”由{who}签字，请转交。", field="place")


def _require_by_hand(by: Scope, row: Record, name: str, picture: Kept | None) -> None:
    by.require(FILLS, row.project)
    if not name.strip():
        raise Refused("no-name", "请写签名人的姓名。", field="name")
    if picture is None or not picture.media_type.startswith("image/"):
        raise Refused("no-signature", "请在框内签名，或上传签名的照片。", field="picture")
