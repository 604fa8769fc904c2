"""Cases that belong together, and their files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.fixtures import Settings

from shouwen.cases.models import Case, CaseLink
from tests.cases.pages import LEAK, Day, offered
from tests.cast import Cast


@pytest.fixture
def day(cast: Cast, clock: Callable[..., datetime]) -> Day:
    day = Day(cast, clock)
    day.at("2026-11-19 09:12", "周四")
    return day


def test_two_cases_that_belong_together_say_so_on_both_pages(day: Day, cast: Cast) -> None:
    other = day.registers("楼道灯不亮")
    day.registers()
    day.is_refused(cast.limin, "link", other="S-CH-000000-999")
    day.does(cast.limin, "link", other=other.number)
    assert other.number in day.sees(cast.limin)
    assert day.case.number in day.sees(cast.limin, other)


@pytest.mark.peers("T18", "T19")
def test_a_merged_case_keeps_files_requester_and_text_and_stays_visible_and_counted(
    day: Day, cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    first = day.registers("楼上漏水，天花板湿了", name="赵先生", phone="13800007710")
    day.registers()
    second = day.case
    for name in ("天花板.pdf", "墙面.pdf"):
        upload = _pdf(name)
        day.does(cast.limin, "note", text=f"见 {name}", files=[upload])
    day.does(cast.limin, "merge", into=first.number, reason="同一根立管")
    assert second.status == "merged"
    assert Case.objects.filter(contact__isnull=False).count() == 2
    assert CaseLink.objects.get(kind="merged").b == first
    gone, goes_on = day.sees(cast.limin, second), day.sees(cast.limin, first)
    assert f'<a href="/cases/{first.number}">' in gone
    for page in (gone, goes_on):
        assert "天花板.pdf" in page
        assert "墙面.pdf" in page
        assert LEAK in page
        assert "王女士" in page
    assert second.number in goes_on
    assert not offered(gone, second)


def _pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f"%PDF-1.4 {name}".encode())


def test_a_part_that_is_split_off_is_a_case_of_the_same_contact_and_owner(
    day: Day, cast: Cast
) -> None:
    day.registers("漏水，另外楼道灯也不亮")
    day.does(cast.wangfang, "split", text="楼道灯不亮", kind="facility")
    new = Case.objects.exclude(pk=day.case.pk).get()
    assert (new.contact, new.owner, new.kind) == (day.case.contact, cast.limin, "facility")
    assert f"拆自 {day.case.number}" in day.sees(cast.limin, new)
    assert new.number in day.sees(cast.limin)


def test_a_file_opens_for_those_who_may_see_the_case_and_for_nobody_else(
    day: Day, cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    day.registers()
    day.does(cast.limin, "note", text="见附件", files=[_pdf("天花板.pdf")])
    address = reverse("cases:file", args=[day.case.attachments.get().pk])
    answer = day.client(cast.limin).get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined] # of a file
    assert day.client(cast.jingui_clerk).get(address).status_code == 404


def test_a_file_that_is_not_what_it_says_is_refused_at_its_field_and_nothing_is_written(
    day: Day, cast: Cast
) -> None:
    day.registers()
    fake = SimpleUploadedFile("照片.jpg", b"MZ this is a program")
    page = day.is_refused(cast.limin, "note", text="见照片", files=[fake])
    assert "见照片" in page
    assert not day.case.journal.filter(verb="noted").exists()


@pytest.mark.peers("T19")
def test_files_of_a_merged_case_open_for_whoever_works_on_the_one_that_goes_on(
    day: Day, cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    first = day.registers("楼上漏水，天花板湿了", facts={"scope": "home", "repair_class": "small"})
    day.does(cast.limin, "dispatch", lead="CH-engineering")
    day.registers()
    day.does(cast.limin, "note", text="见附件", files=[_pdf("天花板.pdf")])
    address = reverse("cases:file", args=[day.case.attachments.get().pk])
    assert day.client(cast.chenjianguo).get(address).status_code == 404
    day.does(cast.limin, "merge", into=first.number, reason="同一根立管")
    opened = day.client(cast.chenjianguo).get(address)
    assert b"".join(opened.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined] # of a file
    assert "天花板.pdf" in day.sees(cast.chenjianguo, first)
