"""Every page and every operation of the API, by every role, about one's own record, another
project's and another company's: who may, may; who may not learns nothing.

What is expected comes from `permissions_table` and the posts alone, never from the code under test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.fixtures import Settings

from shouwen.accounts.rights import ROLES
from shouwen.adoption.queries import calendars, rulebook
from shouwen.api.api import api
from shouwen.cases.files import keep
from shouwen.cases.verbs import VERBS as VERBS_OF_THE_DESK
from tests.conftest import MODEL_BACKEND
from tests.databases import asked
from tests.moments import SetClock
from tests.permissions_inside import Insider, open_the_short_way
from tests.permissions_table import (
    API,
    API_OPEN,
    OPEN,
    PAGES,
    SAID,
    VERB_PAGES,
    VERBS,
    Row,
)
from tests.permissions_world import (
    CANARIES,
    FOREIGN,
    HANDED,
    OWN,
    PLACES,
    PNG,
    PROJECTS,
    SIBLING,
    World,
    build_world,
)
from tests.snapshot import Snapshot

WORLD = Snapshot(build_world)
ALLOWED, FORBIDDEN, UNSEEN = "allowed", "forbidden", "unseen"
#: Records that narrow roles see when they were handed to their department.
OF_A_CASE = {"case", "contact", "file", "visit", "item"}
OF_A_CASE |= {"customer-link", "order", "sorder", "kept", "quotation", "referral", "matter"}
OF_A_CASE |= {"group"}
OF_A_CASE |= {"correction", "suggestion", "defect"}
#: Of a narrow role only the department that keeps it sees it.
OF_ENGINEERING = {"deposit", "record", "record-file"}
PERSONAL = {"message", "view"}
#: One role of a project, one of its company.
OF_EACH_STANDING = ("project_manager", "hq_cs")
#: Scope is the same code on either database: PostgreSQL is walked by one role of each reach.
WALKING = tuple(ROLES) if asked() == "sqlite" else (*OF_EACH_STANDING, "engineer", "csr")
#: Who asks for every page as a browser does; the others go the short way of `permissions_inside`,
THROUGH_EVERY_DOOR = "project_manager" if asked() == "sqlite" else ""
#: and look at these in full, whether there or refused: a page of one's own, lists, a record.
FRAMED = {"notify:inbox", "cases:board", "cases:case", "accounts:organisation", "estate:units"}
NOBODYS = 999_999_937
CHANGES_EVERY_TIME = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|nonce="[^"]*"'
)


@pytest.fixture
def world(db: None, clock: SetClock, settings: Settings, tmp_path: Path) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    clock("2026-11-20 10:00", "周五")
    keep(SimpleUploadedFile("a.png", PNG, "image/png"))
    (tmp_path / "errors.xlsx").write_bytes(b"x")
    yield WORLD.put()
    calendars.cache_clear()
    rulebook.cache_clear()


# --- the table is complete ------------------------------------------------------------------------


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all addresses below a resolver, with their namespaces."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern, namespace + inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


@cache
def described_api() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


@cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Of every operation its method, address and description."""
    return {
        described["operationId"]: (method.upper(), path, described)
        for path, methods in described_api()["paths"].items()
        for method, described in methods.items()
    }


def test_every_route_stands_in_the_table() -> None:
    served = {name for name in routes(get_resolver()) if not name.startswith("api:")}
    assert served == {row.name for row in (*PAGES, *VERB_PAGES)}


def test_every_operation_of_the_api_stands_in_the_table_with_the_right_that_it_names() -> None:
    said = {
        row.name: (row.right or row.sees) for row in API if row.name != "mark-urgent"
    }  # what the API says of marking urgent depends on what is sent
    found = {name: about["x-right"] for name, (_, _, about) in operations().items()}
    assert found.keys() == {row.name for row in API}
    assert {name: found[name] for name in said} == said


def test_every_address_of_the_api_is_an_operation_or_known_to_be_open() -> None:
    served = {
        name.removeprefix("api:") for name in routes(get_resolver()) if name.startswith("api:")
    }
    described = {name.replace("-", "_") for name in operations()}
    assert served - described == API_OPEN


def test_every_verb_of_the_desk_stands_in_the_table_with_its_right() -> None:
    assert {name: verb.right for name, verb in VERBS_OF_THE_DESK.items()} == VERBS


# --- what is expected -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Walker:
    """Somebody with one role, standing where that role stands."""

    role: str
    world: World

    @property
    def reaches(self) -> str:
        """One project, or all those of the company."""
        return "company" if PLACES[self.role] == "JXWY" else "project"

    def at(self, project: str) -> bool:
        return project == OWN or (project == SIBLING and self.reaches == "company")

    def has(self, right: str) -> bool:
        return not right or right in ROLES[self.role].rights

    def sees(self, row: Row, project: str) -> bool:
        if not (self.has(row.sees) and self.at(project)):
            return False
        if set(row.records) & PERSONAL and project != OWN:
            return False
        place = PLACES[self.role].partition("-")[2]
        if ROLES[self.role].narrow and set(row.records) & OF_ENGINEERING:
            return place == "engineering"
        about_a_case = OF_A_CASE | ({"message"} if row.sees else set())
        narrow = ROLES[self.role].narrow and bool(set(row.records) & about_a_case)
        return not narrow or place in HANDED

    def expects(self, row: Row, project: str) -> str:
        if row.silent:
            return FORBIDDEN if not self.has(row.right) else ALLOWED if self.at(project) else UNSEEN
        if row.records and not self.sees(row, project):
            return UNSEEN
        missing = not self.has(row.right) or (row.roles and self.role not in row.roles)
        return FORBIDDEN if missing or (row.whole and ROLES[self.role].narrow) else ALLOWED

    def fills(self, row: Row, project: str) -> list[Any]:
        return [self._filled(each, project) for each in row.arguments]

    def fills_nothing(self, row: Row) -> list[Any]:
        """The same address of records that nobody has."""
        own = zip(row.arguments, self.fills(row, OWN), strict=True)
        return [not_there(value) if kind in row.records else value for kind, value in own]

    def visits(self, row: Row, method: str) -> tuple[str, ...]:
        """Whose records to ask for: one's own and the nearest that is not; what is further away is
        found by the same line, and looked for by one role of each standing. The verbs, all found
        by one line, are tried on another's case by one role of each standing too."""
        if not row.records:
            return (OWN,)
        if method == "GET" and self.role in OF_EACH_STANDING:
            return PROJECTS
        nearest = SIBLING if self.reaches == "project" else FOREIGN
        alone = row.is_verb and self.role not in OF_EACH_STANDING
        return (OWN,) if alone else (OWN, nearest)

    def _filled(self, kind: str, project: str) -> Any:
        if kind.startswith("="):
            return kind[1:]
        if kind not in PERSONAL:
            return self.world.objects[project][kind]
        others = next(role for role in ROLES if role != self.role)
        return self.world.mine[self.role if project == OWN else others][kind]

    def says(self, row: Row) -> dict[str, Any]:
        """What is sent, one's own records filled in."""
        place = PLACES[self.role]
        mine = place if ROLES[self.role].narrow else f"{OWN}-{HANDED[0]}"
        own = {**self.world.objects[OWN], "mine": mine}
        return {
            name: own[said[1:]] if isinstance(said, str) and said.startswith("@") else said
            for name, said in row.body.items()
        }

    def secrets(self) -> list[str]:
        """What must not be read by this person anywhere."""
        return [word for code in PROJECTS if not self.at(code) for word in CANARIES[code]]


def not_there(value: Any) -> Any:
    """An id or number like this one that nobody has."""
    return NOBODYS if isinstance(value, int) else f"{value[:-3]}777"


# --- walking --------------------------------------------------------------------------------------


@contextmanager
def undone() -> Iterator[None]:
    """Whatever was done is not done afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


Ask = Callable[[Row, str, list[Any]], Any]


def walk(walker: Walker, rows: tuple[Row, ...], ask: Ask) -> Iterator[str]:
    """Every row about every record; yields what was not as it should be."""
    for row in rows:
        for method in row.methods:
            absent = None
            for project in walker.visits(row, method):
                filled, wanted = walker.fills(row, project), walker.expects(row, project)
                answer = ask(row, method, filled)
                if wanted == UNSEEN and absent is None:
                    absent = answered(ask(row, method, walker.fills_nothing(row)))
                place = f"{walker.role}: {method} {row.name} {filled}"
                yield from judged(place, row, wanted, answered(answer), absent)
                yield from leaks(walker, place, content(answer))


def answered(answer: Any) -> tuple[int, bytes]:
    return answer.status_code, content(answer)


def judged(
    place: str, row: Row, wanted: str, answer: tuple[int, bytes], absent: tuple[int, bytes] | None
) -> Iterator[str]:
    status = answer[0]
    if wanted == ALLOWED and (status in (401, 403, 404, 405) or status >= 500):
        yield f"{place}: may, but got {status}"
    if wanted == FORBIDDEN and status != 403:
        yield f"{place}: may not, but got {status}"
    if wanted == UNSEEN and status not in hidden(row):
        yield f"{place}: must not see it, but got {status}"
    if wanted == UNSEEN and answer != absent:
        yield f"{place}: {status} can be told from what is not there"


def hidden(row: Row) -> tuple[int, ...]:
    """How a row says that there is nothing. What a body names may be looked up first (422)."""
    if row.silent:
        return (200,)
    return (403, 404, 422) if row.name in SAID else (403, 404)


def content(answer: Any) -> bytes:
    """The whole body, without what is new in every answer."""
    body = answer.getvalue() if answer.streaming else answer.content
    return CHANGES_EVERY_TIME.sub(b"", body)


def leaks(walker: Walker, place: str, body: bytes) -> Iterator[str]:
    text = body.decode(errors="replace")
    for word in walker.secrets():
        if word in text:
            at = text.index(word)
            yield f"{place}: shows {word}: …{text[max(0, at - 60) : at + 30]}…"


# --- pages ----------------------------------------------------------------------------------------


def browser(walker: Walker) -> Ask:
    """Asks as a browser does that is signed in as this person."""
    client = Client(raise_request_exception=False)
    client.force_login(walker.world.people[walker.role], backend=MODEL_BACKEND)
    client.get(reverse("notify:count"))  # marks the session as active, once
    cookies = SimpleCookie(client.cookies)

    def ask(row: Row, method: str, arguments: list[Any]) -> Any:
        address = reverse(row.name, args=arguments)
        client.cookies = SimpleCookie(cookies)
        with undone():
            if method == "GET":
                return client.get(address, headers={"HX-Request": "true"} if row.silent else {})
            return client.post(address, walker.says(row))

    return ask


def insider(walker: Walker) -> Ask:
    """The same by the short way, past the doors and without the frame."""
    person = Insider(walker.world.people[walker.role])

    def ask(row: Row, method: str, arguments: list[Any]) -> Any:
        address, is_open = reverse(row.name, args=arguments), row.name in OPEN
        with undone():
            if method == "GET":
                headers = {"HX-Request": "true"} if row.silent else {}
                return person.get(address, headers, is_open=is_open)
            return person.post(address, walker.says(row), is_open=is_open)

    return ask


@pytest.mark.parametrize("role", WALKING)
def test_a_role_gets_what_it_may_and_learns_nothing_of_what_it_may_not(
    world: World, role: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker, rows = Walker(role, world), (*PAGES, *VERB_PAGES)
    if role == THROUGH_EVERY_DOOR:
        wrong = list(walk(walker, rows, browser(walker)))
    else:
        framed = tuple(row for row in PAGES if row.name in FRAMED)
        wrong = list(walk(walker, framed, browser(walker)))
        open_the_short_way(settings, monkeypatch)
        wrong += walk(walker, rows, insider(walker))
    assert not wrong, "\n".join(wrong)


def test_who_has_not_signed_in_is_sent_to_the_sign_in_everywhere(world: World) -> None:
    walker, client = Walker("csr", world), Client(raise_request_exception=False)
    for row in (*PAGES, *VERB_PAGES[:1]):
        for method in row.methods:
            address = reverse(row.name, args=walker.fills(row, OWN))
            answer = client.generic(method, address)
            if row.name in OPEN:
                assert answer.status_code == 200, row.name
                continue
            assert answer.status_code == 302, row.name
            assert answer.headers["Location"].startswith(reverse("accounts:sign-in")), row.name


# --- the API --------------------------------------------------------------------------------------


def sample(schema: dict[str, Any], whole: dict[str, Any]) -> Any:
    """The least that a schema accepts."""
    if "$ref" in schema:
        return sample(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], whole)
    if "enum" in schema or "const" in schema:
        return schema.get("const") or schema["enum"][0]
    if schema.get("format") == "date-time":
        return "2026-11-20T12:00:00+08:00"
    if schema.get("type") == "object":
        wanted = schema.get("required", ())
        return {name: sample(schema["properties"][name], whole) for name in wanted}
    least = {"string": "走", "boolean": True, "integer": 1, "number": 1}
    if schema.get("type") == "array":
        return [sample(schema["items"], whole)] if schema.get("minItems") else []
    return least[schema["type"]]


def caller(walker: Walker) -> Ask:
    """Asks as an integration does, with a token that stands for this person."""
    client, known, whole = Client(raise_request_exception=False), operations(), described_api()
    token = walker.world.tokens[walker.role]
    count = iter(range(1_000_000))

    def ask(row: Row, method: str, arguments: list[Any]) -> Any:
        _, path, described = known[row.name]
        address = re.sub(r"\{\w+\}", "{}", path).format(*arguments)
        headers = {
            "Authorization": f"Bearer {token}", "If-Match": "*",
            "Idempotency-Key": f"walk-{next(count)}",
        }  # fmt: skip
        with undone():
            if method == "GET":
                return client.get(address, walker.says(row), headers=headers)
            return _post(client, address, walker.says(row), described, whole, headers)

    return ask


def _post(
    client: Client, address: str, said: dict[str, Any], described: dict[str, Any],
    whole: dict[str, Any], headers: dict[str, str],
) -> Any:  # fmt: skip
    kinds = described.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in kinds:
        file = SimpleUploadedFile("a.png", PNG, "image/png")
        return client.post(address, {"file": file, **said}, headers=headers)
    body = sample(kinds["application/json"]["schema"], whole) if kinds else {}
    sent = json.dumps({**body, **said})
    return client.post(address, sent, content_type="application/json", headers=headers)


def test_a_foreign_number_in_a_body_is_as_unknown_as_one_that_nobody_has(world: World) -> None:
    walker = Walker("project_manager", world)
    ask, foreign = caller(walker), world.objects[FOREIGN]["case"]
    for name, field in (("merge", "into"), ("link", "other")):
        found = next(row for row in API if row.name == name)
        answers = [
            ask(replace(found, body={field: number}), "POST", walker.fills(found, OWN))
            for number in (foreign, not_there(foreign))
        ]
        assert [answer.status_code for answer in answers] == [422, 422], name
        assert content(answers[0]) == content(answers[1]), name


@pytest.mark.parametrize("role", WALKING)
def test_a_token_opens_what_its_person_may_and_nothing_else(world: World, role: str) -> None:
    walker = Walker(role, world)
    wrong = list(walk(walker, API, caller(walker)))
    assert not wrong, "\n".join(wrong)


def test_no_operation_answers_without_a_token(world: World) -> None:
    client = Client(raise_request_exception=False)
    for name, (method, path, _) in operations().items():
        address = re.sub(r"\{\w+\}", "1", path)
        assert client.generic(method, address).status_code == 401, name


def test_the_foreign_record_is_foreign_to_every_role(world: World) -> None:
    """What the walk stands on: nobody here reaches 江南里, and everybody reaches 翠湖花园."""
    for role in ROLES:
        paths = [reach.unit.path for reach in world.scope(role).reaches]
        foreign, own = world.cast.jiangnan.path, world.cast.cuihu.path
        assert not any(foreign.startswith(path) for path in paths), role
        assert any(own.startswith(path) for path in paths), role
    assert set(world.objects[FOREIGN]) == set(world.objects[OWN])
