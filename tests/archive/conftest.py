"""The archive of 翠湖花园: what comes into it, and who keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.archive.actions.filing import Paper, file_away
from shouwen.archive.models import Folder
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.followup.conftest import Desk
from tests.moments import moment
from tests.registers.conftest import Clerk
from tests.repairs.conftest import Shop

NOW = moment("2026-11-20 11:00", "周五")
S2, S3 = "service-centre", "complaint-procedure"
__all__ = ["NOW", "S2", "S3", "Keeper", "refused"]


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What stands in the block is refused, for this reason."""
    with pytest.raises(Refused) as raised:
        yield
    assert raised.value.code == code


@dataclass
class Keeper:
    """Who keeps what, in few words."""

    cast: Cast

    def of(self, who: Staff, at: datetime = NOW) -> Scope:
        return scope_of(who, at)

    def files(
        self, title: str = "客户投诉分析报告 2026年10月", *, at: datetime = NOW,
        unit: OrgUnit | None = None, **more: Any,
    ) -> Folder:  # fmt: skip
        paper = Paper("statement", f"statement:{title}", title, **more)
        return file_away(unit=unit or self.cast.cuihu, paper=paper, at=at)

    def expired(self, title: str = "来访接待记录 2023年") -> Folder:
        """Kept for a month, long ago."""
        return self.files(title, at=moment("2025-02-03 09:00", "周一"), months=1)

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client


@pytest.fixture
def keeper(cast: Cast) -> Keeper:
    return Keeper(cast)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


@pytest.fixture
def clerk(cast: Cast) -> Clerk:
    return Clerk(cast)


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)
