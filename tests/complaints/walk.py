"""The ground of random complaints: who is there, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from inspect import signature
from typing import Any, TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shouwen.accounts.actions import create_staff, create_unit, give_post
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.files import attach
from shouwen.cases.models import Attachment, Case
from shouwen.estate.models import Unit
from shouwen.outside.actions.parties import keep_party
from shouwen.outside.models import Party
from shouwen.rules.case_kinds import Axis
from shouwen.rules.referrals import PARTIES
from tests.cases.lives import Lives
from tests.cast import FOUNDED, PASSWORD, Cast
from tests.clauses.product import Product
from tests.moments import moment
from tests.permissions_world import PNG

T = TypeVar("T")
#: One of every role at 翠湖花园 and above it, and two whom its matters do not concern.
PEOPLE = (
    "limin", "wangfang", "chenjianguo", "liuqiang", "wuqiang", "zhoumin", "sunli", "zhengjie",
    "zhaogang", "qianhong", "fengjuan", "gaofei", "dingyi", "brand", "jingui_clerk", "admin",
)  # fmt: skip
LEADERS = ("sunli", "zhoumin", "zhengjie", "qianhong")
DESK = ("limin", "wangfang", "sunli")
WORKERS = ("limin", "chenjianguo", "liuqiang", "wangfang")
#: Who holds a role that a clause names.
HOLDERS = {
    "csr": "limin", "engineer": "chenjianguo", "repair_head": "liuqiang", "dept_head": "wuqiang",
    "project_manager": "zhoumin", "cs_head": "sunli", "company_cs": "zhengjie",
    "company_leader": "zhaogang", "hq_cs": "qianhong", "hotline400": "fengjuan",
}  # fmt: skip
STRANGERS = ("brand", "jingui_clerk", "admin", "dingyi")
FUNCTIONS = ("engineering", "security", "environment", "service")
TEXTS = ("楼下饭店油烟太大，开窗就呛", "底商油烟熏得人受不了，没人管", "保安态度恶劣，推搡业主")
SOURCES = ("phone", "visit", "letter", "hotline-400", "government")
#: Who sends what he heard to us, and is owed a reply by a time of his own.
SENDERS = ("hotline-400", "government")
PASSED_ON: dict[str, Any] = {
    "sender": "市长热线", "sender_number": "12345-7", "sender_due": moment("2026-11-20 18:00"),
}  # fmt: skip
WORDS = st.sampled_from(["已处理", "客户说晚上再来", "=cmd()", "👍🏽"])
IN_WORK = ("registered", "dispatched", "accepted")
SENT = ("dispatched", "accepted")
DONE = ("done", "fed-back")
MINUTES = st.one_of(st.integers(0, 90), st.integers(0, 90), st.integers(0, 2 * 24 * 60))
#: More cases than these are not opened in one walk.
MOST = 7


#: Somebody (empty: whose turn it is), what he does, and with what.
Step = tuple[str, Callable[..., Any], dict[str, Any]]


@dataclass
class World:
    """What stands before any walk begins."""

    cast: Cast
    regulations: Sequence[str]
    brand: Staff = field(init=False)
    parties: list[Party] = field(init=False)
    homes: list[Unit] = field(init=False)

    def __post_init__(self) -> None:
        product = Product(self.cast)
        product.adopts(*self.regulations)
        unit = create_unit(
            kind="department", code="JXWY-brand", name="品牌部", parent=self.cast.jinxiu,
            function="brand",
        )  # fmt: skip
        self.brand = create_staff(username="brand", name="梁静", number="0901", password=PASSWORD)
        give_post(staff=self.brand, unit=unit, role="dept_head", at=FOUNDED)
        by = scope_of(self.cast.zhoumin, product.now)
        self.parties = [
            keep_party(project=self.cast.cuihu, name=name, kind=kind, by=by, at=product.now)
            for kind, name in PARTIES.items()
        ]
        self.homes = list(Unit.objects.filter(project=self.cast.cuihu).order_by("pk")[:40:5])


@dataclass(frozen=True)
class Turn:
    """Who does something, so many minutes later, about which case, and how long ago it was."""

    who: str
    minutes: int
    case: int
    ago: int


def turn(*able: str) -> st.SearchStrategy[Turn]:
    """Most often one of those who may, else anybody."""
    often = able * (6 * len(PEOPLE) // len(able)) if able else ()
    return st.builds(
        Turn,
        who=st.sampled_from((*often, *PEOPLE)),
        minutes=MINUTES,
        case=st.integers(0, MOST),
        ago=st.sampled_from([0, 0, 0, 5, 600]),
    )


def some_are(*statuses: str) -> Callable[[Callable[..., None]], Any]:
    """A rule for cases in these statuses, when there are any."""
    return precondition(lambda self: any(case.status in statuses for case in self.cases))


def there_are(rows: Callable[[], Sequence[Any]]) -> Callable[[Callable[..., None]], Any]:
    """A rule for such rows, when there are any."""
    return precondition(lambda self: bool(rows()))


class Walk(Lives):
    """Complaints of 翠湖花园. What may happen to them is said by the rules of the subclasses."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.product = Product(self.cast)

    def complains(self, home: int, text: str, source: str = "phone", **facts: str) -> Case | None:
        """A household tells 李敏, who asks what the regulations want to know."""
        unit = self.world.homes[home % len(self.world.homes)]
        told = Told(
            text=text, name=f"业主{home}", phone=f"1390000{home:04}", unit=unit, source=source,
            facts={"kind": "complaint", **facts}, heard_by="李敏" if source != "phone" else "",
            **(PASSED_ON if source in SENDERS else {}),
        )  # fmt: skip
        return self.attempt(register, "limin", project=self.cast.cuihu, told=told)

    @rule()
    def a_moment_passes(self) -> None:
        """The first rule by its name, and so what the plainest walk does all the time."""
        self.wait(1)

    def person(self, who: str) -> Staff:
        return self.world.brand if who == "brand" else super().person(who)

    def case(self, turn: Turn, *statuses: str) -> Case:
        """The one whose turn it is; most often one that is in one of these statuses."""
        fit = [case for case in self.cases if case.status in statuses and turn.case < MOST]
        found = fit or self.cases
        return found[turn.case % len(found)]

    def named(self, turn: Turn, roles: Sequence[str]) -> Turn:
        """Whom the clause names does it, where it names somebody; a stranger tries all the same."""
        able = [HOLDERS[role] for role in roles if role in HOLDERS]
        known = not able or turn.who in able or turn.who in STRANGERS
        return turn if known else replace(turn, who=able[turn.case % len(able)])

    def settle(self, case: Case) -> None:
        """What the upper floors still owe or wait for is brought to its end."""

    def do(self, turn: Turn, act: Callable[..., T], **arguments: Any) -> T | None:
        """It is done, or refused. What may have happened earlier is told with its time."""
        self.wait(turn.minutes)
        if turn.ago and "happened" in signature(act).parameters:
            arguments["happened"] = self.at - timedelta(minutes=turn.ago)
        return self.attempt(act, turn.who, **arguments)

    def course(self, turn: Turn, steps: Sequence[Step]) -> Any:
        """One step soon after the other, as far as they go. What the last one made."""
        made = None
        for who, act, said in steps:
            named = turn if turn.who in STRANGERS or not who else replace(turn, who=who)
            made = self.do(replace(named, ago=0, minutes=turn.minutes % 60), act, **said)
        return made

    def soon(self, hours: int = 30) -> datetime:
        """A time that lies ahead, also when a turn has passed."""
        return self.at + timedelta(days=4, hours=hours)

    # --- What is known of a case ------------------------------------------------------------------

    def axes(self, case: Case) -> list[Axis]:
        found: Iterable[tuple[Any, Axis]] = self.product.book(case).all("axis")
        return list({axis.id: axis for _, axis in found if axis.values}.values())

    def paper(self, case: Case) -> Attachment | None:
        """The signed sheet, as a picture."""
        upload = SimpleUploadedFile("记录表.png", PNG, "image/png")
        return self.attempt(attach, "limin", case=case, upload=upload)
