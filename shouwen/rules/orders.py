"""The life of a work order (维修单): what the journal of its case says of it, and what may follow.

`fold_order` is the one reading; the row of an order must always equal it. The steps of the phone
(出发 → 到场 → 报价 → 同意 → 领料 → 完工) and what completion still wants are read from the same
state, however the order was born (T27).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shouwen.rules.journal import Entry
from shouwen.rules.refused import Refused
from shouwen.rules.vocabulary import ORDER_NEEDS

OPENED, SENT, ACCEPTED, DEPARTED, ON_SITE = "open", "sent", "accepted", "departed", "on-site"
PAUSED, DONE, CHECKED, CANCELLED = "paused", "done", "checked", "cancelled"

ORDER_STATES: dict[str, str] = {
    OPENED: "待派工",
    SENT: "待接单",
    ACCEPTED: "已接单",
    DEPARTED: "已出发",
    ON_SITE: "已到场",
    PAUSED: "等待",
    DONE: "已完工",
    CHECKED: "已验收",
    CANCELLED: "已取消",
}
UNFINISHED = frozenset({OPENED, SENT, ACCEPTED, DEPARTED, ON_SITE, PAUSED})

#: What comes one after the other, and how people call it.
STEPS: dict[str, str] = {
    "order-sent": "派工",
    "order-accepted": "接单",
    "order-departed": "出发",
    "order-arrived": "到场",
    "order-done": "完工",
}
#: Forms know minutes, and clocks differ a little.
CLOCKS = timedelta(minutes=2)

#: How an order reaches the person who does it.
MODES: dict[str, str] = {"assign": "指派", "grab": "抢单", "rotate": "轮派"}
RANGES: dict[str, str] = {"home": "室内（家政）", "public": "公共区域"}

#: What came of the visit. Only a repair is charged for, and only a repair wants consent.
RESULTS: dict[str, str] = {
    "repaired": "已修好",
    "made-safe": "已应急处置，待另修",
    "declined": "客户不同意报价，未维修",
    "no-fault": "检查无故障",
    "referred": "需转其他单位处理",
}


@dataclass
class Order:
    """Where an order stands. People are staff numbers."""

    number: str
    state: str = ""
    mandatory: bool = True
    urgent: bool = False
    range: str = "home"
    payer: str = ""
    paid: bool = False
    mode: str = ""
    assignee: str = ""
    refusal: str = ""
    """Why it was sent back; empty once somebody has ruled."""
    refused_by: set[str] = field(default_factory=set)
    appointed: tuple[str, str] = ("", "")
    waiting_for: str = ""
    quoted: bool = False
    own_price: bool = False
    """Quoted for itself, not only with the matter as a whole."""
    consented: bool = False
    declined: bool = False
    round: int = 1
    """The round of the matter that it was done in, or is to be done in."""
    drawn: bool = False
    photos: set[str] = field(default_factory=set)
    """Stages that a photo was taken at: before, after."""
    reported: bool = False
    """The repairer has told how it went with the customer (S2-RP-11b)."""
    copy_returned: bool = False
    opened_at: datetime | None = None
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    made_safe_at: datetime | None = None
    done_at: datetime | None = None
    stepped: str = ""
    stepped_at: datetime | None = None
    """The last of `STEPS` that was taken, and when: none after it is earlier."""
    result: str = ""
    workers: set[str] = field(default_factory=set)
    """Who has worked on it: they do not check it."""

    @property
    def is_open(self) -> bool:
        return self.state in UNFINISHED

    @property
    def wants_consent(self) -> bool:
        """Paid work that the customer has not agreed to yet."""
        return self.paid and not self.consented


def fold_order(number: str, entries: Iterable[Entry]) -> Order:
    """The state that the journal of its case leads an order to."""
    order = Order(number)
    for entry in entries:
        advance_order(order, entry)
    return order


def advance_order(order: Order, entry: Entry) -> None:
    """Take one more entry into account; what is said of other orders changes nothing."""
    change = _CHANGES.get(entry.verb)
    if change and _is_about(order, entry):
        change(order, entry)
        if entry.verb in STEPS:
            order.stepped, order.stepped_at = entry.verb, entry.at


def _is_about(order: Order, entry: Entry) -> bool:
    """A price told for the matter as a whole speaks for every order without one of its own."""
    about = entry.data.get("order")
    for_all = entry.verb in ("quoted", "consented", "declined") and not about
    for_all_of_its_round = for_all and not order.own_price
    return about == order.number or for_all_of_its_round or entry.verb == "reopened"


def _opened(order: Order, entry: Entry) -> None:
    data = entry.data
    order.state, order.opened_at = OPENED, entry.at
    order.mandatory, order.urgent = bool(data.get("mandatory", True)), bool(data.get("urgent"))
    order.range = str(data.get("range", "home"))


def _payer(order: Order, entry: Entry) -> None:
    order.payer, order.paid = str(entry.data["payer"]), bool(entry.data.get("paid"))


def _sent(order: Order, entry: Entry) -> None:
    order.state, order.mode = SENT, str(entry.data.get("mode", "assign"))
    order.assignee, order.refusal, order.waiting_for = str(entry.data.get("to", "")), "", ""
    order.sent_at, order.accepted_at = entry.at, None
    order.departed_at = None


def _accepted(order: Order, entry: Entry) -> None:
    order.state, order.accepted_at = ACCEPTED, entry.at
    order.assignee = order.assignee or entry.by
    order.workers.add(entry.by)


def _refused(order: Order, entry: Entry) -> None:
    order.refusal = str(entry.data["reason"])
    order.refused_by.add(entry.by)


def _ruled(order: Order, entry: Entry) -> None:
    """The refusal stands, and the order waits for another; or it is to be done."""
    order.refusal = ""
    if entry.data["refusal_stands"]:
        order.state, order.assignee = OPENED, ""
        order.sent_at = order.accepted_at = None


def _departed(order: Order, entry: Entry) -> None:
    order.state, order.departed_at = DEPARTED, entry.at
    order.workers.add(entry.by)


def _arrived(order: Order, entry: Entry) -> None:
    order.state = ON_SITE
    order.arrived_at = order.arrived_at or entry.at
    order.workers.add(entry.by)


def _appointed(order: Order, entry: Entry) -> None:
    order.appointed = (str(entry.data["from"]), str(entry.data["to"]))


def _paused(order: Order, entry: Entry) -> None:
    order.state, order.waiting_for = PAUSED, str(entry.data["reason"])


def _resumed(order: Order, entry: Entry) -> None:
    """A pause ends the visit: who goes on departs and arrives again."""
    order.state, order.waiting_for = ACCEPTED if order.assignee else OPENED, ""


def _made_safe(order: Order, entry: Entry) -> None:
    order.made_safe_at = order.made_safe_at or entry.at
    order.workers.add(entry.by)


def _quoted(order: Order, entry: Entry) -> None:
    """A new quotation asks anew."""
    order.own_price = order.own_price or bool(entry.data.get("order"))
    order.quoted, order.consented, order.declined = True, False, False


def _consented(order: Order, entry: Entry) -> None:
    order.consented, order.declined = True, False


def _declined(order: Order, entry: Entry) -> None:
    order.consented, order.declined = False, True


def _reopened(order: Order, entry: Entry) -> None:
    """A price for the matter as a whole was agreed for the round that ends; what was done in it
    stays agreed, and a price of its own stays with its order."""
    if order.done_at is not None:
        return
    order.round += 1
    if not order.own_price:
        order.quoted = order.consented = order.declined = False


def _drawn(order: Order, entry: Entry) -> None:
    order.drawn = True


def _noted(order: Order, entry: Entry) -> None:
    tag = entry.data.get("tag")
    if tag == "photo":
        order.photos.add(str(entry.data.get("stage", "")))
    order.reported |= tag == "communication"
    order.copy_returned |= tag == "copy-returned"


def _done(order: Order, entry: Entry) -> None:
    order.state, order.done_at = DONE, entry.at
    order.result = str(entry.data.get("result", ""))
    order.workers |= {entry.by, order.assignee}
    if order.result == "made-safe":
        order.made_safe_at = order.made_safe_at or entry.at


def _checked(order: Order, entry: Entry) -> None:
    """What does not stand goes back to who did it."""
    if entry.data.get("result") == "not-ok":
        order.state, order.done_at, order.result = ACCEPTED, None, ""
    else:
        order.state = CHECKED


def _cancelled(order: Order, entry: Entry) -> None:
    order.state, order.refusal, order.waiting_for = CANCELLED, "", ""


_CHANGES: Mapping[str, Callable[[Order, Entry], None]] = {
    "order-opened": _opened,
    "payer-decided": _payer,
    "order-sent": _sent,
    "order-accepted": _accepted,
    "order-refused": _refused,
    "order-ruled": _ruled,
    "order-departed": _departed,
    "order-arrived": _arrived,
    "order-appointed": _appointed,
    "order-paused": _paused,
    "order-resumed": _resumed,
    "order-made-safe": _made_safe,
    "quoted": _quoted,
    "consented": _consented,
    "declined": _declined,
    "reopened": _reopened,
    "material-drawn": _drawn,
    "noted": _noted,
    "order-done": _done,
    "order-checked": _checked,
    "order-cancelled": _cancelled,
}

# --- What may follow ------------------------------------------------------------------------------

_RIGHT_IN: Mapping[str, tuple[frozenset[str], str]] = {
    "payer-decided": (UNFINISHED, "已完工的维修单不再改费用承担，请用减免或退款处理。"),
    "order-sent": (
        frozenset({OPENED, SENT, ACCEPTED, PAUSED}),
        "维修工已经出发或到场，请先让他暂停或退单，再改派。",
    ),
    "order-accepted": (frozenset({SENT}), "还没有派工，或已经有人接单。"),
    "order-refused": (frozenset({SENT, ACCEPTED}), "已经出发的不能退单，请到场后用“等待”说明。"),
    "order-ruled": (frozenset({SENT, ACCEPTED}), "现在没有要裁定的退单。"),
    "order-departed": (frozenset({SENT, ACCEPTED}), "先接单再出发；已到场的不用再出发。"),
    "order-arrived": (frozenset({SENT, ACCEPTED, DEPARTED}), "已经到场，或还没有派工。"),
    "order-appointed": (UNFINISHED, "已完工的维修单不再约时间。"),
    "order-paused": (frozenset({ACCEPTED, DEPARTED, ON_SITE}), "先接单，再说明在等什么。"),
    "order-resumed": (frozenset({PAUSED}), "现在没有在等待。"),
    "order-made-safe": (UNFINISHED, "维修单已结束，请补充记录。"),
    "order-done": (frozenset({ON_SITE}), "先记到场，再报完工；等待中的先恢复。"),
    "order-checked": (frozenset({DONE}), "完工后才能验收。"),
    "order-cancelled": (UNFINISHED, "已完工的维修单不能取消，费用有误请用减免或退款。"),
}


def require_order_allowed(order: Order, verb: str) -> None:
    """Refuse what may not follow now, saying what to do instead."""
    states, sentence = _RIGHT_IN.get(verb, (frozenset(ORDER_STATES), ""))
    if order.state not in states:
        name = ORDER_STATES.get(order.state, order.state)
        raise Refused(f"{verb}-not-now", f"这张维修单现在是“{name}”。{sentence}")
    if order.refusal and verb not in _WHILE_REFUSED:
        raise Refused("refusal-pending", "已退单，先由主管裁定。")
    if verb == "order-ruled" and not order.refusal:
        raise Refused("order-ruled-not-now", sentence)


def in_turn(order: Order, verb: str, happened: datetime | None) -> datetime | None:
    """When a step is written that is said to have happened then: never before the step before it.
    What clocks and forms leave open is made even; more is refused."""
    before = order.stepped_at
    if verb not in STEPS or happened is None or before is None or happened >= before:
        return happened
    if happened < before - CLOCKS:
        raise Refused(
            "before-last-step",
            f"“{STEPS[verb]}”的时间不能早于上一步“{STEPS[order.stepped]}”的时间，请核对发生时间。",
            field="happened",
        )
    return before


_WHILE_REFUSED = frozenset({"order-ruled", "order-cancelled", "payer-decided", "order-made-safe"})


def may_follow(order: Order, verb: str) -> bool:
    """Whether a verb may follow now; `require_order_allowed` says why not."""
    try:
        require_order_allowed(order, verb)
    except Refused:
        return False
    return True


# --- The steps of the one who goes ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its verb, the word in the row of steps, and the words on the big button."""

    verb: str
    word: str
    button: str


ACCEPT = Step("accept", "接单", "接单")
DEPART = Step("depart", "出发", "我已出发")
ARRIVE = Step("arrive", "到场", "我已到场")
MAKE_SAFE = Step("make-safe", "应急处置", "先应急处置")
DECIDE_PAYER = Step("decide-payer", "定费用", "确定费用承担")
QUOTE = Step("quote", "报价", "向客户报价")
CONSENT = Step("consent", "同意", "请客户同意并签字")
DRAW = Step("draw", "领料", "领料")
FINISH = Step("finish", "完工", "完工，请客户签字")
DISPATCH = Step("dispatch", "派工", "派工")
RULE = Step("rule", "裁定", "裁定退单")
RESUME = Step("resume", "恢复", "恢复处理")
CHECK = Step("check", "验收", "验收")


def steps_of(order: Order) -> tuple[Step, ...]:
    """The steps of this order in their order; a free repair has no price to talk about, no material
    stands before the end where none was drawn, and of a finished one only what was done stands."""
    priced = (QUOTE, CONSENT) if order.paid else ()
    undrawn = not order.drawn and next_step(order) == FINISH
    steps = (DEPART, ARRIVE, *priced, *(() if undrawn else (DRAW,)), FINISH)
    if order.state not in (DONE, CHECKED):
        return steps
    taken = {QUOTE: order.quoted, CONSENT: order.consented, DRAW: order.drawn}
    return tuple(step for step in steps if taken.get(step, True))


def next_step(order: Order) -> Step | None:
    """The one right thing to do now, whoever must do it; None when nothing more is wanted."""
    if order.refusal:
        return RULE
    simple = {
        OPENED: DISPATCH, SENT: ACCEPT, ACCEPTED: DEPART, DEPARTED: ARRIVE, PAUSED: RESUME,
        DONE: CHECK,
    }  # fmt: skip
    return _on_site(order) if order.state == ON_SITE else simple.get(order.state)


def _on_site(order: Order) -> Step:
    """An emergency is made safe first; then the price, then the work."""
    if order.urgent and not order.made_safe_at:
        return MAKE_SAFE
    if not order.payer:
        return DECIDE_PAYER
    if order.wants_consent and not order.declined:
        return CONSENT if order.quoted else QUOTE
    return FINISH


def steps_done(order: Order) -> int:
    """How many of `steps_of` lie behind, for the row of steps."""
    behind = {
        "depart": order.departed_at or order.arrived_at,
        "arrive": order.state == ON_SITE or order.state in (DONE, CHECKED),
        "quote": order.quoted,
        "consent": order.consented or order.declined,
        "draw": order.drawn or order.state in (DONE, CHECKED),
        "finish": order.state in (DONE, CHECKED),
    }
    row = steps_of(order)
    now = next_step(order)
    at = next((i for i, step in enumerate(row) if step == now), None)
    return at if at is not None else sum(bool(behind[step.verb]) for step in row)


# --- Completion -----------------------------------------------------------------------------------

#: Wanted when the paper comes back, not in the customer's house.
WHEN_RETURNED = ("communication", "copy2")


@dataclass(frozen=True)
class Finish:
    """What is told when an order is reported done."""

    text: str
    result: str = "repaired"
    signed: bool = False
    signed_name: str = ""
    no_signature: str = ""
    quality: int | None = None
    attitude: int | None = None
    opinion: str = ""
    phone: str = ""
    labour_minutes: int | None = None


def missing_at_finish(order: Order, told: Finish, needs: Collection[str]) -> list[str]:
    """Which of `vocabulary.ORDER_NEEDS` are not there, in its order.

    Where nobody could sign, the reason stands for what only the customer could say. A photo of the
    finished work is wanted of a repair.
    """
    silent = bool(told.no_signature.strip())
    there = {
        "signature": told.signed or silent,
        "quality": told.quality is not None or silent,
        "attitude": told.attitude is not None or silent,
        "opinion": bool(told.opinion.strip()) or silent,
        "phone": bool(told.phone.strip()) or order.range == "public",
        "photo_after": "after" in order.photos or told.result != "repaired",
    }
    return [need for need in ORDER_NEEDS if need in needs and not there.get(need, True)]


def missing_when_returned(order: Order, needs: Collection[str]) -> list[str]:
    """What the one who checks still waits for: the report, and the second copy."""
    there = {"communication": order.reported, "copy2": order.copy_returned}
    return [need for need in WHEN_RETURNED if need in needs and not there[need]]


def require_finished(order: Order, told: Finish, needs: Collection[str], clause: str = "") -> None:
    """Refuse the report of an order while something that completion needs is missing."""
    require_order_allowed(order, "order-done")
    if not told.text.strip():
        raise Refused("empty-text", "请写明做了什么。", field="text")
    if told.result not in RESULTS:
        raise Refused("unknown-result", "请从列表中选维修结果。", field="result")
    if told.result == "declined" and not order.declined:
        raise Refused(
            "not-declined", "还没有记录客户不同意报价；请先报价并记下客户的答复。", clause, "result"
        )
    if told.result == "repaired" and order.quoted and not order.payer:
        raise Refused("no-payer", "已经报过价，请先确定费用由谁承担。", clause, "payer")
    require_consent_to_work(order, told.result, clause)
    missing = missing_at_finish(order, told, needs)
    if missing:
        what = "、".join(ORDER_NEEDS[need] for need in missing)
        raise Refused("finish-incomplete", f"还不能报完工，还差：{what}。", clause, missing[0])


def require_returned(order: Order, needs: Collection[str], clause: str = "") -> None:
    """Refuse the check of an order whose paper has not come back."""
    missing = missing_when_returned(order, needs)
    if missing:
        what = "、".join(ORDER_NEEDS[need] for need in missing)
        raise Refused("return-incomplete", f"还不能验收，还差：{what}。", clause)


def require_consent_to_work(order: Order, result: str = "repaired", clause: str = "") -> None:
    """No consent, no paid work; what only makes an emergency safe asks nobody for money (T30)."""
    if result == "repaired" and order.wants_consent:
        raise Refused(
            "no-consent",
            "这是有偿维修，客户还没有同意报价；紧急情况请先做应急处置，不收费。",
            clause,
        )


# --- Whose turn it is -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be sent. `last` is when an order was last sent to him."""

    number: str
    skilled: bool
    open_orders: int
    last: datetime | None = None


def next_in_turn(candidates: Sequence[Candidate], most_open: int = 0) -> str:
    """Who is sent by rotation: who has the skill, is under the cap, and waited longest; "" for
    none.

    Ties go to who has fewer open orders, then by number, so that everybody computes the same.
    """
    free = [c for c in candidates if not most_open or c.open_orders < most_open]
    able = [c for c in free if c.skilled] or free
    turn = sorted(
        able,
        key=lambda c: (c.last is not None, c.last.timestamp() if c.last else 0.0, c.open_orders,
                       c.number),
    )  # fmt: skip
    return turn[0].number if turn else ""
