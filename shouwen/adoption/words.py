"""Rules in words that a reader of the pages knows: no codes, no file names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shouwen.accounts.rights import FUNCTIONS, ROLES
from shouwen.rules.case_kinds import (
    Axis,
    Checklist,
    Closing,
    Commitment,
    Intake,
    Late,
    Permission,
    Provision,
    ReturnVisit,
    Route,
    Script,
    Suggest,
)
from shouwen.rules.commitments import Calendars
from shouwen.rules.complaint_kinds import (
    EarlyWarning,
    Grade,
    Recurrence,
    ReferralPath,
    Reporting,
    Retention,
)
from shouwen.rules.due import due, window
from shouwen.rules.due_words import UNITS, limit
from shouwen.rules.figure_kinds import (
    SECTIONS,
    Duty,
    Measure,
    Moment,
    RecordKind,
    StatementRule,
)
from shouwen.rules.form_kinds import Form
from shouwen.rules.intake import DETAILS
from shouwen.rules.journal import VERBS
from shouwen.rules.matters import MATTER_NAMES
from shouwen.rules.paid_kinds import PaidWork, PriceList, ServiceItem, Warranty, WorkOrder
from shouwen.rules.periods import PERIOD_NAMES
from shouwen.rules.referrals import PARTIES
from shouwen.rules.referrals import title as step_title
from shouwen.rules.regulation import Regulation
from shouwen.rules.rule import Rule
from shouwen.rules.spans import span
from shouwen.rules.statements import LEVELS as REPORTING
from shouwen.rules.statements import due_of
from shouwen.rules.vocabulary import (
    HOUSE_PARTS,
    LEVELS,
    NOTE_TAGS,
    ORDER_NEEDS,
    PARTS,
    SERVICE_DETAILS,
    SERVICE_WAYS,
    YES_NO,
)

OURS = "系统默认，非制度规定"

KINDS: dict[str, str] = {
    "commitment": "时限",
    "return_visit": "回访",
    "axis": "分类",
    "route": "派单去向",
    "suggest": "识别词",
    "intake": "登记要求",
    "closing": "关闭条件",
    "permission": "谁可以做",
    "provision": "程序保证",
    "paid_work": "有偿服务",
    "price_list": "收费标准",
    "warranty": "保修期",
    "service_item": "服务项目",
    "work_order": "维修单",
    "referral": "外部协商",
    "script": "话术",
    "checklist": "检查单",
    "form": "表单",
    "measure": "指标",
    "statement": "报表",
    "duty": "定期工作",
    "repeat": "重复发生",
    "retention": "保存期限",
    "survey": "调查",
    "grade": "分级",
    "reporting": "分级报送",
    "early_warning": "预警",
}

AXES = {"level": "受理级", "kind": "类别", "scope": "范围", **YES_NO}
_JUDGED: dict[RecordKind, str] = {
    "case": "诉求", "visit": "回访", "promise": "承诺", "service-order": "服务需求单",
    "visit-item": "回访提出的问题", "contact": "来电来访", "call": "热线来电", "home": "房屋",
    "record": "表单记录", "duty": "定期工作",
}  # fmt: skip
_COUNTED_ON: dict[Moment, str] = {
    "opened": "登记日期", "done": "完成日期", "closed": "关闭日期", "due": "到期日期",
    "after": "完成日期", "visited": "回访日期", "at": "日期",
}  # fmt: skip
_PEOPLE = {"handler": "处理人", "accused": "被投诉人"}
_BEFORE = {"opening": "登记时", "dispatch": "派单前", "done": "完成前", "closing": "关闭前"}
_MODES = {"phone": "电话", "home": "上门", "meet": "面谈", "site": "现场"}
_CONSENT = {"dispatched": "派单前", "started": "开始前"}
_COLLECT = {"cash": "当场收款", "fee-bill": "并入管理费收费单", "monthly-bill": "每月单独出账"}
_MODES_OF_ORDER = {"assign": "指派", "grab": "抢单", "rotate": "轮派"}
_PROOF = {"record": "留记录", "signature": "客户签字"}

Fact = tuple[str, object]


def listed(words: Iterable[object]) -> str:
    return "、".join(str(word) for word in words)


def length(text: str) -> str:
    """ "3 working days" as 3 个工作日."""
    found = span(text)
    if not found.counts_days:
        return f"{found.n} {'工作' if found.working else ''}{UNITS[found.unit]}"
    return f"{found.n} {'个工作日' if found.working else UNITS[found.unit]}"


@dataclass(frozen=True)
class Reader:
    """Knows the words of some regulations, the first of which speaks first."""

    regulations: tuple[Regulation, ...]

    def person(self, code: str) -> str:
        """A role by its local name, a part in the case, or a department."""
        for regulation in self.regulations:
            for role in regulation.roles:
                if role.code == code:
                    return role.name
        if code in ROLES:
            return ROLES[code].name
        return PARTS.get(code) or FUNCTIONS.get(code, code)

    def people(self, codes: Iterable[str]) -> str:
        return listed(self.person(code) for code in codes)

    def axis(self, code: str) -> str:
        titles = (axis.title for axis in self._axes(code))
        return next(titles, "") or AXES.get(code, code)

    def value(self, axis: str, code: str) -> str:
        values = (value for found in self._axes(axis) for value in found.values)
        names = (value.name for value in values if value.code == code)
        return next(names, "") or LEVELS.get(code, code)

    def facts(self, facts: dict[str, bool | tuple[str, ...]]) -> str:
        """类别：投诉、报修；夜间"""
        return "；".join(self._fact(axis, accepted) for axis, accepted in facts.items())

    def _fact(self, axis: str, accepted: bool | tuple[str, ...]) -> str:
        if isinstance(accepted, bool):
            return self.axis(axis) if accepted else f"非{self.axis(axis)}"
        return f"{self.axis(axis)}：{listed(self.value(axis, code) for code in accepted)}"

    def _axes(self, code: str) -> Iterator[Axis]:
        for regulation in self.regulations:
            yield from (axis for axis in regulation.axis if axis.id == code)

    def lines(self, rule: Rule) -> list[Fact]:
        """What a rule says, as terms and what they are; empty ones are left out by the page."""
        head = [("适用", self.facts(rule.applies)), ("除外", self.facts(rule.unless))]
        own = _OF_KIND.get(type(rule))
        return [pair for pair in (*head, *(own(self, rule) if own else ())) if pair[1]]


def _commitment(read: Reader, rule: Commitment) -> Iterator[Fact]:
    tag = f"（{NOTE_TAGS.get(rule.met_tag, rule.met_tag)}）" if rule.met_tag else ""
    yield "时限", limit(rule.due)
    kinds = listed(MATTER_NAMES[kind] for kind in rule.starts_kind)
    each = {"department": "，每个部门各自计时", "matter": "，每件各自计时"}.get(rule.per, "")
    yield "起算", VERBS[rule.starts] + (f"（{kinds}）" if kinds else "") + each
    yield "办到", listed(VERBS[verb] for verb in rule.met_by) + tag
    yield "负责", read.person(rule.holder)
    yield "当即通知", read.people(rule.tells)
    yield from _reminders(read, rule.warn, rule.late)
    yield "等待时", "停表" if rule.pauses else "不停表"
    yield "与客户另约", "以约定的时间为准，原时限仍在案" if rule.moves else ""
    raised = (f"{read.axis(axis)}：{read.value(axis, to)}" for axis, to in rule.raises.items())
    yield "超时后提为", listed(raised)


def _reminders(read: Reader, warn: str, late: Iterable[Late]) -> Iterator[Fact]:
    yield "提前提醒", f"{length(warn)}" if warn else ""
    told = (
        read.person(step.to)
        if span(step.after).n == 0
        else f"{length(step.after)}后{read.person(step.to)}"
        for step in late
    )
    yield "超时上报", listed(told)


def _return_visit(read: Reader, rule: ReturnVisit) -> Iterator[Fact]:
    first, last = rule.window
    yield "回访", f"{VERBS[rule.after]}后 {length(first)} 至 {length(last)}"
    yield "比例", rule.rate + (f"，考核 {rule.target}" if rule.target else "")
    yield (
        "回访人",
        read.people(rule.by) + (f"，{rule.together} 人同往" if rule.together > 1 else ""),
    )
    yield "不得由", _PEOPLE.get(rule.never_by, "")
    yield "方式", listed(_MODES.get(mode, mode) for mode in rule.modes)
    yield "凭据", _PROOF.get(rule.proof, "")
    yield "评分", listed(score.title for score in rule.scores)
    yield "由上级回访", LEVELS.get(rule.level, "")
    yield from _reminders(read, rule.warn, rule.late)


def _axis(read: Reader, rule: Axis) -> Iterator[Fact]:
    yield "取值", listed(value.name for value in rule.values)
    yield "必须选定", _BEFORE.get(rule.required, "")
    yield "由谁认定", read.people(rule.decided_by)
    yield "不得由", _PEOPLE.get(rule.never_by, "")
    yield "要写意见", "是" if rule.reason else ""


def _route(read: Reader, rule: Route) -> Iterator[Fact]:
    yield "内容含", listed(rule.words)
    yield "主办", read.person(rule.lead)
    yield "协办", read.people(rule.assist)


def _suggest(read: Reader, rule: Suggest) -> Iterator[Fact]:
    chosen = "" if isinstance(rule.value, bool) else f"：{read.value(rule.axis, rule.value)}"
    yield "建议", read.axis(rule.axis) + chosen
    yield "内容含", listed(rule.words)


def _intake(read: Reader, rule: Intake) -> Iterator[Fact]:
    yield "要记下", listed(DETAILS.get(detail, detail) for detail in rule.details)
    yield "要确认", listed(tick.title for tick in rule.ticks)
    yield "最晚", f"{VERBS[rule.before]}之前"


def _closing(read: Reader, rule: Closing) -> Iterator[Fact]:
    need = rule.needs
    tag = f"（{NOTE_TAGS.get(need.tag, need.tag)}）" if need.tag else ""
    times = f" {need.times} 次" if need.times > 1 else ""
    yield f"{VERBS[rule.before]}之前须有", f"{VERBS[need.entry]}{tag}{times}"
    yield "由", read.people(need.by)
    yield "不得由", _PEOPLE.get(need.not_by, "")
    yield "要签字", "是" if need.signed else ""


def _permission(read: Reader, rule: Permission) -> Iterator[Fact]:
    yield "事项", VERBS[rule.verb]
    yield "只可由", read.people(rule.only)
    yield "不得由", _PEOPLE.get(rule.never_by, "")


def _provision(read: Reader, rule: Provision) -> Iterator[Fact]:
    yield "怎样落实", "程序在所有采用这部制度的项目自动执行"


def _script(read: Reader, rule: Script) -> Iterator[Fact]:
    yield "这样说", rule.text


def _checklist(read: Reader, rule: Checklist) -> Iterator[Fact]:
    yield "场合", rule.occasion
    yield "逐项", listed(item.title for item in rule.items)


def _form(read: Reader, rule: Form) -> Iterator[Fact]:
    yield "编号", " ".join(filter(None, (rule.number, rule.edition)))
    yield "栏目", listed(rule.columns or [one.title for one in rule.fields])
    yield "必填", listed(one.title for one in rule.fields if one.required)
    yield "评分", listed(item.title for one in rule.fields for item in one.items)
    names = f"（{listed(rule.copy_names)}）" if rule.copy_names else ""
    yield "联数", f"{rule.copies} 联{names}" if rule.copies > 1 else ""
    yield "签字", listed(_signer(place, rule) for place in rule.signatures)
    yield "纸张", f"{rule.paper.upper()}{' 横' if rule.landscape else ''}" if rule.fields else ""
    yield "谁能看", "填写人、部门负责人和主管" if rule.closed else ""
    yield "保存", f"{rule.keep_months} 个月" if rule.keep_months else rule.retention


def _signer(place: str, rule: Form) -> str:
    roles = listed(ROLES[role].name for role in rule.signers.get(place, ()))
    return f"{place}（{roles}）" if roles else place


def _paid_work(read: Reader, rule: PaidWork) -> Iterator[Fact]:
    prices = (one for known in read.regulations for one in known.price_list)
    yield "价格", next((one.title for one in prices if one.kind == rule.prices), "现行收费标准")
    yield "可以协商定价", "是" if rule.negotiated else ""
    yield "须经客户同意", _CONSENT.get(rule.consent_before, "")
    yield "收款", _COLLECT[rule.collect]
    yield "出账日", f"每月 {rule.bill_day} 日" if rule.bill_day else ""
    yield "开收据", read.people(rule.receipt_by)
    yield "现金交回", "由维修工交回服务中心" if rule.hand_in else ""


def _price_list(read: Reader, rule: PriceList) -> Iterator[Fact]:
    yield "编制", read.people(rule.drafted_by)
    yield "审批", " → ".join(_step(step.title, step.modes) for step in rule.approvals)
    yield "公示", "公示后生效" if rule.posted else ""


def _step(title: str, modes: tuple[str, ...]) -> str:
    return f"{title}（{'或'.join(modes)}）" if modes else title


def _warranty(read: Reader, rule: Warranty) -> Iterator[Fact]:
    yield "部位", HOUSE_PARTS[rule.part]
    yield "期限", f"{rule.years} 年" if rule.years else f"{rule.seasons} 个采暖期、供冷期"
    yield "起算", "房屋交付之日"


def _service_item(read: Reader, rule: ServiceItem) -> Iterator[Fact]:
    yield "编号", rule.code
    yield "方式", SERVICE_WAYS.get(rule.way, "")
    yield "提供方", rule.provider
    yield "收费", "有偿" if rule.paid else "免费"
    yield "包括", listed(rule.sub)
    yield "要记下", listed(SERVICE_DETAILS[detail] for detail in rule.details)
    yield "资料清单", listed(rule.papers)
    yield "结果", listed(rule.results)
    yield "完成前", "须把结果告诉客户" if rule.closes_told else ""


def _work_order(read: Reader, rule: WorkOrder) -> Iterator[Fact]:
    yield "开单", read.people(rule.issued_by)
    yield "派出", f"{length(rule.handover)}内"
    modes = (
        f"{read.value('scope', range_)}{_MODES_OF_ORDER[mode]}"
        for range_, mode in rule.modes.items()
    )
    yield "派工方式", listed(modes)
    yield "每人未完成上限", f"{rule.most_open} 单" if rule.most_open else ""
    yield "联数", f"{rule.copies} 联" if rule.copies > 1 else ""
    yield "完工要有", listed(ORDER_NEEDS[need] for need in rule.completion)
    again = rule.repeats
    yield "重复维修", f"{again.months} 个月内 {again.times} 次" if again else ""


def _repeat(read: Reader, rule: Recurrence) -> Iterator[Fact]:
    what = "同一户同一事项投诉" if rule.of == "complaint" else "回访不满意"
    yield "几次算", f"{rule.months} 个月内{what} {rule.times} 次"
    yield "然后", "提出纠正预防"


_KEPT = {
    "case": "关闭的诉求档案",
    "statement": "签字的报表",
    "record": "签字的表单",
    "visits": "回访资料",
    "order": "客户签字的维修单",
}


def _retention(read: Reader, rule: Retention) -> Iterator[Fact]:
    since = "关闭后" if rule.of == "case" else "归档后"
    yield "存什么", _KEPT[rule.of]
    yield "保存", f"{since} {rule.months} 个月" if rule.months else "长期"
    yield "交存", f"每{PERIOD_NAMES[rule.every]}结束后 {rule.by_day} 日前" if rule.every else ""
    yield "留存部门", listed(FUNCTIONS[name] for name in rule.keepers)


def _duty(read: Reader, rule: Duty) -> Iterator[Fact]:
    yield "多久一次", f"每{PERIOD_NAMES[rule.every]} {rule.times} 次"
    yield "由谁", f"{read.people(rule.by)}{'（各自）' if rule.each else ''}"
    yield from _reminders(read, "", rule.late)


def _measure(read: Reader, rule: Measure) -> Iterator[Fact]:
    of = rule.of
    narrowed = "，只计评价过的" if of.rated else ""
    yield "公式", rule.formula
    yield "目标", rule.wanted
    yield "期间", f"每{PERIOD_NAMES[rule.period]}"
    yield "逐件判定", f"{_JUDGED[of.record]}，按{_COUNTED_ON[of.moment]}计入{narrowed}"
    yield "其中", read.facts(of.axes)
    yield "分母", "总户数" if rule.base else ""
    yield "算法", {"count": "件数", "mean": "平均分"}.get(rule.value, "比例")


def _statement(read: Reader, rule: StatementRule) -> Iterator[Fact]:
    due = due_of(rule)
    yield "谁报", f"每个{REPORTING[rule.level]}，每{PERIOD_NAMES[rule.period]}一份"
    yield "只统计", listed(read.value("kind", kind) for kind in rule.kinds)
    yield "报送期限", due.words if due else ""
    yield "期限依据", OURS if not rule.due and rule.default_due else ""
    yield "编制", read.person(rule.prepared_by)
    yield "审核", read.people(rule.checked_by)
    yield "签字", read.people(rule.signed_by)
    yield "报送", listed(one.name for one in rule.to)
    yield "内容", listed(SECTIONS[name] for name in rule.sections)
    yield "签字前必须写", listed(SECTIONS[name] for name in rule.required)
    yield "每件要有改善措施", listed(SECTIONS[name] for name in rule.improves)
    yield "方式", "短信，到时自动发出" if rule.by_message else ""
    yield from _reminders(read, "", rule.late)


_CRITERIA = {
    "source": "来源或类别如此",
    "households": "同一问题满 {least} 户",
    "claimed": "索赔满 {least} 元",
    "raised": "首次之后又提出满 {least} 次",
    "asked": "经人核对属实",
}


def _grade(read: Reader, rule: Grade) -> Iterator[Fact]:
    words = _CRITERIA.get(rule.when, "").format(least=rule.least)
    yield "情形", words or f"登记后 {length(rule.after)}仍未关闭"
    yield "定为", read.value("grade", rule.grade)
    yield "由谁认定", "系统直接认定" if rule.decides else "系统提示，由有权的人裁定"
    yield "列为重大事件", read.value("event_type", rule.event) if rule.event else ""


def _reporting(read: Reader, rule: Reporting) -> Iterator[Fact]:
    yield "报送", rule.body or read.person(rule.to)
    yield "内容", {"report": "专项分析报告", "notice": "当即告知"}[rule.what]
    yield "时限", f"{length(rule.within)}内"


_WATCHED = {
    "count": "{within}内同一业务类别满 {least} 户",
    "repeat": "{within}内同一户满 {least} 次",
    "trend": "{within}内满 {least} 件，且不少于此前同样时间的两倍",
    "overdue": "超时未结的投诉满 {least} 件",
    "words": "内容含：",
}


def _early_warning(read: Reader, rule: EarlyWarning) -> Iterator[Fact]:
    words = _WATCHED[rule.watch].format(within=length(rule.within), least=rule.least)
    yield "预警条件", words + listed(rule.words)
    yield "须由谁应对", f"{read.person(rule.to)}，{length(rule.respond)}内"


def _referral(read: Reader, rule: ReferralPath) -> Iterator[Fact]:
    yield "对象", listed(PARTIES[kind] for kind in rule.to) or "任何外单位"
    for n, step in enumerate(rule.steps, start=1):
        said = (
            step_title(step),
            read.people(step.by) and f"由{read.people(step.by)}",
            step.within and f"{length(step.within)}内",
        )
        yield f"第 {n} 步", "，".join(filter(None, said))
    yield from _reminders(read, "", rule.late)


_OF_KIND: dict[type[Rule], Any] = {
    Commitment: _commitment,
    ReturnVisit: _return_visit,
    Axis: _axis,
    Route: _route,
    Suggest: _suggest,
    Intake: _intake,
    Closing: _closing,
    Permission: _permission,
    Provision: _provision,
    Script: _script,
    Checklist: _checklist,
    Form: _form,
    PaidWork: _paid_work,
    PriceList: _price_list,
    Warranty: _warranty,
    ServiceItem: _service_item,
    WorkOrder: _work_order,
    ReferralPath: _referral,
    Grade: _grade,
    Reporting: _reporting,
    EarlyWarning: _early_warning,
    Recurrence: _repeat,
    Retention: _retention,
    Duty: _duty,
    Measure: _measure,
    StatementRule: _statement,
}


def arithmetic(rule: Rule, at: datetime, calendars: Calendars) -> str:
    """What the rule would give if it started now, step by step; empty for one without a time."""
    facts = {
        axis: v if isinstance(v, bool) else v[0] for axis, v in rule.applies.items() if v != ()
    }
    calendar = calendars.for_case(facts)
    if isinstance(rule, Commitment) and not any(branch.given for branch in rule.due):
        return due(rule.due, at, calendar, event=VERBS[rule.starts]).words
    if isinstance(rule, ReturnVisit):
        return window(rule.window, at, calendar, event=VERBS[rule.after])[1].words
    return ""
