"""What nobody would write: it is answered or not found, in time linear to its length."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.articles import Article
from index.models.encoder import SentenceEncoder, Vectors
from index.retrieval import Hit, search_texts
from index.retriever import Retriever
from index.structure.parsing import structure_of
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answers import Outcome
from qa.english.analysis import Analysis
from qa.english.dates import dates
from qa.made_questions import made_from
from tests.fakes import EverySpanReader, PhraseReader, WordEncoder, bot_of
from tests.timing import growth

INTRO = "# Depot\n\nThe depot in Bergen is run by Ann Lee.\n\n"
ODD = {
    "images": "![" * 2_000,
    "comments": "<!-- " * 1_000,
    "marks": "“\"'’" * 1_000,
    "brackets and signs": "!([{<&" * 700,
    "columns": "".join(",".join(f"{row}{n}" for n in range(900)) + "\n" for row in "abc"),
    "ragged rows": "| a | b |\n|---|---|\n| 1 |\n| 2 | 3 | 4 | 5 |\n||||\n| 6\n",
    "ragged fields": "".join("a," * (n % 9) + "b\n" for n in range(300)),
    "open fence": "```\n" + "x = 1\n" * 500,
    "open field": 'a,b\n"c,1\n' + "x,y\n" * 500,
    "fields with marks": '"x"",' * 800 + "\n" + '"x"",' * 800,
    "quoted lists": "".join(">" * n + f' - "item {n}\n' for n in range(1, 80)),
    "digits": "1234567890" * 500,
    "tags": '<div class="a">\n<p>' * 300,
    "no blanks": "a" * 12_000,
    "a long heading": "# " + "Ship " * 3_000,
    "a long row": "Ship;Crew\n" + "Orla" * 3_000 + ";5\nVik;6\nUna;7\n",
    "blank lines": "\n" * 5_000 + "\f\t" * 2_000 + ".",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_it_is_answered_beside_whatever_stands_there(text: str) -> None:
    bot = bot_of(INTRO + text, reader=PhraseReader(Ann_Lee=6.0))
    assert bot.ask("Who runs the depot in Bergen?").text == "Ann Lee"
    for question in ("Who are the members?", "What is it about?", "Which numbers are in it?"):
        answer = bot.ask(question)
        assert answer.outcome in set(Outcome)
        for each in answer.citations:
            assert each.article.text[each.answer_start : each.answer_end] == each.answer


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_whatever_is_read_in_it_is_a_part_of_it(text: str) -> None:
    answer = bot_of(text, reader=EverySpanReader()).ask("Who runs it?")
    for each in [*answer.citations, *(other.citation for other in answer.alternatives)]:
        assert each.article.text[each.answer_start : each.answer_end] == each.answer != ""


def test_signs_without_a_word_are_no_sentences() -> None:
    text = "She left. ![![! ?? ... He stayed."
    assert [text[slice(*each)] for each in split_sentences(text)] == [
        "She left. ![![! ?? ...",
        "He stayed.",
    ]


def test_a_heading_or_row_that_is_too_long_to_be_one_is_cut() -> None:
    text = "Ship;Crew\n" + "Orla " * 3_000 + ";5\nVik;6\nUna;7\n"
    found = split_sentences(text)
    assert max(end - start for start, end in found) <= 5_000
    assert [text[slice(*each)] for each in found][-2:] == ["Vik;6", "Una;7"]
    assert [block.kind for block in structure_of("# " + "Ship " * 3_000).blocks] == ["paragraph"]


class Counting:
    """Embeds a text by its length, and notes what it was given."""

    dimension, max_tokens = 2, 10

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str], *, questions: bool) -> NDArray[np.float32]:
        self.seen += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_a_text_that_repeats_is_embedded_once() -> None:
    embedder = Counting()
    encoder = SentenceEncoder("lengths", embedder)  # type: ignore[arg-type]
    vectors = encoder.encode_passages(["a", "bb", "a", "ccc", "bb", "a"])
    assert vectors[:, 0].tolist() == [1, 2, 1, 3, 2, 1]
    assert embedder.seen == ["a", "bb", "ccc"]


def test_thousands_of_copies_are_not_all_looked_at() -> None:
    looked_for: list[int] = []

    class Noting(Retriever):
        def search(
            self,
            questions: Sequence[str],
            k: int,
            *,
            without: Sequence[Stretch] = (),
            vectors: Vectors | None = None,
        ) -> list[list[Hit]]:
            looked_for.append(k)
            return super().search(questions, k, without=without, vectors=vectors)

    article = Article("a", "A", "Cows moo.\n\n" * 9_000 + "Dogs bark.")
    retriever = Noting.build([article], WordEncoder(dimension=8), window=1)
    (hits,) = search_texts(retriever, ["who moos"], 5)
    assert [hit.passage.text for hit in hits] == ["Cows moo."]
    assert max(looked_for) < 9_000


def made(text: str) -> None:
    list(made_from(Article("a", "A", text), Analysis(text)))


@pytest.mark.parametrize(
    ("run", "piece"),
    [
        (structure_of, "\ta\tb\n"),
        (structure_of, "a,\"b\n"),
        (structure_of, "- a\n\nb\n"),
        (dates, "May,"),
        (made, "Ann Lee said that "),
    ],
)  # fmt: skip
def test_twice_as_much_takes_about_twice_as_long(run: Callable[[str], object], piece: str) -> None:
    assert growth(run, piece, 1_000) < 3


def test_what_leads_in_to_lists_is_found_without_a_look_at_all_of_them() -> None:
    text = "".join(f"Part {n} has these:\n\n- one\n- two\n\n" for n in range(400))
    structure = structure_of(text)
    start = text.index("Part 7 has")
    assert list(structure.led_by(Span(start, start + 4))) == [7]
    assert list(structure.led_by(Span(start, text.index("Part 9 has") + 1))) == [7, 8, 9]
    assert not list(structure.led_by(Span(start - 2, start)))
