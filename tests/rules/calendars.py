"""Calendars and moments for the tests of time: written by hand, and drawn at random."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from shouwen.rules.worktime import Calendar
from tests.rules.worktime_oracle import STEP

NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NINE_TO_FIVE = [["09:00", "17:00"]]
OFFICE = [["08:30", "12:00"], ["14:00", "18:00"]]
HOUR = timedelta(hours=1)


def stored(tz: str = "Asia/Shanghai", hours: Any = OFFICE, **more: Any) -> dict[str, Any]:
    """A calendar as it is kept: Monday to Friday, unless a whole week is given."""
    week = hours if isinstance(hours, dict) else dict.fromkeys(NAMES[:5], hours)
    return {"tz": tz, "hours": {name: week.get(name, []) for name in NAMES}, **more}


def calendar(tz: str = "Asia/Shanghai", hours: Any = OFFICE, **more: Any) -> Calendar:
    return Calendar.from_json(stored(tz, hours, **more))


def at(text: str, tz: str = "Asia/Shanghai") -> datetime:
    """ "2026-11-19 四 09:12": the weekday is checked."""
    day, weekday, clock = text.split()
    moment = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(tz))
    assert "一二三四五六日"[moment.weekday()] == weekday, text
    return moment.astimezone(UTC)


ZONES = ["Asia/Shanghai", "Asia/Urumqi", "Europe/London", "America/New_York"]
#: Weeks in which these zones change their clocks, and an ordinary one.
WEEKS = {
    "Asia/Shanghai": ["1986-05-01", "1986-09-11", "1991-04-11", "1991-09-12", "2026-11-19"],
    "Asia/Urumqi": ["1986-05-01", "1991-09-12", "2026-11-19"],
    "Europe/London": ["2026-03-26", "2026-10-22", "2026-11-19"],
    "America/New_York": ["2026-03-05", "2026-10-29", "2026-11-19"],
}
times = st.integers(0, 288).map(lambda n: f"{n // 12:02}:{n % 12 * 5:02}")


@st.composite
def hour_lists(draw: st.DrawFn) -> list[list[str]]:
    """One or two stretches that do not touch."""
    cuts = sorted(draw(st.lists(times, min_size=2, max_size=4, unique=True)))
    pairs = [[a, b] for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return pairs


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """A calendar with holidays, make-up days, shifts, breaks; a moment near a clock change."""
    tz = draw(st.sampled_from(ZONES))
    first = date.fromisoformat(draw(st.sampled_from(WEEKS[tz])))
    near = st.integers(0, 9).map(lambda n: str(first + timedelta(n)))
    base, other = draw(hour_lists()), draw(hour_lists())
    week = {name: draw(st.sampled_from([base, base, other, []])) for name in NAMES}
    week["wed"] = base
    kept = stored(
        tz,
        week,
        holidays=dict.fromkeys(draw(st.sets(near, max_size=3)), "假"),
        makeups={day: {} for day in draw(st.sets(near, max_size=1))},
        shifts={day: {"hours": other} for day in draw(st.sets(near, max_size=1))},
        breaks={day: draw(hour_lists()) for day in draw(st.sets(near, max_size=1))},
    )
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return kept, start + draw(st.integers(0, 9 * 288)) * STEP
