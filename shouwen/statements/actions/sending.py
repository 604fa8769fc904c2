"""A signed statement goes out: to roles of ours at once, to bodies outside by hand; each receipt is
recorded."""

from __future__ import annotations

from datetime import datetime

from shouwen.accounts.queries import reach_role
from shouwen.accounts.scope import Scope
from shouwen.rules.refused import Refused
from shouwen.rules.statements import places
from shouwen.statements.actions.locking import changing
from shouwen.statements.actions.telling import log, tell_of, words_of
from shouwen.statements.models import Delivery, Statement
from shouwen.statements.reading import message_of
from shouwen.statements.standing import require_standing

_STATE = Statement.State


def hand_out(row: Statement, at: datetime) -> None:
    """To every role of ours that it is for. The caller holds the lock and saves."""
    for delivery in row.deliveries.exclude(role="").filter(sent_at=None).select_related("unit"):
        delivery.sent_at = at
        delivery.save(update_fields=["sent_at"])
        people = reach_role(delivery.role, delivery.unit or row.unit, at)
        words = f"报送：{words_of(row)}"
        tell_of(row, people, f"sent:{delivery.pk}", words, at, message_of(row))
        log(row, "sent", None, at, f"报送{delivery.name}")
    _settle(row, at)
    row.save()


def _settle(row: Statement, at: datetime) -> None:
    """Sent when it is out to all; received when all have it."""
    open_ones = row.deliveries.values_list("sent_at", "received_at")
    if any(sent is None for sent, _received in open_ones):
        return
    if row.sent_at is None:
        row.sent_at, row.ring_at, row.turn = at, None, ""
    received = all(received for _sent, received in open_ones)
    row.state = _STATE.RECEIVED if received else _STATE.SENT


def send_outside(*, delivery: Delivery, proof: str, by: Scope, at: datetime) -> Delivery:
    """It was sent to a body outside: how, under which number."""
    if not proof.strip():
        raise Refused("no-proof", "请写怎样送出的：快递单号、文号、邮件或当面递交。", field="proof")
    with changing(delivery.statement, "send") as row:
        require_standing(places(row.written)[0].role, row.unit, by, at)
        if delivery.role or delivery.sent_at:
            raise Refused("not-now", "这一处已经报送，不用再报。")
        delivery.sent_at, delivery.proof = at, proof.strip()[:120]
        delivery.save(update_fields=["sent_at", "proof"])
        log(row, "sent", by, at, f"报送{delivery.name}：{delivery.proof}")
        _settle(row, at)
    return delivery


def receive(*, delivery: Delivery, by: Scope, at: datetime, name: str = "") -> Delivery:
    """The recipient signs for it; for a body outside, who sent it writes down who did."""
    with changing(delivery.statement, "receive") as row:
        if delivery.sent_at is None or delivery.received_at:
            raise Refused("not-now", "这一处还没有报送，或者已经签收，请看最新情况。")
        if delivery.role:
            require_standing(delivery.role, delivery.unit or row.unit, by, at)
        else:
            require_standing(places(row.written)[0].role, row.unit, by, at)
            if not name.strip():
                raise Refused("no-name", "请写对方签收人的姓名。", field="name")
        delivery.received_at, delivery.received_by = at, (name.strip() or by.staff.name)[:60]
        delivery.save(update_fields=["received_at", "received_by"])
        log(row, "received", by, at, f"{delivery.name}：{delivery.received_by}")
        _settle(row, at)
    return delivery
