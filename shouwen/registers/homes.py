"""Where each of the 101 forms and ledgers that the regulations name is kept (F-01…F-101).

Half are pages of other floors; those that nobody else keeps are filled here, by the id of their
`form` rule. A page is named as it is for `reverse`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

#: The subjects, in the order of a case's life.
INTAKE, COMPLAINTS, REPAIRS = _("受理与登记"), _("投诉"), _("报修与维修")
SERVICES, HANDOVER, VISITS = _("有偿、特约与便民"), _("交楼、钥匙与装修"), _("回访、拜访与调查")
COMMUNITY, QUALITY, PEOPLE = _("建议与社区"), _("统计与质量"), _("通知与人事")
SUBJECTS = (
    INTAKE,
    COMPLAINTS,
    REPAIRS,
    SERVICES,
    HANDOVER,
    VISITS,
    COMMUNITY,
    QUALITY,
    PEOPLE,
)


@dataclass(frozen=True)
class Home:
    number: str
    title: str
    subject: object
    page: str = ""
    """The page that keeps it, with what its address asks; empty: it is filled here."""
    form: str = ""
    """The id of its `form` rule, for its number, its blank sheet, and where it is filled."""


def _home(n: int, title: str, subject: object, page: str = "", form: str = "") -> Home:
    return Home(f"F-{n:02}", title, subject, page, form)


def _filled(n: int, title: str, subject: object, form: str) -> Home:
    return _home(n, title, subject, form=form)


HOMES: tuple[Home, ...] = (
    _home(1, "来电来访情况记录表", INTAKE, "cases:contact-register", "contact-register"),
    _home(2, "来访接待记录表", INTAKE, "cases:contact-register", "reception-record"),
    _home(3, "客户投诉登记表", INTAKE, "cases:list?kind=complaint", "complaint-register"),
    _home(4, "客户来电记录表", INTAKE, "cases:contact-register", "call-register"),
    _home(5, "客户意见处理记录表", INTAKE, "cases:list", "opinion-record"),
    _home(6, "客户意见台账", INTAKE, "cases:list"),
    _filled(7, "工作日记", INTAKE, "work-diary"),
    _filled(8, "公共区域私人物品告知记录", INTAKE, "private-items"),
    _filled(9, "报失登记", INTAKE, "lost-report"),
    _filled(9, "捡拾物品登记", INTAKE, "found-register"),
    _filled(10, "投诉信箱、投诉电话收取记录", INTAKE, "letter-box"),
    _home(
        11, "客户投诉处理表", COMPLAINTS, "cases:list?kind=complaint", "aftersales-complaint-sheet"
    ),
    _home(12, "客户投诉记录表", COMPLAINTS, "cases:list?kind=complaint"),
    _home(
        13,
        "客户建议/投诉处理记录表",
        COMPLAINTS,
        "cases:list?kind=complaint",
        "complaint-handling-record",
    ),
    _home(
        14,
        "客户投诉处理记录表",
        COMPLAINTS,
        "cases:list?kind=complaint",
        "complaint-handling-record",
    ),
    _home(15, "需开发商协商处理问题记录表", COMPLAINTS, "outside:referrals", "developer-record"),
    _home(16, "工程遗留问题书面报告", COMPLAINTS, "outside:referrals", "legacy-letter"),
    _home(17, "专题报告（三类投诉）", COMPLAINTS, "outside:referrals", "topic-report-sheet"),
    _home(18, "重大客户事件专项分析报告", COMPLAINTS, "majors:events"),
    _home(19, "统一口径及应对措施", COMPLAINTS, "groups:matters"),
    _home(20, "投诉情况月度汇总单", COMPLAINTS, "statements:statements"),
    _home(21, "客户投诉分析报告（月）", COMPLAINTS, "statements:statements"),
    _home(22, "售后服务投诉情况汇报（日）", COMPLAINTS, "statements:statements"),
    _home(23, "当天客户投诉情况短信", COMPLAINTS, "statements:statements"),
    _home(24, "典型投诉案例汇编", COMPLAINTS, "learning:typical"),
    _home(25, "重大投诉预警登记", COMPLAINTS, "majors:warnings"),
    _home(26, "投诉风险预控/应急策略", COMPLAINTS, "majors:risks"),
    _home(27, "客户投诉信息档案", COMPLAINTS, "learning:archive"),
    _filled(28, "内部会议决议（回复政府部门前）", COMPLAINTS, "resolution-record"),
    _home(29, "产品质量客户信息反馈表", COMPLAINTS, "learning:quality"),
    _home(30, "媒体采访/暗访通报", COMPLAINTS, "majors:events"),
    _home(31, "突发/特殊事件处理记录", COMPLAINTS, "majors:events"),
    _home(32, "日常维修记录表", REPAIRS, "papers:papers", "daily-repair-register"),
    _home(33, "维修单", REPAIRS, "repairs:orders", "repair-order"),
    _home(34, "领料单", REPAIRS, "stores:stock", "requisition"),
    _home(35, "业户沟通情况一览表", REPAIRS, "papers:papers", "communication-list"),
    _home(36, "业户日常维修回访记录本", REPAIRS, "papers:papers", "repair-visit-book"),
    _home(37, "收据", REPAIRS, "billing:desk", "receipt"),
    _home(38, "管理费收费单", REPAIRS, "billing:bills", "fee-bill"),
    _home(39, "信报收发记录", REPAIRS, "services:parcels", "mail-register"),
    _home(40, "有偿服务收费标准", SERVICES, "pricing:lists", "price-list"),
    _home(41, "特约服务项目及收费标准", SERVICES, "pricing:lists", "special-price-list"),
    _home(42, "服务需求单", SERVICES, "services:orders", "service-order"),
    _home(43, "免费便民服务目录与使用登记", SERVICES, "services:catalogue", "free-services"),
    _home(44, "邮件收发登记", SERVICES, "services:parcels", "parcel-register"),
    _home(45, "租售物业分户档案", SERVICES, "services:mandates"),
    _home(46, "房屋健康报告", SERVICES, "services:mandates", "house-report"),
    _filled(47, "入伙通知书", HANDOVER, "move-in-notice"),
    _filled(48, "交楼证明", HANDOVER, "handover-proof"),
    _filled(49, "钥匙出入登记", HANDOVER, "key-register"),
    _filled(50, "收楼文件袋清单", HANDOVER, "document-bag"),
    _filled(51, "业主/住户档案", HANDOVER, "owner-file"),
    _filled(52, "业主/住户联络资料登记表", HANDOVER, "contact-sheet"),
    _filled(53, "防火协议书", HANDOVER, "fire-agreement"),
    _filled(54, "钥匙签收书（收楼表格）", HANDOVER, "key-receipt"),
    _filled(55, "交楼验收表", HANDOVER, "inspection-sheet"),
    _filled(56, "钥匙托管书", HANDOVER, "key-custody"),
    _filled(57, "住房移交验收交接表", HANDOVER, "handover-record"),
    _filled(58, "验房表", HANDOVER, "defect-sheet"),
    _filled(59, "业主收楼表", HANDOVER, "handover-summary"),
    _filled(60, "住户手册签收表", HANDOVER, "handbook-receipt"),
    _filled(61, "业主公约签署表", HANDOVER, "covenant"),
    _filled(62, "住户登记表", HANDOVER, "resident-register"),
    _filled(63, "装修管理规定签收表", HANDOVER, "decoration-rules"),
    _filled(64, "装修申请/许可", HANDOVER, "decoration-permit"),
    _filled(65, "亲笔委托书（委托公函）", HANDOVER, "power-of-attorney"),
    _filled(66, "业户手册", HANDOVER, "owner-handbook"),
    _filled(67, "交楼前摸底表", HANDOVER, "pre-handover-survey"),
    _home(68, "销售现场风险提示、投诉途径检查表", HANDOVER, "repairs:patrols"),
    _home(69, "回访记录表", VISITS, "followup:visits", "visit-record"),
    _home(70, "回访统计分析报告", VISITS, "statements:statements"),
    _filled(71, "客户拜访计划表", VISITS, "visit-plan"),
    _filled(72, "年度拜访计划", VISITS, "yearly-visit-plan"),
    _filled(73, "客户送迎计划", VISITS, "greeting-plan"),
    _filled(74, "项目经理接待日/客户开放日记录", VISITS, "reception-day"),
    _filled(75, "业主意见调查表", VISITS, "opinion-survey"),
    _filled(75, "客户满意度调查表", VISITS, "satisfaction-survey"),
    _filled(76, "意见调查书面报告", VISITS, "survey-report"),
    _home(77, "建议情况月度表", COMMUNITY, "learning:suggestions"),
    _home(78, "建议整改计划、“爱我小区”名单", COMMUNITY, "learning:rolls"),
    _filled(79, "年度社区文化活动计划", COMMUNITY, "activity-plan"),
    _filled(80, "业主委员会沟通记录", COMMUNITY, "committee-minutes"),
    _filled(81, "楼长会通知及意见征集", COMMUNITY, "stairwell-meeting"),
    _home(82, "月度客户信息统计分析表", QUALITY, "statements:statements", "monthly-table"),
    _home(83, "月服务质量报告", QUALITY, "statements:statements", "service-quality-report"),
    _home(84, "每日客户信息盘点表", QUALITY, "cases:stocktake"),
    _home(85, "限期整改单", QUALITY, "learning:corrections"),
    _home(86, "投诉统计月报", QUALITY, "statements:statements"),
    _home(87, "不合格项纠正/预防记录", QUALITY, "learning:corrections"),
    _home(88, "服务承诺表", QUALITY, "adoption:regulations"),
    _filled(89, "公开文件", PEOPLE, "public-document"),
    _filled(90, "部门考勤汇总表", PEOPLE, "attendance-summary"),
    _filled(91, "员工请假条", PEOPLE, "leave-slip"),
    _filled(92, "书面辞职申请", PEOPLE, "resignation"),
    _filled(93, "离职交接清单", PEOPLE, "leaving-list"),
    _filled(94, "岗位交接班记录", PEOPLE, "shift-handover"),
    _filled(95, "劳动合同登记", PEOPLE, "labour-contract"),
    _filled(96, "培训协议书", PEOPLE, "training-agreement"),
    _filled(97, "诊断书登记", PEOPLE, "sick-note"),
    _filled(98, "劳动防护用品发放记录", PEOPLE, "protective-goods"),
    _filled(99, "员工投诉、逐级上诉记录", PEOPLE, "staff-grievance"),
    _filled(100, "处罚、解除决定", PEOPLE, "penalty-decision"),
    _filled(101, "仪容仪表、服务行为检查表", PEOPLE, "conduct-inspection"),
)
