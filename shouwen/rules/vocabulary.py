"""The words that regulations share: kinds, note tags, parts. The word users read stands beside
each.

Roles and departments are in `accounts.rights`, details of a contact in `rules.intake`.
"""

#: The group's own list of kinds. A regulation's list maps onto it, so that companies can be
#: compared.
KINDS: dict[str, str] = {
    "complaint": "投诉",
    "repair": "报修",
    "decoration": "装修",
    "security": "安全",
    "vehicle": "车辆",
    "facility": "设备设施",
    "environment": "环境管理",
    "staff": "物业人员",
    "community": "社区经营",
    "suggestion": "建议",
    "praise": "表扬",
    "inquiry": "咨询",
    "special-service": "特约服务",
    "help": "求助",
    "lost-found": "失物招领",
    "emergency-aid": "急救帮助",
    "activity": "活动与调查",
    "other": "其他",
}

#: What a note is about. A closing line may ask for a note of one kind.
NOTE_TAGS: dict[str, str] = {
    "explain": "解释",
    "soothe": "安抚",
    "apologise": "道歉",
    "investigate": "调查核实",
    "analyse": "原因分析",
    "plan": "处理方案",
    "coordinate": "协调",
    "supervise": "督导",
    "site-check": "现场查看",
    "resolution": "会议决议",
    "records-checked": "查验记录",
    "statement": "统一口径",
    "external": "联系外单位",
    "stabilise": "稳定事态",
    "delay-reason": "未当日办结的原因",
    "report-director": "回复主任",
    "topic-report": "专题报告",
    "developer-record": "开发商协商记录",
    "communication": "与业户沟通情况",
    "opinion": "业户意见",
    "written-notice": "书面通知维修",
    "photo": "照片",
    "copy-returned": "第二联交回客服",
    "copy-to-head": "第一联交维修班长",
}

#: Whom a rule may name besides a role: people known by their part in the case.
PARTS: dict[str, str] = {
    "owner": "首问责任人",
    "department": "责任部门",
    "assignee": "经办人",
    "handler": "处理人",
    "accused": "被投诉人",
    "holder": "承诺人",
}

#: What is known of every case besides the axes of its regulations, each yes or no.
YES_NO: dict[str, str] = {
    "urgent": "紧急",
    "night": "夜间",
    "late_entry": "补录",
    "paid": "有偿",
    "transferred": "转办",
    "round2": "第二轮",
}

#: Who took the case (受理级).
LEVELS: dict[str, str] = {
    "project": "项目",
    "company": "公司",
    "headquarters": "总部",
}

#: What of a house a fault may be in; a warranty names one of them.
HOUSE_PARTS: dict[str, str] = {
    "structure": "地基基础和主体结构",
    "waterproof": "屋面、外墙、卫生间防渗漏",
    "heating": "供热、供冷系统",
    "wiring": "电气管线",
    "plumbing": "给排水管道",
    "equipment": "设备安装",
    "fitting": "装修工程",
    "other": "其他部位",
}

#: How a service of the catalogue is booked.
SERVICE_WAYS: dict[str, str] = {
    "phone": "电话预约",
    "counter": "委托设点",
    "agency": "委托代办",
    "team": "维修班",
    "desk": "前台",
}

#: What a service may ask.
SERVICE_DETAILS: dict[str, str] = {
    "need": "需求",
    "items": "物品清单",
    "quantity": "数量",
    "title": "名称",
    "period": "期限",
    "start": "开始日期",
    "end": "到期日期",
    "arrive_on": "入住或出发日期",
    "leave_on": "离店或返回日期",
    "begins_at": "开始时间",
    "ends_at": "结束时间",
    "trip": "行程",
    "passenger": "乘客或用车人",
    "destination": "目的地",
    "pickup_at": "取件或上车时间",
    "return_at": "送回时间",
    "deliver_at": "送达时间",
    "partner": "合作商家",
    "booking": "预订号",
    "passed_on": "代付款（原价转付，元）",
    "documents": "收到的证件资料",
    "returned": "退还的证件资料",
    "progress": "办理进度",
    "appointment": "预约时间",
    "candidate": "候选人",
    "identity": "身份核实",
    "employer": "雇主",
    "satisfaction": "满意程度",
    "driver": "司机",
    "kilometres": "公里数",
    "carrier": "快递单位",
    "tracking": "单号",
    "area": "面积",
    "place": "地点",
    "hours": "时段",
    "people": "人数",
    "listing": "租售委托",
    "note": "备注",
}

#: What a repair order may need before it is finished, or handed back.
ORDER_NEEDS: dict[str, str] = {
    "signature": "客户签名",
    "quality": "服务质量评分",
    "attitude": "服务态度评分",
    "opinion": "维修意见",
    "phone": "回访电话",
    "photo_after": "维修后照片",
    "communication": "沟通情况汇报",
    "copy2": "第二联交回客服",
}
