"""Who may do what: rights and roles as one table.

A post gives a member of staff a role on a unit of the tree. Its reach is the project that the unit
belongs to, or the whole company or group when the post stands that high. A narrow role sees only
the cases that were handed to its department, and those it owns, handles or registered itself.
"""

from dataclasses import dataclass

RIGHTS: dict[str, str] = {
    "contact.register": "登记来电来访",
    "case.view": "查看诉求",
    "case.classify": "分类",
    "case.dispatch": "派单、转派、催办",
    "case.work": "接单、处理、记录、完成",
    "case.rule": "裁定退单、批准等待、答复请示",
    "case.verify": "验证处理结果",
    "case.feed-back": "向客户反馈",
    "case.close": "关闭、重新打开",
    "case.void": "批准作废",
    "visit.make": "回访",
    "visit.assign": "指定回访人",
    "price.view": "查看收费标准",
    "price.edit": "拟定、送审收费标准",
    "price.approve": "审批收费标准",
    "money.view": "查看账款",
    "money.take": "收款、开收据",
    "money.bill": "出账",
    "money.approve": "批准退款、减免",
    "stores.view": "查看物料",
    "stores.issue": "收料、发料、盘点",
    "stores.manage": "维护物料、批准盘点差异",
    "service.manage": "维护服务目录",
    "estate.view": "查看房屋与客户",
    "estate.edit": "维护房屋与客户",
    "estate.import": "导入房屋与客户",
    "personal.unmask": "查看完整电话",
    "export": "导出清单",
    "regulation.view": "查看制度",
    "regulation.adopt": "采用制度、维护日历",
    "org.view": "查看组织",
    "org.manage": "维护组织、人员、任职",
    "token.manage": "管理接口令牌",
    "audit.view": "查看留痕",
}


@dataclass(frozen=True)
class Role:
    """A canonical role. Regulations give it local names (`Regulation.roles`)."""

    name: str
    rights: frozenset[str]
    narrow: bool = False


def _role(name: str, rights: str, *, narrow: bool = False) -> Role:
    return Role(name, frozenset(rights.split()), narrow)


_SEE = "case.view regulation.view org.view"
_CLERK = (
    f"{_SEE} contact.register case.classify case.dispatch case.work case.feed-back case.close "
    "visit.make estate.view personal.unmask export price.view money.view money.take stores.view"
)
_LEAD = f"{_CLERK} case.rule case.verify visit.assign price.edit service.manage"
_ENGINEER = "case.view contact.register case.work personal.unmask price.view stores.view"
_MONEY = f"{_SEE} price.view money.view money.take money.bill estate.view export"

ROLES: dict[str, Role] = {
    "csr": _role("客户服务员", _CLERK),
    "night_duty": _role("值班员", _CLERK),
    "hotline400": _role("400 坐席", _CLERK),
    "cs_head": _role("客服负责人", f"{_LEAD} case.void estate.edit estate.import"),
    "engineer": _role("维修工", _ENGINEER, narrow=True),
    "repair_head": _role(
        "维修主管",
        f"{_SEE} {_ENGINEER} case.verify case.dispatch price.edit stores.issue stores.manage",
        narrow=True,
    ),
    "storekeeper": _role("仓管员", f"{_SEE} stores.view stores.issue price.view", narrow=True),
    "cashier": _role("收款员", _MONEY),
    "finance": _role("财务", f"{_MONEY} price.approve money.approve stores.view audit.view"),
    "dept_head": _role(
        "部门负责人",
        f"{_SEE} contact.register case.work case.verify visit.make personal.unmask price.view "
        "price.edit stores.view",
        narrow=True,
    ),
    "contractor": _role("外包人员", "case.view contact.register case.work", narrow=True),
    "employee": _role("员工", "contact.register case.view", narrow=True),
    "project_manager": _role(
        "项目经理",
        f"{_LEAD} case.void estate.edit estate.import regulation.adopt org.manage price.approve "
        "money.approve money.bill stores.manage",
    ),
    "company_cs": _role("公司客服组", f"{_LEAD} case.void audit.view"),
    "company_leader": _role(
        "公司领导",
        f"{_SEE} case.rule case.void estate.view export audit.view price.view price.approve "
        "money.view money.approve stores.view",
    ),
    "hq_cs": _role("总部客服", f"{_LEAD} case.void regulation.adopt audit.view"),
    "admin": _role(
        "系统管理员",
        "regulation.view regulation.adopt org.view org.manage token.manage estate.view estate.edit "
        "estate.import",
    ),
    "auditor": _role("审计员", f"{_SEE} audit.view export price.view money.view stores.view"),
}

#: Functions of departments, which regulations route to.
FUNCTIONS: dict[str, str] = {
    "service": "客服部",
    "engineering": "工程部",
    "security": "护管部",
    "environment": "环境部",
    "finance": "财务部",
    "community": "社区经营部",
    "brand": "品牌部",
    "office": "办公室",
    "developer": "开发商对接",
}
