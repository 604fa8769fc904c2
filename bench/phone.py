"""The phone on a bad line: how soon the page can be used, and how long a shift takes to be sent.

    python -m bench.phone

"Slow 4G" is what Chromium's developer tools call so: 1.44 Mbit/s down, 0.675 up, 562.5 ms to each
answer. A shift (PERF-9) is 200 acts, 40 of them photos, over 1 Mbit/s.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import which
from time import perf_counter
from typing import Any

import click
from PIL import Image
from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.figures import short, spread
from bench.places import folder_for, new_place
from tests.installation import Installation, until

BUNDLE = ("phone.js", "phone.css", "phone-worker.js")
MOST_KB = 150
LOADED_WITHIN, SENT_WITHIN = 1.5, 60.0
ACTS, PHOTOS = 200, 40
#: 陈建国 with eight orders, prices and materials; prints a session of his.
FILL = """
from datetime import timedelta
from django.contrib.sessions.backends.db import SessionStore
from shouwen import clock
from tests.cast import build
from tests.conftest import MODEL_BACKEND
from tests.pricing.prices import repair_prices
from tests.repairs.conftest import Shop
shop = Shop(build())
repair_prices(shop.cast)
shop.adopts("customer-communication")
at = clock.now() - timedelta(minutes=15)
for _ in range(8):
    shop.sends(shop.issues(at=at), at=at)
session, staff = SessionStore(), shop.cast.chenjianguo
session["_auth_user_id"], session["_auth_user_backend"] = str(staff.pk), MODEL_BACKEND
session["_auth_user_hash"] = staff.get_session_auth_hash()
session.create()
print(session.session_key)
"""
#: As an engineer does it, one act after the other: every fifth is a photo.
SHIFT = """async ([acts, every]) => {
  const soon = () => new Promise((done) => setTimeout(done, 5));
  const until = async (found) => { while (!found()) await soon(); };
  const number = document.querySelector(".order-about").textContent.match(/W-\\S+/)[0];
  for (let n = 1; n <= acts; n += 1) {
    location.hash = `order/${number}/note`;
    await until(() => document.querySelector("textarea"));
    document.querySelector("textarea").value = `第 ${n} 笔`;
    if (n % every === 0) {
      const input = document.querySelector("input[type=file]"), chosen = new DataTransfer();
      chosen.items.add(new File([window.camera, String(n)], "IMG.jpg", { type: "image/jpeg" }));
      input.files = chosen.files;
      input.dispatchEvent(new Event("change"));
      await until(() => document.querySelector(".strip img"));
    }
    document.querySelector("form .act-big").click();
    await until(() => !document.querySelector("textarea"));
  }
}"""


@dataclass(frozen=True)
class Line:
    """A line to the server, in bits per second and seconds to each answer."""

    down: float
    up: float
    wait: float

    def on(self, wire: CDPSession) -> None:
        conditions = {
            "offline": False, "latency": self.wait * 1000, "downloadThroughput": self.down / 8,
            "uploadThroughput": self.up / 8,
        }  # fmt: skip
        wire.send("Network.emulateNetworkConditions", conditions)


SLOW_4G = Line(1.44e6, 0.675e6, 0.5625)
ONE_MEGABIT = Line(1e6, 1e6, 0.1)


def camera() -> bytes:
    """A photo of twelve million points, with as much in it as a real one."""
    picture = Image.effect_noise((400, 300), 40).resize((4000, 3000), Image.Resampling.BICUBIC)
    written = BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=85)
    return written.getvalue()


def bundle() -> Iterator[str]:
    folder = Path(__file__).parents[1] / "shouwen/web/static/web"
    size = sum((folder / name).stat().st_size for name in BUNDLE) / 1024
    yield f"bundle: {short(size)} KB (under {MOST_KB})"


@contextmanager
def served(folder: Path) -> Iterator[tuple[Installation, str]]:
    """The program on its own, and the session of 陈建国."""
    installation = new_place(folder, "phone")
    installation.run("migrate")
    session = installation.run("django-admin", "shell", "-v", "0", "-c", FILL).split()[-1]
    with installation.start("serve"):
        until(lambda: _answers(installation))
        yield installation, session


def _answers(installation: Installation) -> bool:
    asked = ["curl", "-sf", "-o", "/dev/null", f"{installation.address}/sign-in"]
    return subprocess.run(asked, check=False).returncode == 0


def load(page: Page, address: str) -> float:
    """From asking for the page until its big button can be pressed."""
    started = perf_counter()
    page.goto(f"{address}/phone/", wait_until="commit")
    page.locator(".act-big").first.wait_for()
    return perf_counter() - started


def loads(browser: Any, address: str, session: str, rounds: int) -> Iterator[str]:
    """The first time with an empty cache; again with the program on the phone."""
    first, again = [], []
    with _phone(browser, address, session) as (page, _):
        load(page, address)  # the server has read its templates and rules
    for _ in range(rounds):
        with _phone(browser, address, session) as (page, wire):
            SLOW_4G.on(wire)
            first.append(load(page, address))
            page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
            again.append(load(page, address))
    yield f"Slow 4G, first time: {spread(first)} s (under {LOADED_WITHIN})"
    yield f"Slow 4G, again: {spread(again)} s"


def shift(browser: Any, address: str, session: str, acts: int, photos: int) -> Iterator[str]:
    """Done without a signal, then sent over one megabit."""
    with _phone(browser, address, session) as (page, wire):
        load(page, address)
        page.route("**/camera.jpg", lambda route: route.fulfill(body=camera()))
        page.evaluate("fetch('/phone/camera.jpg').then(async (a) => { camera = await a.blob(); })")
        page.context.set_offline(True)
        page.evaluate(SHIFT, [acts, acts // photos])
        page.context.set_offline(False)
        ONE_MEGABIT.on(wire)
        started = perf_counter()
        page.locator(".signal-good").wait_for(timeout=300_000)
        took = perf_counter() - started
        lost = page.locator(".conflict").count()
    said = f"{acts} acts with {photos} photos over 1 Mbit/s"
    yield f"{said}: {short(took)} s (under {SENT_WITHIN:.0f}), {lost} refused"


@contextmanager
def _phone(browser: Any, address: str, session: str) -> Iterator[tuple[Page, CDPSession]]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.add_cookies([{"name": "session", "value": session, "url": address}])
    page = context.new_page()
    page.set_default_timeout(120_000)
    try:
        yield page, context.new_cdp_session(page)
    finally:
        context.close()


def measure(folder: Path, *, rounds: int, acts: int, photos: int) -> Iterator[str]:
    yield from bundle()
    with served(folder) as (installation, session), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium") or which("google-chrome"), args=["--no-sandbox"]
        )
        yield from loads(browser, installation.address, session, rounds)
        yield from shift(browser, installation.address, session, acts, photos)
        browser.close()


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="one round, few acts: whether it works at all")
def main(quick: bool) -> None:
    rounds, acts, photos = (1, 10, 2) if quick else (5, ACTS, PHOTOS)
    with folder_for("sqlite") as folder:
        for line in measure(folder, rounds=rounds, acts=acts, photos=photos):
            click.echo(line)


if __name__ == "__main__":
    sys.exit(main())
