"""Who is calling: by number, by room as people write it, by name; never beyond one's reach."""

from datetime import date

import pytest

from shouwen.accounts.models import Disclosure, Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.estate import actions, queries
from shouwen.estate.models import Building, Occupancy, Unit
from shouwen.estate.queries import Caller, digits, mask_phone
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.moments import moment

AT = moment("2026-11-19 09:12", "周四")
TODAY = date(2026, 11, 19)


def scope(staff: Staff) -> Scope:
    return scope_of(staff, AT)


def found(cast: Cast, text: str, staff: Staff | None = None) -> list[Caller]:
    return queries.find_callers(scope(staff or cast.limin), text, on=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "3-2-501", "3幢2单元501", "3栋2单元501室", "3号楼2单元501", "３号楼２单元５０１",
        "三栋二单元501", "3#2-501", "3座2单元501房", "03栋2单元0501", "翠湖花园3栋2单元501",
    ],
)  # fmt: skip
def test_a_room_is_found_in_every_way_people_write_it(cast: Cast, text: str) -> None:
    assert queries.resolve_unit(cast.cuihu, text) == cast.home
    (caller,) = found(cast, text)
    assert (caller.customer, caller.unit, caller.relation) == (cast.mswang, cast.home, "业主")
    assert caller.care == "独居老人，敲门后请稍候"


def test_a_room_of_three_numbers_and_one_of_four_digits_are_found(cast: Cast) -> None:
    by = scope(cast.zhoumin)
    for name, entrance, room in (("47幢", "6", "746"), ("14幢", "9", "1456")):
        building = actions.create_building(project=cast.cuihu, name=name, by=by, at=AT)
        actions.create_unit(building=building, entrance=entrance, room=room, by=by, at=AT)
    assert str(queries.resolve_unit(cast.cuihu, "47-6-746")) == "47幢6单元746室"
    assert str(queries.resolve_unit(cast.cuihu, "14幢9单元1456室")) == "14幢9单元1456室"


def test_a_room_without_entrance_is_resolved_when_only_one_is_meant(cast: Cast) -> None:
    by = scope(cast.zhoumin)
    villa = actions.create_building(project=cast.cuihu, name="A座", by=by, at=AT)
    only = actions.create_unit(building=villa, room="1801", by=by, at=AT)
    assert queries.resolve_unit(cast.cuihu, "A座1801") == only
    assert queries.resolve_unit(cast.cuihu, "A座1单元1801") == only


def test_a_reference_that_may_mean_several_rooms_resolves_to_none_and_lists_them(
    cast: Cast,
) -> None:
    assert queries.resolve_unit(cast.cuihu, "3栋501") is None
    labels = [unit.label for unit in queries.unit_candidates(cast.cuihu, "3栋501")]
    assert sorted(labels) == ["3幢1单元501室", "3幢2单元501室", "3幢3单元501室"]


@pytest.mark.parametrize("text", ["9栋9单元901", "漏水", "3栋", ""])
def test_what_names_no_room_of_ours_resolves_to_none(cast: Cast, text: str) -> None:
    assert queries.resolve_unit(cast.cuihu, text) is None
    assert queries.unit_candidates(cast.cuihu, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "13900000421",
        "139 0000 0421",
        "139-0000-0421",
        "+86 13900000421",
        "008613900000421",
        "１３９００００0421",
    ],
)
def test_a_number_is_found_in_every_way_it_is_written(cast: Cast, text: str) -> None:
    (caller,) = found(cast, text)
    assert (caller.customer, caller.unit, caller.why) == (cast.mswang, cast.home, "phone")
    assert caller.phones == ("139 **** 0421",)


def test_a_landline_is_found_without_its_area_code(cast: Cast) -> None:
    by = scope(cast.zhoumin)
    actions.add_phone(customer=cast.mrzhao, number="0571-88886666", by=by, at=AT)
    assert [caller.customer for caller in found(cast, "8888 6666")] == [cast.mrzhao]
    assert [caller.customer for caller in found(cast, "0571 88886666")] == [cast.mrzhao]


def test_a_name_is_found_by_its_beginning_and_then_by_any_part(cast: Cast) -> None:
    assert [caller.customer for caller in found(cast, "王")] == [cast.mswang]
    assert {caller.customer for caller in found(cast, "女士")} == {cast.mswang}


def test_a_room_where_nobody_is_known_is_found_with_nobody(cast: Cast) -> None:
    (caller,) = found(cast, "2-1-101")
    assert caller.customer is None
    assert str(caller.unit) == "2幢1单元101室"


def test_whoever_has_two_homes_is_found_with_both(cast: Cast) -> None:
    actions.move_in(
        customer=cast.mswang, unit=cast.neighbour, relation="tenant", by=scope(cast.zhoumin), at=AT
    )
    callers = found(cast, "13900000421")
    assert [(c.unit, c.relation) for c in callers] == [
        (cast.home, "业主"),
        (cast.neighbour, "租户"),
    ]


def test_whoever_has_moved_out_is_found_by_number_but_no_longer_at_the_home(cast: Cast) -> None:
    tie = Occupancy.objects.get(customer=cast.mswang)
    actions.move_out(occupancy=tie, until=date(2026, 11, 18), by=scope(cast.zhoumin), at=AT)
    assert [(c.customer, c.unit) for c in found(cast, "13900000421")] == [(cast.mswang, None)]
    assert [c.customer for c in found(cast, "3-2-501")] == [None]
    assert queries.people_of(cast.home, TODAY) == []
    assert [t.customer for t in queries.people_before(cast.home, TODAY)] == [cast.mswang]


def test_nobody_of_another_project_is_found(cast: Cast) -> None:
    for text in ("13900000421", "王女士"):
        assert found(cast, text, cast.jiangnan_clerk) == []
    callers = found(cast, "1-1-101", cast.jiangnan_clerk)
    assert [caller.unit for caller in callers] == [cast.elsewhere]


def test_the_company_finds_callers_of_all_its_projects_and_of_no_other(cast: Cast) -> None:
    units = {c.unit for c in found(cast, "1-1-101", cast.fengjuan) if c.unit}
    assert {unit.project for unit in units} == {cast.cuihu, cast.jingui}


# --- phones ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13900000421", "139 **** 0421"),
        ("057188886666", "0571 **** 6666"),
        ("01088886666", "010 **** 6666"),
        ("14155552671", "141 **** 2671"),
        ("85223456789", "85 **** 6789"),
        ("88886666", "**** 666"),
        ("110", "****"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_only_its_ends(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+86 139 0000 0421", "13900000421"),
        ("0086-13900000421", "13900000421"),
        ("+86 571 8888 6666", "057188886666"),
        ("+86 10 8888 6666", "01088886666"),
        ("（0571）88886666", "057188886666"),
        ("+852 2345 6789", "85223456789"),
        ("86234567", "86234567"),
        ("１３９００００0421", "13900000421"),
    ],
)
def test_a_number_is_kept_as_its_digits_alone(text: str, number: str) -> None:
    assert digits(text) == number


@pytest.mark.parametrize("text", ["李女士", "139x0000421", "", "  ", "①③九"])
def test_what_is_no_number_has_no_digits(text: str) -> None:
    assert digits(text) is None


def test_looking_behind_the_mask_is_recorded_and_needs_the_right(cast: Cast) -> None:
    phone = cast.mswang.phones.get()
    number = actions.reveal_phone(phone=phone, by=scope(cast.limin), at=AT)
    assert number == "13900000421"
    trace = Disclosure.objects.get()
    assert (trace.staff, trace.record, trace.record_id) == (cast.limin, "customer", cast.mswang.pk)
    with pytest.raises(Refused):
        actions.reveal_phone(phone=phone, by=scope(cast.jiangnan_clerk), at=AT)
    assert Disclosure.objects.count() == 1


# --- keeping --------------------------------------------------------------------------------------


def test_the_same_person_cannot_live_twice_at_one_place_at_a_time(cast: Cast) -> None:
    by = scope(cast.zhoumin)
    with pytest.raises(Refused, match="已经登记"):
        actions.move_in(customer=cast.mswang, unit=cast.home, relation="owner", by=by, at=AT)
    actions.move_out(
        occupancy=Occupancy.objects.get(customer=cast.mswang), until=date(2026, 6, 30), by=by, at=AT
    )
    with pytest.raises(Refused, match="已经登记"):
        actions.move_in(
            customer=cast.mswang,
            unit=cast.home,
            relation="owner",
            since=date(2026, 6, 30),
            by=by,
            at=AT,
        )
    actions.move_in(
        customer=cast.mswang, unit=cast.home, relation="owner", since=date(2026, 7, 1), by=by, at=AT
    )
    assert len(queries.homes_of(cast.mswang)) == 2


def test_a_building_with_a_new_number_takes_its_units_along(cast: Cast) -> None:
    building = Building.objects.get(project=cast.cuihu, key="3")
    actions.rename_building(building=building, name="13幢", by=scope(cast.zhoumin), at=AT)
    assert queries.resolve_unit(cast.cuihu, "13-2-501") == cast.home
    assert Unit.objects.get(pk=cast.home.pk).label == "13幢2单元501室"


def test_two_rooms_or_buildings_of_one_number_are_refused(cast: Cast) -> None:
    by = scope(cast.zhoumin)
    building = Building.objects.get(project=cast.cuihu, key="3")
    with pytest.raises(Refused, match="已经有"):
        actions.create_unit(building=building, entrance="2单元", room="0501室", by=by, at=AT)
    with pytest.raises(Refused, match="已经有"):
        actions.create_building(project=cast.cuihu, name="三号楼", by=by, at=AT)


def test_a_clerk_does_not_change_the_estate(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.set_care(customer=cast.mswang, care="", by=scope(cast.limin), at=AT)
    with pytest.raises(Refused):
        actions.set_care(customer=cast.mswang, care="", by=scope(cast.jiangnan_manager), at=AT)


def test_whoever_the_project_knows_by_name_and_number_moves_in_as_the_same_customer(
    cast: Cast,
) -> None:
    tie = actions.welcome(
        unit=cast.neighbour, name="王女士", phone="+86 139 0000 0421", relation="owner",
        by=scope(cast.zhoumin), at=AT,
    )  # fmt: skip
    assert tie.customer == cast.mswang


def test_a_notice_is_told_for_its_building_or_for_all_while_it_lasts(cast: Cast) -> None:
    by = scope(cast.zhoumin)
    until = moment("2026-11-19 18:00", "周四")
    third = Building.objects.get(project=cast.cuihu, key="3")
    here = actions.post_notice(
        project=cast.cuihu, building=third, title="停水", by=by, at=AT, starts_at=AT, ends_at=until
    )
    everywhere = actions.post_notice(
        project=cast.cuihu, title="消杀", by=by, at=AT, starts_at=AT, ends_at=until
    )
    assert queries.notices_for(cast.home, AT) == [here, everywhere]
    assert queries.notices_for(cast.neighbour, AT) == [everywhere]
    assert queries.notices_for(cast.elsewhere, AT) == []
    assert queries.notices_for(cast.home, until) == []
    noon = moment("2026-11-19 12:00", "周四")
    actions.withdraw_notice(notice=here, by=by, at=noon)
    assert queries.notices_for(third, noon) == [everywhere]
