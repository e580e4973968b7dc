from __future__ import annotations

from index.store.recently import Recently


def test_what_was_not_used_for_longest_goes_first() -> None:
    recently: Recently[str] = Recently(room=10)
    recently.keep(1, "one", 4)
    recently.keep(2, "two", 4)
    assert recently.get(1) == "one"
    recently.keep(3, "three", 4)
    assert [recently.get(number) for number in (1, 2, 3)] == ["one", None, "three"]


def test_what_is_larger_than_the_room_is_kept_alone() -> None:
    recently: Recently[str] = Recently(room=10)
    recently.keep(1, "one", 4)
    recently.keep(2, "two", 99)
    assert [recently.get(number) for number in (1, 2)] == [None, "two"]


def test_what_is_kept_again_takes_its_room_once() -> None:
    recently: Recently[str] = Recently(room=10)
    for size in (9, 5, 5):
        recently.keep(1, "one", size)
    recently.keep(2, "two", 5)
    assert [recently.get(number) for number in (1, 2)] == ["one", "two"]
