"""Who is told, and when, in the words of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.rights import ROLES
from shouwen.cases.models import Case
from shouwen.cases.people import people_for
from shouwen.rules.case_kinds import ReturnVisit
from shouwen.rules.due_words import UNITS
from shouwen.rules.spans import span


class Names:
    """The people behind the names in a regulation, each looked up once."""

    def __init__(self, case: Case, at: datetime) -> None:
        self._case, self._at = case, at
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        if name not in self._known:
            people = people_for(name, self._case, self._at)
            self._known[name] = _called(people, ROLES[name].name if name in ROLES else "")
        return self._known[name]

    def of_department(self, unit: OrgUnit) -> str:
        case = Case(project=self._case.project, owner=self._case.owner, department=unit)
        return _called(people_for("department", case, self._at), "")


def _called(people: Iterable[Staff], role: str) -> str:
    """项目经理 周敏; of many the first three."""
    names = [person.name for person in people]
    shown = "、".join(names[:3]) + (f" 等 {len(names)} 人" if len(names) > 3 else "")
    return f"{role} {shown}".strip() if shown else "暂时没有人在岗"


def visit_words(rule: ReturnVisit) -> str:
    """完成后 3 个工作日内 · 抽 30%"""
    after = {"done": "完成", "closed": "关闭", "fed-back": "反馈"}[rule.after]
    share = "每件都访" if rule.rate == "100%" else f"抽 {rule.rate}"
    return f"{after}后 {_length(rule.window[1])}内 · {share}"


def _length(text: str) -> str:
    length = span(text)
    unit = UNITS[length.unit]
    if length.working:
        unit = {"天": "个工作日", "小时": "个工作小时"}.get(unit, unit)
    return f"{length.n} {unit}"
