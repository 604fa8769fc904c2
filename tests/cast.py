"""The people, places and customers of all tests. They never change.

李敏 answers, 陈建国 repairs, 周敏 manages 翠湖花园; the others stand where a test needs them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shouwen.accounts.actions import create_staff, create_unit, give_post
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.rights import FUNCTIONS
from shouwen.adoption.actions import adopt, approve_calendar, propose_calendar, stop_adopting
from shouwen.adoption.china import china_calendar
from shouwen.adoption.models import Adoption, WorkCalendar
from shouwen.estate.address import Reference, key, written
from shouwen.estate.models import Building, Customer, Occupancy, Phone, Unit
from tests.moments import moment

PASSWORD = "翠湖花园-2026-受理台"
FOUNDED = moment("2025-01-06 08:00", "周一")
#: Before anything that a test tells.
LONG_AGO = moment("2025-02-01 08:00", "周六")
DEPARTMENTS = ("service", "engineering", "security", "environment")
HOURS = ((9 * 3600, 12 * 3600), (13 * 3600 + 1800, 18 * 3600))


@dataclass
class Cast:
    group: OrgUnit
    jinxiu: OrgUnit
    anhe: OrgUnit
    cuihu: OrgUnit
    jingui: OrgUnit
    jiangnan: OrgUnit

    limin: Staff
    wangfang: Staff
    chenjianguo: Staff
    hewei: Staff
    liuqiang: Staff
    wuqiang: Staff
    zhoumin: Staff
    sunli: Staff
    zhengjie: Staff
    zhaogang: Staff
    qianhong: Staff
    fengjuan: Staff
    gaofei: Staff
    dingyi: Staff
    admin: Staff
    jingui_clerk: Staff
    jingui_manager: Staff
    jiangnan_clerk: Staff
    jiangnan_manager: Staff
    xuqin: Staff
    machao: Staff
    tangli: Staff

    home: Unit
    """3栋2单元501, where 王女士 lives."""
    neighbour: Unit
    """1栋3单元602, where 赵先生 lives."""
    elsewhere: Unit
    """A home in 江南里."""
    mswang: Customer
    mrzhao: Customer
    calendar: WorkCalendar

    def department(self, function: str, project: OrgUnit | None = None) -> OrgUnit:
        """A department of 翠湖花园, or of another project: `department("engineering")`."""
        return OrgUnit.objects.get(
            project=project or self.cuihu, function=function, kind=OrgUnit.Kind.DEPARTMENT
        )

    def follows(self, *regulations: str, since: datetime = LONG_AGO) -> None:
        """翠湖花园 follows these and no other."""
        for held in Adoption.objects.filter(until=None):
            stop_adopting(adoption=held, at=since)
        for position, regulation in enumerate(regulations):
            adopt(unit=self.cuihu, regulation=regulation, position=position, since=since)


def build() -> Cast:
    """Everybody and everything, through the actions of the product."""
    units = _tree()
    staff = _staff(units)
    homes = _homes(units)
    places: dict[str, Any] = {name: units[code] for name, code in _PLACES.items()}
    return Cast(
        **places,
        **staff,
        **homes,
        calendar=_rules(units["JX"], staff["admin"]),
    )


_PLACES = {
    "group": "JX",
    "jinxiu": "JXWY",
    "anhe": "AHWY",
    "cuihu": "CH",
    "jingui": "JG",
    "jiangnan": "JN",
}


def _tree() -> dict[str, OrgUnit]:
    units: dict[str, OrgUnit] = {}
    for kind, code, name, above in (
        ("group", "JX", "锦绣集团", ""),
        ("company", "JXWY", "锦绣物业", "JX"),
        ("company", "AHWY", "安和物业", "JX"),
        ("project", "CH", "翠湖花园", "JXWY"),
        ("project", "JG", "金桂苑", "JXWY"),
        ("project", "JN", "江南里", "AHWY"),
    ):
        units[code] = create_unit(kind=kind, code=code, name=name, parent=units.get(above))
    for project in ("CH", "JG", "JN"):
        for function in DEPARTMENTS:
            code = f"{project}-{function}"
            units[code] = create_unit(
                kind="department", code=code, name=FUNCTIONS[function], parent=units[project],
                function=function,
            )  # fmt: skip
    return units


_STAFF = (
    ("limin", "李敏", "csr", "CH-service"),
    ("wangfang", "王芳", "csr", "CH-service"),
    ("chenjianguo", "陈建国", "engineer", "CH-engineering"),
    ("hewei", "何伟", "engineer", "CH-engineering"),
    ("liuqiang", "刘强", "repair_head", "CH-engineering"),
    ("wuqiang", "吴强", "dept_head", "CH-environment"),
    ("zhoumin", "周敏", "project_manager", "CH"),
    ("sunli", "孙丽", "cs_head", "CH-service"),
    ("zhengjie", "郑洁", "company_cs", "JXWY"),
    ("zhaogang", "赵刚", "company_leader", "JXWY"),
    ("qianhong", "钱红", "hq_cs", "JX"),
    ("fengjuan", "冯娟", "hotline400", "JXWY"),
    ("gaofei", "高飞", "night_duty", "CH-security"),
    ("dingyi", "丁一", "contractor", "CH-environment"),
    ("admin", "系统管理员", "admin", "JX"),
    ("jingui_clerk", "沈洁", "csr", "JG-service"),
    ("jingui_manager", "林涛", "project_manager", "JG"),
    ("jiangnan_clerk", "何静", "csr", "JN-service"),
    ("jiangnan_manager", "许峰", "project_manager", "JN"),
    ("xuqin", "徐琴", "cashier", "CH-service"),
    ("machao", "马超", "storekeeper", "CH-engineering"),
    ("tangli", "唐莉", "finance", "JXWY"),
)


def _staff(units: dict[str, OrgUnit]) -> dict[str, Any]:
    staff = {}
    for number, (username, name, role, place) in enumerate(_STAFF, start=1):
        staff[username] = create_staff(
            username=username, name=name, number=f"{number:04}", password=PASSWORD,
            phone=f"138000000{number:02}",
        )  # fmt: skip
        give_post(staff=staff[username], unit=units[place], role=role, at=FOUNDED)
    return staff


def _homes(units: dict[str, OrgUnit]) -> dict[str, Any]:
    cuihu = {
        unit.key: unit
        for house in ("1", "2", "3")
        for unit in _house(units["CH"], house, entrances=3, floors=6)
    }
    _house(units["JG"], "1", entrances=1, floors=2)
    home, neighbour = cuihu["3-2-501"], cuihu["1-3-602"]
    return {
        "home": home,
        "neighbour": neighbour,
        "elsewhere": _house(units["JN"], "1", entrances=1, floors=2)[0],
        "mswang": _customer(home, "王女士", "13900000421", care="独居老人，敲门后请稍候"),
        "mrzhao": _customer(neighbour, "赵先生", "13900000602"),
    }


def _house(project: OrgUnit, name: str, *, entrances: int, floors: int) -> list[Unit]:
    place = {"project": project, "company": project.company, "group": project.group}
    building = Building.objects.create(name=f"{name}栋", key=name, **place)
    references = [
        Reference(name, str(entrance), f"{floor}0{door}", "")
        for entrance in range(1, entrances + 1)
        for floor in range(1, floors + 1)
        for door in (1, 2)
    ]
    return Unit.objects.bulk_create(
        Unit(
            building=building, entrance=reference.entrance, room=reference.room,
            floor=reference.room[0], key=key(reference), label=written(reference), **place,
        )
        for reference in references
    )  # fmt: skip


def _customer(unit: Unit, name: str, phone: str, care: str = "") -> Customer:
    customer = Customer.objects.create(
        project=unit.project, company=unit.company, group=unit.group, name=name, care=care
    )
    Phone.objects.create(customer=customer, project=unit.project, number=phone)
    Occupancy.objects.create(unit=unit, customer=customer, relation="owner")
    return customer


def _rules(group: OrgUnit, admin: Staff) -> WorkCalendar:
    """The rules of all projects, and when they work: 9:00–12:00 and 13:30–18:00, with 调休."""
    for position, regulation in enumerate(("customer-communication", "first-contact")):
        adopt(unit=group, regulation=regulation, position=position, since=FOUNDED, by=admin)
    proposed = propose_calendar(
        unit=group, name="锦绣集团工作日历", content=china_calendar(HOURS).as_json(), at=FOUNDED,
        source="国务院办公厅放假通知",
    )  # fmt: skip
    return approve_calendar(calendar=proposed, by=admin, at=FOUNDED)
