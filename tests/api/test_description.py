"""The description of the API is true: everything that it says is tried on the running program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, assume, given, settings
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from shouwen.accounts.rights import RIGHTS
from tests.api.conftest import Caller
from tests.cast import Cast

CHECKS = [
    not_a_server_error,
    negative_data_rejection,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
#: What a stranger cannot guess: records that are there.
KNOWN = {"number": "S-CH-261119-001", "code": "CH", "id": 1}


def shapes(of: type[Schema] = Schema) -> Iterator[type[Schema]]:
    """Everything that is sent or answered, wherever it is written."""
    for shape in of.__subclasses__():
        if shape.__module__.endswith(".api") or ".api." in shape.__module__:
            yield shape
        yield from shapes(shape)


def test_no_two_shapes_share_a_name() -> None:
    """The description knows them by name: of two alike it would show one for both."""
    places: dict[str, set[str]] = {}
    for shape in shapes():
        places.setdefault(shape.__name__, set()).add(shape.__module__)
    assert not {name: found for name, found in places.items() if len(found) > 1}


#: So that more than one processor may try it.
PARTS = 4

described = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


@pytest.fixture
def caller(integration: Callable[..., Caller], cast: Cast, now: object) -> Iterator[Caller]:
    """A program that may do everything of a project, and one case to do it with.

    A server closes its connections between requests; here the test's own must stay open.
    """
    found = integration(cast.zhoumin)
    found.registers()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield found
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_that_can_be_sent_breaks_it_and_nothing_wrong_is_accepted(
    caller: Caller, part: int
) -> None:
    """Every operation with what its description allows, and with what it does not."""
    operations = [found for found in described.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 55
    for operation in operations[part::PARTS]:
        _try_out(operation.ok(), {"Authorization": f"Bearer {caller.token}"})


def _try_out(operation: Any, headers: dict[str, str]) -> None:
    """What is wrong is found before anything is looked up; what is right is about real records."""
    there = {name: KNOWN[name] for name in KNOWN if f"{{{name}}}" in operation.path}
    right = operation.as_strategy(GenerationMode.POSITIVE, path_parameters=there or None)
    wrong = operation.as_strategy(GenerationMode.NEGATIVE)

    @given(case=right | wrong)
    @settings(max_examples=6, derandomize=True, deadline=None, database=None,
              phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    def sends(case: schemathesis.Case[Any]) -> None:
        assume(not _reads_as_one(case))
        case.call_and_validate(headers=headers, checks=CHECKS)

    sends()


def _reads_as_one(case: schemathesis.Case[Any]) -> bool:
    """A list of one, or of none, stands in an address as the thing itself does, or as nothing."""
    return any(isinstance(value, list) and len(value) < 2 for value in (case.query or {}).values())


def test_the_description_is_openapi_three_one_and_every_schema_in_it_is_one(db: None) -> None:
    told = Client().get("/api/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    for schema in told["components"]["schemas"].values():
        assert jsonschema_rs.meta.is_valid(schema)
    ids = [way["operationId"] for ways in told["paths"].values() for way in ways.values()]
    assert len(ids) == len(set(ids)) > 55


def test_every_operation_says_which_right_it_needs(db: None) -> None:
    paths = Client().get("/api/openapi.json").json()["paths"]
    rights = {way["x-right"] for ways in paths.values() for way in ways.values()}
    assert rights - {""} <= set(RIGHTS)


def test_there_is_no_page_that_loads_scripts_of_others(db: None) -> None:
    assert Client().get("/api/docs").status_code == 401
