"""Measured on what citizens really wrote: who belongs together lands together (the figures of
docs/group-detection.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.alike import grouped, judged, ours, read
from shouwen.rules.likeness import LIKELY


def test_messages_on_one_policy_land_together_and_few_strangers_join(shared: Path) -> None:
    folder = shared / "data" / "complaints"
    if not folder.is_dir():
        pytest.skip("the messages are not here: set SHOUWEN_SHARED")
    corpus = read(folder)
    groups = grouped(ours(corpus), LIKELY)
    topics = {topic.name: topic for topic in judged(corpus, groups)}
    for name, size in (("Syucryingstar/3", 17), ("15625103741/5", 15)):
        assert topics[name].size == size
        assert topics[name].together >= size - 2
        assert topics[name].strangers <= 5
    assert max(len(group) for group in groups) <= 30
