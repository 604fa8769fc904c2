"""The kinds of rule by which a company counts and reports: measures, statements, duties."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from shouwen.rules.case_kinds import Late
from shouwen.rules.periods import PeriodKind
from shouwen.rules.rule import Applies, Rule, Strict, Words

#: What a measure judges, one by one.
RecordKind = Literal[
    "case", "visit", "promise", "service-order", "visit-item", "contact", "call", "home", "record",
    "duty",
]  # fmt: skip
#: The moment that puts a record into a period.
Moment = Literal["opened", "done", "closed", "due", "after", "visited", "at"]
#: The levels of the tree that report.
Level = Literal["project", "company", "group"]
_TARGET = re.compile(r"(>=|<=|<|>) (\d+(?:\.\d+)?)(%?)")


class Of(Strict):
    """The denominator: `{ kind = ["complaint"], opened_in = "period" }`. Keys that are not named
    here are axes of the case."""

    record: RecordKind = "case"
    moment: Moment = "opened"
    axes: Applies = Field(default_factory=dict)
    rules: Words = ()
    """Of visits and promises: only those of these rules."""
    form: Words = ()
    """Of records: filled forms with these ids (`form` rules)."""
    role: Words = ()
    """Of duties: everybody who holds one of these roles owes them."""
    rated: bool = False
    """Only those that the customer rated: the corrected variant of a rate of satisfaction."""

    @model_validator(mode="before")
    @classmethod
    def _sorted(cls, given: Any) -> Any:
        """`opened_in = "period"` names the moment; what is no field of ours is an axis."""
        if not isinstance(given, dict):
            return given
        told: dict[str, Any] = {"axes": dict(given.get("axes", {}))}
        for key, value in given.items():
            if key.endswith("_in") and value == "period":
                told["moment"] = key.removesuffix("_in")
            elif key in cls.model_fields:
                told[key] = value
            else:
                told["axes"][key] = value
        return told


class Count(Strict):
    """The numerator: what makes one of these a success. Every key given must hold."""

    commitment: Words = ()
    """The promises of these rules were kept; those without one of them are not judged."""
    ended: Literal["met"] = "met"
    state: Words = ()
    """The case stands so at the end: closed, done."""
    visited: bool = False
    result: Words = ()
    """What the customer said last: satisfied, partly, unsatisfied."""
    rings: int = 0
    """The call was answered within so many rings."""
    handled: bool = False
    """What was raised in a visit was answered or became a case that is done."""
    straight: bool = False
    """The first department that it was given to took it: nobody refused it, nor passed it on."""
    once: bool = False
    """It was settled at once: nobody had to open it again."""
    scored: str = ""
    """The item of a survey or an inspection; at least `least`."""
    least: int = 0
    done: bool = False
    """It exists at all: a duty done, a home visited, a record filled."""


class Measure(Rule):
    """A figure with numerator, denominator, period and target. One definition for all levels.

    The clause's own formula stands under the clause; where it can mislead, the corrected one stands
    beside it under its own name (`beside`), marked product_default.
    """

    of: Of
    count: Count = Count()
    period: PeriodKind = "month"
    target: str = ""
    """">= 95%", "< 1%", ">= 1"; empty: the document names none."""
    value: Literal["rate", "count", "mean"] = "rate"
    """count: how many, not a share (a reception day a month); mean: of `count.scored`."""
    each: Literal["", "person"] = ""
    """Of duties: owed by everybody, not by the project once."""
    base: Literal["", "households"] = ""
    """A denominator that is no list of records: 投诉率 = complaints ÷ households."""
    beside: str = ""
    """The id of the measure that this one corrects."""
    formula: str = ""
    """As printed: "响应及时数/客户投诉总数"."""

    @field_validator("target")
    @classmethod
    def _is_target(cls, text: str) -> str:
        if text and not _TARGET.fullmatch(text):
            raise ValueError(f'看不懂的目标：{text!r}；写成 ">= 95%"')
        return text

    @property
    def wanted(self) -> str:
        """The target as people write it: "≥ 95%"."""
        return self.target.replace(">=", "≥").replace("<=", "≤")

    @property
    def bound(self) -> tuple[str, Fraction] | None:
        """The target as (">=", 19/20); none where the document names none."""
        found = _TARGET.fullmatch(self.target)
        if not found:
            return None
        return found[1], Fraction(found[2]) / (100 if found[3] else 1)


#: What a statement may consist of; `statements.content` builds each from the records.
SECTIONS: dict[str, str] = {
    "message": "短信内容",
    "summary": "概况",
    "figures": "指标达成情况",
    "kinds": "客户信息分类统计",
    "channels": "信息来源",
    "categories": "投诉业务类别",
    "stages": "投诉环节",
    "departments": "各部门处理情况",
    "trend": "趋势",
    "ranking": "各单位排名",
    "majors": "重大客户事件",
    "hot": "热点问题",
    "weak": "薄弱环节",
    "open": "未关闭的客户信息",
    "unsatisfied": "不满意的客户信息",
    "late": "超时的客户信息",
    "causes": "原因分析",
    "repeated": "重复投诉与重复报修",
    "repairs": "报修统计",
    "services": "特约服务汇总",
    "visits": "回访统计",
    "visit-items": "回访中提出的问题",
    "survey": "调查与检查评分",
    "suggestions": "建议情况",
    "praises": "表扬与批评",
    "quality": "产品质量反馈",
    "typical": "典型案例",
    "ledger": "客户意见台账",
    "analysis": "分析",
    "improvements": "改进措施",
    "conclusion": "结论",
}


class Recipient(Strict):
    """Who gets a statement: one of our roles, or a body outside of the tree, as printed."""

    name: str
    role: str = ""
    """Empty: a body outside, which is sent it by hand and whose receipt is recorded."""
    level: Level = "project"


class StatementRule(Rule):
    """A form filled with figures of a period and a level, signed and sent on time."""

    level: Level = "project"
    period: PeriodKind = "month"
    kinds: Words = ()
    """Kinds of case that it is about; empty: all."""
    due: str = ""
    """After the period has ended: "day 5 of next month", "09:00" (the next day); of a day itself:
    "same day 17:30" (`rules.statements`). Empty: the document names no time."""
    default_due: str = ""
    """Where the document names none: the product's own, shown as such."""
    form: str = ""
    """The id of the controlled form that it is printed on."""
    sections: Words = ()
    """What stands in it, in order: names of SECTIONS."""
    required: Words = ()
    """Sections that must hold words before it is signed."""
    measures: Words = ()
    """Ids of measures of this regulation; empty: all."""
    prepared_by: str = "cs_head"
    checked_by: Words = ()
    """Roles that check it first, one after the other, none of them who prepared it."""
    signed_by: Words = ()
    """Roles that sign it, one after the other."""
    to: tuple[Recipient, ...] = ()
    late: tuple[Late, ...] = ()
    by_message: bool = False
    """It goes out as a short message (短信), not as a paper: the worker sends it in time."""
    improves: Words = ()
    """Cases that each need a measure (改善措施) before anybody signs: "open" for those not closed,
    "unsatisfied"."""
    retention: int = 0
    """Months; 0: the document names none."""

    @field_validator("sections", "required")
    @classmethod
    def _are_sections(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in SECTIONS]:
            raise ValueError(f"没有这样的段落：{'、'.join(unknown)}；可用 {'、'.join(SECTIONS)}")
        return names


class Duty(Rule):
    """Something to be done so often: a reception day a month, a greeting twice a week."""

    every: PeriodKind = "month"
    times: int = Field(default=1, ge=1)
    by: Words = ()
    """Roles; with `each`, everybody who holds one of them for the whole period."""
    each: bool = False
    form: str = ""
    """The id of the form that proves it: complete, about a day of the period, and, with `each`,
    about the person."""
    says: dict[str, Words] = Field(default_factory=dict)
    """What the form must say: { kind = ["项目经理接待日"] }."""
    sample: str = Field(default="", pattern=r"^(\d{1,2}%)?$")
    """"20%": done when so many of the homes in which somebody lives have such a form."""
    late: tuple[Late, ...] = ()
