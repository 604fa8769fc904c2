"""Sections of words, drafted from the figures (`rules.commentary`) for a person to edit."""

from __future__ import annotations

from collections import Counter

from shouwen.majors.models import MajorEvent
from shouwen.rules import commentary
from shouwen.rules.commentary import Came
from shouwen.rules.figures import Figure
from shouwen.statements.content import counted
from shouwen.statements.content.asked import Asked
from shouwen.statements.content.counted import BEFORE, LATE, REGISTERED, VOIDED
from shouwen.statements.content.shapes import Text

#: So many matters of the day go into a short message; the rest is a number.
TOLD = 5


def summary(asked: Asked) -> Text:
    """What came in, how it stands, how many targets were reached."""
    told = [commentary.overview(came(asked)), commentary.verdict(_figures(asked))]
    return Text("summary", "概况", "\n".join(filter(None, told)))


def analysis(asked: Asked) -> Text:
    """What swung, and every figure with a target."""
    aimed = asked.aimed
    told = [commentary.sentence(said) for said in aimed if said.figure.value is not None]
    silent = commentary.unjudged([said.figure for said in aimed])
    words = filter(None, (commentary.swings(came(asked)), *told, silent))
    return Text("analysis", "分析", "\n".join(words))


def weak(asked: Asked) -> Text:
    """The targets that were missed: by how much, where, and for what reasons (S4-4.3.6b-1)."""
    missed = [said for said in asked.aimed if said.figure.is_met is False]
    draft = "\n".join(map(commentary.sentence, missed))
    return Text("weak", "薄弱环节", draft or "本期有目标的指标没有未达到的。")


def causes(asked: Asked) -> Text:
    """What complaints were about most often, and what made records fail."""
    named = asked.names("business")
    found = counted.counts(asked, "facts__business", kind="complaint")
    many = {named.get(code, code): row[REGISTERED] for code, row in found.items() if code}
    about = "、".join(f"{name} {n} 件" for name, n in commentary.top(many))
    why: Counter[str] = Counter()
    for said in asked.aimed:
        why.update(said.reasons or {})
    failed = "、".join(f"{reason}（{n} 件）" for reason, n in commentary.top(why))
    told = [
        f"投诉集中在{about}。" if about else "",
        f"未达标的主要情形：{failed}。" if failed else "",
    ]
    return Text("causes", "原因分析", "\n".join(filter(None, told)), _WHY)


_WHY = "请写明产生这些问题的原因；系统只列出集中在哪里。"


def improvements(asked: Asked) -> Text:
    """What a person must think of: for which targets and matters measures are wanted."""
    missed = [row.figure.measure.title for row in asked.own if row.figure.is_met is False]
    told = came(asked)
    wanted = [f"未达到目标的指标：{'、'.join(missed)}" if missed else ""]
    wanted += [f"未关闭 {told.unclosed} 件" if told.unclosed else ""]
    wanted += [f"不满意 {told.unsatisfied} 件" if told.unsatisfied else ""]
    hint = "；".join(filter(None, wanted))
    return Text(
        "improvements", "改进措施",
        "" if hint else "本期指标达成，没有未关闭和不满意的事项，继续保持。",
        f"请针对下列各项写明措施、责任人和期限：{hint}。" if hint else "",
    )  # fmt: skip


def conclusion(asked: Asked) -> Text:
    told = commentary.verdict(_figures(asked)) + commentary.small_ones(_figures(asked))
    return Text("conclusion", "结论", told or "本期没有需要考核的记录。")


def message(asked: Asked) -> Text:
    """The complaints of the day as a short message (S1-4.2-1): counts first, then the matters, the
    gravest and latest first. Nobody's name, room or phone goes into it."""
    rows = asked.matters.filter(kind="complaint").select_related("project")
    many, open_now = rows.count(), asked.unclosed.filter(kind="complaint").count()
    majors = asked.of(MajorEvent.objects.all(), "opened_at").count()
    head = (
        f"【{asked.unit.name}】{asked.period.words}投诉情况：当天登记 {many} 件，重大 {majors} 件，"
        f"累计未关闭 {open_now} 件。"
    )
    told = rows.order_by("-urgent", "-opened_at")[:TOLD]
    lines = [f"{n}. {case.project.name} {case.title}（{case.get_status_display()}）"
             for n, case in enumerate(told, start=1)]  # fmt: skip
    more = [f"其余 {many - TOLD} 件见系统。"] if many > TOLD else []
    return Text("message", "短信内容", "\n".join([head, *lines, *more]))


# --- What the words are made of -------------------------------------------------------------------


def came(asked: Asked) -> Came:
    found, names = counted.counts(asked, "kind"), asked.names("kind")
    total = counted.summed(found)
    return Came(
        registered=total[REGISTERED], before=total[BEFORE], days=asked.period.days,
        days_before=asked.before.period.days, void=total[VOIDED], late=total[LATE],
        kinds={names.get(k, k): (row[REGISTERED], row[BEFORE]) for k, row in found.items()},
        unclosed=asked.unclosed.count(),
        unsatisfied=asked.visits.filter(state="done", result__in=("unsatisfied", "partly")).count(),
    )  # fmt: skip


def _figures(asked: Asked) -> list[Figure]:
    return [row.figure for row in asked.own]
