"""What can happen to a case, and one entry of its story."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: Every verb of the journal with the word that users read. Regulations refer to these.
VERBS: dict[str, str] = {
    "opened": "登记",
    "detailed": "补充信息",
    "ticked": "确认事项",
    "classified": "分类",
    "marked-urgent": "标为紧急",
    "dispatched": "派单",
    "accepted": "接单",
    "refused": "退单",
    "ruled": "裁定",
    "transferred": "转派",
    "assigned": "指派",
    "customer-contacted": "联系客户",
    "arrived": "到场",
    "promise-agreed": "约定时间",
    "waiting": "等待",
    "wait-approved": "批准等待",
    "resumed": "恢复处理",
    "noted": "记录",
    "reported": "上报",
    "answered": "请示答复",
    "done": "完成",
    "part-done": "协办完成",
    "verified": "验证",
    "fed-back": "反馈客户",
    "replied-sender": "回复转办单位",
    "visit-planned": "安排回访",
    "visit-attempted": "回访未成",
    "visited": "回访",
    "visit-missed": "未回访",
    "rated": "客户评价",
    "closed": "关闭",
    "reopened": "重新打开",
    "delegated": "委托代办",
    "handed-back": "交回首问责任人",
    "owner-changed": "更换首问责任人",
    "urged": "催办",
    "linked": "关联",
    "merged": "并入",
    "absorbed": "并入本件",
    "split": "拆分",
    "void-requested": "申请作废",
    "void-refused": "不同意作废",
    "voided": "作废",
    "held": "暂不能关闭",
    "hold-lifted": "可以关闭",
    "order-opened": "开维修单",
    "order-sent": "派工",
    "order-accepted": "接单（工单）",
    "order-refused": "退单（工单）",
    "order-ruled": "裁定退工",
    "order-departed": "出发",
    "order-arrived": "到场（工单）",
    "order-appointed": "约定上门",
    "order-paused": "工单等待",
    "order-resumed": "工单恢复",
    "order-made-safe": "应急处置",
    "payer-decided": "确定费用承担",
    "quoted": "报价",
    "consented": "客户同意报价",
    "declined": "客户不同意报价",
    "material-asked": "申请领料",
    "material-drawn": "领料",
    "material-returned": "退料",
    "order-done": "完工",
    "order-checked": "验收工单",
    "order-cancelled": "取消工单",
    "service-ordered": "登记服务需求单",
    "service-planned": "拟定服务方案和价格",
    "service-confirmed": "客户确认方案和价格",
    "service-started": "开始服务",
    "service-done": "服务完成",
    "service-changed": "变更或停止订购",
    "service-cancelled": "取消服务",
    "charged": "计费",
    "charge-cancelled": "撤销计费",
    "paid": "收款",
    "receipted": "开收据",
    "refunded": "退款",
    "written-off": "减免",
    "recalendared": "日历调整",
    "handed": "交办",
    "handed-replied": "回复交办",
    "asked": "督办、请示",
    "asked-answered": "答复督办、请示",
    "matter-withdrawn": "撤回交办、督办、请示",
    "suggestion-decided": "决定建议采纳与否",
    "correction-opened": "立项纠正预防",
    "correction-closed": "纠正预防结案",
    "praise-linked": "记入员工评价",
    "grade-answered": "核对定级情形",
    "grade-proposed": "提示定级",
    "grade-kept": "维持原定程度",
    "downgrade-asked": "申请降级",
    "downgrade-ruled": "裁定降级",
    "event-opened": "列为重大事件",
    "event-reported": "上报专项报告",
    "event-closed": "重大事件结束",
    "spoke-outside": "对外发言",
    "remedy-set": "定下完成期限",
    "referral-opened": "提出外部协商",
    "referral-checked": "现场核实",
    "referral-advised": "签署工程意见",
    "referral-approved": "签署同意呈送",
    "referral-forwarded": "报总经理办公室",
    "referral-sent": "呈送外单位",
    "referral-reminded": "催办外单位",
    "referral-answered": "外单位答复",
    "referral-cosigned": "双方签字确认",
    "referral-published": "公布处理结果",
    "referral-withdrawn": "撤回外部协商",
    "grouped": "归入群体事项",
    "ungrouped": "移出群体事项",
    "speaker-named": "指定回复专人",
    "speaker-freed": "不再由专人回复",
}

#: Between levels: a case handed over, a question (督办、请示), and its answer.
HANDED, ASKED, ANSWERED = "handed", "asked", "asked-answered"
#: What was handed or asked is taken back by whom it came from.
TAKEN_BACK = "matter-withdrawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `at` is when it happened, aware; `seq` is the order of recording.

    `by` is the staff number of who did it (empty: the system), `roles` what they were at that
    moment.
    """

    seq: int
    verb: str
    at: datetime
    by: str = ""
    roles: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
