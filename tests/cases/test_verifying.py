"""The journal shows any tampering, even by somebody with the keys to the database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.actions.contacting import contact_customer
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.models import Case, JournalAnchor, JournalEntry
from shouwen.cases.verifying import anchor, verify
from tests.cases.conftest import MORNING
from tests.cast import Cast

Scoped = Callable[[Staff], Scope]


@pytest.fixture
def story(registered: Callable[..., Case], cast: Cast, scope: Scoped) -> Case:
    """Six entries on one case, and another case beside it."""
    case = registered("厨房水管漏水", kind="repair")
    registered("楼道灯坏了", kind="repair")
    for minutes in range(1, 6):
        contact_customer(
            case=case, by=scope(cast.limin), at=MORNING + timedelta(minutes=minutes),
            text=f"第 {minutes} 次联系",
        )  # fmt: skip
    assert list(verify()) == []
    return case


def kinds() -> set[str]:
    return {finding.kind for finding in verify()}


@pytest.mark.django_db
def test_an_altered_entry_is_found(story: Case) -> None:
    entry = story.journal.get(seq=3)
    entry.data = {**entry.data, "text": "客户说满意"}
    entry.save()
    assert [(f.kind, f.seq, f.case) for f in verify()] == [("altered", 3, story.number)]


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["at", "recorded_at", "by", "said_by", "verb", "roles"])
def test_whatever_is_altered_of_an_entry_is_found(story: Case, cast: Cast, field: str) -> None:
    entry = story.journal.get(seq=4)
    changed = {
        "at": MORNING, "recorded_at": MORNING, "by": cast.wangfang, "said_by": "别人",
        "verb": "noted", "roles": ["csr", "admin"],
    }  # fmt: skip
    setattr(entry, field, changed[field])
    entry.save()
    assert kinds() == {"altered"}


@pytest.mark.django_db
@pytest.mark.parametrize("seq", [1, 3, 6], ids=["the first", "one between", "the last"])
def test_a_removed_entry_is_found(story: Case, seq: int) -> None:
    story.journal.filter(seq=seq).delete()
    assert kinds() == {"removed"}


@pytest.mark.django_db
def test_a_removed_entry_is_found_when_those_after_it_are_numbered_anew(story: Case) -> None:
    story.journal.filter(seq=3).delete()
    for entry in story.journal.filter(seq__gt=3).order_by("seq"):
        JournalEntry.objects.filter(pk=entry.pk).update(seq=F("seq") - 1)
    assert kinds() == {"removed"}
    Case.objects.filter(pk=story.pk).update(version=5)
    assert kinds() == {"removed"}


@pytest.mark.django_db
def test_an_inserted_entry_is_found(story: Case) -> None:
    for entry in story.journal.filter(seq__gt=3).order_by("-seq"):
        JournalEntry.objects.filter(pk=entry.pk).update(seq=F("seq") + 1)
    third = story.journal.get(seq=3)
    third.pk, third.seq, third.data = None, 4, {"text": "补写的"}
    third.save(force_insert=True)
    assert kinds() == {"inserted"}
    Case.objects.filter(pk=story.pk).update(version=7)
    assert kinds() == {"inserted"}


@pytest.mark.django_db
def test_an_entry_added_at_the_end_is_found(story: Case) -> None:
    last = story.journal.order_by("seq").last()
    assert last is not None
    last.pk, last.seq, last.previous = None, last.seq + 1, last.hash
    last.save(force_insert=True)
    assert kinds() == {"inserted"}


@pytest.mark.django_db
def test_two_entries_that_changed_places_are_found(story: Case) -> None:
    JournalEntry.objects.filter(case=story, seq=3).update(seq=99)
    JournalEntry.objects.filter(case=story, seq=4).update(seq=3)
    JournalEntry.objects.filter(case=story, seq=99).update(seq=4)
    assert kinds() == {"reordered"}


@pytest.mark.django_db
def test_a_case_whose_state_was_changed_behind_the_journal_is_found(story: Case) -> None:
    Case.objects.filter(pk=story.pk).update(status="closed", closed_at=MORNING)
    assert kinds() == {"row"}


@pytest.mark.django_db
def test_a_chain_rewritten_as_a_whole_is_found_by_the_anchor_of_the_day(story: Case) -> None:
    assert anchor(at=MORNING + timedelta(hours=1)) is not None
    assert kinds() == set()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_journalentry WHERE case_id = %s AND seq = 6", [story.pk])
    kept = story.journal.get(seq=5)
    Case.objects.filter(pk=story.pk).update(version=5, head=kept.hash)
    assert kinds() == {"anchor"}


@pytest.mark.django_db
def test_what_is_taken_in_afterwards_with_an_older_time_is_no_tampering(
    story: Case, cast: Cast
) -> None:
    assert anchor(at=MORNING + timedelta(hours=1)) is not None
    long_ago = MORNING - timedelta(days=3)
    by = scope_of(cast.limin, long_ago)
    register(project=cast.cuihu, told=Told(text="以前的来件"), by=by, at=long_ago)
    assert kinds() == set()


@pytest.mark.django_db
def test_anchors_are_chained_and_made_once_a_day(story: Case) -> None:
    first = anchor(at=MORNING + timedelta(hours=1))
    assert anchor(at=MORNING + timedelta(hours=2)) is None
    second = anchor(at=MORNING + timedelta(hours=26))
    assert first is not None
    assert second is not None
    assert second.previous == first.digest
    JournalAnchor.objects.filter(pk=first.pk).update(digest="0" * 64)
    assert kinds() == {"anchor"}
