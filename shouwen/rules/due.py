"""When something is due: from a start, the branches of a rule, a calendar and the pauses.

A branch becomes one of three kinds of limit. A stopwatch limit (minutes, hours, or days to the
same time of day) moves on by exactly the time that pauses took. A day limit (until 24:00 of the
last day) moves on by the whole days that pauses took, and never ends while it stands paused. A
point (next 09:00, end of day) moves only when a pause runs over it: to the first one after it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise

from shouwen.rules import due_words as words
from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.hours import DAY, Day, clock_text, second_of
from shouwen.rules.spans import Point, Span, clock, ends_with_day, is_working, point, span
from shouwen.rules.worktime import NOTHING, Calendar, utc

#: A stretch of waiting; `None` means that it has not ended.
Pause = tuple[datetime, datetime | None]
Closed = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Due:
    """`at` is None while the clock stands; `provisional`: holidays on the way are not known yet."""

    at: datetime | None
    words: str
    provisional: bool = False


def due(
    branches: Sequence[DueBranch],
    start: datetime,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    *,
    event: str = "登记",
) -> Due:
    """The due time with its arithmetic in words. `event` is what happened at the start.

    A pause that begins at or after the due time changes nothing: what was due then stays due then.
    """
    start = utc(start)
    branch = branch_for(branches, start, calendar)
    steps = list(_steps(branch, start, calendar, merged(pauses, start)))
    at = steps[-1][0]
    works = at is not None and is_working(branch) and calendar.is_provisional(at)
    return Due(at, words.explain(branch, start, calendar, steps, event, provisional=works), works)


def window(
    limits: tuple[str, str],
    start: datetime,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    *,
    event: str = "完成",
) -> tuple[datetime, Due]:
    """Not before, and not after. A beginning counted in days is 00:00 of that day."""
    start = utc(start)
    last = due((DueBranch(within=limits[1]),), start, calendar, pauses, event=event)
    return _beginning(span(limits[0]), start, calendar), last


def before(at: datetime, length: str, calendar: Calendar | None = None) -> datetime:
    """So long before `at`, for warnings: the inverse of `after`. A day is 24 hours here."""
    return _moved(utc(at), span(length), calendar, -1)


def after(at: datetime, length: str, calendar: Calendar | None = None) -> datetime:
    """So long after `at`, for escalations. Working time needs a calendar."""
    return _moved(utc(at), span(length), calendar, 1)


def branch_for(branches: Sequence[DueBranch], start: datetime, calendar: Calendar) -> DueBranch:
    """The first branch whose `between` holds the time of day of the start."""
    local = calendar.local(start)
    second = local.hour * 3600 + local.minute * 60 + local.second
    for branch in branches:
        if holds(branch, second):
            return branch
    raise ValueError(f"没有一条时限适用于 {local:%H:%M} 开始的事项")


def holds(branch: DueBranch, second: int) -> bool:
    """[from, to); from after to means over midnight."""
    if branch.between is None:
        return True
    begins, ends = (second_of(text) for text in branch.between)
    if begins < ends:
        return begins <= second < ends
    return second >= begins or second < ends


def merged(pauses: Iterable[Pause], start: datetime) -> list[Pause]:
    """Pauses after the start, in order, those that touch or overlap as one."""
    joined: list[Pause] = []
    in_utc = [(utc(begins), None if ends is None else utc(ends)) for begins, ends in pauses]
    for begins, ends in sorted(in_utc, key=lambda pause: pause[0]):
        if ends is not None and ends <= max(begins, start):
            continue
        earlier = joined[-1] if joined else (start, start)
        if joined and (earlier[1] is None or begins <= earlier[1]):
            joined[-1] = (earlier[0], _later(earlier[1], ends))
        else:
            joined.append((max(begins, start), ends))
    return joined


def _later(one: datetime | None, two: datetime | None) -> datetime | None:
    return None if one is None or two is None else max(one, two)


def _steps(
    branch: DueBranch, start: datetime, calendar: Calendar, pauses: list[Pause]
) -> Iterator[tuple[datetime | None, Pause | None]]:
    """The due time without pauses, then after each pause that began before it."""
    limit = _limit(branch, start, calendar)
    counted: list[Closed] = []
    at = limit(counted)
    yield at, None
    for begins, ends in pauses:
        if begins >= at:
            return
        if ends is None:
            yield None, (begins, None)
            return
        counted.append((begins, ends))
        at = limit(counted)
        yield at, (begins, ends)


# The three kinds of limit: each gives the due time once these pauses are counted


Limit = Callable[[Sequence[Closed]], datetime]


def _limit(branch: DueBranch, start: datetime, calendar: Calendar) -> Limit:
    if branch.next:
        return partial(_fixed, Point("clock", clock(branch.next)), start, calendar)
    if branch.until:
        return partial(_fixed, point(branch.until), start, calendar)
    length = span(branch.within)
    if ends_with_day(branch):
        return partial(_day_limit, length, start, calendar)
    return partial(_stopwatch, length, start, calendar)


def _stopwatch(
    length: Span, start: datetime, calendar: Calendar, pauses: Sequence[Closed]
) -> datetime:
    if length.working:
        paused = sum((calendar.working_between(*pause) for pause in pauses), NOTHING)
        if not length.counts_days:
            return calendar.add_working(start, timedelta(seconds=length.seconds) + paused)
        at = calendar.add_working_days(start, length.n)
        return calendar.add_working(at, paused) if paused else at
    paused = sum((ends - begins for begins, ends in pauses), NOTHING)
    if not length.counts_days:
        return start + timedelta(seconds=length.seconds) + paused
    if length.unit == "month":
        return _months_on(start, length.n, calendar) + paused
    return calendar.shifted(start, length.days) + paused


def _day_limit(
    length: Span, start: datetime, calendar: Calendar, pauses: Sequence[Closed]
) -> datetime:
    day = calendar.date_of(start)
    if length.unit == "month":
        day = month_later(day, length.n)[0]
    on = _next_worked if length.working else _next_day
    taken = _working_days_taken if length.working else _days_taken
    more = int(sum((taken(pause, calendar) for pause in pauses), Fraction(0)))
    for _ in range((0 if length.unit == "month" else length.days) + more):
        day = on(day, calendar)
    while any(begins < _last_moment(day, length, calendar) <= ends for begins, ends in pauses):
        day = on(day, calendar)
    return calendar.instant(day, DAY)


def _last_moment(day: date, length: Span, calendar: Calendar) -> datetime:
    """When the day is used up: working time at its closing, a calendar day at 24:00."""
    periods = calendar.periods_on(day) if length.working else ()
    return periods[-1][1] if periods else calendar.instant(day, DAY)


def _next_day(day: date, calendar: Calendar) -> date:
    return day + timedelta(1)


def _next_worked(day: date, calendar: Calendar) -> date:
    return calendar.add_working_days_date(day, 1)


def _days_taken(pause: Closed, calendar: Calendar) -> Fraction:
    return Fraction((pause[1] - pause[0]) // timedelta.resolution, DAY * 1_000_000)


def _working_days_taken(pause: Closed, calendar: Calendar) -> Fraction:
    """Each working day by the part of its working time that stood paused."""
    taken = Fraction(0)
    first, last = (calendar.date_of(at).toordinal() for at in pause)
    for day in map(date.fromordinal, range(first, last + 1)):
        periods = calendar.periods_on(day)
        if periods:
            whole = sum((closes - opens for opens, closes in periods), NOTHING)
            paused = sum((_overlap(pause, period) for period in periods), NOTHING)
            taken += Fraction(paused // timedelta.resolution, whole // timedelta.resolution)
    return taken


def _overlap(one: Closed, two: Closed) -> timedelta:
    return max(NOTHING, min(one[1], two[1]) - max(one[0], two[0]))


def _fixed(
    target: Point, start: datetime, calendar: Calendar, pauses: Sequence[Closed]
) -> datetime:
    at = _next_point(target, start, calendar)
    for begins, ends in pauses:
        if begins < at <= ends:
            at = _next_point(target, ends, calendar)
    return at


def _next_point(target: Point, start: datetime, calendar: Calendar) -> datetime:
    """The first such point strictly after the start."""
    day = calendar.date_of(start)
    if target.kind == "month-day":
        first = month_later(day.replace(day=1), 1)[0]
        last = month_later(first, 1)[0] - timedelta(1)
        return calendar.instant(min(first + timedelta(target.day - 1), last), target.second)
    if target.kind == "working-day":
        closing = [period[-1][1] for period in [calendar.periods_on(day)] if period]
        if closing and closing[0] > start:
            return closing[0]
        return calendar.periods_on(_next_worked(day, calendar))[-1][1]
    at = calendar.instant(day, target.second)
    return at if at > start else calendar.instant(day + timedelta(1), target.second)


# Months, beginnings, reminders


def month_later(day: date, n: int) -> tuple[date, bool]:
    """The same day n months on, or the last of that month and True when it has no such day."""
    months = day.year * 12 + day.month - 1 + n
    first = date(months // 12, months % 12 + 1, 1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    return first.replace(day=min(day.day, last.day)), day.day > last.day


def _months_on(start: datetime, n: int, calendar: Calendar) -> datetime:
    """The same day and time n months on; where there is no such day, the end of the month.

    The end of it, because 30 January 10:00 must not be due after 31 January 09:00.
    """
    local = calendar.local(start)
    day, short = month_later(local.date(), n)
    if short:
        return calendar.instant(day, DAY)
    return calendar.shifted(start, (day - local.date()).days)


def _beginning(length: Span, start: datetime, calendar: Calendar) -> datetime:
    if length.n == 0:
        return start
    if not length.counts_days:
        return _moved(start, length, calendar, 1)
    day = calendar.date_of(start)
    if length.unit == "month":
        return calendar.instant(month_later(day, length.n)[0], 0)
    if length.working:
        return calendar.instant(calendar.add_working_days_date(day, length.n), 0)
    return calendar.instant(day + timedelta(length.days), 0)


def _moved(at: datetime, length: Span, calendar: Calendar | None, sign: int) -> datetime:
    if not length.working:
        return at + timedelta(seconds=sign * length.seconds)
    if calendar is None:
        raise ValueError("按工作时间提前或推后需要日历")
    if length.counts_days:
        return calendar.add_working_days(at, sign * length.n)
    return calendar.add_working(at, timedelta(seconds=sign * length.seconds))


# Looking for mistakes in a rule


def check(branches: Sequence[DueBranch], calendar: Calendar | None = None) -> list[str]:
    """What is wrong with these branches, in sentences; empty when nothing is."""
    problems = [problem for branch in branches for problem in _unreadable(branch)]
    if problems or not branches:
        return problems or ["没有写时限"]
    return [*_uncovered(branches), *_unmonotone(branches, calendar or _sample_calendar())]


def _unreadable(branch: DueBranch) -> Iterator[str]:
    given = [name for name in ("within", "next", "until") if getattr(branch, name)]
    if len(given) != 1:
        yield f"within、next、until 须恰好写一个，现有 {len(given)} 个"
    readers = {"within": span, "next": clock, "until": point}
    for text, reader in [
        *((getattr(branch, name), readers[name]) for name in given),
        *((text, clock) for text in branch.between or ()),
    ]:
        try:
            reader(text)
        except ValueError as error:
            yield str(error)
            return
    if branch.ends and not (branch.within and span(branch.within).counts_days):
        yield f"ends 只用于按天或按月的时限：{branch.within or branch.next or branch.until!r}"


def _uncovered(branches: Sequence[DueBranch]) -> Iterator[str]:
    """Gaps, overlaps and branches that no time of day reaches."""
    reached: set[int] = set()
    for begins, ends in pairwise(_cuts(branches)):
        here = [number for number, branch in enumerate(branches) if holds(branch, begins)]
        stretch = f"{clock_text(begins)} 至 {clock_text(ends)}"
        if not here:
            yield f"{stretch} 没有适用的时限"
        elif sum(1 for number in here if branches[number].between) > 1:
            yield f"{stretch} 有多条时限重叠"
        reached.update(here[:1])
    for number in sorted(set(range(len(branches))) - reached):
        yield f"第 {number + 1} 条时限永远用不到"


def _cuts(branches: Sequence[DueBranch]) -> list[int]:
    between = [second_of(text) for branch in branches for text in branch.between or ()]
    return sorted({0, DAY, *between})


def _unmonotone(branches: Sequence[DueBranch], calendar: Calendar) -> Iterator[str]:
    """The first pair of starts of which the later one is due earlier."""
    latest: tuple[datetime, datetime] | None = None
    for start in _sample_starts(branches, calendar):
        try:
            branch = branch_for(branches, start, calendar)
        except ValueError:  # a gap, which is reported as such
            continue
        at = _limit(branch, start, calendar)(())
        if latest and at < latest[1]:
            texts = [words.stamp(moment, calendar) for moment in (*latest, start, at)]
            yield "不单调：{} 登记的 {} 到期，{} 登记的反而 {} 到期".format(*texts)
            return
        latest = (start, at)


def _sample_calendar() -> Calendar:
    """An office week with a lunch break; holidays and make-up days of autumn 2026."""
    hours = ((30_600, 43_200), (50_400, 64_800))
    days = {date(2026, 10, day): Day("holiday", "国庆节") for day in range(1, 8)}
    days |= {date(2026, 9, 25): Day("holiday", "中秋节")}
    days |= {date(2026, 9, 20): Day("makeup"), date(2026, 10, 10): Day("makeup")}
    return Calendar("Asia/Shanghai", (*(hours,) * 5, (), ()), days)


def _sample_starts(branches: Sequence[DueBranch], calendar: Calendar) -> list[datetime]:
    """Every half hour and around each boundary; over a month's end and a long holiday."""
    edges = [cut + near for cut in _cuts(branches) for near in (-1, 0, 1)]
    seconds = sorted({second for second in (*range(0, DAY, 1800), *edges) if 0 <= second < DAY})
    days = [date(2026, 1, 27) + timedelta(n) for n in range(7)]
    days += [date(2026, 9, 17) + timedelta(n) for n in range(27)]
    return [calendar.instant(day, second) for day in days for second in seconds]
