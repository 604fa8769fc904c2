"""Hours in which the air conditioning runs without being asked for."""

from __future__ import annotations

from datetime import datetime, time

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.models import Building
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused
from shouwen.services.models import SupplyHours


def set_hours(
    *,
    project: OrgUnit,
    weekdays: str,
    since: time,
    until: time,
    by: Scope,
    at: datetime,
    building: Building | None = None,
    note: str = "",
) -> SupplyHours:
    by.require("service.manage", project)
    if not weekdays or set(weekdays) - set("1234567"):
        raise Refused("no-weekdays", "请选供应的星期。", field="weekdays")
    if until <= since:
        raise Refused("ends-early", "结束时间要晚于开始时间；跨过零点的请分成两条。", field="until")
    if building and building.project_id != project.pk:
        raise Refused("not-found", "没有找到这栋楼，请从列表中选。", field="building")
    return SupplyHours.objects.create(
        **place_of(project), building=building, weekdays="".join(sorted(set(weekdays))),
        since=since, until=until, note=note.strip()[:100],
    )  # fmt: skip


def remove_hours(*, hours: SupplyHours, by: Scope, at: datetime) -> None:
    by.require("service.manage", hours.project)
    hours.delete()
