"""Files of contacts and cases: looked into first, then kept under the hash of their content.

What a file is, its content decides; what it is called is only a label. Photos are written anew, so
that nothing but the picture stays: no position, no camera, nothing appended.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from shouwen.accounts.scope import Scope
from shouwen.cases.models import Attachment, Case, Contact, JournalEntry
from shouwen.rules.refused import Refused

MEGABYTE = 1024 * 1024
#: A photo of a phone has 12 to 50 million; beyond that a small file could fill the memory.
MOST_PIXELS = 80_000_000
#: What is kept is for looking at: no side is longer.
LONGEST_SIDE = 4096
LABEL_LENGTH = 120
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/png"}
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken in and stands on the disk."""

    label: str
    sha256: str
    size: int
    media_type: str


def attach(
    *,
    upload: UploadedFile[Any],
    by: Scope | None,
    at: datetime,
    contact: Contact | None = None,
    case: Case | None = None,
    entry: JournalEntry | None = None,
) -> Attachment:
    """Takes a file in and hangs it on a contact, a case, or one entry of its journal."""
    return attach_kept(kept=keep(upload), by=by, at=at, contact=contact, case=case, entry=entry)


def attach_kept(
    *,
    kept: Kept,
    by: Scope | None,
    at: datetime,
    contact: Contact | None = None,
    case: Case | None = None,
    entry: JournalEntry | None = None,
) -> Attachment:
    """The same for a file that was taken in before its contact or case was there. Without `by` the
    customer sent it himself."""
    return Attachment.objects.create(
        contact=contact,
        case=case or (entry.case if entry else None),
        entry=entry,
        label=kept.label,
        sha256=kept.sha256,
        size=kept.size,
        media_type=kept.media_type,
        by=by.staff if by else None,
        at=at,
    )


def keep(upload: UploadedFile[Any]) -> Kept:
    """Refuses what is too large or not what it says; else it is on the disk when this returns."""
    label = label_of(upload.name or "")
    most = settings.CONFIG.upload_megabytes
    if (upload.size or 0) > most * MEGABYTE:
        raise _refused(
            "file-too-large", f"“{label}”有 {_megabytes(upload)} MB，单个文件最多 {most} MB。"
        )
    upload.seek(0)
    content, media_type = _looked_into(label, upload.read())
    sha256 = hashlib.sha256(content).hexdigest()
    _write(path_of(sha256), content)
    return Kept(label, sha256, len(content), media_type)


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def label_of(name: str) -> str:
    """The name as a person reads it: no folders, no control, zero-width or direction characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    seen = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    label = _SPACES.sub(" ", seen).strip() or "未命名"
    stem, dot, ending = label.rpartition(".")
    if dot and stem and len(ending) <= 5:
        return f"{stem[: LABEL_LENGTH - len(ending) - 1]}.{ending}"
    return label[:LABEL_LENGTH]


def _megabytes(upload: UploadedFile[Any]) -> int:
    return -(-(upload.size or 0) // MEGABYTE)


def _refused(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, field="files")


# --- What it is -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Type:
    """A kind of file that is taken: the endings of its names, and how its content is recognised."""

    media_type: str
    endings: tuple[str, ...]
    is_it: Callable[[bytes], bool]


def _has_part(folder: str) -> Callable[[bytes], bool]:
    """A document of Office: a zip archive with its parts in this folder, and without macros."""

    def is_it(content: bytes) -> bool:
        try:
            with ZipFile(BytesIO(content)) as archive:
                names = archive.namelist()
        except BadZipFile:
            return False
        parts = "[Content_Types].xml" in names and any(n.startswith(folder) for n in names)
        return parts and not any("vbaProject" in n for n in names)

    return is_it


def _is_mp3(content: bytes) -> bool:
    return content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] in b"\xfb\xfa\xf3\xf2")


_M4A = (b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2")
_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = (
    _Type("application/pdf", ("pdf",), lambda c: c[:5] == b"%PDF-"),
    _Type(f"{_OFFICE}.wordprocessingml.document", ("docx",), _has_part("word/")),
    _Type(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",), _has_part("xl/")),
    _Type("audio/mpeg", ("mp3",), _is_mp3),
    _Type("audio/mp4", ("m4a",), lambda c: c[4:8] == b"ftyp" and c[8:12] in _M4A),
    _Type("audio/wav", ("wav",), lambda c: c[:4] == b"RIFF" and c[8:12] == b"WAVE"),
)
_PICTURE_ENDINGS = ("jpg", "jpeg", "png", "webp", "gif")
ACCEPTED = "照片（JPG、PNG、WEBP）、PDF、Word（docx）、Excel（xlsx）、录音（mp3、m4a、wav）"
#: For the file field of a page.
ACCEPT = ",".join(f".{e}" for e in (*_PICTURE_ENDINGS, *(e for t in TYPES for e in t.endings)))


def _looked_into(label: str, content: bytes) -> tuple[bytes, str]:
    """The content to keep and its type; a name that says something else is refused."""
    ending = label.rpartition(".")[2].lower()
    if not content:
        raise _refused("file-empty", f"“{label}”是空文件，请重新选择。")
    if ending in ("heic", "heif"):
        raise _refused(
            "file-not-accepted",
            f"“{label}”是 HEIC 照片，请在手机相机设置中改为“兼容性最佳”，或先转成 JPG。",
        )
    picture = _picture(label, content)
    known = next((kind for kind in TYPES if not picture and kind.is_it(content)), None)
    endings = _PICTURE_ENDINGS if picture else known.endings if known else ()
    if ending in endings or (endings and "." not in label):
        return picture or (content, known.media_type if known else "")
    if endings or ending in _every_ending():
        raise _refused(
            "file-not-what-it-says", f"“{label}”的内容与文件名不符，打不开；请核对后重新选择。"
        )
    raise _refused("file-not-accepted", f"不能上传“{label}”。可以上传：{ACCEPTED}。")


def _every_ending() -> tuple[str, ...]:
    return (*_PICTURE_ENDINGS, *(ending for kind in TYPES for ending in kind.endings))


_BROKEN = (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


def _picture(label: str, content: bytes) -> tuple[bytes, str] | None:
    """The picture written anew, or nothing if it is none."""
    try:
        with Image.open(BytesIO(content), formats=list(PICTURES)) as found:
            if found.width * found.height > MOST_PIXELS:
                raise _refused("picture-too-large", f"照片“{label}”的尺寸太大，请缩小后再传。")
            return _rewritten(found)
    except UnidentifiedImageError:
        return None
    except _BROKEN as error:
        raise _refused("picture-broken", f"照片“{label}”已经损坏，请重新拍摄或选择。") from error


def _rewritten(found: Image.Image) -> tuple[bytes, str]:
    media_type = PICTURES[found.format or "JPEG"]
    kind = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}[media_type]
    upright = ImageOps.exif_transpose(found)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new(mode := _mode(upright, kind), upright.size)
    bare.paste(upright.convert(mode))
    written = BytesIO()
    bare.save(written, kind, **({} if kind == "PNG" else {"quality": 88}))
    return written.getvalue(), media_type


def _mode(picture: Image.Image, kind: str) -> str:
    return "RGB" if kind == "JPEG" or not picture.has_transparency_data else "RGBA"


# --- On the disk ----------------------------------------------------------------------------------


def _write(path: Path, content: bytes) -> None:
    """Complete and on the disk, file and folder, before anybody is told that it was saved."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)
    for folder in (path.parent, path.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
