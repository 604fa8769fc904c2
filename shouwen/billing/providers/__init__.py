"""Payment providers: what each must be able to do, and the accounts that a company has with them.

The accounts stand in `payments.toml` in the data folder, beside their key files, and never in the
database:

    [[wechat]]
    unit = "JXWY"                                # the company or project that gets the money
    endpoint = "https://api.mch.weixin.qq.com"
    merchant = "1900000001"
    app = "wx8888888888888888"
    serial = "5157F09EFDC096DE15EBE81A47057A72"  # of our certificate
    private_key = "wechat-ours.pem"
    platform_key = "wechat-theirs.pem"
    sealing_key = "32 characters"

    [[alipay]]
    unit = "JXWY"
    endpoint = "https://openapi.alipay.com/gateway.do"
    app = "2021000000000000"
    private_key = "alipay-ours.pem"
    platform_key = "alipay-theirs.pem"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from shouwen.accounts.models import OrgUnit
from shouwen.billing.providers.alipay import Alipay
from shouwen.billing.providers.notices import Message, Notice
from shouwen.billing.providers.wechat import WeChatPay
from shouwen.rules.refused import Refused

__all__ = ["PROVIDERS", "Message", "Notice", "Provider", "has_account", "provider_for"]

FILE = "payments.toml"


class Provider(Protocol):
    """What we want of a payment provider."""

    thanks: tuple[str, str]
    """What it wants to read when a message was taken: media type and text."""

    def open(self, *, number: str, amount: Any, title: str, notify_url: str) -> str:
        """Ask for a payment under our number. Returns what the customer's code shows."""

    def read(self, message: Message) -> Notice:
        """What a message says, if it is theirs, meant for us, and not old; else refused."""


PROVIDERS = {"wechat": WeChatPay, "alipay": Alipay}


def provider_for(name: str, place: OrgUnit, folder: Path) -> Provider:
    """The provider of this name with the account of the nearest unit above `place` that has one."""
    found = _account(name, place, folder)
    if name not in PROVIDERS or found is None:
        raise Refused(
            "no-provider", "这个项目没有开通这种支付方式，请用现金或转账。", field="method"
        )
    account = {key: value for key, value in found.items() if key != "unit"}
    keys = {key: (folder / account[key]).read_bytes() for key in ("private_key", "platform_key")}
    provider: Provider = PROVIDERS[name](**{**account, **keys})
    return provider


def has_account(name: str, place: OrgUnit, folder: Path) -> bool:
    return _account(name, place, folder) is not None


def _account(name: str, place: OrgUnit, folder: Path) -> dict[str, Any] | None:
    accounts = {row["unit"]: row for row in _accounts(folder).get(name, ())}
    line = (place.project, place.company, place.group)
    return next((accounts[unit.code] for unit in line if unit and unit.code in accounts), None)


def _accounts(folder: Path) -> Mapping[str, list[dict[str, Any]]]:
    path = folder / FILE
    return tomllib.loads(path.read_text()) if path.exists() else {}
