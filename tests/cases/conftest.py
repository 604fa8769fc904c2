"""A case to begin with, and somebody's scope."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case
from tests.cast import Cast
from tests.moments import moment

MORNING = moment("2026-11-19 09:12", "周四")


@pytest.fixture
def scope() -> Callable[..., Scope]:
    """`scope(cast.limin)`: what she may do at the time of these tests."""

    def of(staff: Staff, at: datetime = MORNING) -> Scope:
        return scope_of(staff, at)

    return of


@pytest.fixture
def registered(cast: Cast, scope: Callable[..., Scope]) -> Callable[..., Case]:
    """`registered("卫生间滴水", kind="repair")`: 李敏 has just registered it for 王女士."""

    def make(
        text: str = "卫生间天花板滴水", *, at: datetime = MORNING, by: Staff | None = None,
        told: dict[str, Any] | None = None, **facts: str | bool,
    ) -> Case:  # fmt: skip
        said = Told(
            text=text, facts=facts,
            **{"name": "王女士", "phone": "13900000421", "address": "3栋2单元501", **(told or {})},
        )  # fmt: skip
        return register(project=cast.cuihu, told=said, by=scope(by or cast.limin, at), at=at)

    return make
