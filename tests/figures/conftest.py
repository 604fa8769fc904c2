"""翠湖花园 in November, with what people do there."""

import pytest

from shouwen.cases.models import Case
from shouwen.figures.actions.keeping import keep
from shouwen.figures.models import Verdict
from shouwen.figures.queries import Shown, figure
from shouwen.followup.actions.following import follow
from shouwen.rules.periods import Period, read_period
from tests.cast import Cast
from tests.clauses.product import Product

NOVEMBER = read_period("2026-11")
S4 = "customer-communication"


class Desk(Product):
    """What is counted of it."""

    def counts(self) -> None:
        """As the worker does: the visits are planned, then verdicts are kept."""
        follow(at=self.now)
        keep(at=self.now)

    def figure(self, rule: str, regulation: str = S4, period: Period = NOVEMBER) -> Shown:
        return figure(self.cast.cuihu, period, f"{regulation}/{rule}", self.now)

    def sums(self, rule: str, regulation: str = S4) -> tuple[int, int, int, int]:
        """Hit, missed, undecided, not counted."""
        counts = self.figure(rule, regulation).figure.counts
        return counts.hit, counts.miss, counts.open, counts.out

    def verdict(self, case: Case, rule: str, regulation: str = S4) -> Verdict:
        return Verdict.objects.get(measure=f"{regulation}/{rule}", record=f"case:{case.pk}")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)
