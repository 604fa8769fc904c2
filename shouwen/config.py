"""What an operator may set: a dozen SHOUWEN_* variables, each with a default that runs.

docs/operations.md lists them for operators; this is where they are read.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class BadSetting(SystemExit):
    """A variable that cannot be read: the program ends and says which."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")


@dataclass(frozen=True)
class Config:
    data: Path
    """Database file, uploads, secret key. SHOUWEN_DATA, default ./data"""
    database_url: str
    """postgresql://user:password@host/name; empty: SQLite in `data`. SHOUWEN_DATABASE_URL"""
    secret_key: str
    """SHOUWEN_SECRET_KEY, default: made once and kept in the data folder"""
    debug: bool
    """SHOUWEN_DEBUG"""
    hosts: tuple[str, ...]
    """Names that the desk answers to, comma separated. SHOUWEN_HOSTS, default localhost"""
    address: str
    """SHOUWEN_ADDRESS, default 127.0.0.1"""
    port: int
    """SHOUWEN_PORT, default 8000"""
    processes: int
    """Of the web server. SHOUWEN_PROCESSES, default 2"""
    https: bool
    """Behind TLS: cookies are for https only and browsers are told to stay there. SHOUWEN_HTTPS"""
    upload_megabytes: int
    """The largest file that is taken. SHOUWEN_UPLOAD_MB, default 20"""
    idle_minutes: int
    """Signed-in people who do nothing for so long must sign in again. SHOUWEN_IDLE_MINUTES"""
    language: str
    """SHOUWEN_LANGUAGE, default zh-hans"""


def from_environment(environment: Mapping[str, str] = os.environ) -> Config:
    data = Path(environment.get("SHOUWEN_DATA", "data")).absolute()
    return Config(
        data=data,
        database_url=environment.get("SHOUWEN_DATABASE_URL", ""),
        secret_key=environment.get("SHOUWEN_SECRET_KEY") or _kept_secret(data / "secret-key"),
        debug=_yes(environment, "SHOUWEN_DEBUG"),
        hosts=tuple(environment.get("SHOUWEN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")),
        address=environment.get("SHOUWEN_ADDRESS", "127.0.0.1"),
        port=_number(environment, "SHOUWEN_PORT", 8000),
        processes=_number(environment, "SHOUWEN_PROCESSES", 2),
        https=_yes(environment, "SHOUWEN_HTTPS"),
        upload_megabytes=_number(environment, "SHOUWEN_UPLOAD_MB", 20),
        idle_minutes=_number(environment, "SHOUWEN_IDLE_MINUTES", 720),
        language=environment.get("SHOUWEN_LANGUAGE", "zh-hans"),
    )


def _yes(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "") == "1"


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal() or int(text) == 0:
        raise BadSetting(name, f"须为正整数，现为 {text!r}")
    return int(text)


def _kept_secret(path: Path) -> str:
    """The secret in the file, made on the first run; two that start together agree on one."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _offer(path, secrets.token_urlsafe(48))
        return path.read_text()
    except OSError as error:
        raise BadSetting(
            "SHOUWEN_DATA", f"数据目录 {path.parent} 不能读写（{error.strerror}）"
        ) from error


def _offer(path: Path, text: str) -> None:
    """Put the file there complete, unless somebody was faster."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def databases(config: Config) -> dict[str, dict[str, Any]]:
    """Django's DATABASES."""
    return {
        "default": _postgresql(config.database_url) if config.database_url else _sqlite(config.data)
    }


def _sqlite(data: Path) -> dict[str, Any]:
    """Confirms nothing before it is on the disk (synchronous=FULL), and takes the write lock when a
    transaction begins, so that reading first never ends in «database is locked»."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "shouwen.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    """Asks for synchronous_commit whatever the server's default: the confirmed is on the disk."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise BadSetting("SHOUWEN_DATABASE_URL", "须以 postgresql:// 开头；留空则用内嵌的 SQLite")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or asked.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or asked.pop("host", ""),
        "PORT": str(parts.port or asked.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c synchronous_commit=on", **asked},
    }
