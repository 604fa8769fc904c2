"""Fills an empty database: the company, then everything that happened to it, up to now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.demo import company as companies
from shouwen.demo import complaints, homes, lives, paperwork, shop, stories
from shouwen.demo.company import PROJECTS, ZONE, Company
from shouwen.demo.homes import Estate, Home
from shouwen.demo.matters import Matter, any_matter, matter
from shouwen.demo.served import mail
from shouwen.demo.timeline import Life, Timeline
from shouwen.demo.today import scenes
from shouwen.demo.transferred import COMMITTEE, GOVERNMENT, HOTLINE, passed_on
from shouwen.demo.walk import Walk

SEED = "首问"
WEEKS, SMALL_WEEKS = 8, 2
#: Cases and answered questions a day, by project.
DAILY = {"CH": (3.8, 1.7), "JG": (1.7, 0.7), "JN": (1.5, 0.6), "WJ": (1.0, 0.4)}
SMALL_SHARE = 0.25
WEEKDAYS = (1.2, 1.0, 1.0, 1.0, 1.05, 1.1, 0.8)
#: How many calls come in each hour of the day.
HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 16, 18, 16, 12, 8, 9, 12, 13, 12, 12, 14, 12, 9, 6, 4, 2)


@dataclass
class Filling:
    """What every part of the play needs."""

    company: Company
    estate: Estate
    timeline: Timeline
    since: datetime
    drawn: int = 0

    @property
    def now(self) -> datetime:
        return self.company.now

    def rng(self) -> Random:
        """Each life has dice of its own, so that no life depends on how another goes."""
        self.drawn += 1
        return Random(f"{SEED}/{self.drawn}")  # noqa: S311 - the same play every time

    def walk(
        self,
        at: datetime,
        what: Matter | None = None,
        project: OrgUnit | None = None,
        home: Home | None = None,
    ) -> Walk:
        rng = self.rng()
        place = project or self.company.units["CH"]
        return Walk(
            self.company, rng, place, what or any_matter(rng),
            home or rng.choice(self.estate.homes[place.code]), at,
            building=rng.choice(self.estate.buildings[place.code]).name,
        )  # fmt: skip


@transaction.atomic
def fill(now: datetime, progress: Callable[[str], None], *, small: bool = False) -> None:
    """Everything, up to `now`, or nothing: half a demo would never be made whole. The same `now`
    gives the same journals."""
    now = now.replace(microsecond=0)
    today = now.astimezone(ZONE).replace(hour=0, minute=0, second=0)
    since = today - timedelta(weeks=SMALL_WEEKS if small else WEEKS)
    founded = since - timedelta(days=400)
    company = companies.found(now, founded)
    progress(f"组织：{len(company.projects)} 个项目，{len(company.staff)} 人")
    estate = homes.build(company, founded, Random(SEED), small=small)  # noqa: S311 - the same play
    progress(f"房屋与客户：{sum(map(len, estate.homes.values()))} 人")
    shop.open_shops(company, since - timedelta(days=1))
    progress("收费标准、物料、服务目录")
    filling = Filling(company, estate, Timeline(since, now), since)
    _every_day(filling, SMALL_SHARE if small else 1)
    _stories(filling)
    _of_ms_wang(filling)
    _mail(filling)
    _now(filling, today)
    _complaints(filling)
    _papers(filling)
    filling.timeline.play(
        lambda day: progress(f"{day.astimezone(ZONE):%m-%d %H:%M} 以前的来电来访")
    )


def _every_day(filling: Filling, share: float) -> None:
    """Calls as they come: more on Mondays, few at night."""
    day = filling.since
    while day < filling.now:
        for code, _, _ in PROJECTS:
            for mean, life in zip(DAILY[code], (lives.ordinary, lives.answered), strict=True):
                _some(filling, day, code, mean * share, life)
        day += timedelta(days=1)


def _some(
    filling: Filling, day: datetime, code: str, mean: float, life: Callable[[Walk], Life]
) -> None:
    rng = filling.rng()
    wanted = mean * WEEKDAYS[day.astimezone(ZONE).weekday()] * rng.uniform(0.6, 1.4)
    for _ in range(int(wanted) + (rng.random() < wanted % 1)):
        hour = rng.choices(range(24), HOURS)[0]
        at = day + timedelta(hours=hour, minutes=rng.uniform(0, 60))
        if at < filling.now and not complaints.on_trial(filling.company, code, at):
            filling.timeline.begin(at, life(filling.walk(at, project=filling.company.units[code])))


def _at(filling: Filling, share: float, hour: float = 10) -> datetime:
    """A time of day after so much of the weeks."""
    days = int((filling.now - filling.since).days * share)
    return filling.since + timedelta(days=days, hours=hour)


def _stories(filling: Filling) -> None:
    begin, company = filling.timeline.begin, filling.company
    for share, hour, sender, name, code in (
        (0.1, 10, HOTLINE, "noise", "CH"), (0.25, 15, HOTLINE, "tap", "JN"),
        (0.35, 11, COMMITTEE, "light", "CH"), (0.45, 9.5, GOVERNMENT, "parking", "CH"),
        (0.55, 14, HOTLINE, "cleaning", "JG"), (0.65, 10.5, HOTLINE, "fees", "CH"),
        (0.7, 16, COMMITTEE, "parking", "WJ"),
    ):  # fmt: skip
        walk = filling.walk(_at(filling, share, hour), matter(name), company.units[code])
        begin(walk.at, passed_on(walk, sender))
    for share, hour, life, name in (
        (0.2, 10, stories.mistaken, "tap"), (0.5, 15, stories.mistaken, "drain"),
        (0.3, 11, stories.asked_above, "fees"), (0.6, 9.2, stories.asked_above, "attitude"),
        (0.4, 17, stories.stood_in_for, "seepage"), (0.75, 16.5, stories.stood_in_for, "power"),
    ):  # fmt: skip
        walk = filling.walk(_at(filling, share, hour), matter(name))
        begin(walk.at, life(walk))
    _together(filling)


def _together(filling: Filling) -> None:
    """Stories of more than one call."""
    begin = filling.timeline.begin
    fifth = [h for h in filling.estate.homes["CH"] if h.unit.building.name == "5幢"][::7]
    walks = [
        filling.walk(_at(filling, 0.5, hour), matter("lift-complaint"), home=home)
        for hour, home in zip((9, 14, 20, 33, 35, 58), fifth, strict=False)
    ]
    for walk, life in zip(walks, stories.neighbours(walks), strict=True):
        begin(walk.at, life)
    for share, name in ((0.15, "noise"), (0.55, "drain"), (0.8, "power")):
        first = filling.walk(_at(filling, share, 9.5), matter(name))
        second = filling.walk(first.at + timedelta(minutes=12), matter(name), home=first.home)
        for walk, life in zip((first, second), stories.twice_told(first, second), strict=True):
            begin(walk.at, life)
    for share, one, two in ((0.3, "tap", "garden"), (0.7, "door", "ebike")):
        first = filling.walk(_at(filling, share, 10), matter(one))
        second = filling.walk(first.at, matter(two), home=first.home)
        begin(first.at, stories.two_in_one(first, second, begin))


def _of_ms_wang(filling: Filling) -> None:
    """王女士 of 3幢2单元501 has called before: a lamp, noise that was not settled at once, and a
    question."""
    home = filling.estate.named["3-2-501"]
    for share, hour, what, life in (
        (0.05, 10, "power", lives.ordinary), (0.2, 14, "noise", stories.disappointed),
        (0.6, 11, "tap", lives.answered),
    ):  # fmt: skip
        walk = filling.walk(_at(filling, share, hour), matter(what), home=home)
        filling.timeline.begin(walk.at, life(walk))


def _mail(filling: Filling) -> None:
    """Parcels of the last two days at the front desk of 翠湖花园."""
    project, rng = filling.company.units["CH"], filling.rng()
    clerk = filling.company.staff["limin"]
    for hours in (2, 5, 20, 26, 44):
        at, home = filling.now - timedelta(hours=hours), rng.choice(filling.estate.homes["CH"])
        by = filling.company.scope(clerk, at)
        filling.timeline.begin(at, mail(project, home, by, at, rng))


def _now(filling: Filling, today: datetime) -> None:
    so_far = (filling.now - today) / timedelta(minutes=1)
    for scene in scenes():
        at = filling.now - timedelta(minutes=scene.since(so_far))
        walk = filling.walk(at, scene.matter, home=filling.estate.named.get(scene.home))
        filling.timeline.begin(at, scene.play(walk))


def _complaints(filling: Filling) -> None:
    """What complaints come to, on the clock of now."""
    company, begin, now = filling.company, filling.timeline.begin, filling.now
    complaints.try_out(company)
    wet = [h for h in filling.estate.homes["CH"] if h.unit.building.name == complaints.building()]
    walks = [
        filling.walk(now - timedelta(hours=tale.before), tale.matter, home=home)
        for tale, home in zip(complaints.water(), wet[::7], strict=False)
    ]
    begin(walks[0].at, complaints.cold_water(walks))
    played = {}
    for tale in complaints.tales():
        at = now - timedelta(hours=tale.before)
        walk = filling.walk(at, tale.matter, company.units[tale.project])
        begin(at, tale.play(walk))
        played[tale.id] = walk
    again, first = complaints.tale("second of two"), played["first of two"]
    second = filling.walk(now - timedelta(hours=again.before), again.matter, home=first.home)
    begin(second.at, complaints.told_again(first, second))
    begin(now - timedelta(days=3), complaints.watched(company, now - timedelta(days=3)))


def _papers(filling: Filling) -> None:
    """What is written, signed and sent. 金桂苑 tries out regulations that know no duties."""
    company, begin, since = filling.company, filling.timeline.begin, filling.since
    begin(since, paperwork.drawn_up(since, filling.now))
    begin(since, paperwork.statements(company, since))
    for project in company.projects:
        if project.code != complaints.TRIAL:
            begin(since, paperwork.duties(company, project, since, filling.rng()))
