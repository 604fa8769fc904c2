"""What the lines of a figure are called."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.estate.models import Building


def labels(place: OrgUnit, by: str, keys: Collection[str], moment: datetime) -> dict[str, str]:
    """The name of each key; of what belongs to no line, words that say so."""
    ids = [key for key in keys if key]
    named = _kinds(place, ids, moment) if by == "kind" else _names(by, ids, place) if ids else {}
    return {**{key: key for key in ids}, **named, "": _NOBODY.get(by, _("其他"))}


_NOBODY = {"department": "未派部门", "building": "不在楼栋", "staff": "没有责任人"}


def _names(by: str, ids: list[str], place: OrgUnit) -> dict[str, str]:
    if by == "staff":
        people = Staff.objects.filter(pk__in=ids)
        return {str(person.pk): person.name for person in people}
    if by == "building":
        houses = Building.objects.filter(pk__in=ids).select_related("project")
        return {str(h.pk): _within(h.name, h.project, place) for h in houses}
    units = OrgUnit.objects.filter(pk__in=ids).select_related("project")
    return {str(unit.pk): _within(unit.name, unit.project, place) for unit in units}


def _within(name: str, project: OrgUnit | None, place: OrgUnit) -> str:
    """With its project, where several stand side by side."""
    several = project and not place.is_project and project.name != name
    return f"{project.name} {name}" if several and project else name


def _kinds(place: OrgUnit, codes: list[str], moment: datetime) -> dict[str, str]:
    rules = rulebook(pin(place, moment).pk)
    found = {code: rules.value("kind", code) for code in codes}
    return {code: value.name for code, value in found.items() if value}
