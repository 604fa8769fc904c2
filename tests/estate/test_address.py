"""Units are found whatever way they were typed."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from shouwen.estate.address import Reference, candidates, fits, key, read, value, written
from shouwen.estate.address_check import MarkedAddress, check_addresses, compare, load
from shouwen.estate.address_parts import flat

SHARED = Path(os.environ.get("SHOUWEN_SHARED", Path(__file__).parents[3] / "shared"))
MARKED = SHARED / "data" / "addresses" / "house-cell-room.json"


def three(text: str) -> tuple[str, str, str]:
    reference = read(text)
    return reference.house, reference.entrance, reference.room


@pytest.mark.parametrize(
    "typed",
    [
        "3-2-501",
        "３－２－５０１",
        "3栋2单元501",
        "3号楼2单元501室",
        "3 幢 2 单元 501 室",
        "3#2-501",
        "3#楼2单元501",
        "三栋二单元五零一",
        "三幢二单元五〇一室",
        "3撞2单无501市",
        "3棟2單元501",
        "03-02-0501",
        "3一2一501",
        "3/2/501",
        "翠湖花园3-2-501",
        "翠湖路18号翠湖花园3幢2单元501室",
        "翠湖花园二期3-2-501厨房漏水三天了",
        "3-2-501 2天没水",
        "业主13800138000住3-2-501",
        "8月15号 3幢2单元501报修",
    ],
)
def test_one_unit_is_the_same_unit_whatever_way_it_was_typed(typed: str) -> None:
    assert key(read(typed)) == "3-2-501"


@pytest.mark.parametrize(
    ("typed", "house", "entrance", "room"),
    [
        ("碧云公寓61-4-1307", "61", "4", "1307"),
        ("碧云公寓61幢4单元1307室", "61幢", "4单元", "1307室"),
        ("碧云公寓七栋三单元", "七栋", "三单元", ""),
        ("碧云公寓第七栋", "第七栋", "", ""),
        ("碧云公寓21-905", "21", "", "905"),
        ("碧云公寓西单元602", "", "西单元", "602"),
        ("创新园B6栋1102", "B6栋", "", "1102"),
        ("明珠大厦A座1203", "A座", "", "1203"),
    ],
)
def test_house_entrance_and_room_are_given_as_they_were_written(
    typed: str, house: str, entrance: str, room: str
) -> None:
    assert three(typed) == (house, entrance, room)


@pytest.mark.parametrize(
    ("typed", "house", "entrance", "room"),
    [
        ("枫林路26号明珠大厦1502", "", "", "1502"),
        ("枫林路26号", "", "", ""),
        ("枫林路26-9号", "9号", "", ""),
        ("枫林路218弄7号402", "7号", "", "402"),
        ("枫林路26号院内5栋", "5栋", "", ""),
        ("碧云公寓12号", "12号", "", ""),
        ("明珠大厦12号", "", "", "12号"),
    ],
)
def test_the_number_of_a_door_on_a_road_is_not_a_house(
    typed: str, house: str, entrance: str, room: str
) -> None:
    assert three(typed) == (house, entrance, room)


@pytest.mark.parametrize(
    ("typed", "house", "room"),
    [
        ("明珠大厦A座18层", "A座", ""),
        ("明珠大厦A座18楼1803", "A座", "1803"),
        ("明珠大厦9F936", "", "936"),
        ("碧云公寓5幢地下一层", "5幢", ""),
        ("碧云公寓5-18楼", "5", ""),
    ],
)
def test_a_floor_is_neither_house_nor_room(typed: str, house: str, room: str) -> None:
    assert three(typed) == (house, "", room)


@pytest.mark.parametrize("typed", ["商铺12号", "12号铺", "12号商铺", "一楼12号店面", "12铺"])
def test_a_shop_is_found_by_its_number(typed: str) -> None:
    assert key(read(typed)) == "--12"


@pytest.mark.parametrize(
    "typed", ["", "四季青小区停水了", "电话13800138000", "等了三天两夜", "---"]
)
def test_a_text_without_a_unit_gives_an_empty_reference(typed: str) -> None:
    assert three(typed) == ("", "", "")


def test_what_is_not_the_unit_stays_in_the_rest() -> None:
    assert read("翠湖花园3-2-501厨房漏水").rest == "翠湖花园 厨房漏水"


def test_a_house_alone_fits_every_unit_in_it_and_no_other() -> None:
    unit = Reference("3幢", "2单元", "501室")
    assert fits(read("三栋"), unit)
    assert fits(read("501"), unit)
    assert fits(read("3-501"), unit)
    assert not fits(read("4栋"), unit)
    assert not fits(read("停水了"), unit)


def test_letters_fit_in_either_case() -> None:
    assert fits(read("b6栋1102"), Reference("B6", "", "1102"))


def test_an_unclear_reference_gives_its_other_readings_after_the_likeliest() -> None:
    assert [key(one) for one in candidates("3-2")] == ["3-2-", "3--2"]
    assert [key(one) for one in candidates("12")] == ["12--", "--12"]
    assert [key(one) for one in candidates("3幢2单元501室")] == ["3-2-501"]


@pytest.mark.parametrize(
    ("spoken", "number"),
    [
        ("十幢", "10"),
        ("十二栋", "12"),
        ("二十一号楼", "21"),
        ("一百零二室", "102"),
        ("三零一", "301"),
    ],
)
def test_chinese_numerals_are_counted_or_spelt(spoken: str, number: str) -> None:
    assert value(spoken) == number


numbers = st.integers(min_value=1, max_value=199).map(str)
lettered = st.builds("{}{}".format, st.sampled_from("ABCDG"), st.integers(1, 30))
rooms = st.integers(min_value=101, max_value=4820).map(str)


@given(house=numbers | lettered, entrance=numbers | st.just(""), room=rooms | st.just(""))
@example(house="10", entrance="", room="")
def test_reading_what_we_print_gives_the_same_unit(house: str, entrance: str, room: str) -> None:
    unit = Reference(house, entrance, room)
    assert key(read(written(unit))) == key(unit)


@given(house=numbers, entrance=st.integers(1, 20).map(str), room=rooms)
def test_reading_a_key_gives_the_same_unit(house: str, entrance: str, room: str) -> None:
    unit = Reference(house, entrance, room)
    assert key(read(key(unit))) == key(unit)


@given(st.text(max_size=60) | st.text("0123456789-#号幢单元室一二A路 ", max_size=40))
def test_any_text_can_be_read_and_nothing_is_invented(text: str) -> None:
    reference = read(text)
    assert all(part in flat(text) for part in (reference.house, reference.entrance, reference.room))


def marked(text: str, **parts: str) -> dict[str, object]:
    return {"text": text, "segments": [{"label": k, "text": v} for k, v in parts.items()]}


def test_the_check_counts_what_is_exact_and_shows_what_is_not(tmp_path: Path) -> None:
    file = tmp_path / "marked.json"
    addresses = [
        marked("碧云公寓６１幢1307室", poi="碧云公寓", houseno="６１幢", roomno="1307室"),
        marked("碧云公寓5幢6号", poi="碧云公寓", houseno="5幢", roomno="6号"),
    ]
    file.write_text(json.dumps(addresses), encoding="utf-8")
    result = CliRunner().invoke(check_addresses, [str(file)], catch_exceptions=False)
    assert result.output.splitlines() == [
        "    1 单元 invented, 室 missed",
        "        碧云公寓5幢6号: 5幢 / · / 6号 was read as 5幢 / 6号 / ·",
        "1 of 2 read with the same numbers",
        "1 of 2 read exactly",
    ]


def test_a_marker_read_too_many_is_not_exact() -> None:
    address = MarkedAddress.model_validate(marked("碧云公寓5幢", houseno="5"))
    assert compare(address).same_number
    assert not compare(address).exact


def test_the_check_says_where_a_file_is_not_what_it_should_be(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text('[{"text": "5幢"}]', encoding="utf-8")
    result = CliRunner().invoke(check_addresses, [str(file)])
    assert result.exit_code == 1
    assert "0.segments" in result.output


@pytest.mark.skipif(
    not MARKED.exists(), reason="the shared addresses are not beside the repository"
)
def test_most_addresses_of_the_marked_collection_are_read_exactly() -> None:
    """The rules were written looking at the first share only; the second was held out."""
    looked_at: list[bool] = []
    held_out: list[bool] = []
    for address in load(MARKED):
        share = looked_at if _looked_at(address.text) else held_out
        share.append(compare(address).exact)
    assert sum(looked_at) / len(looked_at) > 0.855
    assert sum(held_out) / len(held_out) > 0.83


def _looked_at(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 10 < 7
