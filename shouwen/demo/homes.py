"""Buildings, homes and the people in them. Written in bulk, as an import does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from shouwen.accounts.models import OrgUnit
from shouwen.demo.company import ZONE, Company
from shouwen.estate.actions import (
    add_phone,
    create_building,
    create_customer,
    move_in,
    post_notice,
    set_care,
    set_restriction,
)
from shouwen.estate.address import Reference, key, written
from shouwen.estate.models import Building, Customer, Occupancy, Phone, Unit
from shouwen.estate.queries import place_of
from shouwen.portal.actions.coding import make_code

#: Houses, entrances, floors, and doors on a floor. 3,000 homes in all.
LAYOUT = {"CH": (9, 3, 15, 3), "JG": (7, 2, 25, 2), "JN": (13, 3, 5, 3), "WJ": (5, 2, 25, 2)}
_SMALL = {"CH": (7, 3, 12, 3), "JG": (1, 1, 6, 2), "JN": (1, 1, 6, 2), "WJ": (1, 1, 6, 2)}

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫"
)
_GIVEN = (
    "建华", "秀英", "志强", "丽华", "国平", "海燕", "晓东", "玉兰", "文博", "思远", "雅琴", "俊杰",
    "春梅", "立新", "婷婷", "浩然", "桂芳", "卫东", "佳怡", "永康", "雪", "磊", "敏", "军", "静",
    "伟", "娜", "涛", "艳", "勇", "欣", "鹏", "洁", "峰", "琳", "斌", "倩", "超", "悦", "宁",
)  # fmt: skip
_CARES = (
    "独居老人，敲门后请稍候",
    "听力不便，请大声些",
    "家有新生儿，请轻敲门",
    "行动不便，坐轮椅",
    "孕妇，勿喷药",
)
_RESTRICTIONS = ("20:00 后不打电话", "只发短信，不接电话", "上夜班，14:00 前勿扰", "有事联系女儿")

#: Homes that have a name in the demo: (unit, who, phone, relation, since, care).
_NAMED = (
    ("3-2-501", "王女士", "13900000421", "owner", "2019-05-18", "母亲独居在家：敲门后稍候"),
    ("3-2-501", "王女士母亲", "13900000422", "family", "2019-05-18", "独居老人，敲门后稍候"),
    ("3-2-501", "王先生", "13900000423", "family", "2019-05-18", ""),
    ("3-2-401", "李国平", "13900000401", "owner", "2018-11-02", ""),
    ("3-2-301", "周玉兰", "13900000301", "owner", "2019-01-20", "听力不便，请大声些"),
    ("5-1-1202", "徐先生", "13900001202", "owner", "2020-03-15", ""),
    ("7-2-803", "高女士", "13900000803", "tenant", "2025-07-01", ""),
    ("1-3-602", "赵先生", "13900000602", "owner", "2019-09-09", ""),
    ("6-1-301", "何玉珍", "13900000631", "owner", "2018-12-30", ""),
    ("4-1-102", "孙建华", "13900000102", "owner", "2021-06-01", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """A unit, somebody who lives there, and the number they call from."""

    unit: Unit
    customer: Customer
    phone: str


@dataclass
class Estate:
    homes: dict[str, list[Home]] = field(default_factory=dict)
    """By project code."""
    named: dict[str, Home] = field(default_factory=dict)
    """By key of the unit, the first of each; all in 翠湖花园."""
    buildings: dict[str, list[Building]] = field(default_factory=dict)


def build(company: Company, since: datetime, rng: Random, *, small: bool = False) -> Estate:
    estate = Estate()
    numbers = count(2000)
    for code, layout in (_SMALL if small else LAYOUT).items():
        project = company.units[code]
        units = _houses(company, estate, project, layout, since)
        named = {entry[0] for entry in _NAMED} if code == "CH" else set()
        homes = _move_in([unit for unit in units if unit.key not in named], since, rng, numbers)
        estate.homes[code] = homes
        _codes(company, estate.buildings[code], since)
    _name(company, estate, since)
    _notices(company, estate)
    return estate


def _houses(
    company: Company,
    estate: Estate,
    project: OrgUnit,
    layout: tuple[int, int, int, int],
    since: datetime,
) -> list[Unit]:
    houses, entrances, floors, doors = layout
    manager = company.scope(company.holding("project_manager", project, since), since)
    made = []
    for house in range(1, houses + 1):
        building = create_building(
            project=project,
            name=f"{house}幢",
            by=manager,
            at=since,
            handed_over_on=date(2018, 9, 30),
        )
        estate.buildings.setdefault(project.code, []).append(building)
        made += [
            _unit(building, project, Reference(str(house), str(entrance), f"{floor}0{door}"), floor)
            for entrance in range(1, entrances + 1)
            for floor in range(1, floors + 1)
            for door in range(1, doors + 1)
        ]
    return Unit.objects.bulk_create(made, batch_size=500)


def _codes(company: Company, buildings: list[Building], since: datetime) -> None:
    """At each entrance hall hangs a code, by which residents report without an account."""
    project = buildings[0].project
    manager = company.scope(company.holding("project_manager", project, since), since)
    for building in buildings:
        make_code(building=building, place="一层大堂", by=manager, at=since)


def _unit(building: Building, project: OrgUnit, reference: Reference, floor: int) -> Unit:
    return Unit(
        building=building, entrance=reference.entrance, room=reference.room, floor=str(floor),
        key=key(reference), label=written(reference), use="住宅",
        area=89 if reference.room.endswith("1") else 126, **place_of(project),
    )  # fmt: skip


def _move_in(units: list[Unit], since: datetime, rng: Random, numbers: count[int]) -> list[Home]:
    """Owners in most homes; tenants in some, families in others. Numbers are 139 0000 xxxx."""
    people, ties = [], []
    for unit in units:
        for relation in _relations(rng):
            customer = _customer(unit, rng)
            moved = (since - timedelta(days=rng.randint(60, 2400))).date()
            people.append(customer)
            ties.append(Occupancy(unit=unit, customer=customer, relation=relation, since=moved))
    Customer.objects.bulk_create(people, batch_size=500)
    phones = [
        Phone(customer=customer, project_id=customer.project_id, number=f"139{next(numbers):08}")
        for customer in people
    ]
    Phone.objects.bulk_create(phones, batch_size=500)
    Occupancy.objects.bulk_create(ties, batch_size=500)
    return [
        Home(tie.unit, tie.customer, phone.number) for tie, phone in zip(ties, phones, strict=True)
    ]


def _relations(rng: Random) -> list[str]:
    drawn = rng.random()
    if drawn < 0.14:
        return []
    if drawn < 0.28:
        return ["owner", "tenant"]
    return ["owner", "family"] if drawn < 0.5 else ["owner"]


def _customer(unit: Unit, rng: Random) -> Customer:
    return Customer(
        project_id=unit.project_id, company_id=unit.company_id, group_id=unit.group_id,
        name=rng.choice(_SURNAMES) + rng.choice(_GIVEN),
        care=rng.choice(_CARES) if rng.random() < 0.06 else "",
        restriction=rng.choice(_RESTRICTIONS) if rng.random() < 0.04 else "",
    )  # fmt: skip


def _name(company: Company, estate: Estate, since: datetime) -> None:
    """Those whom the demo tells about, through the actions that a clerk would use."""
    project = company.units["CH"]
    by = company.scope(company.staff["sunli"], since)
    for place, name, number, relation, moved, care in _NAMED:
        unit = Unit.objects.get(project=project, key=place)
        customer = create_customer(project=project, name=name, by=by, at=since)
        add_phone(customer=customer, number=number, by=by, at=since)
        move_in(
            customer=customer, unit=unit, relation=relation, by=by, at=since,
            since=date.fromisoformat(moved),
        )  # fmt: skip
        if care:
            set_care(customer=customer, care=care, by=by, at=since)
        estate.named.setdefault(place, Home(unit, customer, number))
    set_restriction(
        customer=estate.named["7-2-803"].customer, restriction="白天上班，请 18:00 后联系", by=by,
        at=since,
    )  # fmt: skip


def _notices(company: Company, estate: Estate) -> None:
    """What is going on now, for whoever answers: posted some hours ago, and not over yet."""
    posted = company.now - timedelta(hours=9)
    tomorrow = f"{company.now.astimezone(ZONE) + timedelta(days=1):%m-%d}"
    noon = company.now.astimezone(ZONE).replace(hour=12, minute=0, second=0, microsecond=0)
    by = company.scope(company.staff["zhoumin"], posted)
    for title, text, days, building in (
        (f"{tomorrow} 9:00–12:00 停水", "二次供水水箱清洗，七层以上停水，请提前储水", 1, 2),
        ("地下车库 B2 地坪施工", "B2 南区分段封闭，车辆请停北区", 4, None),
        (f"{tomorrow} 8:00–10:00 绿化消杀", "中心花园和人工湖边喷药，请看好宠物", 1, None),
    ):
        post_notice(
            project=company.units["CH"], title=title, text=text, by=by, at=posted,
            building=None if building is None else estate.buildings["CH"][building],
            starts_at=posted, ends_at=noon + timedelta(days=days),
        )  # fmt: skip
