"""One sheet of every kind, filled as a day at 翠湖花园 would fill it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from shouwen.papers.capitals import capitals
from shouwen.papers.shapes import (
    Billed,
    Column,
    ComplaintRecord,
    Drawn,
    FeeBill,
    Head,
    Hop,
    Priced,
    Quotation,
    Receipt,
    Referral,
    Register,
    RepairOrder,
    Requisition,
    ServiceOrder,
    Sheet,
    Wanted,
)
from tests.moments import moment

HEAD = Head(
    company="锦绣物业",
    project="翠湖花园服务中心",
    title="维修单",
    record="W-CH-261129-001",
    form="370-46.3",
    edition="A/0",
    basis="客户沟通管理规定 5.3",
    copies=("第一联 存根", "第二联 维修工"),
    signatures=("业户", "维修工"),
    printed="李敏 2026-11-29 09:30 打印",
    address="https://desk.example.cn/papers/of/repair-order/W-CH-261129-001",
)
ONE = replace(HEAD, copies=("",))

REPAIR_ORDER = RepairOrder(
    head=HEAD,
    room="3栋2单元501",
    customer="王女士",
    phone="13900000421",
    reported_at=moment("2026-11-29 09:12"),
    content="厨房水槽下漏水，地面有积水，靠近电箱；老人在家，敲门后请稍候。",
    range="家政",
    work_class="小修",
    department="工程部",
    handed_over_at=moment("2026-11-29 09:18"),
    repairer="水电班 陈建国",
    appointment="11-29 10:00–11:00",
    paid="有偿",
    payer="业主自费",
    quoted="86.00 元",
    consent="86.00 元 王女士 现场签字 2026-11-29 10:21",
    materials=(
        Drawn("角阀", "DN15 铜", "1", "个", Decimal("26.00"), Decimal("26.00")),
        Drawn("编织软管", "50 cm", "2", "根", Decimal("15.00"), Decimal("30.00")),
    ),
    requisition="M-CH-261129-001",
    arrived_at=moment("2026-11-29 10:06"),
    done_at=moment("2026-11-29 10:52"),
    total=Decimal("86.00"),
    result="已更换角阀和软管，试水不漏",
    quality="满意",
    attitude="满意",
    opinion="来得快，地也擦干净了。",
    visit_phone="13900000421",
)
#: As it leaves the desk: what only the visit can tell is still empty.
BLANK_ORDER = RepairOrder(
    head=HEAD,
    room=REPAIR_ORDER.room,
    customer=REPAIR_ORDER.customer,
    phone=REPAIR_ORDER.phone,
    reported_at=REPAIR_ORDER.reported_at,
    content=REPAIR_ORDER.content,
    range="家政",
)

REQUISITION = Requisition(
    head=replace(
        HEAD, title="领料单", record="M-CH-261129-001", form="", edition="",
        basis="客户服务中心规程 第五节", copies=("第一联 库房", "第二联 维修工"),
        signatures=("领料人", "库管"),
    ),
    order="W-CH-261129-001",
    room="3栋2单元501",
    asked_by="陈建国",
    asked_at=moment("2026-11-29 10:25"),
    store="翠湖花园总库",
    issued_at=moment("2026-11-29 10:31"),
    lines=(
        Wanted("SN-0115", "角阀", "DN15 铜", "个", "1", "1", "1", "0"),
        Wanted("SN-0240", "编织软管", "50 cm", "根", "2", "3", "2", "1"),
    ),
)  # fmt: skip

LINES = (
    Priced("更换角阀（人工）", "次", "1", Decimal("30.00"), Decimal("30.00"), "W-012"),
    Priced("角阀 DN15 铜", "个", "1", Decimal("26.00"), Decimal("26.00"), "SN-0115"),
    Priced("编织软管 50 cm", "根", "2", Decimal("15.00"), Decimal("30.00"), "SN-0240"),
)

RECEIPT = Receipt(
    head=replace(ONE, title="收据", record="R-CH-2026-000042", form="", edition="", signatures=()),
    payer="王女士",
    room="3栋2单元501",
    order="W-CH-261129-001",
    method="现金",
    paid_at=moment("2026-11-29 10:55"),
    lines=LINES,
    amount=Decimal("86.00"),
    capitals=capitals(Decimal("86.00")),
    taken_by="陈建国",
    issued_by="徐琴",
    issued_at=moment("2026-11-29 11:20"),
    delivered="陈建国 2026-11-29 11:45",
)

QUOTATION = Quotation(
    head=replace(
        ONE, title="报价单", record="Q-CH-261129-001", form="", signatures=("客户", "报价人")
    ),
    customer="王女士",
    room="3栋2单元501",
    subject="W-CH-261129-001",
    content="厨房水槽下漏水：换角阀一只、软管两根。",
    given_at=moment("2026-11-29 10:18"),
    given_by="陈建国",
    edition="有偿服务收费标准 2026-1",
    lines=LINES,
    total=Decimal("86.00"),
    capitals=capitals(Decimal("86.00")),
    answer="同意",
    answered_at=moment("2026-11-29 10:21"),
    answered_by="王女士",
    means="现场签字",
)

SERVICE_ORDER = ServiceOrder(
    head=replace(
        ONE, title="服务需求单", record="F-CH-261129-003", form="360-8",
        signatures=("客户", "服务人员"), basis="客户沟通管理规定 5.4",
    ),
    customer="赵先生",
    room="1栋3单元602",
    phone="13900000602",
    asked_at=moment("2026-11-29 14:02"),
    item="入户保洁（两居）",
    way="电话预约",
    details=(("希望时间", "12-01 09:00"), ("面积", "86 平方米")),
    plan="两人三小时：厨房去油、卫生间除垢、全屋地面；自带工具和清洁剂。",
    price="每次 240.00 元",
    basis="特约服务项目及收费标准 2026-1",
    confirmed_at=moment("2026-11-29 15:10"),
    confirmed_by="赵先生 电话",
    staff="社区经营部 刘芳、何静",
    started_at=moment("2026-12-01 09:05"),
    done_at=moment("2026-12-01 12:10"),
    result="已完成，客户验收",
    amount=Decimal("240.00"),
    bill="B-CH-2026-12-0017",
    told_at=moment("2026-12-01 12:15"),
    visited="2026-12-03",
    satisfaction="满意",
)  # fmt: skip

FEE_BILL = FeeBill(
    head=replace(ONE, title="管理费收费单", record="B-CH-2026-11-0501", form="", signatures=()),
    room="3栋2单元501",
    customer="王女士",
    period="2026-11",
    issued_at=moment("2026-12-01 08:00"),
    due_on=date(2026, 12, 15),
    lines=(
        Billed("物业管理费 2026-11", "", Decimal("268.00")),
        Billed("厨房水槽下漏水", "W-CH-261129-001", Decimal("86.00")),
    ),
    details=(Billed("厨房水槽下漏水", "W-CH-261129-001", Decimal("86.00"), LINES),),
    total=Decimal("354.00"),
    paid=Decimal("0.00"),
    open=Decimal("354.00"),
    capitals=capitals(Decimal("354.00")),
)

DAILY_REPAIRS = Register(
    head=replace(ONE, title="日常维修记录表", record="CH-2026-11", form="", signatures=("值班员",)),
    columns=(
        Column("时间", 1.6), Column("房号", 1.4), Column("报修人"), Column("内容", 3),
        Column("接收人"), Column("对讲通知时间", 1.6), Column("维修单号", 2), Column("完成", 1.6),
    ),
    rows=tuple(
        (
            moment(f"2026-11-{day:02} 09:12"), "3栋2单元501", "王女士",
            "厨房水槽下漏水，地面有积水，靠近电箱", "李敏", moment(f"2026-11-{day:02} 09:18"),
            f"W-CH-2611{day:02}-001", moment(f"2026-11-{day:02} 10:52"),
        )
        for day in range(1, 29)
    ),
    notes=(("项目", "翠湖花园"), ("期间", "2026-11"), ("件数", "28")),
)  # fmt: skip

REFERRAL = Referral(
    head=replace(
        ONE, title="需开发商协商处理问题记录表", record="Z-CH-261119-001", form="", edition="",
        copies=("", "第2联"), signatures=("物业", "开发商"),
        basis="客户服务中心管理手册 第十五条（二类）",
    ),
    room="3栋2单元501",
    customer="王女士",
    case="S-CH-261119-004",
    party="锦绣地产",
    opened_at=moment("2026-11-19 09:40"),
    drafted_by="李敏",
    problem="外墙渗水，北卧室墙面发霉，雨后更甚；同单元 601 也有水迹。",
    wanted="请安排外墙检测，冬季前完成防水维修，并恢复室内墙面。",
    due_at=moment("2026-11-30 00:00"),
    hops=(
        Hop("现场核实", "外墙裂缝约 2 米，雨水由此渗入", "陈建国", moment("2026-11-19 15:10")),
        Hop("工程部经理签署意见", "属保修范围", "刘强", moment("2026-11-20 09:30")),
        Hop("管理处主任签署意见", "同意呈送", "周敏", moment("2026-11-20 11:00")),
        Hop("呈送发展商", "专人送达", "李敏", moment("2026-11-20 14:00")),
        Hop("发展商处理意见"),
        Hop("双方签字确认并留底"),
    ),
)  # fmt: skip
COMPLAINT_RECORD = ComplaintRecord(
    head=replace(
        ONE, title="客户建议/投诉处理记录表", record="S-CH-261119-004", form="", edition="",
        signatures=("责任部门负责人", "客户服务部经理"), basis="客户服务中心管理手册 第十五条",
    ),
    customer="王女士",
    room="3栋2单元501",
    phone="13900000421",
    opened_at=moment("2026-11-19 09:12"),
    event="保洁三天没有打扫楼道，地上有垃圾。",
    cause_class="一类：物业管理服务不到位",
    class_opinion="巡查确认（孙丽 2026-11-19 09:40）",
    content="3栋2单元五层楼道连续三天未打扫，客户要求当天清扫并道歉。",
    wanted="",
    department="环境部",
    cause="排班漏了三栋",
    method="重新排班并补扫",
    until=moment("2026-11-20 18:00"),
    signed="吴强 2026-11-19 11:20",
)  # fmt: skip
EXAMPLES: dict[str, Sheet] = {
    "repair-order": REPAIR_ORDER,
    "repair-order-blank": BLANK_ORDER,
    "requisition": REQUISITION,
    "receipt": RECEIPT,
    "quotation": QUOTATION,
    "service-order": SERVICE_ORDER,
    "fee-bill": FEE_BILL,
    "referral": REFERRAL,
    "complaint-record": COMPLAINT_RECORD,
    "register": DAILY_REPAIRS,
    "register-empty": replace(DAILY_REPAIRS, rows=()),
}
