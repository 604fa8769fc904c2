"""The demo group: its tree, its people, their posts and absences, its rules and its calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from shouwen.accounts.actions import create_staff, create_unit, give_post, record_absence
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.rights import FUNCTIONS
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.actions import adopt, approve_calendar, propose_calendar
from shouwen.adoption.china import china_calendar

PASSWORD = "cuihu-2026-demo"  # noqa: S105 - the demo tells it to everybody
GROUP = ("JX", "锦绣集团")
ZONE = ZoneInfo("Asia/Shanghai")
HOURS = ((9 * 3600, 12 * 3600), (13 * 3600 + 1800, 18 * 3600))
#: The desk is open from eight to eight; outside of it somebody has the night duty.
OPENS, CLOSES = 8, 20
#: Whoever looks at the demo finds the people of the day at work, at whatever hour that is.
LATELY = timedelta(hours=12)

PROJECTS = (
    ("CH", "翠湖花园", "JXWY"),
    ("JG", "金桂苑", "JXWY"),
    ("JN", "江南里", "AHWY"),
    ("WJ", "望江府", "AHWY"),
)
_COMPANIES = (("JXWY", "锦绣物业"), ("AHWY", "安和物业"))
_DEPARTMENTS = ("service", "engineering", "security", "environment")
_CONTRACTORS = (
    ("CH-clean", "洁丽保洁", "CH-environment"),
    ("CH-lift", "迅安电梯维保", "CH-engineering"),
    ("JN-clean", "洁丽保洁", "JN-environment"),
)

#: (login, name, then a role on a unit, once or twice). 李敏 answers, 陈建国 repairs, 周敏 manages.
_STAFF = (
    ("limin", "李敏", "csr CH-service"),
    ("wangfang", "王芳", "csr CH-service"),
    ("zhangjing", "张静", "csr CH-service"),
    ("chenjianguo", "陈建国", "engineer CH-engineering"),
    ("hewei", "何伟", "engineer CH-engineering"),
    ("liuqiang", "刘强", "repair_head CH-engineering"),
    ("wuqiang", "吴强", "dept_head CH-environment"),
    ("machao", "马超", "dept_head CH-security"),
    ("zhoumin", "周敏", "project_manager CH"),
    ("sunli", "孙丽", "cs_head CH-service"),
    ("gaofei", "高飞", "night_duty CH-security"),
    ("luomin", "罗敏", "employee CH-security"),
    ("dingyi", "丁一", "contractor CH-clean"),
    ("shilei", "石磊", "contractor CH-lift"),
    ("shenjie", "沈洁", "csr JG-service"),
    ("zhouting", "周婷", "csr JG-service"),
    ("jiangwen", "蒋雯", "cs_head JG-service"),
    ("lintao", "林涛", "project_manager JG"),
    ("caoyang", "曹阳", "night_duty JG-security"),
    ("penghui", "彭辉", "repair_head JG-engineering"),
    ("wangyang", "汪洋", "engineer JG-engineering"),
    ("tiantian", "田甜", "dept_head JG-environment", "dept_head JG-security"),
    ("hejing", "何静", "csr JN-service"),
    ("suna", "苏娜", "csr JN-service"),
    ("panyu", "潘玉", "cs_head JN-service"),
    ("xufeng", "许峰", "project_manager JN"),
    ("dupeng", "杜鹏", "night_duty JN-security"),
    ("yejun", "叶军", "repair_head JN-engineering"),
    ("chengliang", "程亮", "engineer JN-engineering"),
    ("yufang", "余芳", "dept_head JN-environment", "dept_head JN-security"),
    ("maqian", "马倩", "contractor JN-clean"),
    ("fangyuan", "方圆", "csr WJ-service"),
    ("qiulan", "邱岚", "cs_head WJ-service"),
    ("zengyong", "曾勇", "project_manager WJ"),
    ("baiyun", "白云", "night_duty WJ-security"),
    ("daijun", "戴军", "repair_head WJ-engineering"),
    ("hupeng", "胡鹏", "engineer WJ-engineering"),
    ("lvliang", "吕亮", "dept_head WJ-environment", "dept_head WJ-security"),
    ("zhengjie", "郑洁", "company_cs JXWY"),
    ("zhaogang", "赵刚", "company_leader JXWY"),
    ("fengjuan", "冯娟", "hotline400 JXWY"),
    ("yangfan", "杨帆", "dept_head JXWY-finance", "finance JXWY"),
    ("hanmei", "韩梅", "company_cs AHWY"),
    ("songlei", "宋磊", "company_leader AHWY"),
    ("tanglei", "唐蕾", "hotline400 AHWY"),
    ("dengli", "邓莉", "dept_head AHWY-finance", "finance AHWY"),
    ("xuqin", "徐琴", "cashier CH-service"),
    ("luyao", "陆瑶", "storekeeper CH-engineering"),
    ("qianhong", "钱红", "hq_cs JX"),
    ("admin", "系统管理员", "admin JX"),
)
#: Whom to sign in as, in the order in which they are told.
LOGINS = ("limin", "chenjianguo", "zhoumin", "sunli", "zhengjie", "qianhong", "admin")

_AWAY = (
    # (who, who stands in, begins so many days before now, for so many days, why)
    ("wangfang", "limin", 33, 3, "年休假"),
    ("zhoumin", "sunli", 24, 2, "集团培训"),
    ("xufeng", "panyu", 15, 2, "出差"),
    ("hewei", "chenjianguo", 9, 4, "病假"),
    ("wangyang", "penghui", 2, 5, "探亲假"),
    ("zhangjing", "wangfang", 1, 4, "婚假"),
)
_NIGHT_DUTY, _DESK = "night_duty", "csr"


@dataclass
class Company:
    """Who there is, and who does what when."""

    now: datetime
    units: dict[str, OrgUnit] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    posts: dict[tuple[str, str], list[Staff]] = field(default_factory=dict)
    """(role, unit) -> people"""
    away: list[tuple[Staff, datetime, datetime]] = field(default_factory=list)
    scopes: dict[int, Scope] = field(default_factory=dict)

    @property
    def projects(self) -> list[OrgUnit]:
        return [self.units[code] for code, _, _ in PROJECTS]

    def scope(self, person: Staff, at: datetime) -> Scope:
        """Posts do not change while the demo plays."""
        if person.pk not in self.scopes:
            self.scopes[person.pk] = scope_of(person, at)
        return self.scopes[person.pk]

    def here(self, people: Iterable[Staff], at: datetime) -> list[Staff]:
        gone = {person.pk for person, since, until in self.away if since <= at < until}
        return [person for person in people if person.pk not in gone]

    def at_desk(self, project: OrgUnit, at: datetime, rng: Random) -> Staff:
        """Who answers: the clerks by day, by night the duty."""
        day = OPENS <= at.astimezone(ZONE).hour < CLOSES or self.now - at < LATELY
        where = "service" if day else "security"
        people = self.posts[_DESK if day else _NIGHT_DUTY, f"{project.code}-{where}"]
        return rng.choice(self.here(people, at) or people)

    def holding(self, role: str, project: OrgUnit, at: datetime) -> Staff:
        """Who holds a role for a project: there, in a department of it, or in its company."""
        company = project.company
        places = [project.code, *(f"{project.code}-{name}" for name in _DEPARTMENTS)]
        places += [company.code] if company else []
        people = [p for place in places for p in self.posts.get((role, place), [])]
        return (self.here(people, at) or people)[0]

    def department(self, project: OrgUnit, function: str) -> OrgUnit:
        """A contractor's team where the project has one, else the department that stands in."""
        stands_in = {"clean": "environment", "lift": "engineering"}.get(function, function)
        company = project.company.code if project.company else ""
        codes = (
            f"{project.code}-{function}",
            f"{project.code}-{stands_in}",
            f"{company}-{function}",
        )
        return next(self.units[code] for code in codes if code in self.units)

    def worker(self, department: OrgUnit, at: datetime, rng: Random, but: str = "") -> Staff:
        """Who does the work of a department; heads only where there is nobody else."""
        for roles in (("engineer", "contractor", _DESK), ("repair_head", "dept_head", "cs_head")):
            people = [p for role in roles for p in self.posts.get((role, department.code), [])]
            people = [p for p in self.here(people, at) if p.number != but]
            if people:
                return rng.choice(people)
        raise LookupError(f"nobody works in {department.code}")


def found(now: datetime, since: datetime) -> Company:
    """Everything that must be there before the first customer calls."""
    company = Company(now)
    _grow(company)
    _hire(company, since)
    _agree(company, since)
    _leave(company)
    return company


def _grow(company: Company) -> None:
    def unit(kind: str, code: str, name: str, above: str = "", **more: str | bool) -> None:
        parent = company.units.get(above)
        company.units[code] = create_unit(kind=kind, code=code, name=name, parent=parent, **more)  # type: ignore[arg-type] # function is text, contractor is not

    unit("group", *GROUP)
    for code, name in _COMPANIES:
        unit("company", code, name, GROUP[0])
        unit("department", f"{code}-finance", FUNCTIONS["finance"], code, function="finance")
    for code, name, above in PROJECTS:
        unit("project", code, name, above)
        for function in _DEPARTMENTS:
            unit("department", f"{code}-{function}", FUNCTIONS[function], code, function=function)
    for code, name, above in _CONTRACTORS:
        unit("team", code, name, above, contractor=True)


def _hire(company: Company, since: datetime) -> None:
    password = make_password(PASSWORD)  # once: it is made to be slow
    for number, (username, name, *posts) in enumerate(_STAFF, start=1):
        person = create_staff(
            username=username, name=name, number=f"{number:04}", password=password, hashed=True,
            phone=f"1380000{number:04}",
        )  # fmt: skip
        company.staff[username] = person
        for main, post in enumerate(posts):
            role, place = post.split()
            give_post(staff=person, unit=company.units[place], role=role, at=since, main=main == 0)
            company.posts.setdefault((role, place), []).append(person)


def _agree(company: Company, since: datetime) -> None:
    """What the group adopted, where one company is stricter, and when everybody works."""
    group, admin = company.units[GROUP[0]], company.staff["admin"]
    for position, regulation in enumerate(("customer-communication", "first-contact")):
        adopt(unit=group, regulation=regulation, position=position, since=since, by=admin)
    adopt(
        unit=company.units["AHWY"], regulation="customer-communication", since=since, by=admin,
        tightened={"repair-general-fault": {"due": [{"within": "6 hours"}]}},
    )  # fmt: skip
    proposed = propose_calendar(
        unit=group, name="锦绣集团工作日历", content=china_calendar(HOURS).as_json(), at=since,
        source="国务院办公厅放假通知", round_the_clock=[{"urgent": True}],
    )  # fmt: skip
    approve_calendar(calendar=proposed, by=admin, at=since)


def _leave(company: Company) -> None:
    midnight = company.now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    for who, deputy, before, days, reason in _AWAY:
        starts_at = midnight - timedelta(days=before)
        ends_at = starts_at + timedelta(days=days)
        record_absence(
            staff=company.staff[who], deputy=company.staff[deputy], reason=reason,
            starts_at=starts_at, ends_at=ends_at,
        )  # fmt: skip
        company.away.append((company.staff[who], starts_at, ends_at))
