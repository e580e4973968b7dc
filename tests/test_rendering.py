"""What a stretch is read as, and where in the article each character of that stands."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.structure.spans import Span
from index.text.naming import names_of, told_apart
from index.text.rendering import Rendering, Run, render
from index.text.stretches import Stretch


def whole(text: str, name: str = "a.txt", title: str = "A") -> Stretch:
    return Stretch(Article(name, title, text), 0, len(text))


def part(text: str, first: str, last: str, name: str = "a.md") -> Stretch:
    """The stretch from where one text starts to where another ends."""
    start = text.index(first)
    return Stretch(Article(name, "A", text), start, text.index(last, start) + len(last))


def cited(stretch: Stretch, read: str, question: str = "") -> str | None:
    """What is cited where this is read."""
    rendering = render(stretch, question)
    start = rendering.text.index(read)
    place = rendering.source(start, start + len(read))
    return None if place is None else stretch.article.text[place.start : place.end]


def test_prose_is_read_as_it_stands() -> None:
    text = "The tower was built in 1902.\nIt is 40 m high.\n\nNobody lives there – yet."
    stretch = whole(text)
    assert render(stretch).text == text
    assert render(stretch).source(14, 19) == Span(14, 19)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The ﬁre oﬃce was ﬁnanced by Hoﬀmann.", "The fire office was financed by Hoffmann."),
        ("The par\u00adlia\u00adment met.", "The parliament met."),
        ("The parlia\u00ad\nment met.", "The parliament met."),
        ("The parlia-\nment met.", "The parliament met."),
        ("The parlia-\n  ment met.", "The parliament met."),
        ("A well-\nknown one; it is well-known.", "A well-known one; it is well-known."),
        ("A foot-\nball. Football, by foot.", "A football. Football, by foot."),
        ("The son-in-\nlaw came.", "The son-in-law came."),
        ("From 1990-\n1995, Anna-\nMaria.", "From 1990-\n1995, Anna-\nMaria."),
        ("Marks &amp; Harland&#8217;s&nbsp;roof &lt;3", "Marks & Harland’s roof <3"),
        ("AT&T; R&D; &unknown;", "AT&T; R&D; &unknown;"),
        ("It **opened** in 1902.", "It opened in 1902."),
        ("The [old hall](https://hall.example/a_(b)) is shut.", "The old hall is shut."),
        ("Let 2 ** 3 be 2**3.", "Let 2 ** 3 be 2**3."),
        ("Set snake_case and `__init__` to *.", "Set snake_case and `__init__` to *."),
    ],
)
def test_signs_are_read_as_they_are_meant(text: str, read: str) -> None:
    assert render(whole(text)).text == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It _is_ *so* ~~not~~ ***big***, 5 * 3 * 2.", "It is so not big, 5 * 3 * 2."),
        ("Set snake_case and `__init__` to 1.", "Set snake_case and __init__ to 1."),
        ("**Note. It is shut.** Really.", "Note. It is shut. Really."),
        (r"It costs 5\* \[net\].", "It costs 5* [net]."),
        ("Write to <hall@town.example>.", "Write to hall@town.example."),
    ],
)
def test_marks_of_markdown_are_left_out_where_it_is_markdown(text: str, read: str) -> None:
    assert render(whole(text, "a.md")).text == read


def test_what_marks_a_sentence_that_is_bold_with_others_is_left_out_of_it() -> None:
    text = "**Note. It is shut.** Really."
    assert render(part(text, "**Note", "Note.")).text == "Note."
    assert render(part(text, "It is", "shut.**")).text == "It is shut."


@pytest.mark.parametrize(
    ("text", "read", "quoted"),
    [
        ("Built by Hoﬀmann.", "Hoffmann", "Hoﬀmann"),
        ("Built by Hoﬀmann.", "Hof", "Hoﬀ"),  # half of a ligature is the whole
        ("Built by Hoﬀmann.", "mann", "mann"),
        ("Marks &amp; Harland", "Marks & Harland", "Marks &amp; Harland"),
        ("Marks &amp; Harland", "&", "&amp;"),
        ("The par\u00adlia-\nment met.", "parliament", "par\u00adlia-\nment"),
        ("Built in **1902** by us.", "1902", "1902"),
        ("Built in **1902** by us.", "in 1902", "in **1902"),
    ],
)
def test_what_is_cited_is_the_articles_own_text(text: str, read: str, quoted: str) -> None:
    assert cited(whole(text), read) == quoted


TABLE = """# Fares

| Route | Adult | Car |
|---|---|---|
| Oslo – Moss | 12.50 | **52.00** |
| Moss – Horten | | 9 | 7 |
"""


def test_a_row_is_read_with_the_headings_of_its_columns() -> None:
    rows = part(TABLE, "Oslo", "9 | 7")
    assert render(rows).text == (
        "Route Oslo – Moss: Adult: 12.50; Car: 52.00.\nRoute Moss – Horten: Car: 9; 7."
    )
    assert cited(rows, "Car: 52.00") == "52.00"
    assert cited(rows, "Adult") is None
    assert cited(rows, "Route Oslo – Moss: Adult: 12.50") == "Oslo – Moss | 12.50"
    heads = part(TABLE, "Route", "Car")
    assert render(heads).text == "Route; Adult; Car."
    assert cited(heads, "Adult") == "Adult"
    half = part(TABLE, "Moss |", "12")
    assert render(half).text == "Route Moss: Adult: 12."


LIST = """Side effects of Velorin are:

- headache
- rash
  - on the neck
  - on the hands
- thirst.
- fever
"""


def test_an_item_is_read_behind_what_leads_in_to_it() -> None:
    whole_list = part(LIST, "Side", "fever")
    assert render(whole_list).text == (
        "Side effects of Velorin are:\nheadache; rash; on the neck; on the hands; thirst.\nfever"
    )
    items = part(LIST, "headache", "rash")
    assert render(items).text == "Side effects of Velorin are: headache; rash"
    assert cited(items, "effects of Velorin") is None
    assert cited(items, "headache; rash") == "headache\n- rash"
    nested = part(LIST, "on the hands", "on the hands")
    assert render(nested).text == "Side effects of Velorin are: rash: on the hands"
    assert cited(nested, "rash: on the hands") == "on the hands"


def test_a_step_keeps_its_number() -> None:
    steps = part("To reset it:\n\n1. Press Stop.\n2. Wait.\n", "1.", "Wait.")
    assert render(steps).text == "To reset it: 1. Press Stop.\n2. Wait."
    assert cited(steps, "2. Wait.") == "2. Wait."
    last = part("To reset it:\n\n1. Press Stop.\n2. Wait.\n", "Wait", ".")
    assert render(last).text == "To reset it: 2. Wait."
    assert cited(last, "2. Wait.") == "Wait."


def test_an_answer_is_read_behind_its_question() -> None:
    faq = "Q: Where is the hall?\nA: In Halden.\n\nQ: Who owns it?\nA: The town.\n"
    answer = part(faq, "In Halden", ".")
    assert render(answer).text == "Where is the hall? In Halden."
    assert cited(answer, "Where is the hall?") is None


def test_what_a_page_break_parts_is_read_in_one() -> None:
    text = (
        "The larger ship was led by Nils, the smal-\n\n- 14 -\n\nler by\n\n- 15 -\n\nIda Thor. She"
        " was twenty then, and had been at sea for ten of these years.\n"
    )
    pages = whole(text)
    assert render(pages).text.startswith(
        "The larger ship was led by Nils, the smaller by Ida Thor."
    )
    assert cited(pages, "smaller") == "smal-\n\n- 14 -\n\nler"
    assert cited(pages, "Ida Thor") == "Ida Thor"


def test_a_heading_is_read_as_what_introduces_the_text_below() -> None:
    text = "## Care\n\nGrease it.\n\n## What then?\n\nWait.\n"
    assert render(part(text, "## Care", "Wait.")).text == ("Care:\nGrease it.\nWhat then?\nWait.")


def test_what_belongs_to_no_block_is_read_as_it_stands_where_nothing_else_does() -> None:
    assert render(part(TABLE, "|---|", "---|\n")).text.startswith("|---|")


def test_what_is_put_in_stands_nowhere() -> None:
    rendering = Rendering("Oslo: It rains.", [Run(Span(6, 15), Span(20, 29))])
    assert rendering.source(0, 6) is None
    assert rendering.source(0, 8) == Span(20, 22)
    assert rendering.source(9, 14) == Span(23, 28)
    assert rendering.source(4, 4) is None


def test_names_are_put_first_only_where_the_question_speaks_of_them() -> None:
    article = Article("old/bergen/my_notes-2024.txt", "my_notes-2024", "The depot is run by Leif.")
    stretch = Stretch(article, 0, len(article.text))
    assert render(stretch, "Who runs the depot?").text == article.text
    assert render(stretch, "Who runs the depot in Bergen?").text == f"bergen: {article.text}"
    asked = "Who ran the depot in Bergen in 2024?"
    assert render(stretch, asked).text == f"bergen: my notes 2024: {article.text}"
    assert cited(stretch, "bergen", asked) is None
    assert cited(stretch, "2024: The depot", asked) == "The depot"


def test_a_name_that_stands_in_the_stretch_is_not_put_before_it() -> None:
    article = Article("bergen.txt", "bergen", "The depot in Bergen is run by Leif.")
    stretch = Stretch(article, 0, len(article.text))
    assert render(stretch, "Who runs the depot in Bergen?").text == article.text


def test_an_article_goes_by_its_title_its_folders_and_its_file() -> None:
    def named(path: str, title: str) -> list[str]:
        return names_of(Article(path, title, "Text."))

    assert named("/srv/a/b/town/oslo_hall/rules2025.txt", "rules2025") == [
        "b",
        "town",
        "oslo hall",
        "rules 2025",
    ]
    assert named("../BergenNotes.md", "Notes of May") == ["Notes of May", "Bergen Notes"]
    assert named(r"C:\town\notes.txt", "notes") == ["C", "town", "notes"]
    assert named("pasted text", "T" * 301) == ["pasted text"]


def apart(question: str, *articles: Article) -> list[list[str]]:
    stretches = [Stretch(article, 0, len(article.text)) for article in articles]
    return told_apart(question, stretches, stretches)


def test_articles_of_another_name_than_is_asked_for_are_told_by_their_own() -> None:
    oslo, bergen, plan = (
        Article(name, "notes", "The depot is run by somebody.")
        for name in ("same/oslo/notes.txt", "same/bergen/notes.txt", "same/bergen/plan.txt")
    )
    assert apart("Who runs the depot in Bergen?", oslo, bergen, plan) == [["oslo"], [], []]
    assert apart("Who runs the depot?", oslo, bergen, plan) == [[], [], []]
    assert apart("Are those notes the same?", oslo, bergen) == [[], []]
    assert apart("Who runs the depot in Bergen?", oslo) == [[]]
    assert apart("Who runs the depot in Bergen?") == []


def test_sections_of_another_heading_than_is_asked_for_are_told_by_their_own() -> None:
    text = "# Trip\n\n## Friday\n\nLunch is at two.\n\n## Sunday\n\nLunch is at one.\n"
    friday, sunday = part(text, "Lunch", "two."), part(text, "Lunch is at one", ".")
    both = [friday, sunday]
    assert told_apart("When is lunch on Sunday?", both, both) == [["Friday"], []]
    assert told_apart("When is lunch on Sunday?", [friday], both) == [["Friday"]]
    assert told_apart("When is lunch on the trip?", both, both) == [[], []]
    assert render(friday, "When is lunch on Sunday?", ["Friday"]).text == "Friday: Lunch is at two."
    assert render(sunday, "When is lunch on Sunday?").text == "Sunday: Lunch is at one."


def test_an_acronym_that_is_a_word_of_every_question_otherwise_names_a_folder() -> None:
    articles = [Article(f"{name}/policy.txt", "policy", "The limit is 9.") for name in ("hr", "it")]
    assert apart("What is the limit in the IT policy?", *articles) == [["hr"], []]
    assert apart("What limit does it have?", *articles) == [[], []]
    assert apart("WHAT LIMIT DOES IT HAVE?", *articles) == [[], []]
    stretch = Stretch(articles[1], 0, 15)
    assert render(stretch, "What is the limit in IT?").text == "it: The limit is 9."


MARKED = st.sampled_from(
    [
        *("ﬁ", "&amp;", "&#8217;", "&nbsp;", "\u00ad", "-\n", "**", "_", "`", "[a](b)", "\\*"),
        *("# Head\n\n", "- one\n", "1. two\n", "  - three\n", "| a | b |\n|---|---|\n| 1 | 2 |\n"),
        *("Q: Who?\nA: Me.\n", "code,owner\n1,me\n2,you\n", "\n\n- 14 -\n\n", "\n\n", "```\n", " "),
        *("word", "These are:\n\n", "Ann Hall", ". ", "<br>"),
    ]
)


@given(
    st.lists(MARKED | st.text(max_size=5).filter(str.isprintable), min_size=1, max_size=15),
    st.sampled_from(["a.md", "folder/word.txt"]),
    st.data(),
)
def test_whatever_is_read_stands_in_the_stretch_or_nowhere(
    parts: list[str], name: str, data: st.DataObject
) -> None:
    text = "x" + "".join(parts)
    start = data.draw(st.integers(0, len(text) - 1))
    stretch = Stretch(Article(name, "A", text), start, data.draw(st.integers(start + 1, len(text))))
    rendering = render(stretch, "Who has a word with the head of a folder?")
    read = rendering.text
    for place, character in enumerate(read):
        own = rendering.source(place, place + 1)
        if own is not None:
            meant = unicodedata.normalize("NFKC", html.unescape(text[own.start : own.end]))
            assert character in (text[own.start], *meant, " ")
    first = data.draw(st.integers(0, len(read)))
    own = rendering.source(first, data.draw(st.integers(first, len(read))))
    assert own is None or (own.start < own.end and stretch.span.contains(own))


@pytest.mark.parametrize("sign", ["*", "`", "[", "_a", "a-\n", "&", "\\", "**a ", "[a](b", "- "])
def test_many_signs_take_no_more_than_their_length(sign: str) -> None:
    assert len(render(whole(sign * 20_000, "a.md")).text) <= len(sign) * 20_000
