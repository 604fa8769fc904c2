"""A signature on paper: what was drawn on a phone, or photographed, small and black enough."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from shouwen.cases.files import path_of
from shouwen.cases.models import Attachment

#: Twice as fine as the line that it stands on is printed.
LARGEST = (480, 200)


def drawn(attachment: Attachment) -> tuple[int, ...]:
    """The picture as a PNG, byte by byte; nothing for what is no picture (a scan as PDF), or is not
    there any more: the paper then has a line to sign on."""
    try:
        with Image.open(path_of(attachment.sha256)) as found:
            upright = ImageOps.exif_transpose(found).convert("L")
    except (OSError, ValueError, Image.DecompressionBombError):
        return ()
    return tuple(_ink(upright))


def _ink(paper: Image.Image) -> bytes:
    """The strokes alone: what was paper lets through what it is printed on."""
    strokes = ImageOps.invert(ImageOps.autocontrast(paper, cutoff=(0, 40)))
    strokes = strokes.crop(strokes.getbbox() or (0, 0, *strokes.size))
    strokes.thumbnail(LARGEST)
    ink = Image.merge("LA", (Image.new("L", strokes.size, 0), strokes))
    written = BytesIO()
    ink.save(written, "PNG", optimize=True)
    return written.getvalue()
