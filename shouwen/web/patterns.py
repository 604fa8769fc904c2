"""What the pattern page shows: made up, but as long and as crooked as the real thing."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from shouwen.web.pieces import Check, Choice, FileLink, NavItem, Pager, steps

LONG = (
    "楼上 702 装修，连续三天中午 12 点到 2 点用电锤，老人无法休息，昨天打过电话没人管。"
    "今天物业巡查来过一次，当面停了，人一走又开工；"
    "邻居 601、701 也来敲过门，要求今天晚上八点以前给一个说法。"
)


class SampleForm(forms.Form):
    """One of each kind of field."""

    text = forms.CharField(
        label="客户说了什么",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        help_text="照客户的原话记；保存后仍可补充。",
    )
    phone = forms.RegexField(
        r"^[0-9 *-]{5,}$",
        label="联系电话",
        error_messages={"invalid": "电话只能是数字，例如 139 0000 0421。"},
    )
    department = forms.ChoiceField(
        label="派给",
        choices=[("", "请选择"), ("eng", "工程部"), ("guard", "护管部")],
        required=False,
    )
    kind = forms.ChoiceField(
        label="类别",
        widget=forms.RadioSelect,
        choices=[
            ("repair", "报修"),
            ("complaint", "投诉"),
            ("equipment", "设备设施"),
            ("x", "安全"),
        ],
    )
    ticks = forms.MultipleChoiceField(
        label="四清楚",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("heard", "听清"), ("asked", "问清"), ("repeated", "复述"), ("noted", "记清")],
    )
    urgent = forms.BooleanField(label="紧急：先处置，费用后说", required=False)
    photos = forms.FileField(label="照片或录音", required=False, help_text="单个不超过 20 MB。")


def _frame() -> dict[str, Any]:
    """What the frame of the page shows when no domain has filled it in."""
    daily = [
        NavItem("受理台", "#"),
        NavItem("工作台", "#", count=18, active=True),
        NavItem("回访", "#", count=9),
    ]
    return {
        "nav": [*daily, *(NavItem(name, "#", group="公司") for name in ("组织", "制度", "导入"))],
        "nav_tabs": daily,
        "project_title": "翠湖花园 · 服务中心",
        "project_choices": [
            Choice("翠湖花园 · 服务中心", "#", True),
            Choice("金桂苑 · 服务中心", "#"),
        ],
        "search_url": "#",
        "inbox_url": "#",
        "inbox_count": 3,
        "user_role": "客户服务员",
        "user_name": "李敏",
        "user_menu": [Choice("我的资料", "#"), Choice("改密码", "#")],
        "logout_url": "#",
    }


#: Minutes to go, promise, where, what, in whose hands, what next.
ROWS = (
    (-42, "首次反馈", "5栋 1单元 1202", "楼道垃圾两天没清", "环境部 · 吴强", "联系客户"),
    (-5, "派单", "2栋 大堂", "门禁刷卡无反应", "待派", "派单"),
    (19, "联系客户", "7栋 2单元 803", "空调外机异响", "工程部 · 陈建国", "记录联系"),
    (134, "答复约定", "1栋 3单元 602", LONG, "客服 · 李敏", "记录答复"),
    (4300, "回访", "6栋 1单元 301", "物业费账单重复", "李敏（非处理人）", "开始回访"),
)


def _rows(now: datetime) -> list[dict[str, Any]]:
    """Lines of the board, the late ones first."""
    return [
        {
            "due": now + timedelta(minutes=minutes),
            "late": minutes < 0,
            "promise": promise,
            "where": where,
            "what": what,
            "who": who,
            "next": then,
        }
        for minutes, promise, where, what, who, then in ROWS
    ]


def samples(now: datetime) -> dict[str, Any]:
    """The context of the pattern page at the moment `now`."""
    hour = timedelta(hours=1)
    wrong = SampleForm({"text": "", "phone": "一三九", "kind": "repair", "ticks": ["heard"]})
    return _frame() | {
        "long": LONG,
        "late": now - 42 * hour / 60,
        "warn": now + 19 * hour / 60,
        "today": now + 3 * hour,
        "tomorrow": now + 24 * hour,
        "far": now + 90 * hour,
        "began": now - 20 * hour,
        "met": now - 19.7 * hour,
        "year_ago": now - timedelta(days=400),
        "rows": _rows(now),
        "form": SampleForm(initial={"kind": "repair"}),
        "wrong": wrong,
        "pager": Pager(newer="#", older="#", words="按到期先后 · 第 51–100 件，共 312 件"),
        "tabs": [Choice("经过", "#", True, 11), Choice("回访", "#", False, 1), Choice("附件", "#")],
        "segments": [Choice("我的", "#", True), Choice("本部门", "#"), Choice("本项目", "#")],
        "files": [
            FileLink("702 施工现场.jpg", "#", 4_400_000, "/static/web/favicon.svg", "陈建国 11:30"),
            FileLink("业主来信扫描件（含附件三份，2026年11月）最终版本.pdf", "#", 320_000),
        ],
        "checks": [
            Check("责任部门处理方法与期限", True),
            Check("现场核实与照片", True),
            Check("向客户反馈结果", note="首问责任人"),
            Check("验证意见与签字", note="客服经理"),
        ],
        "steps": steps(("出发", "到场", "报价", "同意", "完工"), 1),
        "facts": {
            "客户": "赵先生（业主）",
            "电话": "138 **** 7710",
            "地址": "1栋3单元602",
            "来信": LONG,
            "备注": "",
        },
        "figures": [3, 5, 4, 8, 7, 9, 6, 11],
    }
