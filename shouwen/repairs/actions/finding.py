"""What is found is registered there and then: the defects of a handover, what a patrol saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.adoption.actions import Footing, footing
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from shouwen.estate.models import Unit
from shouwen.estate.queries import people_of, place_of
from shouwen.repairs.actions.issuing import issue
from shouwen.repairs.models import Defect, HandoverCheck, Patrol, PatrolItem
from shouwen.rules.case_kinds import Checklist
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation

SIZES = dict(Defect._meta.get_field("size").choices or ())
#: What is amiss is of the first of these kinds that the regulation lists, by the first word of the
#: item's id; of none, the text decides.
KINDS = {
    "clean": ("environment",),
    "facility": ("facility", "repair"),
    "safety": ("security",),
    "audit": ("other",),
}


@dataclass(frozen=True)
class Found:
    """One defect as it was seen at a handover."""

    place: str
    text: str
    size: str


def record_handover(
    *,
    unit: Unit,
    with_whom: str,
    found: Sequence[Found],
    by: Scope,
    at: datetime,
    happened: datetime | None = None,
) -> HandoverCheck:
    """《住房移交验收交接表》: every defect becomes a repair of its own, with class, owner and the
    due time of its class, and an order for it (S2-A10r-6b)."""
    if not with_whom.strip():
        raise Refused("no-name", "请写验房的业主或代理人。", field="with_whom")
    if not found:
        raise Refused("nothing-found", "没有缺陷就不用登记；请至少写一项。", field="place-0")
    if any(each.size not in SIZES for each in found):
        raise Refused("unknown-size", "请选每一项是小型、较大型还是特殊情况。", field="size-0")
    by.require("case.dispatch", unit.project)
    with transaction.atomic():
        ground = footing(unit.project, happened or at)
        check = HandoverCheck.objects.create(
            **place_of(unit.project), unit=unit, at=happened or at, by=by.staff,
            with_whom=with_whom.strip()[:60],
        )  # fmt: skip
        for each in found:
            case = _defect(check, each, by, at, ground)
            Defect.objects.create(
                check_made=check, place=each.place.strip()[:40], text=each.text.strip()[:200],
                size=each.size, case=case,
            )  # fmt: skip
    return check


def _defect(check: HandoverCheck, found: Found, by: Scope, at: datetime, ground: Footing) -> Case:
    unit, words = check.unit, f"{found.place.strip()} {found.text.strip()}"
    owner = next((tie.customer for tie in people_of(unit, check.at.date())), None)
    told = Told(
        text=f"验房：{words}",
        source=_source(ground, "handover"),
        name=check.with_whom,
        unit=unit,
        customer=owner,
        facts=_known(ground, {"kind": "repair", "scope": "home", "repair_class": found.size,
                              "origin": "handover"}),
        ticks=_every_tick(ground),
        heard_by=by.staff.name,
    )  # fmt: skip
    case = register(project=unit.project, told=told, by=by, at=at, happened=check.at, ground=ground)
    issue(
        case=case, range="home", title=words, work_class=found.size, by=by, at=at,
        happened=check.at,
    )  # fmt: skip
    return case


def _source(ground: Footing, code: str) -> str:
    """The regulation's own word for how it was heard, else that somebody of ours heard it."""
    return code if ground.rulebook.value("source", code) else "oral"


def _known(ground: Footing, facts: dict[str, str]) -> dict[str, str | bool]:
    """Of what we know that which the regulations have a word for."""
    return {axis: value for axis, value in facts.items() if _is_listed(ground, axis, value)}


def _is_listed(ground: Footing, axis: str, value: str) -> bool:
    found = ground.rulebook.axis(axis)
    return found is None or value in {known.code for known in found[1].values}


def _every_tick(ground: Footing) -> list[str]:
    """Nobody is on the line who could be read back to: we saw it ourselves."""
    return [tick.id for _, rule in ground.rulebook.all("intake") for tick in rule.ticks]


# --- Patrols --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """One line of a patrol: in order, or what was found."""

    item: str
    ok: bool
    note: str = ""


def checklists(project: OrgUnit, at: datetime) -> list[tuple[Regulation, Checklist]]:
    """The lists of the project's regulations that a patrol goes by; ours where none has one."""
    rules = footing(project, at).rulebook.all("checklist")
    found = [(regulation, rule) for regulation, rule in rules if rule.occasion == "patrol"]
    theirs = [(regulation, rule) for regulation, rule in found if not regulation.product_default]
    return theirs or found


def record_patrol(
    *,
    project: OrgUnit,
    checklist: str,
    looked: Sequence[Looked],
    by: Scope,
    at: datetime,
    area: str = "",
    happened: datetime | None = None,
) -> Patrol:
    """A round through the public areas; each line that is amiss becomes a case (S2-W-10)."""
    by.require("contact.register", project)
    rule = _checklist(project, checklist, happened or at)
    titles = {item.id: item.title for item in rule.items}
    _require_whole(titles, looked)
    with transaction.atomic():
        ground = footing(project, happened or at)
        patrol = Patrol.objects.create(
            **place_of(project), checklist=rule.id, title=rule.title, clause=rule.clause,
            at=happened or at, by=by.staff, area=area.strip()[:60],
        )  # fmt: skip
        for each in looked:
            PatrolItem.objects.create(
                patrol=patrol, item=each.item, title=titles[each.item], ok=each.ok,
                note=each.note.strip()[:200],
                case=None if each.ok else _amiss(patrol, titles[each.item], each, by, at, ground),
            )  # fmt: skip
    return patrol


def _checklist(project: OrgUnit, name: str, at: datetime) -> Checklist:
    for _, rule in checklists(project, at):
        if rule.id == name:
            return rule
    raise Refused("not-found", "制度中没有这份巡查表，请从巡查页面选择。")


def _require_whole(titles: dict[str, str], looked: Sequence[Looked]) -> None:
    seen = {each.item for each in looked}
    left = [title for item, title in titles.items() if item not in seen]
    if left or len(seen) < len(looked) or seen - titles.keys():
        raise Refused("not-whole", f"每一项都要看过：还差{'、'.join(left) or '重复的项'}。")
    if any(not each.ok and not each.note.strip() for each in looked):
        raise Refused("no-note", "不正常的要写明发现了什么、在哪里。")


def _amiss(
    patrol: Patrol, title: str, each: Looked, by: Scope, at: datetime, ground: Footing
) -> Case:
    kinds = KINDS.get(each.item.partition("-")[0], ("facility",))
    kind = next((kind for kind in kinds if _is_listed(ground, "kind", kind)), "")
    told = Told(
        text=f"{title}：{each.note.strip()}",
        source=_source(ground, "patrol"),
        address=patrol.area,
        facts={"kind": kind} if kind else {},
        ticks=_every_tick(ground),
        heard_by=by.staff.name,
    )
    return register(
        project=patrol.project, told=told, by=by, at=at, happened=patrol.at, ground=ground
    )
