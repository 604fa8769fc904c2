"""Sections that other floors know about: services, visits, groups, major events, what was
learnt."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse

from shouwen.followup.models import Visit, VisitItem
from shouwen.followup.queries import Coverage, coverage
from shouwen.groups.models import GroupMatter
from shouwen.learning.models import Correction, Praise, ProductFeedback, Suggestion, TypicalCase
from shouwen.majors.models import MajorEvent
from shouwen.registers.queries import counted_records
from shouwen.registers.survey import results
from shouwen.rules.form_kinds import Form
from shouwen.rules.money import ZERO
from shouwen.services.models import ServiceOrder
from shouwen.services.summary import Row as Service
from shouwen.services.summary import summary
from shouwen.statements.content.asked import Asked
from shouwen.statements.content.shapes import Cell, Column, Item, Items, Row, Table, cut


def _at(moment: datetime | None) -> Cell:
    return moment.isoformat() if moment else None


# --- Services -------------------------------------------------------------------------------------


def services(asked: Asked) -> Table:
    """《服务需求单》 of the period: count, amount, satisfaction (S4-4.4.3e-1)."""
    by_title: dict[tuple[str, str], list[Service]] = defaultdict(list)
    for row in summary(ServiceOrder.objects.filter(asked.place), asked):
        by_title[row.code, row.title].append(row)
    url = reverse("services:orders")
    rows = tuple(Row(_service(title, of), url) for (_code, title), of in by_title.items())
    every = [row for of in by_title.values() for row in of]
    columns = (
        Column("服务项目", width=2), Column("登记", "number"), Column("完成", "number"),
        Column("取消", "number"), Column("未完成", "number"), Column("应收（元）", "money", 1.2),
        Column("已收（元）", "money", 1.2), Column("已回访", "number"),
        Column("满意率", "share"),
    )  # fmt: skip
    return Table(
        "services", "特约服务汇总", columns, rows, _service("合计", every) if every else (),
        url=url, nothing="本期没有服务需求单。",
    )  # fmt: skip


def _service(title: str, rows: list[Service]) -> tuple[Cell, ...]:
    charged, received = (_money(rows, name) for name in ("charged", "received"))
    visited, satisfied = (sum(getattr(row, n) for row in rows) for n in ("visited", "satisfied"))
    return (
        title, sum(row.asked for row in rows), sum(row.done for row in rows),
        sum(row.cancelled for row in rows), sum(row.still_open for row in rows),
        charged, received, visited, (satisfied, visited) if visited else None,
    )  # fmt: skip


def _money(rows: list[Service], name: str) -> str:
    total: Decimal = sum((getattr(row, name) for row in rows), ZERO)
    return f"{total:.2f}"


# --- Visits ---------------------------------------------------------------------------------------


def visits(asked: Asked) -> Table:
    """Visits about the work finished in the period, by type: number, rate, late, not satisfied
    (S2-A18-8a)."""
    found = coverage(
        Visit.objects.filter(asked.place, asked.about("case__")), asked.since, asked.until, asked.at
    )
    columns = (
        Column("回访类型", width=1.6), Column("条款", width=1.2), Column("完成", "number"),
        Column("抽中", "number"), Column("已回访", "number"), Column("回访率", "share"),
        Column("目标"), Column("期限未到", "number"), Column("超期未访", "number"),
        Column("超期回访", "number"), Column("不满意", "number"), Column("满意率", "share"),
    )  # fmt: skip
    return Table(
        "visits", "回访统计", columns, tuple(map(_coverage, found)), note="“不满意”含部分解决。",
        url=reverse("followup:coverage"), nothing="本期没有需要回访的事项。",
    )  # fmt: skip


def _coverage(row: Coverage) -> Row:
    missed = row.drawn - row.visited - row.still_open
    cells: tuple[Cell, ...] = (
        row.title, row.clause, row.finished, row.drawn, row.visited,
        (row.visited, row.finished) if row.finished else None, row.wanted, row.still_open, missed,
        row.late, row.visited - row.satisfied,
        (row.satisfied, row.visited) if row.visited else None,
    )  # fmt: skip
    return Row(cells, reverse("followup:sample", args=[row.rule]))


def visit_items(asked: Asked) -> Table:
    """What was raised in visits, and what became of it (S2-HF1-4e)."""
    raised = Q(**{f"visit__{asked.unit.kind}": asked.unit.pk})
    inside = Q(visit__visited_at__gte=asked.since, visit__visited_at__lt=asked.until)
    found = VisitItem.objects.filter(raised, inside).select_related("visit__case", "case")
    rows, more = cut([_item(row) for row in found.order_by("visit__visited_at", "pk")])
    columns = (
        Column("回访时间", "moment", 1.5), Column("房号", width=1.4), Column("意见或问题", width=3),
        Column("当场答复", width=2), Column("转诉求", width=1.6), Column("落实", width=0.9),
    )  # fmt: skip
    return Table(
        "visit-items", "回访中提出的问题", columns, rows, more=more,
        nothing="本期回访中没有提出问题。",
    )  # fmt: skip


def _item(row: VisitItem) -> Row:
    number = row.case.number if row.case else ""
    cells: tuple[Cell, ...] = (
        _at(row.visit.visited_at), row.visit.case.address, row.text, row.answer, number,
        "未落实" if row.is_open else "已落实",
    )  # fmt: skip
    return Row(cells, reverse("followup:visit", args=[row.visit_id]))


# --- Hot matters and major events -----------------------------------------------------------------


def hot(asked: Asked) -> Table:
    """What many households complain of together: opened in the period or still open."""
    alive = Q(closed_at=None) | Q(closed_at__gte=asked.since)
    found = GroupMatter.objects.filter(alive, asked.place, opened_at__lt=asked.until)
    rows, more = cut([
        Row(
            (m.number, m.project.name, m.title, _at(m.opened_at), m.households, m.complaining,
             "是" if m.major_at else "", "已结束" if m.closed_at else "处理中"),
            reverse("groups:matter", args=[m.number]),
        )
        for m in found.select_related("project").order_by("-households", "pk")
    ])  # fmt: skip
    columns = (
        Column("编号", width=1.4), Column("项目"), Column("事项", width=3),
        Column("建立时间", "moment", 1.5), Column("户数", "number", 0.8),
        Column("投诉户数", "number", 0.9), Column("重大", width=0.6), Column("状态"),
    )  # fmt: skip
    return Table(
        "hot", "热点问题", columns, rows, more=more, url=reverse("groups:matters"),
        nothing="本期没有多户共同反映的事项。",
    )  # fmt: skip


def majors(asked: Asked) -> Table:
    """Major events that began in the period or were open in it."""
    alive = Q(closed_at=None) | Q(closed_at__gte=asked.since)
    found = MajorEvent.objects.filter(alive, asked.place, opened_at__lt=asked.until)
    rows, more = cut([
        Row(
            (event.number, event.project.name, event.title, _at(event.opened_at), event.reason,
             str(event.get_state_display()), "、".join(event.empty_sections)),
            reverse("majors:event", args=[event.number]),
        )
        for event in found.select_related("project").order_by("opened_at", "pk")
    ])  # fmt: skip
    columns = (
        Column("编号", width=1.4), Column("项目"), Column("事件", width=2.4),
        Column("列为时间", "moment", 1.5), Column("原因", width=2), Column("状态"),
        Column("报告未写", width=1.4),
    )  # fmt: skip
    return Table(
        "majors", "重大客户事件", columns, rows, more=more, url=reverse("majors:events"),
        nothing="本期没有重大客户事件。",
    )  # fmt: skip


# --- Surveys and inspections ----------------------------------------------------------------------


def survey(asked: Asked) -> Table:
    """Of every form with marks that was returned in the period: how many, and how many satisfied
    of each item and of all (S2-A17-1)."""
    scored = [form for _, form in asked.rulebook.all("form") if form.field_of("scores")]
    columns = (
        Column("表单", width=2), Column("项目", width=1.6), Column("份数", "number"),
        Column("评分次数", "number"), Column("满意率", "share"), Column("平均分", width=0.8),
    )  # fmt: skip
    rows = tuple(row for form in scored for row in _marks(asked, form))
    return Table("survey", "调查与检查评分", columns, rows, nothing="本期没有收回带评分的表单。")


def _marks(asked: Asked, form: Form) -> list[Row]:
    returned = counted_records(asked.unit, form.id, asked.period.first, asked.period.last)
    found = results(form, returned)
    lines = [found.all, *found.items] if found.returned else []
    return [
        Row((
            form.title, line.title, found.returned, line.count,
            (line.satisfied, line.count) if line.count else None, str(line.mean or ""),
        ))
        for line in lines
    ]  # fmt: skip


# --- What was learnt ------------------------------------------------------------------------------


def repeated(asked: Asked) -> Table:
    """The same matter complained of again, the same repair again, a visit that failed, as the
    detector found them (S2-A18-8b)."""
    kinds = ("complaints", "repairs", "visit", "cluster")
    found = asked.of(Correction.objects.filter(trigger__in=kinds), "found_at")
    rows, more = cut([
        Row(
            (row.number, str(row.get_trigger_display()), row.title, row.problem, _at(row.found_at),
             str(row.get_state_display()), row.owner.name if row.owner else ""),
            reverse("learning:correction", args=[row.number]),
        )
        for row in found.select_related("owner").order_by("found_at", "pk")
    ])  # fmt: skip
    columns = (
        Column("编号", width=1.5), Column("来由", width=1.3), Column("问题", width=1.8),
        Column("事实", width=3), Column("提出时间", "moment", 1.5), Column("状态"),
        Column("责任人"),
    )  # fmt: skip
    return Table(
        "repeated", "重复投诉与重复报修", columns, rows, more=more,
        url=reverse("learning:corrections"),
        nothing="本期没有重复投诉、重复报修和回访不满意立项。",
    )  # fmt: skip


def suggestions(asked: Asked) -> Table:
    """What was suggested, whether it can be done, what was decided (S2-A14-12a)."""
    found = asked.of(Suggestion.objects.all(), "received_at")
    rows, more = cut([
        Row(
            (_at(row.received_at), row.case.number, row.case.address, row.case.text, row.reason,
             str(row.get_decision_display()), row.plan, _at(row.answered_at)),
            reverse("cases:case", args=[row.case.number]), row.case.number,
        )
        for row in found.select_related("case").order_by("received_at", "pk")
    ])  # fmt: skip
    columns = (
        Column("日期", "moment", 1.5), Column("编号", width=1.6), Column("房号", width=1.3),
        Column("建议", width=3), Column("可行性分析", width=2), Column("决定"),
        Column("整改措施", width=2), Column("告知业主", "moment", 1.5),
    )  # fmt: skip
    return Table(
        "suggestions", "建议情况", columns, rows, more=more, url=reverse("learning:suggestions"),
        nothing="本期没有收到建议。",
    )  # fmt: skip


def praises(asked: Asked) -> Table:
    """What residents said of our people."""
    found = asked.of(Praise.objects.all(), "at").select_related("staff", "department", "case")
    rows, more = cut([
        Row(
            (_at(row.at), "表扬" if row.kind == "praise" else "批评",
             row.staff.name if row.staff else row.department.name if row.department else "",
             row.text, row.said_by),
            reverse("learning:praises"),
        )
        for row in found.order_by("at", "pk")
    ])  # fmt: skip
    columns = (
        Column("时间", "moment", 1.5), Column("评价", width=0.8), Column("对象", width=1.2),
        Column("说了什么", width=4), Column("住户"),
    )  # fmt: skip
    return Table("praises", "表扬与批评", columns, rows, more=more)


def quality(asked: Asked) -> Table:
    """Defects of the product that were fed back."""
    found = asked.of(ProductFeedback.objects.all(), "found_at")
    rows, more = cut([
        Row(
            (row.number, str(row.get_part_display()), row.defect, row.quantity, row.sent_to,
             str(row.get_decision_display()), row.change),
            reverse("learning:quality"),
        )
        for row in found.order_by("part", "defect", "pk")
    ])  # fmt: skip
    columns = (
        Column("编号", width=1.4), Column("产品/部位", width=1.6), Column("缺陷", width=2),
        Column("数量", "number", 0.7), Column("去向", width=1.4), Column("结论"),
        Column("产品改进或理由", width=2.4),
    )  # fmt: skip
    return Table(
        "quality", "产品质量反馈", columns, rows, more=more, url=reverse("learning:quality")
    )


def typical(asked: Asked) -> Items:
    """The cases chosen in the period, each with what it teaches (S1-4.2-5)."""
    found = asked.of(TypicalCase.objects.all(), "chosen_at").select_related("case", "project")
    items = tuple(
        Item(
            row.title,
            (("项目", row.project.name), ("编号", row.case.number), ("经过", row.story),
             ("教训与做法", row.lesson)),
            reverse("cases:case", args=[row.case.number]), row.case.number,
        )
        for row in found.order_by("chosen_at", "pk")
    )  # fmt: skip
    return Items("typical", "典型案例", items, "本期没有选入典型案例。")
