"""A statement as it goes onto paper, written by hand: what the records say is tested elsewhere."""

from __future__ import annotations

from shouwen.papers.shapes import Head as PaperHead
from shouwen.statements.papers.blocks import FIGURES, Block, Head
from shouwen.statements.papers.paper import Paper, Signature
from tests.moments import moment

HEAD = PaperHead(
    company="锦绣物业",
    project="翠湖花园",
    title="月度客户信息统计分析表",
    record="B-CH-261202-001",
    form="360-15.1",
    edition="A/0",
    basis="客户沟通管理规定 4.3.6a",
    printed="孙丽 2026-12-02 10:00 打印",
    address="https://desk.example.cn/statements/B-CH-261202-001",
)
KINDS = Block(
    "客户信息分类统计",
    columns=(Head("类别", width=1.6), Head("登记", "number"), Head("上期登记", "number")),
    rows=(["投诉", 3, 1], ["报修", 48, 50]),
    total=["合计", 51, 51],
    note="登记 = 已关闭 + 未关闭。",
    chart={
        "kind": "bars", "labels": ["投诉", "报修"], "unit": "件", "target": None,
        "series": [["本期", [3, 48]], ["上期", [1, 50]]],
    },
)  # fmt: skip
ATTAINED = Block(
    "指标达成情况",
    columns=FIGURES,
    rows=(["投诉响应及时率", "4.3.5", "≥ 95%", "93.1%", 27, 29, "90%", "差 1 件", 2, 1],),
    chart={
        "kind": "lines", "labels": ["10月", "11月"], "unit": "%", "target": 95.0,
        "series": [["投诉响应及时率", [90.0, 93.1]]],
    },
)  # fmt: skip
MATTERS = Block(
    "未关闭的客户信息",
    columns=(
        Head("编号", width=1.7), Head("摘要", width=3), Head("登记时间", "moment", 1.5),
        Head("费用", "money"), Head("满意率", "share"), Head("期限", "date"),
    ),
    rows=(
        ["S-CH-261119-001", "=1+1 电梯困人", "2026-11-19T09:12:00+08:00", "1280.50", [27, 29],
         "2026-12-09"],
        ["S-CH-261119-002", "楼道灯不亮\x0b", "2026-11-19T16:30:00+08:00", None, None, None],
    ),
)  # fmt: skip
PAPER = Paper(
    HEAD,
    (("单位", "翠湖花园（项目）"), ("期间", "2026年11月（2026-11-01 至 2026-11-30）")),
    (
        Block("概况", words="本期登记客户信息 51 件。\n上期 51 件，没有明显变化。"),
        ATTAINED,
        KINDS,
        MATTERS,
        Block("典型案例", items=({"title": "装修噪音", "lines": [["经过", "夜里施工"]]},)),
        Block("热点问题", nothing="本期没有多户共同反映的事项。"),
    ),
    (
        Signature("编制（客服负责人）", "孙丽", moment("2026-12-02 10:00", "周三")),
        Signature("签字（项目经理）"),
    ),
)
