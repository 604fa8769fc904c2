"""Reads a signed sheet that comes back, a photo or pages of a PDF: which record, which copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

from shouwen.rules.refused import Refused

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
#: A scan of both copies with their following pages; a whole folder is a mistake.
MOST_PAGES = 10
#: Fine enough for the code of a sheet, small enough for the memory whatever the PDF claims to be.
LONGEST_SIDE = 2600
_ADDRESS = re.compile(r"/papers/of/(?P<kind>[a-z-]+)/(?P<record>[^/]+)")


@dataclass(frozen=True)
class Found:
    """What the code of a sheet says."""

    kind: str
    record: str
    copy: int


def read(content: bytes) -> list[Found]:
    """The sheets of one record that are in a file: usually one, or both of its copies."""
    texts = [code.text for picture in _pictures(content) for code in _codes(picture)]
    found = [sheet for text in texts if (sheet := _parsed(text))]
    if not found:
        raise _refused(*(FOREIGN if texts else UNREADABLE))
    if len({(sheet.kind, sheet.record) for sheet in found}) > 1:
        raise _refused(*SEVERAL)
    return list(dict.fromkeys(found))


UNREADABLE = (
    "no-code",
    "没有读到二维码。请把整张纸放平、拍清楚右上角的二维码，避开反光和手指，再上传一次；"
    "实在读不出的，请在诉求页面作为附件上传。",
)
FOREIGN = ("foreign-code", "这个二维码不是本系统打印的单据，请核对是不是拿错了纸。")
SEVERAL = ("several-records", "文件里有几张不同的单，请一张单一个文件上传。")
BROKEN = ("file-broken", "这个文件打不开，请重新扫描或拍照后再上传。")
TOO_LONG = ("too-many-pages", f"文件超过 {MOST_PAGES} 页，请只上传签字的那几页。")


def _refused(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, field="scan")


def _pictures(content: bytes) -> Iterator[Image.Image]:
    if not content.startswith(b"%PDF-"):
        with Image.open(BytesIO(content)) as picture:
            yield picture.convert("L")
        return
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise _refused(*BROKEN) from error
    if len(document) > MOST_PAGES:
        raise _refused(*TOO_LONG)
    for page in document:
        scale = LONGEST_SIDE / max(page.get_size())
        yield page.render(scale=scale, grayscale=True).to_pil()


def _codes(picture: Image.Image) -> list[zxingcpp.Barcode]:
    """Enlarged only where nothing is found: a coarse scan has two dots for each of the code."""
    found = zxingcpp.read_barcodes(picture, formats=_QR)
    if found or max(picture.size) > LONGEST_SIDE:
        return found
    twice = picture.resize((picture.width * 2, picture.height * 2))
    return zxingcpp.read_barcodes(twice, formats=_QR)


def _parsed(text: str) -> Found | None:
    """Whatever the host: the desk may have been reached under another name when it was printed."""
    parts = urlsplit(text)
    match = _ADDRESS.fullmatch(parts.path)
    if match is None:
        return None
    copy = parse_qs(parts.query).get("copy", ["1"])[0]
    number = int(copy) if copy.isdecimal() and len(copy) < 3 else 1
    return Found(match["kind"], unquote(match["record"]), number)
