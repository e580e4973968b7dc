from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.store.segments.spellings import packed_spellings, without_texts
from index.text.spellings import count_spellings

WORDS = (
    "run",
    "ran",
    "Running",
    "mice",
    "mouse's",
    "well-known",
    "It's",
    "a",
    "İ",
    "ran.",
    "4",
    "-",
)
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=5)


@given(TEXTS, TEXTS)
def test_what_is_left_is_what_those_that_are_left_would_have_counted(
    left: list[str], taken: list[str]
) -> None:
    whole = packed_spellings(count_spellings([*left, *taken]))
    assert dict(without_texts(whole, taken).words) == dict(count_spellings(left))
