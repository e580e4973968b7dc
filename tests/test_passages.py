from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.structure.parsing import structure_of
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from index.text.passages import bound_to_next, split_passages, split_sections


def lay(sizes: list[int]) -> tuple[list[Span], list[list[Span]]]:
    """Make sentences of so many one-letter words each, in a row."""
    sentences, tokens, start = [], [], 0
    for size in sizes:
        sentences.append(Span(start, start + 2 * size - 1))
        tokens.append([Span(2 * n, 2 * n + 1) for n in range(size)])
        start += 2 * size
    return sentences, tokens


@pytest.mark.parametrize(
    ("window", "stride", "expected"),
    [
        (3, 1, [(0, 3), (1, 4), (2, 5)]),
        (3, 2, [(0, 3), (2, 5)]),
        (2, 2, [(0, 2), (2, 4), (4, 5)]),
        (1, 1, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]),
        (9, 1, [(0, 5)]),
    ],
)
def test_windows_of_sentences_overlap_and_end_with_the_text(
    window: int, stride: int, expected: list[tuple[int, int]]
) -> None:
    sentences, tokens = lay([2, 2, 2, 2, 2])
    passages = split_passages(sentences, tokens, max_tokens=100, window=window, stride=stride)
    assert passages == [
        Span(sentences[first].start, sentences[last - 1].end) for first, last in expected
    ]


def test_a_passage_holds_no_more_tokens_than_it_may() -> None:
    sentences, tokens = lay([4, 4, 4])
    passages = split_passages(sentences, tokens, max_tokens=8, window=3, stride=1)
    assert passages == [
        Span(sentences[0].start, sentences[1].end),
        Span(sentences[1].start, sentences[2].end),
    ]


def test_a_sentence_that_is_too_long_is_read_in_overlapping_windows() -> None:
    sentences, tokens = lay([2, 20, 2])
    passages = split_passages(sentences, tokens, max_tokens=8, window=3, stride=1)
    # Tokens 0-7, 6-13 and 12-19 of the long sentence, which starts at character 4.
    assert passages == [
        sentences[0],
        Span(4 + 0, 4 + 15),
        Span(4 + 12, 4 + 27),
        Span(4 + 24, 4 + 39),
        sentences[2],
    ]


@given(
    st.lists(st.integers(1, 30), max_size=20),
    st.integers(4, 25),
    st.integers(1, 5),
    st.integers(1, 5),
)
def test_nothing_is_left_out_and_nothing_is_too_long(
    sizes: list[int], max_tokens: int, window: int, stride: int
) -> None:
    sentences, tokens = lay(sizes)
    passages = split_passages(
        sentences, tokens, max_tokens=max_tokens, window=window, stride=stride
    )
    everywhere = [
        Span(sentence.start + token.start, sentence.start + token.end)
        for sentence, pieces in zip(sentences, tokens, strict=True)
        for token in pieces
    ]
    for token in everywhere:
        assert any(p.start <= token.start and token.end <= p.end for p in passages)
    for passage in passages:
        inside = [t for t in everywhere if passage.start <= t.start and t.end <= passage.end]
        assert len(inside) <= max_tokens
        assert sum(passage.start <= s.start < passage.end for s in sentences) <= window
    assert passages == sorted(set(passages))


def test_a_passage_stays_under_its_headings() -> None:
    text = "# Phones\n\n## A10\n\nIt is light. It is red.\n\n## B20\n\nIt is heavy.\n"
    sentences = split_sentences(text)
    sections = split_sections(sentences, structure_of(text))
    assert [[text[start:end] for start, end in sentences[section]] for section in sections] == [
        ["Phones", "A10", "It is light.", "It is red."],
        ["B20", "It is heavy."],
    ]


def test_a_text_without_headings_is_one_section() -> None:
    text = "One thing. Another.\n\nA third."
    sentences = split_sentences(text)
    assert split_sections(sentences, structure_of(text)) == [slice(0, 3)]


def test_no_passage_ends_between_what_leads_in_to_a_list_and_its_first_two_items() -> None:
    text = "It rained. We left. The crew was:\n- Ann\n- Bea\n- Cem\n- Dan\n\nIt went well."
    structure = structure_of(text)
    sentences = split_sentences(text, structure)
    bound = bound_to_next(sentences, structure)
    tokens = [[Span(0, 1)]] * len(sentences)
    passages = split_passages(sentences, tokens, max_tokens=100, window=3, stride=1, bound=bound)
    assert [text[slice(*each)] for each in passages] == [
        "It rained. We left. The crew was:\n- Ann\n- Bea",
        "Ann\n- Bea\n- Cem", "Bea\n- Cem\n- Dan", "Cem\n- Dan\n\nIt went well.",
    ]  # fmt: skip
    short = split_passages(sentences, tokens, max_tokens=3, window=3, stride=1, bound=bound)
    assert text[slice(*short[0])] == "It rained. We left. The crew was:"
