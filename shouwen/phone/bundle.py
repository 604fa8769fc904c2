"""The files that a phone keeps of the program, and the version that their content makes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

SCRIPT, STYLE, WORKER = "web/phone.js", "web/phone.css", "web/phone-worker.js"
ICONS = ("phone/icon-192.png", "phone/icon-512.png")
#: What is there without a signal.
KEPT = (SCRIPT, STYLE, *ICONS)
_SHELL = Path(__file__).parent / "templates/phone/shell.html"


def read(name: str) -> bytes:
    """A static file; empty before `frontend/build` has made it."""
    found = finders.find(name)
    return Path(str(found)).read_bytes() if found else b""


@cache
def version() -> str:
    """Changes when any file of the program does: then the phone fetches all of them anew."""
    made = hashlib.sha256()
    for name in (*KEPT, WORKER):
        made.update(read(name))
    made.update(_SHELL.read_bytes())
    return made.hexdigest()[:12]


def addresses() -> list[str]:
    """Where the kept files are, each with the version, so that none is mixed with an older one."""
    return [f"{static(name)}?v={version()}" for name in KEPT]
