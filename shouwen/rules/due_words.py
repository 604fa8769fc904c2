"""The arithmetic of a due time, in Chinese: what was counted, skipped and paused."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from shouwen.rules.case_kinds import DueBranch
from shouwen.rules.hours import DAY, clock_text
from shouwen.rules.spans import Point, Span, ends_with_day, is_working, point, span
from shouwen.rules.worktime import Calendar

WEEKDAYS = "一二三四五六日"
UNITS = {"minute": "分钟", "hour": "小时", "day": "天", "week": "周", "month": "个月"}
#: Beyond so many days nobody wants the list of holidays that were skipped.
LISTED_DAYS = 120

Step = tuple[datetime | None, tuple[datetime, datetime | None] | None]
#: What an entry carries under a name, for a rule whose due time somebody gives.
GIVEN = {
    "until": "至约定的时间",
    "sender_due": "至转办单位要求的时间",
    "due": "至对方要求的时间",
    "call_back": "至答应回电的时间",
    "promised": "至答应客户的时间",
    "meeting": "至例会",
}


def limit(branches: Sequence[DueBranch]) -> str:
    """A due time before anything has started: what the rule itself says."""
    return "；".join(
        GIVEN.get(branch.given, branch.given) or _between(branch) + _how(branch)
        for branch in branches
    )


def stamp(at: datetime, calendar: Calendar, year: int = 0, *, ending: bool = False) -> str:
    """11-19（四）09:12. The year is named when it is not `year`; an ending at 00:00 is 24:00."""
    local = calendar.local(at)
    day, second = local.date(), local.hour * 3600 + local.minute * 60 + local.second
    if ending and second == 0:
        day, second = day - timedelta(1), DAY
    return f"{day_text(day, year or day.year)}{clock_text(second)}"


def day_text(day: date, year: int) -> str:
    text = f"{day:%m-%d}（{WEEKDAYS[day.weekday()]}）"
    return text if day.year == year else f"{day:%Y}-{text}"


def explain(
    branch: DueBranch,
    start: datetime,
    calendar: Calendar,
    steps: Sequence[Step],
    event: str,
    *,
    provisional: bool,
) -> str:
    """One line from the start to the due time. `steps` is what `due` found, pause by pause."""
    year, at = calendar.date_of(start).year, steps[-1][0]
    parts = [f"{event} {stamp(start, calendar)}", _between(branch) + _how(branch)]
    if at is not None and is_working(branch):
        parts += _skipped(start, at, calendar)
    parts += _pauses(steps, calendar, year)
    if provisional:
        parts.append(f"{calendar.complete_until} 之后的放假安排尚未录入，暂按周末推算")
    line = "，".join(parts)
    return line if at is None else f"{line} → {stamp(at, calendar, year, ending=True)}"


def _between(branch: DueBranch) -> str:
    return "{}–{} 时段内 ".format(*branch.between) if branch.between else ""


def _how(branch: DueBranch) -> str:
    if branch.next:
        return f"其后第一个 {branch.next}"
    if branch.until:
        return _until(point(branch.until))
    length = span(branch.within)
    if not length.counts_days:
        return f"{length.n} {UNITS[length.unit]}按{'工作' if length.working else '自然'}时间计"
    unit = "个工作日" if length.working else UNITS[length.unit]
    return f"{length.n} {unit}{_ends(branch, length)}"


def _ends(branch: DueBranch, length: Span) -> str:
    if ends_with_day(branch):
        return "（至当日 24:00）" if length.n == 0 else "（当日不计，至末日 24:00）"
    if length.unit == "month":
        return "（至对应日同一时刻，无对应日则至月末 24:00）"
    return "（至同一时刻）"


def _until(target: Point) -> str:
    if target.kind == "working-day":
        return "工作日下班前"
    if target.kind == "month-day":
        return f"次月 {target.day} 日 {clock_text(target.second)} 前"
    return "当日 24:00 前" if target.second == DAY else f"{clock_text(target.second)} 前"


def _skipped(start: datetime, at: datetime, calendar: Calendar) -> Iterator[str]:
    first, last = calendar.date_of(start), calendar.date_of(at - timedelta.resolution)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    if len(days) > LISTED_DAYS:
        return
    yield from _holidays(days, calendar)
    free = [day for day in days if day not in calendar.days and not calendar.is_working_day(day)]
    if free:
        yield f"跳过休息日 {len(free)} 天"
    for day in days:
        special = calendar.days.get(day)
        if special is not None and special.kind == "makeup":
            yield f"{day_text(day, first.year)}调休上班，计入"


def _holidays(days: Sequence[date], calendar: Calendar) -> Iterator[str]:
    """Holidays in stretches of one name: 跳过 10-01 至 10-07 国庆节."""
    stretch: list[date] = []
    for day in [*days, date.max]:
        name = _holiday(day, calendar)
        if stretch and name != _holiday(stretch[0], calendar):
            reach = f" 至 {stretch[-1]:%m-%d}" if len(stretch) > 1 else ""
            yield f"跳过 {stretch[0]:%m-%d}{reach} {_holiday(stretch[0], calendar)}"
            stretch = []
        if name:
            stretch.append(day)


def _holiday(day: date, calendar: Calendar) -> str:
    special = calendar.days.get(day)
    if special is None or special.kind != "holiday":
        return ""
    return special.name or "节假日"


def _pauses(steps: Sequence[Step], calendar: Calendar, year: int) -> Iterator[str]:
    before = steps[0][0]
    for at, pause in steps[1:]:
        if pause is None:
            continue
        begins = stamp(pause[0], calendar, year)
        if pause[1] is None:
            yield f"暂停中（自 {begins}），恢复后重新推算"
        else:
            effect = "顺延" if at != before else "不影响到期"
            yield f"{begins} 至 {stamp(pause[1], calendar, year)} 暂停，{effect}"
        before = at
