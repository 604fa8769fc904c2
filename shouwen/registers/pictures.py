"""A photo on paper: small enough to be printed."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from shouwen.cases.files import path_of

LARGEST = (700, 700)


def small(sha256: str) -> tuple[int, ...]:
    """The picture as a JPEG, byte by byte; nothing for what is no picture, or is not there."""
    try:
        with Image.open(path_of(sha256)) as found:
            found.thumbnail(LARGEST)
            written = BytesIO()
            found.convert("RGB").save(written, "JPEG", quality=75)
    except (OSError, ValueError, Image.DecompressionBombError):
        return ()
    return tuple(written.getvalue())
