"""What takes long is said in a line, also where no progress bar is seen."""

from __future__ import annotations

import pytest

from index.progress import bar_of


class Clock:
    """A clock that goes on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("index.progress.monotonic", clock)
    return clock


def said(
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    total: int,
    seconds: float,
    *,
    done: int = 0,
    progress: bool = True,
) -> str:
    """Return what is said while things are done ten at a time, each ten in so many seconds."""
    clock.now = 0.0
    bar = bar_of(
        total, "Embedding", "sentences", done=done, progress=progress, advice="Be patient."
    )
    with bar:
        for _ in range(min(total - done, 1000) // 10):
            clock.now += seconds
            bar.update(10)
    return capsys.readouterr().err


def test_what_takes_minutes_is_said_once(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    expected = "Embedding 30,000 sentences; this takes about 20 minutes. Be patient.\n"
    assert said(clock, capsys, 30_000, 0.4) == expected
    hours = "Embedding 300,000 sentences; this takes about 3 hours. Be patient.\n"
    assert said(clock, capsys, 300_000, 0.4) == hours
    # What is done already takes no time.
    assert said(clock, capsys, 300_000, 0.4, done=270_000) == expected


def test_what_is_soon_done_is_not_said(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(clock, capsys, 1_000, 0.4) == ""
    assert said(clock, capsys, 30_000, 0.4, progress=False) == ""
