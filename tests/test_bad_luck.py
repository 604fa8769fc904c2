"""What happens on bad days: a worker that stopped or slept, and things that people really type."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from html import escape
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from shouwen import worker
from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.dispatching import accept, dispatch
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.working import report_done
from shouwen.cases.models import Case, Commitment, Contact
from shouwen.cases.search import index_pending
from shouwen.followup.actions.following import follow
from shouwen.notify import actions as notify
from shouwen.notify.actions import LEASE, deliver, tell
from shouwen.notify.models import Notice, OutboxMessage
from tests.cast import Cast
from tests.installation import install
from tests.moments import SetClock, moment

SignIn = Callable[[Client, Staff], Client]
MORNING = moment("2026-11-19 09:12", "周四")
_events = count(1)


def say(*people: Staff, at: datetime = MORNING, subject: str = "有一件事") -> None:
    with transaction.atomic():
        tell(people=people, event=f"luck:{next(_events)}", subject=subject, at=at)


# --- The worker -----------------------------------------------------------------------------------


@pytest.mark.deadline("D1")
def test_a_day_without_a_worker_is_caught_up_on_its_first_round_and_each_thing_is_told_once(
    cast: Cast, clock: SetClock
) -> None:
    clock("2026-11-19 09:12", "周四")
    by = scope_of(cast.limin, MORNING)
    for text in ("厨房水管漏水", "电梯困人，快来"):
        register(project=cast.cuihu, told=Told(text=text), by=by, at=MORNING)
    clock("2026-11-20 09:30", "周五")
    worker.once()
    assert Notice.objects.filter(subject__contains="超时").exists()
    missed = Commitment.objects.filter(outcome="", next_ring_at__lte=moment("2026-11-20 09:30"))
    assert not missed.exists()
    worker.once()  # sends what was told after the outbox had its turn: duties, reports
    told = Notice.objects.count()
    assert told == OutboxMessage.objects.exclude(delivered_at=None).count()
    worker.once()
    assert Notice.objects.count() == told


def test_what_killed_its_worker_each_time_is_given_up(cast: Cast) -> None:
    say(cast.limin)
    at = MORNING
    for _ in range(notify.TRIES):
        assert notify._claim(at, 10)
        at += LEASE + timedelta(seconds=1)
    assert not notify._claim(at, 10)
    assert OutboxMessage.objects.get().failed_at == at


def test_a_clock_set_back_an_hour_holds_back_no_message_for_longer_and_sends_none_twice(
    cast: Cast,
) -> None:
    say(cast.limin, at=MORNING)
    assert deliver(at=MORNING - timedelta(hours=1)) == 0, "not yet, by this clock"
    assert deliver(at=MORNING) == 1
    assert deliver(at=MORNING - timedelta(hours=1)) == 0
    assert deliver(at=MORNING + timedelta(hours=1)) == 0
    assert Notice.objects.count() == 1


def test_a_worker_that_wakes_after_its_lease_delivers_nothing_a_second_time(cast: Cast) -> None:
    say(cast.limin)
    ((pk, slept),) = notify._claim(MORNING, 10)
    assert deliver(at=MORNING + LEASE / 2) == 0, "it is still hers"
    later = MORNING + LEASE + timedelta(seconds=1)
    ((_, awake),) = notify._claim(later, 10)
    assert notify._deliver_one(pk, slept, later) == 0
    assert not Notice.objects.exists()
    assert notify._deliver_one(pk, awake, later) == 1
    assert notify._deliver_one(pk, slept, later) == 0
    assert Notice.objects.count() == 1


def test_what_a_dead_worker_had_claimed_is_delivered_by_the_next(cast: Cast) -> None:
    say(cast.limin, cast.wangfang)
    assert len(notify._claim(MORNING, 10)) == 2
    assert deliver(at=MORNING + LEASE + timedelta(seconds=1)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_deliver_every_message_once(cast: Cast) -> None:
    people = [cast.limin, cast.wangfang, cast.zhoumin, cast.sunli]
    for _ in range(15):
        say(*people)
    together = Barrier(2)

    def work() -> int:
        together.wait(10)
        done = sum(deliver(at=MORNING, limit=7) for _ in range(12))
        connection.close()
        return done

    with ThreadPoolExecutor(2) as pool:
        done = [one.result() for one in [pool.submit(work) for _ in range(2)]]
    done.append(deliver(at=MORNING + LEASE * 2))
    assert sum(done) == Notice.objects.count() == 60
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()


@pytest.fixture
def poison(cast: Cast) -> Iterator[OutboxMessage]:
    """A message that cannot become a notice: its text is one that the table of notices refuses."""
    say(cast.limin, subject="毒")
    yield OutboxMessage.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET[connection.vendor])


_REFUSE = {
    "sqlite": "CREATE TRIGGER refuse_poison BEFORE INSERT ON notify_notice WHEN NEW.subject = '毒'"
    " BEGIN SELECT RAISE(ABORT, 'poison'); END",
    "postgresql": "ALTER TABLE notify_notice ADD CONSTRAINT refuse_poison CHECK (subject <> '毒')",
}
_FORGET = {
    "sqlite": "DROP TRIGGER IF EXISTS refuse_poison",
    "postgresql": "ALTER TABLE notify_notice DROP CONSTRAINT IF EXISTS refuse_poison",
}


@pytest.mark.django_db(transaction=True)
def test_a_message_that_cannot_be_delivered_holds_back_no_other_and_ends_on_somebodys_list(
    poison: OutboxMessage, cast: Cast
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REFUSE[connection.vendor])
    say(cast.wangfang)
    at = MORNING
    assert deliver(at=at) == 1
    for _ in range(notify.TRIES + 2):
        at += LEASE + timedelta(minutes=1)
        deliver(at=at)
    poison.refresh_from_db()
    assert Notice.objects.count() == 1
    assert poison.delivered_at is None
    assert poison.attempts == notify.TRIES
    assert poison.failed_at is not None
    assert "poison" in poison.error


# --- What people type -----------------------------------------------------------------------------

RARE = "𠮷先生的👨‍👩‍👧全家说“水管”漏了①㎡ \u202e倒写\u202c 1/2"
HTML = "<img src=x onerror=alert(1)>\"'&amp;{{ 7|add:7 }}{% now 'Y' %}"


@pytest.fixture
def done(cast: Cast, clock: SetClock) -> Callable[[str], Case]:
    """`done(text)`: a case with this text in all that somebody may write, up to its visit."""

    def make(text: str) -> Case:
        clock("2026-11-19 09:12", "周四")
        limin, chen = scope_of(cast.limin, MORNING), scope_of(cast.chenjianguo, MORNING)
        told = Told(
            text=f"投诉：{text}", name=text[:60], phone="13900000421", address=text[:120],
            sender=text[:60], sender_number=text[:60], heard_by=text[:40], details={"claim": text},
            facts={"kind": "complaint"}, ticks=("read-back",),
        )  # fmt: skip
        case = register(project=cast.cuihu, told=told, by=limin, at=MORNING)
        lead = cast.department("engineering")
        dispatch(case=case, lead=lead, by=limin, at=MORNING, note=text, notified_by=text[:40])
        accept(case=case, by=chen, at=MORNING)
        report_done(case=case, by=chen, at=MORNING, text=text)
        follow(at=MORNING)
        deliver(at=MORNING)
        index_pending(at=MORNING)
        return case

    return make


def addresses(case: Case) -> list[str]:
    """Every page on which somebody reads what was typed about a case."""
    visit = case.visits.first()
    notices = [reverse("notify:inbox")]
    return [
        reverse("cases:case", args=[case.number]),
        f"{reverse('cases:board')}?of=project",
        f"{reverse('cases:list')}?of=project",
        f"{reverse('cases:search')}?q={case.number}",
        reverse("cases:contacts"),
        reverse("cases:contact", args=[case.contact.number]),
        reverse("cases:contact-register"),
        *(reverse("cases:verb", args=[case.number, verb]) for verb in ("note", "classify", "link")),
        reverse("followup:visits"),
        *([reverse("followup:visit", args=[visit.pk])] if visit else []),
        *notices,
    ]


def test_html_in_every_field_is_shown_on_every_page_as_it_was_typed_and_never_run(
    done: Callable[[str], Case], cast: Cast, client: Client, sign_in: SignIn
) -> None:
    case = done(HTML)
    sign_in(client, cast.zhoumin)
    shown = 0
    for address in addresses(case):
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert "<img src=x" not in page, address
        shown += escape("<img src=x onerror=") in page
    assert shown >= 6


def test_rare_characters_families_of_emoji_and_direction_marks_come_back_as_they_were(
    done: Callable[[str], Case], cast: Cast, client: Client, sign_in: SignIn
) -> None:
    case = done(RARE)
    case.refresh_from_db()
    assert case.text == f"投诉：{RARE}"
    sign_in(client, cast.zhoumin)
    for address in addresses(case)[:2]:
        assert "𠮷先生的👨‍👩‍👧全家" in client.get(address).content.decode(), address
    found = client.get(reverse("cases:search"), {"q": "𠮷先生"}).content.decode()
    assert case.number in found


def test_a_formula_in_a_case_is_text_in_the_export(
    done: Callable[[str], Case], cast: Cast, client: Client, sign_in: SignIn
) -> None:
    done("=cmd|' /C calc'!A0")
    sign_in(client, cast.zhoumin)
    answer: Any = client.get(f"{reverse('cases:export', args=['list', 'csv'])}?of=project")
    table = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "cmd|" in table
    assert not re.search(r'(^|,)"?=cmd', table, re.MULTILINE)


# --- At the desk ----------------------------------------------------------------------------------


@pytest.fixture
def desk(cast: Cast, client: Client, sign_in: SignIn, clock: SetClock) -> Client:
    clock("2026-11-20 09:12", "周五")
    return sign_in(client, cast.limin)


def test_a_zero_byte_is_no_reason_to_lose_what_was_typed(desk: Client) -> None:
    typed = {"do": "register", "source": "phone", "text": "厨房\x00漏水", "name": "王\x00女士"}
    answer = desk.post("/desk", typed)
    if answer.status_code == 422:
        assert "漏水" in answer.content.decode()
        assert "is-wrong" in answer.content.decode()
    else:
        assert Case.objects.get().text == "厨房漏水"


def test_fifty_megabytes_of_photo_are_refused_at_the_field_and_the_text_stays(
    desk: Client,
) -> None:
    photo = SimpleUploadedFile(
        "客厅.jpg", b"\xff\xd8\xff\xe0" + bytes(50 * 1024 * 1024), "image/jpeg"
    )
    typed = {"do": "register", "source": "phone", "text": "厨房漏水，照片为证", "uploads": photo}
    answer = desk.post("/desk", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "最多 20 MB" in page
    assert "厨房漏水，照片为证" in page
    assert not Contact.objects.exists()


# --- The disk -------------------------------------------------------------------------------------


def test_a_data_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    """A file stands where the folder should be. (Rights would not stop root.)"""
    (tmp_path / "data").write_text("not a folder")
    said = refused_start(tmp_path)
    assert "SHOUWEN_DATA" in said
    assert "Traceback" not in said


def refused_start(folder: Path) -> str:
    """What the program says that does not start."""
    with install(folder).start("serve") as process:
        assert process.stdout
        said = process.stdout.read()
    assert process.returncode
    assert not stat.S_ISDIR((folder / "data").stat().st_mode)
    return said
