"""Reading the written regulations."""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from shouwen.adoption import library
from shouwen.adoption.library import BadRegulation
from shouwen.rules.regulation import Regulation

OURS = Path(str(library.root()))
DOCUMENTS = {
    "first-contact": ("S0", 67),
    "developer-aftersales": ("S1", 85),
    "service-centre": ("S2", 380),
    "staff-handbook": ("S2", 80),
    "complaint-procedure": ("S3", 49),
    "customer-communication": ("S4", 138),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of S4 that a test may spoil."""
    copy = tmp_path / "customer-communication"
    shutil.copytree(OURS / "customer-communication", copy)
    return copy


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_six_documents_and_the_defaults_come_with_the_program() -> None:
    assert library.available() == sorted([*DOCUMENTS, "defaults"])


@pytest.mark.parametrize("regulation_id", sorted(DOCUMENTS))
def test_each_document_loads_with_all_its_clauses(regulation_id: str) -> None:
    found = library.load(regulation_id)
    assert (found.source, len(found.clauses)) == DOCUMENTS[regulation_id]
    assert not found.product_default


def test_the_defaults_say_that_they_are_no_regulation() -> None:
    defaults = library.load("defaults")
    assert defaults.product_default
    assert defaults.clauses == ()


def test_every_clause_stands_in_exactly_one_regulation() -> None:
    ids = [clause.id for found in library.load_all() for clause in found.clauses]
    assert len(ids) == 799
    assert len(set(ids)) == 799


def test_no_clause_of_the_requirements_is_missing_and_none_is_invented() -> None:
    shared = Path(os.environ.get("SHOUWEN_SHARED", Path(__file__).parents[3] / "shared"))
    source = shared / "requirements" / "clauses.csv"
    if not source.is_file():
        pytest.skip("the requirements are not beside the repository (SHOUWEN_SHARED)")
    with source.open(encoding="utf-8-sig") as lines:
        wanted = {row["id"]: (row["category"], row["kind"]) for row in csv.DictReader(lines)}
    ours = {
        clause.id: (clause.category, clause.kind)
        for found in library.load_all()
        for clause in found.clauses
    }
    assert ours == wanted


def test_a_clause_that_a_rule_takes_up_says_what_the_program_does() -> None:
    for found in library.load_all():
        says = {clause.id: clause.does for clause in found.clauses}
        cited = {
            clause for kind, rule in found.rules() if kind != "measure" for clause in rule.cites
        }
        assert sorted(clause for clause in cited if not says[clause]) == []


def test_rule_ids_are_unique_over_all_regulations_so_that_one_can_be_asked_for() -> None:
    ids = [
        rule.id for found in library.load_all() for kind, rule in found.rules() if kind != "axis"
    ]
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def test_an_adopted_edition_comes_back_from_json_as_it_was() -> None:
    for found in library.load_all():
        stored = json.loads(json.dumps(library.content(found)))
        assert library.from_content(stored) == found


def test_the_fingerprint_follows_the_content_and_nothing_else(folder: Path) -> None:
    before = library.sha256(library.read(folder))
    spoil(folder / "regulation.toml", "# ── 角色", "# ── 岗位")
    assert library.sha256(library.read(folder)) == before
    spoil(folder / "regulation.toml", 'due = "8 hours"', 'due = "9 hours"')
    assert library.sha256(library.read(folder)) != before


def test_the_same_regulation_is_read_only_once() -> None:
    assert library.load("first-contact") is library.load("first-contact")
    assert library.rulebook(["first-contact"]) is library.rulebook(["first-contact"])


def test_a_regulation_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(BadRegulation, match="no-such"):
        library.load("no-such")


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("regulation.toml", 'due = "8 hours"', 'dues = "8 hours"', "repair-general-fault"),
        ("regulation.toml", 'met_by = "done"', 'met = "done"', "commitment"),
        ("regulation.toml", 'name = "维修主管"', 'nam = "维修主管"', "roles"),
        ("forms.toml", "columns", "colums", "opinion-record"),
        ("forms.toml", "[[form]]", "[[forms]]", "forms"),
        ("checklists.toml", "occasion", "when", "major-complaint-criteria"),
        ("regulation.toml", 'id = "customer-communication"', 'id = "other"', "id"),
        ("regulation.toml", "[[axis]]", "[[axis]", "syntax"),
        ("clauses.csv", "id,section", "nr,section", "header"),
        ("regulation.toml", 'edition = "1"', 'edition = "1"\nscript = []', "script"),
    ],
)
def test_a_key_that_is_not_known_is_refused_with_file_and_key(
    folder: Path, file: str, old: str, new: str, key: str
) -> None:
    spoil(folder / file, old, new)
    with pytest.raises(BadRegulation) as refused:
        library.read(folder)
    assert refused.value.file == f"customer-communication/{file}"
    assert key in refused.value.key


def test_two_regulations_together_ask_the_first_first() -> None:
    book = library.rulebook(["customer-communication", "first-contact"])
    kinds = book.axis("kind")
    assert kinds is not None
    assert kinds[0].id == "customer-communication"
    assert isinstance(book.regulations[1], Regulation)
