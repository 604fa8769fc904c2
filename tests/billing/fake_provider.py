"""A payment provider on loopback: takes orders over real HTTP, checks that we signed them, and
makes the messages that WeChat Pay and Alipay would send, signed and sealed as they do."""

from __future__ import annotations

import base64
import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from shouwen.billing.providers import Message
from shouwen.billing.providers.notices import require_signed, sign

SEALING_KEY = "0123456789abcdef0123456789abcdef"
MERCHANT, APP = "1900000001", "wx8888888888888888"


@dataclass(frozen=True)
class KeyPair:
    private: bytes
    public: bytes

    @classmethod
    def made(cls) -> KeyPair:
        key = rsa.generate_private_key(65537, 2048)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return cls(private, public)


@dataclass
class FakeProvider:
    """`orders` is what was asked for, by our number."""

    ours: KeyPair
    theirs: KeyPair
    address: str = ""
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: bool = False

    def install(self, folder: Path, unit: str) -> None:
        """What an operator puts into the data folder."""
        (folder / "ours.pem").write_bytes(self.ours.private)
        (folder / "theirs.pem").write_bytes(self.theirs.public)
        keys = 'private_key = "ours.pem"\nplatform_key = "theirs.pem"'
        (folder / "payments.toml").write_text(
            f'[[wechat]]\nunit = "{unit}"\nendpoint = "{self.address}"\nmerchant = "{MERCHANT}"\n'
            f'app = "{APP}"\nserial = "5157"\nsealing_key = "{SEALING_KEY}"\n{keys}\n'
            f'[[alipay]]\nunit = "{unit}"\nendpoint = "{self.address}/gateway.do"\n'
            f'app = "{APP}"\n{keys}\n'
        )

    # --- What we send it --------------------------------------------------------------------------

    def answer(self, path: str, headers: Any, body: bytes) -> dict[str, Any]:
        if path == "/gateway.do":
            return self._alipay(dict(parse_qsl(body.decode())))
        said = dict(re.findall(r'(\w+)="([^"]*)"', headers["Authorization"]))
        text = "\n".join(["POST", path, said["timestamp"], said["nonce_str"], body.decode(), ""])
        require_signed(self.ours.public, text.encode(), said["signature"])
        order = json.loads(body)
        self.orders[order["out_trade_no"]] = order
        return {"code_url": f"weixin://wxpay/bizpayurl?pr={order['out_trade_no']}"}

    def _alipay(self, told: dict[str, str]) -> dict[str, Any]:
        signature = told.pop("sign")
        text = "&".join(f"{name}={told[name]}" for name in sorted(told))
        require_signed(self.ours.public, text.encode(), signature)
        order = json.loads(told["biz_content"])
        self.orders[order["out_trade_no"]] = order
        code = f"https://qr.alipay.com/{order['out_trade_no']}"
        return {"alipay_trade_precreate_response": {"code": "10000", "qr_code": code}}

    # --- What it sends us -------------------------------------------------------------------------

    def wechat(
        self, number: str, amount: str, at: datetime, *, event: str = "TRANSACTION.SUCCESS",
        event_id: str = "", reference: str = "", signed_by: KeyPair | None = None,
        sealed_with: str = SEALING_KEY, currency: str = "CNY",
    ) -> Message:  # fmt: skip
        about = {
            "mchid": MERCHANT, "out_trade_no": number, "success_time": at.isoformat(),
            "transaction_id": reference or f"42000{number}",
            "amount": {"total": int(Decimal(amount) * 100), "currency": currency},
        }  # fmt: skip
        nonce = secrets.token_hex(6)
        sealed = AESGCM(sealed_with.encode()).encrypt(
            nonce.encode(), json.dumps(about).encode(), b"transaction"
        )
        resource = {
            "ciphertext": base64.b64encode(sealed).decode(), "nonce": nonce,
            "associated_data": "transaction",
        }  # fmt: skip
        told = {
            "id": event_id or f"EV-{number}-{event}", "event_type": event,
            "create_time": at.isoformat(), "resource": resource,
        }  # fmt: skip
        body = json.dumps(told).encode()
        moment = str(int(at.timestamp()))
        text = b"\n".join([moment.encode(), nonce.encode(), body, b""])
        headers = {
            "Wechatpay-Timestamp": moment, "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": sign((signed_by or self.theirs).private, text),
        }  # fmt: skip
        return Message(headers, body, at)

    def alipay(
        self, number: str, amount: str, at: datetime, *, status: str = "TRADE_SUCCESS",
        event_id: str = "", **more: str,
    ) -> Message:  # fmt: skip
        told = {
            "notify_id": event_id or f"EV-{number}-{status}", "app_id": APP,
            "out_trade_no": number, "trade_no": f"2026{number}", "trade_status": status,
            "total_amount": amount, "gmt_payment": f"{at:%Y-%m-%d %H:%M:%S}", **more,
        }  # fmt: skip
        text = "&".join(f"{name}={told[name]}" for name in sorted(told))
        told |= {"sign": sign(self.theirs.private, text.encode()), "sign_type": "RSA2"}
        return Message({}, urlencode(told).encode(), at)


@contextmanager
def serving(provider: FakeProvider) -> Iterator[FakeProvider]:
    """The provider answers at its address while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = 503 if provider.broken else 200
            answer = {} if provider.broken else provider.answer(self.path, self.headers, body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *said: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
