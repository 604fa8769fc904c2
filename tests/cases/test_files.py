"""Files: taken by what they are, kept under the hash of their content, shown to who may."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import scope_of
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.files import attach, keep, label_of, path_of
from shouwen.cases.models import Attachment, Case
from shouwen.rules.refused import Refused
from tests.cast import Cast
from tests.moments import moment

SignIn = Callable[[Client, Staff], Client]
AT = moment("2026-11-20 09:12", "周五")
GPS = 0x8825


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def photo(size: tuple[int, int] = (40, 30), kind: str = "JPEG", exif: bytes = b"") -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "red").save(written, kind, exif=exif)
    return written.getvalue()


def office(folder: str, *more: str) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}/document.xml", *more):
            archive.writestr(name, "<x/>")
    return written.getvalue()


def test_a_photo_loses_where_it_was_taken_and_whatever_was_appended() -> None:
    told = Image.Exif()
    told[GPS] = {1: "N", 2: (31.0, 14.0, 0.0)}
    taken = photo(exif=told.tobytes())
    assert GPS in Image.open(BytesIO(taken)).getexif()
    kept = keep(upload("现场.jpg", taken + b"<script>alert(1)</script>"))
    content = path_of(kept.sha256).read_bytes()
    assert not Image.open(BytesIO(content)).getexif()
    assert b"script" not in content


def test_what_is_kept_stands_under_the_hash_of_its_content_once() -> None:
    first, second = (keep(upload(name, b"%PDF-1.7 x")) for name in ("a.pdf", "b.pdf"))
    assert first.sha256 == second.sha256 == hashlib.sha256(b"%PDF-1.7 x").hexdigest()
    folder = path_of(first.sha256).parent
    assert [path.name for path in folder.iterdir()] == [first.sha256]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("照片.JPG", photo(), "image/jpeg"),
        ("微信图片.jpg", photo(kind="PNG"), "image/png"),
        ("图.webp", photo(kind="WEBP"), "image/webp"),
        ("来信.pdf", b"%PDF-1.7", "application/pdf"),
        ("录音.mp3", b"ID3\x04", "audio/mpeg"),
        ("录音.m4a", b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        ("录音.wav", b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
    ],
)
def test_photos_letters_and_recordings_are_taken(
    name: str, content: bytes, media_type: str
) -> None:
    kept = keep(upload(name, content))
    assert (kept.label, kept.media_type) == (name, media_type)


def test_documents_of_office_are_taken_without_macros_only() -> None:
    assert keep(upload("说明.docx", office("word"))).media_type.endswith("document")
    assert keep(upload("清单.xlsx", office("xl"))).media_type.endswith("sheet")
    with pytest.raises(Refused, match="内容与文件名不符"):
        keep(upload("说明.docx", office("word", "word/vbaProject.bin")))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("图.svg", b"<svg onload=alert(1)>", "file-not-accepted"),
        ("页.html", b"<html>", "file-not-accepted"),
        ("工具.exe", b"MZ\x90", "file-not-accepted"),
        ("照片.jpg", b"MZ\x90\x00", "file-not-what-it-says"),
        ("来信.pdf", photo(), "file-not-what-it-says"),
        ("照片.jpg", b"%PDF-1.7", "file-not-what-it-says"),
        ("压缩.zip", office("other"), "file-not-accepted"),
        ("手机.heic", b"\x00\x00\x00\x18ftypheic", "file-not-accepted"),
        ("空.pdf", b"", "file-empty"),
        ("断.jpg", photo((400, 300))[:400], "picture-broken"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        keep(upload(name, content))
    assert (refused.value.code, refused.value.field) == (code, "files")
    assert name in refused.value.sentence


def test_a_photo_of_fifty_megabytes_is_refused_with_its_size() -> None:
    with pytest.raises(Refused, match="有 50 MB，单个文件最多 20 MB"):
        keep(upload("大.jpg", b"\xff\xd8" + bytes(50 * 1024 * 1024 - 2)))


def test_a_small_file_that_would_fill_the_memory_is_refused() -> None:
    written = BytesIO()
    Image.new("1", (12_000, 12_000)).save(written, "PNG")
    with pytest.raises(Refused) as refused:
        keep(upload("炸弹.png", written.getvalue()))
    assert refused.value.code in ("picture-too-large", "picture-broken")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("C:\\相册\\现场.jpg", "现场.jpg"),
        ("../../etc/passwd", "passwd"),
        ("合同\u202egnp.exe", "合同gnp.exe"),
        ("现\u200b场\x00.jpg", "现场.jpg"),
        ("   ", "未命名"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
    ],
)
def test_a_name_is_a_label_and_nothing_else(name: str, label: str) -> None:
    assert label_of(name) == label


# --- Who may see them -----------------------------------------------------------------------------


@pytest.fixture
def case(cast: Cast) -> Case:
    told = Told(text="门禁坏了")
    return register(project=cast.cuihu, told=told, by=scope_of(cast.limin, AT), at=AT)


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def hung(case: Case, by: Staff, name: str, content: bytes) -> Attachment:
    return attach(upload=upload(name, content), by=scope_of(by, AT), at=AT, case=case)


def test_a_file_opens_for_who_may_see_its_case_and_for_nobody_else(
    cast: Cast, case: Case, client: Client, sign_in: SignIn
) -> None:
    address = f"/files/{hung(case, cast.limin, '来信.pdf', b'%PDF-1.7').pk}"
    assert content_of(sign_in(client, cast.wangfang).get(address)) == b"%PDF-1.7"
    assert sign_in(client, cast.jiangnan_clerk).get(address).status_code == 404
    assert sign_in(client, cast.chenjianguo).get(address).status_code == 404


def test_a_file_is_data_that_the_browser_does_not_run(
    cast: Cast, case: Case, client: Client, sign_in: SignIn
) -> None:
    files = [("来信.pdf", b"%PDF-1.7", "attachment"), ("现场.jpg", photo(), "inline")]
    for name, content, kind in files:
        file = hung(case, cast.limin, name, content)
        answer = sign_in(client, cast.limin).get(f"/files/{file.pk}")
        assert content_of(answer)
        assert answer.headers["Content-Disposition"].startswith(kind)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
