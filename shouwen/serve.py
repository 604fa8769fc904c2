"""`shouwen serve`: web and worker together; whichever dies is started again, both stop together."""

import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from time import monotonic

import click

from shouwen.config import Config

log = logging.getLogger(__name__)

#: A process that lived so long was healthy: its next start waits no longer than the first.
HEALTHY_SECONDS = 60
LONGEST_WAIT = 30
#: What running requests and the running step of the worker get to finish in.
GRACE_SECONDS = 20


def serve(config: Config, ready: Callable[[], str]) -> None:
    """Run until SIGINT or SIGTERM. `ready` gives the line that is printed once the pages answer."""
    _require_free(config)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    children = [Child("web", web_command(config)), Child("worker", worker_command())]
    try:
        for child in children:
            child.start()
        if _wait_for_pages(config, stop):
            click.echo(ready())
        while not stop.wait(0.2):
            for child in children:
                child.look_after()
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait()


def web_command(config: Config) -> list[str]:
    options = {
        "--interface": "wsgi",
        "--host": config.address,
        "--port": str(config.port),
        "--workers": str(config.processes),
        "--blocking-threads": "1",
        "--workers-kill-timeout": str(GRACE_SECONDS // 2),
        "--log-level": "warning",
    }
    flat = [word for pair in options.items() for word in pair]
    return [
        sys.executable,
        "-m",
        "granian",
        *flat,
        "--respawn-failed-workers",
        "shouwen.wsgi:application",
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "shouwen.cli", "work"]


@dataclass
class Child:
    """A process that is to live, in a group of its own. One that keeps dying waits longer."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    starts_at: float | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 - our own
        self.started, self.starts_at = monotonic(), None

    def look_after(self) -> None:
        if self.starts_at is not None:
            if self.starts_at <= monotonic():
                self.start()
        elif self.process and self.process.poll() is not None:
            self._plan_restart(self.process.returncode)

    def _plan_restart(self, code: int) -> None:
        healthy = monotonic() - self.started > HEALTHY_SECONDS
        self.failures = 1 if healthy else self.failures + 1
        wait = min(2 ** (self.failures - 1), LONGEST_WAIT)
        log.error("%s ended with %s; it starts again in %s s", self.name, code, wait)
        self._sweep()
        self.starts_at = monotonic() + wait

    def _sweep(self) -> None:
        """What the dead process had started itself, which would go on answering on our port."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> None:
        if self.process:
            try:
                self.process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("%s does not stop and is killed", self.name)
            self._sweep()
            self.process.wait()


def _require_free(config: Config) -> None:
    try:
        with socket.create_server((config.address, config.port)):
            pass
    except OSError as error:
        raise click.ClickException(
            f"{config.address}:{config.port} 不能使用（{error.strerror}）。可另设 SHOUWEN_PORT。"
        ) from error


def _wait_for_pages(config: Config, stop: Event) -> bool:
    """Whether the web server answers before somebody stops us."""
    while not stop.wait(0.1):
        try:
            with socket.create_connection((config.address, config.port), timeout=1):
                return True
        except OSError:
            continue
    return False
