"""Words as texts spell them, counted."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from index.store.segments.spellings import packed_spellings
from index.text.english import lemma, spellings
from index.text.spellings import count_spellings

PIECES = st.sampled_from(
    [*"aB cD.'-’1_\n\t", "don't", "İ", "ſ", "U.S.", "mice", "ran", "well-kept"]
)


def test_words_are_counted_as_spelled_in_lower_case() -> None:
    counted = count_spellings(["The ferry sailed.", "THE ferries, the\nferry"])
    assert counted == {"the": 3, "ferry": 2, "sailed": 1, "ferries": 1, "sail": 0}


def test_parts_of_a_word_are_words() -> None:
    counted = count_spellings(["Ann’s long-term plan isn't a-a e-5 U.S. 1999 _x"])
    present = {word: times for word, times in counted.items() if times}
    assert present == {"ann": 1, "long": 1, "term": 1, "plan": 1, "isn": 1, "a": 1, "e": 1}


def test_the_base_form_of_a_word_is_one_that_stands_nowhere() -> None:
    assert count_spellings(["She resigned"])["resign"] == 0
    assert count_spellings(["She resigned, to resign"])["resign"] == 1


def test_no_text_has_no_words() -> None:
    assert count_spellings([]) == {}
    assert count_spellings(["", " ...\n"]) == {}


@given(st.lists(st.lists(PIECES).map("".join)))
def test_what_is_counted_is_what_counting_word_by_word_gives(texts: list[str]) -> None:
    counted: Counter[str] = Counter()
    for text in texts:
        for word in spellings(text):
            plain = word.lower().replace("’", "'")
            parts = {plain, plain.split("'")[0], *plain.split("-")}
            counted.update(part for part in parts if part.isalpha())
    assert count_spellings(texts) == {**{lemma(word): 0 for word in counted}, **counted}


@given(st.lists(st.lists(PIECES).map("".join)), st.lists(st.lists(PIECES).map("".join)))
def test_counts_of_parts_add_up_to_those_of_the_whole(some: list[str], rest: list[str]) -> None:
    parts = [count_spellings(some), count_spellings(rest)]
    added = {word: sum(part.get(word, 0) for part in parts) for part in parts for word in part}
    assert count_spellings([*some, *rest]) == added


WORDS = st.text(alphabet="abzäßéЖ漢\U0001f600", max_size=3)


@given(st.dictionaries(WORDS, st.integers(0, 9)), WORDS)
def test_a_word_is_found_among_packed_ones(counts: dict[str, int], other: str) -> None:
    packed = packed_spellings(counts)
    for word in (*counts, other, "", "\udc80"):
        assert packed.count(word) == counts.get(word)
    assert packed.words == counts
