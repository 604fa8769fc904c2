"""Reads a PDF as a person does: its text, its pages, the codes on them."""

from __future__ import annotations

import pypdfium2 as pdfium
import zxingcpp
from PIL.Image import Image


def pages(pdf: bytes) -> list[str]:
    """The text of each page; how lines break does not count."""
    document = pdfium.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    return ["".join(text.split()) for text in texts]


def text(pdf: bytes) -> str:
    return "".join(pages(pdf))


def picture(pdf: bytes, page: int = 0, *, dots: int = 150) -> Image:
    """A page as a scanner sees it."""
    found: Image = pdfium.PdfDocument(pdf)[page].render(scale=dots / 72).to_pil()
    return found.convert("RGB")


def codes(pdf: bytes) -> list[str]:
    """What the code on each page says."""
    return [
        "".join(code.text for code in zxingcpp.read_barcodes(picture(pdf, page)))
        for page in range(len(pages(pdf)))
    ]
