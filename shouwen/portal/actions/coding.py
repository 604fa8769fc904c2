"""The codes at the entrances of buildings: made, given a keeper, taken down."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.estate.models import Building
from shouwen.estate.queries import place_of
from shouwen.portal.models import BuildingCode
from shouwen.rules.refused import Refused

RIGHT = "estate.edit"


def make_code(
    *, building: Building, place: str, by: Scope, at: datetime, keeper: Staff | None = None
) -> BuildingCode:
    """A code for one entrance. One place has one code: to change it, retire the old one."""
    by.require(RIGHT, building.project)
    if keeper and not scope_of(keeper, at).can("contact.register", building.project):
        raise Refused(
            "not-a-receiver", "这个人在本项目不能登记来电来访，请换一位。", field="keeper"
        )
    with transaction.atomic():
        Building.objects.select_for_update().only("pk").get(pk=building.pk)
        place = place.strip()[:40]
        if BuildingCode.objects.filter(building=building, place=place, retired_at=None).exists():
            raise Refused("code-is-there", "这个张贴处已有二维码，请先停用旧的。", field="place")
        return BuildingCode.objects.create(
            **place_of(building.project),
            building=building,
            place=place,
            code=secrets.token_urlsafe(9),
            keeper=keeper,
            made_by=by.staff,
            made_at=at,
        )


def retire_code(*, code: BuildingCode, by: Scope, at: datetime) -> None:
    """The sheet on the wall opens nothing any more; links given out before stay."""
    by.require(RIGHT, code.project)
    with transaction.atomic():
        code = BuildingCode.objects.select_for_update().get(pk=code.pk)
        if code.retired_at:
            raise Refused("retired-already", "这个二维码已经停用。")
        code.retired_by, code.retired_at = by.staff, at
        code.save(update_fields=["retired_by", "retired_at"])
