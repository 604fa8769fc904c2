"""Score the reader of addresses on texts whose segments were marked by hand.

A text is read exactly when house, entrance and room are the marked words (14幢, 七栋, 47), marker
included and nothing more; empty where nothing was marked. Only the width of letters and digits and
blanks are made equal. Where a segment was marked twice in one text, both pieces together are asked
for. The figure "same numbers" forgives the marker (1号 for 1号铺); it is told beside the other.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from pydantic import BaseModel, TypeAdapter, ValidationError

from shouwen.estate import address
from shouwen.estate.address_parts import flat

EXAMPLES = 3
LABELS = {"house": "houseno", "entrance": "cellno", "room": "roomno"}
SEGMENT_NAMES = {"house": "幢", "entrance": "单元", "room": "室"}


class Segment(BaseModel):
    label: str
    text: str


class MarkedAddress(BaseModel):
    text: str
    segments: list[Segment]

    def marked(self, part: str) -> str:
        pieces = (piece.text for piece in self.segments if piece.label == LABELS[part])
        return _even("".join(pieces))


@dataclass(frozen=True)
class Comparison:
    """What was marked and what was read of one text, by part."""

    text: str
    marked: dict[str, str]
    read: dict[str, str]

    @property
    def exact(self) -> bool:
        return self.marked == self.read

    @property
    def same_number(self) -> bool:
        return all(
            address.value(self.marked[part]) == address.value(self.read[part]) for part in LABELS
        )

    @property
    def miss(self) -> str:
        """The kind of the miss: 幢 missed, 室 invented."""
        return ", ".join(
            f"{SEGMENT_NAMES[part]} {_difference(self.marked[part], self.read[part])}"
            for part in LABELS
            if self.marked[part] != self.read[part]
        )


def compare(marked: MarkedAddress) -> Comparison:
    reference = address.read(marked.text)
    return Comparison(
        text=marked.text,
        marked={part: marked.marked(part) for part in LABELS},
        read={part: _even(getattr(reference, part)) for part in LABELS},
    )


def load(file: Path) -> list[MarkedAddress]:
    return TypeAdapter(list[MarkedAddress]).validate_json(file.read_bytes())


def report(comparisons: list[Comparison]) -> Iterator[str]:
    """The kinds of misses, most frequent first, with a few examples of each, and the score."""
    kinds: defaultdict[str, list[Comparison]] = defaultdict(list)
    for comparison in comparisons:
        if not comparison.exact:
            kinds[comparison.miss].append(comparison)
    for kind, misses in sorted(kinds.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        yield f"{len(misses):5} {kind}"
        for miss in misses[:EXAMPLES]:
            yield f"        {miss.text}: {_shown(miss.marked)} was read as {_shown(miss.read)}"
    total = len(comparisons)
    yield f"{sum(one.same_number for one in comparisons)} of {total} read with the same numbers"
    yield f"{sum(one.exact for one in comparisons)} of {total} read exactly"


@click.command("check-addresses")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_addresses(file: Path) -> None:
    """Score the reader of addresses on FILE, a list of texts with marked segments."""
    try:
        addresses = load(file)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise click.ClickException(f"{file.name}: {place}: {first['msg']}") from error
    for line in report([compare(marked) for marked in addresses]):
        click.echo(line)


def _even(text: str) -> str:
    return flat(text).replace(" ", "")


def _difference(marked: str, read: str) -> str:
    if not read:
        return "missed"
    return "read as another" if marked else "invented"


def _shown(parts: dict[str, str]) -> str:
    return " / ".join(value or "·" for value in parts.values())
