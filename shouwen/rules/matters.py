"""What one level of the company asks of another about a case: handings and questions (督办、请示).

Which questions a project knows is said by its regulations: one is offered where a commitment of the
rulebook is started by its kind, and that commitment says who must answer, by when, and who is told.
Here stands only what each kind asks and what its answer must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shouwen.rules.case_kinds import Commitment
from shouwen.rules.journal import ASKED
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, Rulebook
from shouwen.rules.rule import Facts

#: To which level a case was handed, with a reply owed.
HANDINGS: Mapping[str, str] = {
    "to-project": "交项目处理",
    "to-company": "交公司处理",
    "to-headquarters": "报总部处理",
}
#: From the nearest to the customer upwards, with the kinds of units of the tree.
LEVEL_OF_UNIT: Mapping[str, str] = {
    "project": "project",
    "company": "company",
    "group": "headquarters",
}
LEVELS = tuple(LEVEL_OF_UNIT.values())


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that a question or its answer says besides its text."""

    title: str
    shape: Literal["text", "moment", "verdict", "department"] = "text"
    needed: bool = True


DETAILS: Mapping[str, Detail] = {
    "due": Detail("要求答复的时间", "moment"),
    "call_back": Detail("答应客户回电的时间", "moment"),
    "new_due": Detail("新的完成时间", "moment"),
    "meeting": Detail("哪天的例会", "moment"),
    "steps": Detail("已采取的稳定措施"),
    "participants": Detail("参加人员"),
    "findings": Detail("现场情况"),
    "records": Detail("查看的记录"),
    "analysis": Detail("分析"),
    "left_at": Detail("客户离开的时间", "moment", needed=False),
    "promised": Detail("答应回复客户的时间", "moment"),
    "verdict": Detail("要求是否合理", "verdict"),
    "appointment": Detail("约定见面的时间", "moment", needed=False),
    "department": Detail("派给哪个部门", "department"),
}
VERDICTS: Mapping[str, str] = {"reasonable": "合理", "unreasonable": "不合理"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of question. `text` and `answer` are what its two texts are called."""

    title: str
    text: str = "要问的事"
    answer: str = "答复"
    asks: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    right: str = "case.work"
    """Who may ask."""
    answered_by: str = "case.rule"
    """The right of who may answer."""
    roles: tuple[str, ...] = ()
    """Who alone may ask; empty: whoever has the right."""
    departments: bool = False
    """It is asked of departments by name, of each on its own."""
    takes_over: bool = False
    """Who answers has the matter from then on, for the owner, who stays the owner."""
    follows: str = ""
    """The question that a reasonable request leads to."""
    offered: bool = True
    """Whether it is chosen by hand."""


KINDS: Mapping[str, Kind] = {
    "supervise": Kind(
        "督办", "督办要求", "办理情况", asks=("due",), right="case.rule", answered_by="case.work"
    ),
    "company": Kind("向公司请示", "重大问题和请示事项", "公司的答复"),
    "call-back": Kind("请示并约定回电", "请示事项", asks=("call_back",)),
    "routing": Kind("不确定派给谁", "疑问在哪里", "说明", answers=("department",)),
    "agitated": Kind(
        "客户情绪激动", "客户的诉求", "如何安抚、劝离", answers=("left_at", "promised")
    ),
    "take-over": Kind("请上级处理", "客户质询的事、解释到哪里", "接手说明", takes_over=True),
    "patrol": Kind("巡视听到的投诉", "住户说了什么", "处理意见", offered=False),
    "leader": Kind(
        "要求见领导", "客户要当面反映什么", "理由", answers=("verdict", "appointment"),
        follows="reception",
    ),
    "reception": Kind("领导接待", "约见", "接待结果", asks=("due",), offered=False),
    "report": Kind("当场不能解决，汇报", "情况", "处理意见"),
    "event": Kind(
        "特殊事件", "情况", "处理情况", asks=("steps",), answered_by="case.work", departments=True
    ),
    "brand": Kind(
        "影响品牌，部门协调", "请各部门做什么", "办理情况", right="case.rule",
        answered_by="case.work", departments=True,
    ),
    "assist": Kind(
        "请集团协助", "请集团协助分析什么", "处理建议", answers=("analysis",), right="case.rule",
    ),
    "inspection": Kind(
        "领导组织现场查看", "为什么去、看什么", "处理决定", asks=("participants",),
        answers=("findings", "records"), right="case.rule", roles=("company_leader",),
    ),
    "meeting": Kind(
        "上例会讨论", "议题", "会议决议", asks=("meeting",), answers=("participants",)
    ),
    "special": Kind("特殊情况汇报", "为什么不能按期完成", "意见", asks=("new_due",)),
}  # fmt: skip

MATTER_NAMES: Mapping[str, str] = {
    **HANDINGS,
    **{code: kind.title for code, kind in KINDS.items()},
}


def rules_of(rulebook: Rulebook, facts: Facts) -> Mapping[str, tuple[Regulation, Commitment]]:
    """The questions that the regulations know for such a case, each with the first rule on it."""
    found: dict[str, tuple[Regulation, Commitment]] = {}
    for regulation, rule in rulebook.all("commitment", facts):
        for code in rule.starts_kind if rule.starts == ASKED else ():
            found.setdefault(code, (regulation, rule))
    return {code: found[code] for code in KINDS if code in found}


def require_details(wanted: Iterable[str], given: Mapping[str, object]) -> None:
    """Refuse a question or an answer that leaves out what its kind must say."""
    for name in wanted:
        if DETAILS[name].needed and not given.get(name):
            raise Refused("detail-missing", f"请填写“{DETAILS[name].title}”。", field=name)
    if given.get("verdict") == "reasonable" and not given.get("appointment"):
        raise Refused("no-appointment", "要求合理的，请约定见面的时间。", field="appointment")


def require_ahead(name: str, moment: datetime | None, at: datetime) -> None:
    """What was promised lies ahead."""
    if moment is not None and moment <= at:
        raise Refused("in-the-past", f"“{DETAILS[name].title}”要晚于现在。", field=name)


def details_in(said: Mapping[str, object], moment: Callable[[str], str]) -> list[tuple[str, str]]:
    """Each detail that was said by its title, moments and codes in words."""
    return [
        (detail.title, moment(str(said[name])) if detail.shape == "moment" else _word(said[name]))
        for name, detail in DETAILS.items()
        if said.get(name) and detail.shape != "department"
    ]


def _word(value: object) -> str:
    return VERDICTS.get(str(value), str(value))


def level_above(level: str) -> str:
    """The next level, "" above the highest."""
    return next(iter(LEVELS[LEVELS.index(level) + 1 :]), "")
