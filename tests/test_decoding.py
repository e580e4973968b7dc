from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.decoding import best_token_spans
from qa.reading.normalizing import normalize, trim

START = np.array([0, 5, 1, 0], dtype=np.float32)
END = np.array([6, 0, 2, 4], dtype=np.float32)


def test_spans_are_ranked_by_the_sum_of_their_logits() -> None:
    assert best_token_spans(START, END, max_tokens=4, n_best=3) == [
        (1, 3, 9.0),
        (1, 2, 7.0),
        (0, 0, 6.0),
    ]


def test_a_span_is_no_longer_than_it_may_be() -> None:
    spans = best_token_spans(START, END, max_tokens=2, n_best=100)
    assert spans[0] == (1, 2, 7.0)
    assert sorted((first, last) for first, last, _ in spans) == [
        (0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3),
    ]  # fmt: skip


def test_nothing_gives_no_span() -> None:
    empty = np.array([], dtype=np.float32)
    assert best_token_spans(empty, empty, max_tokens=4, n_best=3) == []


@given(st.integers(1, 12), st.integers(1, 6), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_it_finds_what_looking_at_every_span_finds(
    tokens: int, max_tokens: int, n_best: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    start, end = random.normal(size=(2, tokens)).astype(np.float32)
    every = sorted(
        (
            (first, last, float(start[first] + end[last]))
            for first in range(tokens)
            for last in range(first, min(first + max_tokens, tokens))
        ),
        key=lambda span: -span[2],
    )
    found = best_token_spans(start, end, max_tokens=max_tokens, n_best=n_best)
    assert [span[:2] for span in found] == [span[:2] for span in every[:n_best]]
    assert [span[2] for span in found] == pytest.approx([span[2] for span in every[:n_best]])


@pytest.mark.parametrize(
    ("span", "trimmed"),
    [
        (" Florida ", "Florida"),
        ("Florida,", "Florida"),
        ("productive”", "productive"),
        ("“productive", "productive"),
        ("“productive”", "productive"),
        ('"productive"', "productive"),
        ('productive"', "productive"),
        ("the “productive” talks", "the “productive” talks"),
        ("“one” and “two”", "“one” and “two”"),
        ("“the future of Ukraine,”", "the future of Ukraine"),
        ("(AFP)", "AFP"),
        ("AFP)", "AFP"),
        ("the agency (AFP)", "the agency (AFP)"),
        ("U.S.", "U.S."),
        ("**gloves**", "gloves"),
        ("gloves**", "gloves"),
        ("`a.txt`", "a.txt"),
        ("the **big** dog", "the **big** dog"),
        ("*args", "*args"),
        ("the officials’", "the officials"),
        ("“ ”", ""),
        (" \n", ""),
        ("", ""),
    ],
)
def test_what_is_no_part_of_an_answer_is_left_out(span: str, trimmed: str) -> None:
    text = f"before {span} after"
    start, end = trim(text, 7, 7 + len(span))
    assert text[start:end] == trimmed


@given(st.text(alphabet="a “”‘’«»()[]\"',;\n"), st.data())
def test_trimming_only_ever_narrows(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert start <= trim(text, start, end)[0] <= trim(text, start, end)[1] <= end


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Russia", "russia.", True),
        ("Hallandale  Beach", "“Hallandale Beach”", True),
        ("ﬁrst", "first", True),
        ("Russia", "Russian", False),
        ("28", "2", False),
        ("?", "!", False),
        ("😀", "😀 ", True),
    ],
)
def test_what_says_the_same(one: str, other: str, same: bool) -> None:
    assert (normalize(one) == normalize(other)) is same
