"""Every statement of the five regulations: produced on its date, signed by its chain, sent."""

from __future__ import annotations

from datetime import timedelta

from shouwen.accounts.models import Staff
from shouwen.adoption.library import load
from shouwen.rules.figure_kinds import StatementRule
from shouwen.rules.statements import places
from shouwen.statements.actions.preparing import prepare
from shouwen.statements.actions.sending import send_outside
from shouwen.statements.models import Statement
from shouwen.statements.owing import owed
from shouwen.statements.reading import drafts
from tests.moments import moment
from tests.statements.conftest import FIRST, S1, S2, S3, S4, Office

NEW_YEAR = moment("2027-01-01 00:00", "周五")
ACTS = {"submitted": "submit", "checked": "check", "signed": "sign"}
REGULATIONS = (S4, S2, S3, S1)


def all_rules() -> list[StatementRule]:
    return [rule for name in REGULATIONS for rule in load(name).statement]


def sees_through(office: Office, row: Statement) -> None:
    """Each place is signed by who holds the role, a minute after the one before."""
    at = row.prepared_at
    people: dict[str, Staff] = {
        "csr": office.cast.limin, "cs_head": office.cast.sunli,
        "project_manager": office.cast.zhoumin, "company_cs": office.cast.zhengjie,
        "company_leader": office.cast.zhaogang, "hq_cs": office.cast.qianhong,
    }  # fmt: skip
    author = people[row.written.prepared_by]
    texts = {name: "情况平稳" for name in row.written.required if name in drafts(row)}
    office.writes(row, author, texts, at)
    office.improves(row, author, at)
    for place in places(row.written):
        at += timedelta(minutes=1)
        office.acts(ACTS[place.verb], row, people[place.role], at=at)
    for delivery in row.deliveries.filter(sent_at=None):
        by = office.of(author, at)
        send_outside(delivery=delivery, proof="会议纪要", by=by, at=at)


def test_every_statement_of_the_regulations_is_produced_on_its_date_signed_and_sent_in_time(
    office: Office,
) -> None:
    office.cast.follows(*REGULATIONS)
    office.registers("夜里装修太吵，保安没有劝阻", kind="complaint")
    seen: dict[str, Statement] = {}
    for at in (FIRST, moment("2026-12-01 17:15", "周二"), NEW_YEAR):
        for one in owed(at):
            ours = one.unit in (office.cast.cuihu, office.cast.jinxiu, office.cast.group)
            if ours and one.rule.id not in seen and one.ready_at == at:
                seen[one.rule.id] = prepare(one, at)
    assert seen.keys() == {rule.id for rule in all_rules()}
    for row in seen.values():
        if row.is_open:
            sees_through(office, row)
        row.refresh_from_db()
        assert (row.state, row.is_late) == ("sent", False), row
