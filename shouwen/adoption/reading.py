"""A regulation as its page shows it: rules in parts, each with its clause and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from shouwen.adoption.coverage import cited
from shouwen.adoption.library import load
from shouwen.adoption.words import KINDS, Fact, Reader
from shouwen.rules.case_kinds import Checklist, Script
from shouwen.rules.regulation import Clause, Regulation
from shouwen.rules.rule import Rule

#: The parts of the page, and which kinds of rule stand in each.
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "promises": ("时限与回访", ("commitment", "return_visit")),
    "intake": ("受理与分类", ("axis", "route", "suggest", "intake")),
    "closing": ("关闭、权限与保证", ("closing", "permission", "provision")),
    "money": ("维修与有偿服务", ("work_order", "paid_work", "price_list", "warranty")),
    "services": ("服务项目", ("service_item",)),
    "outside": ("外部协商", ("referral",)),
    "scripts": ("话术", ("script",)),
    "checklists": ("检查单", ("checklist",)),
    "forms": ("表单", ("form",)),
    "majors": ("重大投诉与预警", ("grade", "reporting", "early_warning")),
    "learning": ("重复发生与保存", ("repeat", "retention")),
    "later": (
        "指标与其他",
        ("measure", "statement", "duty", "survey"),
    ),
}
CLAUSES = "clauses"
VISIT = "visit:"


@dataclass(frozen=True)
class ShownRule:
    """One rule, ready to be shown."""

    regulation: Regulation
    kind: str
    rule: Rule
    facts: list[Fact]

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def is_ours(self) -> bool:
        return self.rule.product_default or self.regulation.product_default

    @property
    def items(self) -> list[str]:
        return [item.title for item in self.rule.items] if isinstance(self.rule, Checklist) else []

    @property
    def clauses(self) -> list[Clause]:
        """The clauses that it keeps, as far as they are this document's own."""
        wanted = dict.fromkeys(cited(self.rule))
        return [clause for clause in self.regulation.clauses if clause.id in wanted]

    def holds(self, text: str) -> bool:
        """Whether the words searched for stand anywhere in it."""
        spoken = self.rule.text if isinstance(self.rule, Script) else ""
        said = (self.rule.title, self.rule.clause, self.rule.reading, spoken, self.rule.id)
        return any(text in each.casefold() for each in said) or any(
            text in str(value).casefold() for _, value in self.facts
        )


class Reading:
    """A regulation with the words of its own axes, and of the defaults where it has none."""

    def __init__(self, regulation: Regulation) -> None:
        self.regulation = regulation
        self.reader = Reader((regulation, load("defaults")))

    @cached_property
    def rules(self) -> list[ShownRule]:
        return [
            ShownRule(self.regulation, kind, rule, self.reader.lines(rule))
            for kind, rule in self.regulation.rules()
        ]

    def counts(self) -> list[tuple[str, int]]:
        """How many rules of each kind there are, as words."""
        return [(KINDS[kind], n) for kind in KINDS if (n := len(getattr(self.regulation, kind)))]

    def parts(self) -> list[tuple[str, str, int]]:
        """The parts that hold something: code, title, how many."""
        sizes = {
            code: sum(len(getattr(self.regulation, kind)) for kind in kinds)
            for code, (_, kinds) in PARTS.items()
        }
        found = [(code, PARTS[code][0], size) for code, size in sizes.items() if size]
        clauses = len(self.regulation.clauses)
        return [*found, (CLAUSES, "条款原文", clauses)] if clauses else found

    def part(self, code: str) -> list[ShownRule]:
        kinds = PARTS[code][1] if code in PARTS else ()
        return [shown for shown in self.rules if shown.kind in kinds]

    def called(self, rule_id: str) -> list[ShownRule]:
        """The rules of an id; a visit on a case is called visit:id."""
        wanted = rule_id.removeprefix(VISIT)
        return [shown for shown in self.rules if shown.rule.id == wanted]

    def clause(self, clause_id: str) -> Clause | None:
        return next((one for one in self.regulation.clauses if one.id == clause_id), None)

    def clauses_with(self, text: str) -> list[Clause]:
        return [
            clause
            for clause in self.regulation.clauses
            if any(
                text in words.casefold()
                for words in (clause.id, clause.clause, clause.quote, clause.does)
            )
        ]

    def rules_with(self, text: str) -> list[ShownRule]:
        return [shown for shown in self.rules if shown.holds(text)]


def citing_clause(clause_id: str, regulations: Iterable[Regulation]) -> Iterator[ShownRule]:
    """The rules of any regulation that keep a clause."""
    for regulation in regulations:
        for shown in Reading(regulation).rules:
            if clause_id in cited(shown.rule):
                yield shown
