"""Alipay: 当面付 (a code that the customer scans) and its signed callbacks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from time import gmtime, strftime, time
from urllib.parse import parse_qsl, urlencode

from shouwen.billing.providers.notices import (
    CLOSED,
    PAID,
    REFUNDED,
    Message,
    Notice,
    not_theirs,
    require_signed,
    send,
    sign,
)

#: All its times are of Beijing and say no zone.
BEIJING = timezone(timedelta(hours=8))
KINDS = {"TRADE_SUCCESS": PAID, "TRADE_FINISHED": PAID, "TRADE_CLOSED": CLOSED}


@dataclass(frozen=True)
class Alipay:
    endpoint: str
    app: str
    private_key: bytes
    platform_key: bytes

    thanks = ("text/plain", "success")

    def open(self, *, number: str, amount: Decimal, title: str, notify_url: str) -> str:
        about = {"out_trade_no": number, "total_amount": str(amount), "subject": title}
        asked = {
            "app_id": self.app,
            "method": "alipay.trade.precreate",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": strftime("%Y-%m-%d %H:%M:%S", gmtime(time() + 8 * 3600)),
            "version": "1.0",
            "notify_url": notify_url,
            "biz_content": json.dumps(about, ensure_ascii=False),
        }
        asked["sign"] = sign(self.private_key, _joined(asked))
        headers = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
        answer = json.loads(send(self.endpoint, urlencode(asked).encode(), headers))
        return str(answer["alipay_trade_precreate_response"]["qr_code"])

    def read(self, message: Message) -> Notice:
        told = dict(parse_qsl(message.body.decode(), keep_blank_values=True))
        aside = ("sign", "sign_type")
        text = _joined({name: value for name, value in told.items() if name not in aside})
        require_signed(self.platform_key, text, told.get("sign", ""))
        if told.get("app_id") != self.app:
            raise not_theirs()
        return _notice(told)


def _joined(told: Mapping[str, str]) -> bytes:
    """What is signed: a=1&b=2, by name, without what is empty."""
    return "&".join(f"{name}={told[name]}" for name in sorted(told) if told[name]).encode()


def _notice(told: Mapping[str, str]) -> Notice:
    """A refund comes as the same news of the same trade, with the sum that went back."""
    refund = told.get("refund_fee", "")
    kind = REFUNDED if refund else KINDS.get(told.get("trade_status", ""), "other")
    moment = told.get("gmt_refund") or told.get("gmt_payment") or told["notify_time"]
    return Notice(
        event_id=told["notify_id"],
        number=told["out_trade_no"],
        kind=kind,
        amount=Decimal(refund or told["total_amount"]),
        reference=told["trade_no"],
        at=datetime.fromisoformat(moment[:19]).replace(tzinfo=BEIJING),
    )
