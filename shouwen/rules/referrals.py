"""What somebody outside must do for a matter: the steps of its path, in their order, each with its
own time.

A regulation says of each path who does which step and within what (`regulation.ReferralPath`); the
journal says how far it has come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from shouwen.rules.case_kinds import Commitment, DueBranch, Late
from shouwen.rules.complaint_kinds import PathStep, ReferralPath
from shouwen.rules.refused import Refused
from shouwen.rules.regulation import Regulation, Rulebook
from shouwen.rules.rule import Facts

OPENED, REMINDED, WITHDRAWN = "referral-opened", "referral-reminded", "referral-withdrawn"
ANSWER, SEND = "answer", "send"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of step: its verb in the journal, and what users read."""

    verb: str
    title: str
    wants: str
    """What the person writes who does it."""
    proof: bool = False
    """A copy of the paper is kept."""


STEPS: dict[str, Kind] = {
    "check": Kind("referral-checked", "现场核实", "核实的情况"),
    "advise": Kind("referral-advised", "工程部经理签署意见", "工程部经理意见"),
    "approve": Kind("referral-approved", "管理处主任签署意见", "管理处主任意见"),
    "forward": Kind("referral-forwarded", "报总经理办公室", "书面报告"),
    "send": Kind("referral-sent", "呈送", "呈送方式、文号"),
    "answer": Kind("referral-answered", "收到答复", "对方意见"),
    "countersign": Kind("referral-cosigned", "双方签字确认并留底", "确认的内容", proof=True),
    "publish": Kind("referral-published", "公布处理结果", "公布的内容"),
}

#: What may be asked when it is opened; the problem always is.
ASKS: dict[str, str] = {
    "wanted": "建议或要求",
    "households": "影响户数",
    "severity": "影响程度",
}

#: Organisations outside of the company.
PARTIES: dict[str, str] = {
    "developer": "开发商",
    "builder": "施工单位",
    "street": "街道、居委会",
    "authority": "政府部门",
    "utility": "水电气热、通信",
    "contractor": "外包单位",
    "other": "其他单位",
}


def paths(rulebook: Rulebook, facts: Facts | None = None) -> list[tuple[Regulation, ReferralPath]]:
    """The ways outside that are open to such a matter (or all, when no facts are given)."""
    found: list[tuple[Regulation, ReferralPath]] = rulebook.all("referral", facts)
    return found


def next_step(path: ReferralPath, done: Collection[str]) -> PathStep | None:
    """The first step that is not done; nothing when it has come to its end."""
    return next((step for step in path.steps if step.step not in done), None)


def require_next(path: ReferralPath, done: Collection[str], step: str) -> PathStep:
    """No step is jumped over and none is done twice."""
    wanted = next_step(path, done)
    if wanted is None:
        raise Refused("referral-ended", "这件外部协商已经走完，不能再改。", path.clause)
    if wanted.step != step:
        raise Refused(
            "not-this-step", f"现在该做的是“{title(wanted)}”，请先完成这一步。", path.clause
        )
    return wanted


def require_doer(
    path: ReferralPath, step: PathStep, posts: Iterable[tuple[str, str]], *, signed_before: bool
) -> None:
    """Whom the clause names does it: `posts` are role and function of the department of each post
    of this person. Two opinions are those of two people."""
    if step.by and not any(
        role in step.by and (not step.of or function in ("", step.of)) for role, function in posts
    ):
        raise Refused(
            "wrong-person", f"“{title(step)}”由制度指定的岗位办理，请转给他。", path.clause
        )
    if signed_before:
        raise Refused("same-person", "前一个意见是您签署的，这一步要由另一个人签署。", path.clause)


def title(step: PathStep) -> str:
    return step.title or STEPS[step.step].title


def as_commitments(path: ReferralPath) -> list[Commitment]:
    """The promise of each step, counted from the step before. What the party outside owes is due
    when it was told to be."""
    verbs = [OPENED, *(STEPS[step.step].verb for step in path.steps)]
    return [
        _commitment(path, step, before)
        for step, before in zip(path.steps, verbs, strict=False)
        if step.within or step.step == ANSWER
    ]


def _commitment(path: ReferralPath, step: PathStep, before: str) -> Commitment:
    outside = step.step == ANSWER
    return Commitment(
        id=f"referral:{path.id}:{step.step}",
        title=f"{path.title}：{title(step)}"[:60],
        clause=path.clause,
        cites=path.cites,
        applies=path.applies,
        unless=path.unless,
        starts=before,
        met_by=(STEPS[step.step].verb,),
        path=path.id,
        per="referral",
        rounds=False,
        due=(DueBranch(given="due"),) if outside else (DueBranch(within=step.within),),
        to="department",
        holder=step.holder,
        warn="1 day" if outside else "2 hours",
        late=path.late or (Late(after="0 minutes", to="cs_head"),),
        product_default=path.product_default,
        reading=path.reading,
    )


def path_commitments(
    rulebook: Rulebook, facts: Facts | None = None
) -> Sequence[tuple[Regulation, Commitment]]:
    """Those of the paths open to such a matter; of all, without facts."""
    return [
        (regulation, rule)
        for regulation, path in paths(rulebook, facts)
        for rule in as_commitments(path)
    ]
