"""What a provider says, and how its signature is checked."""

from __future__ import annotations

import base64
import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from shouwen.rules.refused import Refused

PAID, CLOSED, REFUNDED = "paid", "closed", "refunded"
#: A provider that does not answer in so many seconds is down: the clerk has a customer before her.
PATIENCE = 8


@dataclass(frozen=True)
class Message:
    """What came over HTTP, as it came: a signature is over bytes, not over what they mean."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime


@dataclass(frozen=True)
class Notice:
    """What a provider tells us about one of our numbers."""

    event_id: str
    """The same for every sending of the same news."""
    number: str
    kind: str
    """paid, closed or refunded"""
    amount: Decimal
    reference: str
    """Its own number of the payment."""
    at: datetime


def sign(key: bytes, text: bytes) -> str:
    private = load_pem_private_key(key, None)
    if not isinstance(private, RSAPrivateKey):
        raise TypeError("the private key is no RSA key")
    return base64.b64encode(private.sign(text, PKCS1v15(), SHA256())).decode()


def require_signed(key: bytes, text: bytes, signature: str) -> None:
    """Refuse what the owner of the key did not sign."""
    public = load_pem_public_key(key)
    if not isinstance(public, RSAPublicKey):
        raise TypeError("the platform's key is no RSA key")
    try:
        public.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError) as error:
        raise not_theirs() from error


def not_theirs() -> Refused:
    return Refused("bad-signature", "签名不对，没有入账。")


def send(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """POST and read the answer; no answer, or one that is no success, is `provider-down`."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("POST", parts.path or "/", body, dict(headers))
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise _down() from error
    finally:
        connection.close()
    if answer.status >= 300:
        raise _down()
    return text


def _down() -> Refused:
    return Refused("provider-down", "支付平台没有回应，请改用现金或转账，或者稍后再试。")
