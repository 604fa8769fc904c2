"""WeChat Pay, API v3: Native payment and its sealed, signed callbacks."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from time import time
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

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

ORDER = "/v3/pay/transactions/native"
CURRENCY = "CNY"
#: An older message was kept back by somebody, and is sent again by him.
FRESH = timedelta(minutes=5)
KINDS = {
    "TRANSACTION.SUCCESS": PAID,
    "TRANSACTION.CLOSED": CLOSED,
    "REFUND.SUCCESS": REFUNDED,
}


@dataclass(frozen=True)
class WeChatPay:
    endpoint: str
    merchant: str
    app: str
    serial: str
    private_key: bytes
    platform_key: bytes
    sealing_key: str

    thanks = ("application/json", '{"code": "SUCCESS"}')

    def open(self, *, number: str, amount: Decimal, title: str, notify_url: str) -> str:
        body = {
            "appid": self.app,
            "mchid": self.merchant,
            "description": title,
            "out_trade_no": number,
            "notify_url": notify_url,
            "amount": {"total": int(amount * 100), "currency": CURRENCY},
        }
        sent = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Authorization": self._signed(ORDER, sent)}
        return str(json.loads(send(f"{self.endpoint}{ORDER}", sent, headers))["code_url"])

    def _signed(self, path: str, body: bytes) -> str:
        moment, nonce = str(int(time())), secrets.token_hex(16)
        path = urlsplit(self.endpoint).path + path
        text = b"\n".join([b"POST", path.encode(), moment.encode(), nonce.encode(), body, b""])
        return (
            f'WECHATPAY2-SHA256-RSA2048 mchid="{self.merchant}",nonce_str="{nonce}",'
            f'timestamp="{moment}",serial_no="{self.serial}",'
            f'signature="{sign(self.private_key, text)}"'
        )

    def read(self, message: Message) -> Notice:
        moment = message.headers.get("Wechatpay-Timestamp", "")
        nonce = message.headers.get("Wechatpay-Nonce", "")
        text = b"\n".join([moment.encode(), nonce.encode(), message.body, b""])
        require_signed(self.platform_key, text, message.headers.get("Wechatpay-Signature", ""))
        if not moment.isdecimal() or abs(int(moment) - message.at.timestamp()) > FRESH.seconds:
            raise not_theirs()
        told = json.loads(message.body)
        about = self._unsealed(told["resource"])
        currency = about.get("amount", {}).get("currency", CURRENCY)
        if about.get("mchid", self.merchant) != self.merchant or currency != CURRENCY:
            raise not_theirs()
        return _notice(told, about)

    def _unsealed(self, resource: dict[str, str]) -> dict[str, Any]:
        try:
            text = AESGCM(self.sealing_key.encode()).decrypt(
                resource["nonce"].encode(),
                _bytes(resource["ciphertext"]),
                resource.get("associated_data", "").encode(),
            )
        except (InvalidTag, ValueError) as error:
            raise not_theirs() from error
        unsealed: dict[str, Any] = json.loads(text)
        return unsealed


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)


def _notice(told: dict[str, Any], about: dict[str, Any]) -> Notice:
    amount = about.get("amount", {})
    cents = amount.get("refund") if "refund" in amount else amount.get("total", 0)
    return Notice(
        event_id=told["id"],
        number=about["out_trade_no"],
        kind=KINDS.get(told["event_type"], "other"),
        amount=Decimal(cents) / 100,
        reference=about.get("transaction_id", ""),
        at=datetime.fromisoformat(about.get("success_time") or told["create_time"]),
    )
