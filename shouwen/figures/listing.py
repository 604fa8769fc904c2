"""The records of a figure, by page or as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shouwen.cases.export import Column
from shouwen.figures.models import Verdict
from shouwen.figures.queries import By, Shown, behind, url_of
from shouwen.rules.figures import OUTCOMES
from shouwen.rules.measures import SINCE
from shouwen.web.pieces import Choice, Pager

PAGE = 50
LINES = {
    "department": _("按部门"),
    "building": _("按楼栋"),
    "staff": _("按人员"),
    "kind": _("按类别"),
    "project": _("按项目"),
}
RELATED = ("case", "department", "staff", "building", "project")


@dataclass(frozen=True)
class Records:
    """Which records of a figure an address asks for: of one outcome, of one line."""

    shown: Shown
    at: datetime
    outcome: str = ""
    by: By | Literal[""] = ""
    key: str = ""

    @property
    def rows(self) -> QuerySet[Verdict]:
        shown = self.shown
        found = behind(
            shown.place, shown.period, shown.figure.key, self.at, self.outcome,
            by=self.by if self.key else "", key=self.key,
        )  # fmt: skip
        return found.prefetch_related(*RELATED)

    def link(self, **changed: str) -> str:
        asked = {"outcome": self.outcome, "by": self.by, "key": self.key, **changed}
        return url_of(self.shown.place, self.shown.period, self.shown.figure.key, **asked)

    def page(self, after: str) -> tuple[list[Verdict], Pager]:
        """One page, the latest first, by a key that does not shift."""
        rows = self.rows
        day, _underscore, pk = after.partition("_")
        if (on := _day(day)) and pk.isdecimal():
            rows = rows.filter(Q(on__lt=on) | Q(on=on, pk__lt=int(pk)))
        found = list(rows[: PAGE + 1])
        last = found[PAGE - 1] if len(found) > PAGE else None
        joint = "&" if "?" in self.link() else "?"
        older = f"{self.link()}{joint}after={last.on.isoformat()}_{last.pk}" if last else ""
        return found[:PAGE], Pager(newer=self.link() if after else "", older=older)

    @property
    def outcomes(self) -> list[Choice]:
        """Tabs, each with as many as its list has."""
        counts = self.shown.figure.counts
        whole = [Choice("全部", self.link(outcome=""), not self.outcome, counts.listed)]
        return whole + [
            Choice(words, self.link(outcome=code), code == self.outcome, getattr(counts, code))
            for code, words in outcome_words(self.shown).items()
        ]


def outcome_words(shown: Shown) -> dict[str, str]:
    """Of a mere count nothing succeeds or fails."""
    measure = shown.figure.measure
    mere = measure.value != "rate" or bool(measure.base)
    other = {"hit": "计入", "miss": "未计入"} if mere else {}
    return {code: other.get(code, words) for code, words in OUTCOMES.items()}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_by(text: str) -> By | Literal[""]:
    return cast(By, text) if text in get_args(By) else ""


def read_outcome(text: str) -> str:
    return text if text in OUTCOMES else ""


# --- As a file ------------------------------------------------------------------------------------


def how_of(row: Verdict) -> str:
    """How it counts, as `counting.counted` found it."""
    return str(getattr(row, "counted", row.verdict))


def why_of(row: Verdict) -> str:
    """Why it counts so, in words; an undecided one that nobody settled in time says so."""
    if row.restated:
        return f"已更正，锁定时为{row.get_verdict_display() or '未计入'}"
    expired = how_of(row) == "miss" and row.decides_at is not None
    return SINCE.get(row.why, row.why) if expired else row.why


def _score(row: Verdict) -> Decimal | None:
    return None if row.score is None else Decimal(str(row.score))


def _name(value: Any) -> str:
    return value.name if value else ""


COLUMNS: tuple[Column, ...] = (
    Column(_("记录"), 26, lambda row, _reader: row.label),
    Column(_("计入日期"), 12, lambda row, _reader: row.on),
    Column(_("项目"), 14, lambda row, _reader: row.project.name),
    Column(_("判定"), 10, lambda row, _reader: OUTCOMES[row.counted]),
    Column(_("说明"), 36, lambda row, _reader: why_of(row)),
    Column(_("得分"), 8, lambda row, _reader: _score(row)),
    Column(_("类别"), 12, lambda row, reader: reader.kind(row.case) if row.case else row.kind),
    Column(_("部门"), 12, lambda row, _reader: _name(row.department)),
    Column(_("人员"), 12, lambda row, _reader: _name(row.staff)),
    Column(_("楼栋"), 10, lambda row, _reader: _name(row.building)),
    Column(_("曾暂停"), 8, lambda row, _reader: "是" if row.waited else "否"),
    Column(_("判定时间"), 17, lambda row, _reader: row.judged_at),
)
