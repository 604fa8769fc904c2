"""The demo company: made only by what people can do, the same each time, and alive now."""

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from math import prod
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction

from shouwen import demo as package
from shouwen.accounts.actions import change_password, create_unit
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.adoption.queries import calendars, rulebook
from shouwen.cases.models import Case, Commitment, Contact, JournalEntry
from shouwen.cases.verifying import verify
from shouwen.demo import complaints
from shouwen.demo.commands import demo, told_logins
from shouwen.demo.filling import fill
from shouwen.demo.homes import LAYOUT
from shouwen.demo.matters import matters
from shouwen.demo.today import LIVES, scenes
from shouwen.figures.models import Verdict
from shouwen.followup.models import Visit
from shouwen.groups.models import GroupMatter
from shouwen.groups.queries import members
from shouwen.learning.models import Correction, Praise, Suggestion
from shouwen.majors.models import Risk
from shouwen.notify.models import Notice, OutboxMessage
from shouwen.outside.models import Referral
from shouwen.portal.models import BuildingCode
from shouwen.registers.models import Record
from shouwen.repairs.actions.finding import checklists
from shouwen.rules.refused import Refused
from shouwen.statements.models import Statement
from shouwen.supervision.models import Matter
from tests.figures.proof.recomputed import differences, kept
from tests.moments import moment

NOW = moment("2026-11-19 17:46", "周四")
CODE = sorted(Path(package.__file__).parent.glob("*.py"))
#: Calls that change rows without asking an action.
WRITES = {"create", "bulk_create", "update", "bulk_update", "save", "delete", "get_or_create",
          "update_or_create"}  # fmt: skip


def _play(now: datetime) -> str:
    """The small demo, as it is at a moment; the hashes of all its journals."""
    calendars.cache_clear()
    rulebook.cache_clear()
    fill(now, lambda line: None, small=True)
    heads = Case.objects.order_by("number").values_list("number", "head")
    return sha256(repr(list(heads)).encode()).hexdigest()


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    calendars.cache_clear()  # trust that an id means the same for ever; a rollback breaks that
    rulebook.cache_clear()


def test_the_demo_is_a_group_at_work_and_the_same_each_time(db: None, tmp_path: Path) -> None:
    with transaction.atomic():
        first = _play(NOW)
        transaction.set_rollback(True)
    assert _play(NOW) == first
    _there_is_a_group()
    _some_went_wrong()
    _it_goes_on_now()
    _complaints_stand_at_every_stage()
    _its_papers_are_signed_and_one_is_late()
    assert differences(kept(NOW), tmp_path, NOW, by_days=False) == [], "counted twice, not alike"
    _its_logins_are_told_as_long_as_they_open()


def _there_is_a_group() -> None:
    kinds = [OrgUnit.objects.filter(kind=kind).count() for kind in ("group", "company", "project")]
    assert kinds == [1, 2, 4]
    assert Staff.objects.count() >= 40
    assert Case.objects.count() >= 60
    assert Contact.objects.filter(cases=None).exclude(answer="").exists()
    assert set(Case.objects.values_list("status", flat=True)) >= {
        "registered", "dispatched", "accepted", "waiting", "fed-back", "closed", "merged", "void",
    }  # fmt: skip
    assert not Case.objects.filter(owner=None).exists()
    assert not list(verify())
    for project in OrgUnit.objects.filter(kind="project"):
        assert BuildingCode.objects.filter(project=project).count() == project.buildings.count()
        assert [rule.title for _, rule in checklists(project, NOW)] == ["公共区域巡查"]


def _some_went_wrong() -> None:
    assert Commitment.objects.filter(outcome="late").exists()
    assert Case.objects.filter(round=2).exists()
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert verbs >= {
        "refused", "ruled", "transferred", "waiting", "wait-approved", "promise-agreed", "urged",
        "reopened", "visited", "visit-attempted", "merged", "absorbed", "split", "voided",
        "replied-sender", "delegated", "handed-back", "reported", "answered", "linked",
    }  # fmt: skip
    assert set(Visit.objects.values_list("result", flat=True)) > {"satisfied", "unsatisfied"}
    alike = Case.objects.filter(address__startswith="5幢", kind="complaint", facts__grade="group")
    assert alike.count() == 6
    first, last = (alike.order_by(order).values_list("opened_at", flat=True)[0]
                   for order in ("opened_at", "-opened_at"))  # fmt: skip
    assert last - first < timedelta(days=3)


def _it_goes_on_now() -> None:
    """The board of this hour: late, due within the hour, and today."""
    running = Commitment.objects.filter(outcome="", case__project__code="CH")
    assert running.filter(due_at__lt=NOW).count() >= 3
    assert running.filter(due_at__range=(NOW, NOW + timedelta(hours=1))).count() >= 4
    assert Visit.objects.filter(state=Visit.State.PLANNED).count() >= 3
    assert Case.objects.filter(opened_at__gt=NOW).count() == 0
    assert not OutboxMessage.objects.filter(delivered_at=None, not_before__lte=NOW).exists()
    unread = Notice.objects.filter(read_at=None)
    assert unread.exists()
    assert not unread.filter(at__lt=NOW - timedelta(hours=3)).exists()


def _complaints_stand_at_every_stage() -> None:
    """Five households with one statement, four of them answered; what is owed upwards, what the
    developer owes, what waits for a ruling, and what was learned."""
    group = GroupMatter.objects.get()
    assert (group.complaining, group.statements.exclude(approved_at=None).count()) == (5, 1)
    stand = sorted(member.case.status for member in members(group))
    assert stand == ["accepted", *["fed-back"] * 4]
    owed = Matter.objects.filter(answered_at=None, due_at__gt=NOW)
    assert {matter.kind for matter in owed} == {"supervise", "to-project"}
    referral = Referral.objects.get()
    assert (referral.is_waiting, referral.hops.count()) == (True, 4)
    assert referral.due_at is not None
    assert referral.due_at < NOW
    running = Commitment.objects.filter(outcome="", due_at__gt=NOW)
    assert set(running.values_list("rule", flat=True)) >= {"progress-told-major", "downgrade-ruled"}
    correction = Correction.objects.get()
    assert (correction.state, correction.cases.count()) == ("running", 2)
    assert set(Suggestion.objects.values_list("decision", flat=True)) == {"", "adopted"}
    assert (Praise.objects.count(), Risk.objects.count()) == (1, 1)


def _its_papers_are_signed_and_one_is_late() -> None:
    """On three levels; the figures behind them are counted, the duties done."""
    sent = Statement.objects.filter(rule__startswith="month-", state="received")
    assert set(sent.values_list("unit__kind", flat=True)) == {"project", "company", "group"}
    late = Statement.objects.get(rule="month-project", unit__code="WJ")
    assert late.sent_at is None
    assert late.steps.filter(verb="rang").exists()
    assert Verdict.objects.filter(measure__endswith="/complaint-closed", verdict="hit").exists()
    assert set(Record.objects.values_list("form", flat=True)) == {"greeting", "reception-day"}


def _its_logins_are_told_as_long_as_they_open() -> None:
    line = told_logins()
    assert "李敏 limin · 陈建国 chenjianguo · 周敏 zhoumin" in line
    assert "\n" not in line
    limin = Staff.objects.get(username="limin")
    change_password(staff=limin, password="翠湖花园-2026-自己的")
    assert told_logins() == ""


@pytest.mark.once
def test_it_begins_well_just_after_midnight_in_a_year_without_a_calendar_yet(db: None) -> None:
    now = moment("2027-01-01 00:05", "周五")
    _play(now)
    soon = Commitment.objects.filter(outcome="", due_at__range=(now, now + timedelta(hours=1)))
    assert soon.exists()
    assert not list(verify())


def test_nothing_is_written_past_the_actions() -> None:
    """Only the estate is written in bulk, as an import does."""
    found = {
        (path.name, node.func.attr)
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
    }  # fmt: skip
    assert found == {("homes.py", "bulk_create")}


def test_who_breaks_it_off_finds_the_database_empty(db: None) -> None:
    def stop(line: str) -> None:
        if "以前的来电来访" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(NOW, stop, small=True)
    assert not OrgUnit.objects.exists()


def test_every_scene_of_today_can_be_played() -> None:
    assert {scene.life for scene in scenes()} - {"agreed"} == set(LIVES)
    assert {tale.id for tale in complaints.tales()} == set(complaints.LIVES)
    assert all(matter.texts and matter.weight > 0 for matter in matters())


def test_the_demo_goes_into_an_empty_database_only(db: None) -> None:
    create_unit(kind="group", code="OWN", name="我们的集团")
    with pytest.raises(Refused) as refused:
        CliRunner().invoke(demo, [], catch_exceptions=False)
    assert refused.value.code == "not-empty"
    assert CliRunner().invoke(demo, ["--if-empty"]).output == ""
    assert CliRunner().invoke(demo, ["--logins"]).output.strip() == ""
    assert not Case.objects.exists()


def test_the_whole_demo_has_three_thousand_homes() -> None:
    assert sum(prod(layout) for layout in LAYOUT.values()) == 3000
