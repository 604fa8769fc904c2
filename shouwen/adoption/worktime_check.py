"""`shouwen worktime check`: other people's examples of working-time arithmetic on our calendar.

A vector has an id, an op, an input, an expected answer and, unless it is about the official Chinese
calendar, a calendar. Times without a zone are local to the calendar; answers are given in the form
of the expected one.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from shouwen.adoption.china import china_calendar
from shouwen.rules.refused import Refused
from shouwen.rules.worktime import NOTHING, Calendar

AGREE, DIFFER, NOT_APPLICABLE = "agree", "differ", "not applicable"
Vector = Mapping[str, Any]


class BadFile(click.ClickException):
    exit_code = 2


class NotApplicable(Exception):
    """A question that our calendar is not meant to answer, with the reason."""


@dataclass(frozen=True)
class Question:
    op: str
    input: Vector
    expected: Any
    calendar: Calendar
    own_calendar: bool
    """The vector brings its calendar; without one it is about the official Chinese days."""
    check: str = ""

    def at(self, *names: str) -> datetime:
        """The first of these inputs as a moment; without a zone it is what the wall clock shows."""
        text = next((self.input[name] for name in names if name in self.input), None)
        if text is None:
            raise NotApplicable(f"没有输入 {names[0]}")
        return self.moment(text)

    def moment(self, text: str) -> datetime:
        read = datetime.fromisoformat(text)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        midnight = datetime.combine(read.date(), datetime.min.time())
        return self.calendar.instant(read.date(), (read - midnight).total_seconds())

    def days(self) -> int:
        days = self.input["days"] * self.input.get("factor", 1)
        if days != int(days):
            raise NotApplicable("不足一天的天数")
        return int(days)

    def seconds(self) -> timedelta:
        return timedelta(seconds=self.input["seconds"])


@dataclass(frozen=True)
class Result:
    id: str
    op: str
    verdict: str
    expected: Any = None
    got: Any = None
    reason: str = ""
    """Why it is not applicable, or by which choice of ours it differs."""

    @property
    def is_wrong(self) -> bool:
        return self.verdict == DIFFER and not self.reason

    def line(self) -> str:
        if self.verdict == NOT_APPLICABLE:
            return f"{self.id} {self.op}: 不适用：{self.reason}"
        chosen = f"（我们的取舍：{self.reason}）" if self.reason else ""
        return f"{self.id} {self.op}: 应为 {_text(self.expected)}，得到 {_text(self.got)}{chosen}"


# The ops


def _periods(q: Question) -> list[list[datetime]]:
    return [list(period) for period in q.calendar.first_periods_after(q.at("start"), q.input["n"])]


def _working_days_date(q: Question) -> date:
    """Libraries move a free start to a working day first; the official count does not."""
    start = date.fromisoformat(q.input["date"])
    return q.calendar.add_working_days_date(start, q.days(), rolled=q.own_calendar)


def _between(q: Question) -> float:
    return q.calendar.working_between(q.at("from"), q.at("to")).total_seconds()


def _with_pauses(q: Question) -> datetime:
    """Working seconds with pauses: only the working time of a pause is added."""
    if not {"start", "seconds", "pauses"} <= set(q.input):
        raise NotApplicable("只是说明")
    paused = sum(
        (q.calendar.working_between(q.moment(a), q.moment(b)) for a, b in q.input["pauses"]),
        NOTHING,
    )
    return q.calendar.add_working(q.at("start"), q.seconds() + paused)


def _count_days(q: Question) -> dict[str, int]:
    first, last = (date.fromisoformat(q.input[name]) for name in ("from", "to"))
    days = [first + timedelta(n) for n in range((last - first).days + q.input.get("inclusive", 1))]
    worked = [day for day in days if q.calendar.is_working_day(day)]
    off = [day for day in days if not q.calendar.is_working_day(day)]
    counts = {
        "working_days": len(worked),
        "working_days_mon_fri_only": sum(day.weekday() < 5 for day in worked),
        "off_days": len(off),
        "off_days_on_weekdays_or_named_holidays": sum(
            day.weekday() < 5 or day in q.calendar.days for day in off
        ),
    }
    return {name: counts[name] for name in q.expected}


OPS: dict[str, Callable[[Question], Any]] = {
    "add_working_seconds": lambda q: q.calendar.add_working(q.at("start"), q.seconds()),
    "subtract_working_seconds": lambda q: q.calendar.subtract_working(q.at("start"), q.seconds()),
    "working_seconds_between": _between,
    "is_working_time": lambda q: q.calendar.is_working_time(q.at("at", "start")),
    "is_working_day": lambda q: q.calendar.is_working_day(date.fromisoformat(q.input["date"])),
    "first_working_periods_after": _periods,
    "next_working_time": lambda q: q.calendar.next_working_time(q.at("start", "at")),
    "previous_working_time": lambda q: q.calendar.previous_working_time(q.at("start", "at")),
    "add_working_days": lambda q: q.calendar.add_working_days(q.at("start"), q.days()),
    "add_calendar_days": lambda q: q.calendar.shifted(q.at("start"), q.days()),
    "add_working_days_date": _working_days_date,
    "count_days": _count_days,
    "note_only": _with_pauses,
}


# Comparing


def like(expected: Any, got: Any, calendar: Calendar) -> Any:
    """The answer in the form of the expected one: in its zone, else on the wall clock."""
    if isinstance(got, list):
        forms = expected if isinstance(expected, list) else []
        return [like(form, each, calendar) for form, each in zip_longest(forms, got)][: len(got)]
    if isinstance(got, datetime):
        zone = datetime.fromisoformat(expected).tzinfo if isinstance(expected, str) else None
        local = got.astimezone(zone or calendar.zone)
        text = (local if zone else local.replace(tzinfo=None)).isoformat()
        return text.replace("+00:00", "Z") if str(expected).endswith("Z") else text
    return got.isoformat() if isinstance(got, date) else got


def same(expected: Any, got: Any) -> bool:
    """Equal as moments where both are moments: 16:00 and 16:00:00 are the same time."""
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, str) and isinstance(got, str):
        return datetime.fromisoformat(expected) == datetime.fromisoformat(got)
    return bool(expected == got)


def chosen(q: Question, got: Any) -> str:
    """By which of our named choices (docs/deadlines.md) this answer differs; empty: by none."""
    if q.op == "note_only":
        return "工作时间以外的暂停不计入"
    if isinstance(got, datetime) and isinstance(q.expected, str):
        expected = q.moment(q.expected)
        adds = q.op.startswith(("add_working", "subtract_working"))
        if adds and _same_working_moment(q.calendar, got, expected):
            return "恰好用完于下班时，止于下班时刻"
        if got.second and expected == got.replace(second=0, microsecond=0):
            return "保留秒"
    return "出处之间不一致，以正式公布的为准" if q.check.startswith("DIFFERS") else ""


def _same_working_moment(calendar: Calendar, one: datetime, two: datetime) -> bool:
    """Whether one is a closing and the other the next opening (or the other way round)."""
    first, last = min(one, two), max(one, two)
    return (
        calendar.working_between(first, last) == NOTHING
        and calendar.add_working(first, NOTHING) == first
        and calendar.add_working(last, NOTHING) == last
    )


def answer(vector: Any, number: int) -> Result:
    """What our calendar says to one vector. A question that cannot be put is not applicable."""
    if not isinstance(vector, Mapping) or not isinstance(vector.get("op"), str):
        return Result(f"#{number}", "?", NOT_APPLICABLE, reason="没有 op")
    name, op = str(vector.get("id", f"#{number}")), vector["op"]
    try:
        question = _question(vector)
        found = OPS[op](question)
        got = like(question.expected, found, question.calendar)
        if same(question.expected, got):
            return Result(name, op, AGREE)
        return Result(name, op, DIFFER, question.expected, got, chosen(question, found))
    except (NotApplicable, Refused) as no:
        return Result(name, op, NOT_APPLICABLE, reason=str(no))
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        return Result(name, op, NOT_APPLICABLE, reason=f"读不懂（{type(error).__name__}: {error}）")


def _question(vector: Vector) -> Question:
    if vector["op"] not in OPS:
        raise NotApplicable("没有这种运算")
    if vector.get("expected") is None:
        raise NotApplicable("没有答案可比")
    own = vector.get("calendar")
    calendar = _calendar(json.dumps(own)) if own else _china()
    return Question(
        vector["op"], vector["input"], vector["expected"], calendar, bool(own),
        str(vector.get("check", "")),
    )  # fmt: skip


@cache
def _calendar(text: str) -> Calendar:
    return Calendar.from_json(json.loads(text))


@cache
def _china() -> Calendar:
    return china_calendar()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# The command


def vectors_in(data: Any) -> list[Any]:
    """All vectors of a file: a list of them, or every list under a name of its own."""
    lists = [data] if isinstance(data, list) else []
    if isinstance(data, Mapping):
        lists = [value for value in data.values() if isinstance(value, list)]
    return [vector for each in lists for vector in each]


def results(data: Any) -> Iterator[Result]:
    for number, vector in enumerate(vectors_in(data), 1):
        yield answer(vector, number)


def _read(path: Path) -> Any:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise BadFile(f"{path}: 不是可读的 JSON：{error}") from error
    if not vectors_in(data):
        raise BadFile(f"{path}: 里面没有算例（应有一个列表，每项有 op、input、expected）")
    return data


@click.group(help="工作时间的推算")
def worktime() -> None:
    """Mounted by `shouwen.cli`."""


@worktime.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """用别人的算例核对工作时间的推算，逐条列出不同之处。"""
    found = list(results(_read(file)))
    for result in found:
        if result.verdict != AGREE:
            click.echo(result.line())
    count = Counter(result.verdict for result in found)
    click.echo(
        f"{count[AGREE]} agree, {count[DIFFER]} differ, {count[NOT_APPLICABLE]} not applicable"
    )
    if any(result.is_wrong for result in found):
        raise click.exceptions.Exit(1)
