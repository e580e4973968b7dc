from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.structure.spans import Span
from qa.answering.speech import said_by
from qa.asking.speech import AskedOf
from qa.english.analysis import Analyses, Analysis


def speakers(text: str) -> list[tuple[str, str | None]]:
    return [
        (
            text[quotation.start : quotation.end],
            quotation.name or (text[slice(*quotation.speaker)] if quotation.speaker else None),
        )
        for quotation in Analysis(text).quotations
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We go,” said Moira Tennant, the secretary.", "Moira Tennant"),
        ("“We go,” said the secretary, Moira Tennant.", "Moira Tennant"),
        ("“We go,” Moira Tennant told reporters.", "Moira Tennant"),
        ("Moira Tennant said: “We go.”", "Moira Tennant"),
        ("Moira Tennant, who leads the union, noted that “we go.”", "Moira Tennant"),
        ("According to Moira Tennant, it is “hard.”", "Moira Tennant"),
        ("Moira Tennant left. “We go,” she said.", "Moira Tennant"),
        ("Moira Tennant wrote. Her report, out in May, concluded: “We go.”", "Moira Tennant"),
        ("Both officials later described it as “productive.”", "Both officials"),
        ('Moira Tennant said, "We go."', "Moira Tennant"),
        ("“We go” stood on the door.", None),
        ("‘We don’t go,’ said Moira Tennant.", "Moira Tennant"),
        ("Moira Tennant called it ‘hard’ for the workers’ friends.", "Moira Tennant"),
        ("'We don't go,' said Moira Tennant.", "Moira Tennant"),
    ],
)
def test_a_speaker_is_found_in_the_forms_of_english_prose(text: str, speaker: str | None) -> None:
    assert [name for _, name in speakers(text)] == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "The workers’ friends didn’t go, and Moira Tennant’s didn’t either.",
        "In the '90s the workers' friends said Moira Tennant's was closed.",
    ],
)
def test_apostrophes_quote_nothing(text: str) -> None:
    assert speakers(text) == []


def test_single_marks_inside_others_are_no_quotation_of_their_own() -> None:
    text = "“He cried ‘No,’ and went,” said Moira Tennant."
    assert speakers(text) == [("He cried ‘No,’ and went,", "Moira Tennant")]


def test_a_broken_quotation_and_one_right_behind_it_are_of_one_speaker() -> None:
    text = (
        "“The port grows,” Julian Osei said, “or it dies.” He left. "
        "“We stay,” said Ann Hall. “We do.”"
    )
    assert speakers(text) == [
        ("The port grows,", "Julian Osei"),
        ("or it dies.", "Julian Osei"),
        ("We stay,", "Ann Hall"),
        ("We do.", "Ann Hall"),
    ]


def test_a_quotation_that_is_not_closed_ends_with_its_paragraph() -> None:
    assert speakers("Ann Hall said: “We go.\n\nThe end.") == [("We go.", "Ann Hall")]


def test_a_sentence_round_a_quotation_is_not_said_by_its_speaker() -> None:
    text = "Ann Hall said that “we go” in May."
    at = Analysis(text).quotation_at
    whole, part = at(Span(0, len(text))), at(Span(20, 25))
    assert whole is None
    assert part is not None
    assert part.name == "Ann Hall"


def test_the_shipped_articles_speakers_are_found(article: Article) -> None:
    assert [name for _, name in speakers(article.text)] == [
        *("Marco Rubio", "Marco Rubio", "Rustem Umerov", "Both officials"),
        "An anonymous source close to the Ukrainian delegation",
    ]


def test_what_somebody_said_is_found_by_name_title_or_description(article: Article) -> None:
    def said(speaker: str, subject: str = "") -> list[str]:
        found = said_by(Analyses(), [article], AskedOf(speaker, subject))
        return [article.text[q.start : q.end][:12] for _, q in found]

    assert said("umerov") == said("Rustem Umerov") == said("Secretary Umerov") == ["the future o"]
    assert said("both officials") == ["productive a"]
    assert said("the anonymous source") == ["not easy"]
    assert said("Rubio") == ["productive", "It’s not jus"]
    assert said("Rubio", "long-term prosperity") == ["It’s not jus"]
    assert said("Rubio", "the weather") == said("Macron") == said("the") == []


@given(st.text(alphabet="“”\"' .\nAbsaid,", max_size=120))
def test_any_marks_give_quotations_that_stand_in_the_text_in_order(text: str) -> None:
    found = Analysis(text).quotations
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
