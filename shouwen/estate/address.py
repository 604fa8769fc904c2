"""Which house, entrance and room a line of free text means.

The text comes as runs of numbers (47-6-746, 12幢, 3单元), read from left to right. What a run can
mean depends on its marker, on what stands before it (a road takes a door number, a tower takes a
room), on what has been read already and on what follows. Nothing is looked up: whether such a unit
exists, the estate decides.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from shouwen.estate.address_parts import MARKER, MARKERS, SPOKEN, TYPED_HYPHEN, Run, flat, runs

Label = Literal["none", "road", "house", "entrance", "floor", "room"]
Span = tuple[int, int]
_UNIT: tuple[Label, ...] = ("house", "entrance", "room")


@dataclass(frozen=True)
class Reference:
    """A unit as it was written, markers and all; what was not written is empty.

    `rest` is the text without the three: where the estate is, and what else was said.
    """

    house: str = ""
    entrance: str = ""
    room: str = ""
    rest: str = ""


def read(text: str) -> Reference:
    """Find house, entrance and room, each as it was written (in half-width letters and digits)."""
    plain = flat(text)
    spans = _spans(runs(plain))

    def written(label: Label) -> str:
        start, end = spans.get(label, (0, 0))
        return plain[start:end].strip()

    rest = _without(plain, [spans[label] for label in _UNIT if label in spans])
    return Reference(written("house"), written("entrance"), written("room"), rest)


def candidates(text: str) -> list[Reference]:
    """The likeliest reading first, then what else it could mean: the 2 of 3-2 may be a room."""
    best = read(text)
    readings = [best]
    if best.entrance and not best.room and not _says(best.entrance, "entrance"):
        readings.append(replace(best, entrance="", room=best.entrance))
    if best.room and not best.entrance and not _says(best.room, "room"):
        readings.append(replace(best, entrance=best.room, room=""))
    if best.house and not (best.entrance or best.room or _says(best.house, "house")):
        readings.append(replace(best, house="", room=best.house))
    if best.room and not (best.house or best.entrance or _says(best.room, "room")):
        readings.append(replace(best, house=best.room, room=""))
    return readings


def key(reference: Reference) -> str:
    """For comparing: 三栋2单元0501室 and 3#2-501 are both `3-2-501`; a gap stays (`3--501`)."""
    return "-".join(map(value, (reference.house, reference.entrance, reference.room)))


def fits(reference: Reference, unit: Reference) -> bool:
    """Whether everything that was written agrees with the unit; nothing written fits nothing."""
    pairs = list(zip(key(reference).split("-"), key(unit).split("-"), strict=True))
    return any(typed for typed, _ in pairs) and all(typed in ("", real) for typed, real in pairs)


def written(reference: Reference) -> str:
    """The unit in full, 3幢2单元501室; reading it again gives the same key."""
    words = ((reference.house, "幢"), (reference.entrance, "单元"), (reference.room, "室"))
    return "".join(value(text) + marker for text, marker in words if text)


def value(text: str) -> str:
    """A number without marker, leading zeros and full width, letters in capitals: ０３栋 is 3."""
    plain = TYPED_HYPHEN.sub("-", flat(text)).replace(" ", "").removeprefix("第")
    bare = re.sub(rf"(?<=.)(?:{MARKER})$", "", plain)
    bare = re.sub(rf"[{SPOKEN}]+", lambda spoken: _counted(spoken[0]), bare)
    joined = re.sub(r"[\-_~/、,.#]+", "+", bare)  # a hyphen parts house from room in a key
    return re.sub(r"(?<!\d)0+(?=\d)", "", joined).upper()


def _counted(spoken: str) -> str:
    """十二 is 12, 三零一 is 301, 一百零二 is 102."""
    digits = [SPOKEN[:9].find(character) + 1 for character in spoken.replace("两", "二")]
    if not set(spoken) & set("十百"):
        return "".join(map(str, digits))
    total, digit = 0, 0
    for character, number in zip(spoken, digits, strict=True):
        weight = {"十": 10, "百": 100}.get(character, 0)
        total += (digit or 1) * weight
        digit = 0 if weight else number
    return str(total + digit)


def _says(text: str, kind: str) -> bool:
    return text.endswith(tuple(MARKERS[kind].split()))


def _without(text: str, spans: Iterable[Span]) -> str:
    kept = list(text)
    for start, end in spans:
        kept[start:end] = "\0" * (end - start)
    return re.sub(r"[\s\0\-_#]*\0[\s\0\-_#]*", " ", "".join(kept)).strip()


def _spans(ordered: Iterable[Run]) -> dict[Label, Span]:
    """Where each label stands; the first stays, but a marked house replaces a guessed one."""
    spans: dict[Label, Span] = {}
    marked = False
    for run in ordered:
        here: dict[Label, Span] = {}
        for label, part in zip(_labels(run, spans), run.parts, strict=True):
            here[label] = (here[label][0] if label in here else part.start, part.end)
        here.pop("none", None)
        if "house" in here and run.kind == "house" and not marked and "room" not in spans:
            marked = True
            spans.pop("house", None)
        spans = here | spans
    return spans


def _labels(run: Run, seen: Collection[Label]) -> list[Label]:
    """What each part of the run means, when the labels `seen` stand before it."""
    return [_single(run, seen)] if len(run.parts) == 1 else _several(run, seen)


def _single(run: Run, seen: Collection[Label]) -> Label:
    match run.kind:
        case "house" | "entrance" | "room":
            return run.kind
        case "row":
            return "house"
        case "shop":
            return "room"
        case "lane":
            return "road"
        case "gate":
            return "entrance" if "house" in seen else "none"
        case "street":
            return "entrance" if _aisle(run) else "none"
        case "floor":
            return "house" if _house_called_floor(run, seen) else "floor"
        case "number":
            return _numbered(run, seen)
        case "":
            return _bare(run, seen)
        case _:
            return "none"


def _aisle(run: Run) -> bool:
    """The streets inside a market hall: 4楼54街25843号."""
    indoors = run.place in ("floor", "other", "gate", "market")
    return indoors and run.follows in ("", "number", "floor")


def _house_called_floor(run: Run, seen: Collection[Label]) -> bool:
    """14楼9单元 and C楼 are houses; a floor has no entrances and no letters."""
    return "house" not in seen and (run.follows == "entrance" or run.first.lettered)


def _numbered(run: Run, seen: Collection[Label]) -> Label:
    """12号 is a door on a road, a house in an estate, an entrance or a room in a house."""
    end = run.follows == "end"
    if "entrance" in seen or "floor" in seen:
        return "room"
    if "house" in seen:
        if run.place == "road":
            return "none"
        return "room" if end and run.long else "entrance"
    if run.place == "road":
        return "road"
    if run.follows == "room" and run.place in ("lane", "tower"):
        return "road"
    if end and run.first.digits >= 4:
        return "room"
    if "road" in seen and run.place in ("lane", "number"):
        return "house"
    if run.named or run.follows in ("house", "number"):
        return "road"
    return "room" if end and run.place in ("market", "tower") else "house"


def _bare(run: Run, seen: Collection[Label]) -> Label:
    part = run.first
    inside = run.place in ("house", "floor", "entrance")
    if run.follows != "end":
        if run.follows == "floor" and part.lettered and run.beside:
            return "house"
        return "room" if inside and run.long else "none"
    if part.lettered:
        return "room" if inside else "none"
    if not {"house", "entrance", "floor"}.isdisjoint(seen):
        return "room"
    if run.place == "road":
        return "none"
    return "room" if run.long else "house"


def _several(run: Run, seen: Collection[Label]) -> list[Label]:
    count = len(run.parts)
    match run.kind:
        case "house":
            door = run.place == "road" and not seen
            return ["road", *_all("house", count - 1)] if door else _all("house", count)
        case "entrance":
            return [*_all("none", count - 2), "house", "entrance"]
        case "floor":
            return [*_all("none", count - 3), *_UNIT[: count - 1][:2], "floor"]
        case "" | "number" | "room" | "shop":
            return _chain(run, seen)
        case _:
            return _all("none", count)


def _chain(run: Run, seen: Collection[Label]) -> list[Label]:
    """47-6-746: the last number is the room, unless the place or the width says otherwise."""
    count = len(run.parts)
    in_hall = run.place in ("tower", "market") and count == 2 and not run.long
    if run.together or "floor" in seen or (in_hall and run.first.number.isdigit()):
        return _all("room", count)
    if run.named and count == 2 and run.follows != "other" and not seen:
        return _all("road", count)
    if count == 4:
        return ["road", "house", "entrance", "room"]
    if count == 2 and not run.long and not seen and _doors(run):
        return ["road", "house"]
    return _onto_free(run, seen)


def _doors(run: Run) -> bool:
    """南苑路168-10号: the door on the road, then the house behind it."""
    return run.place == "road" or (run.kind == "number" and not run.first.lettered)


def _onto_free(run: Run, seen: Collection[Label]) -> list[Label]:
    count = len(run.parts)
    read_to = max((_UNIT.index(label) + 1 for label in _UNIT if label in seen), default=0)
    free = _UNIT[read_to:]
    if count > len(free):
        return _all("room", count)
    if count == 2 and len(free) == 3:
        return ["house", "room" if run.long else "entrance"]
    return list(free[-count:])


def _all(label: Label, count: int) -> list[Label]:
    return [label] * count
