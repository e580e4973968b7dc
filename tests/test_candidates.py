"""How a reader's spans become candidates, in articles of letters."""

from __future__ import annotations

import math

import pytest

from index.articles import Article
from index.retrieval import Hit
from index.text.stretches import Stretch
from qa.reading.calibration import Calibration
from qa.reading.candidates import Candidate, weigh
from qa.reading.evidence import LOWEST_LOGIT, WIDEST_MARGIN, Evidence
from qa.reading.reader import ReaderSpan

ASKED = "Which letters?"
LETTERS = Article("letters", "Letters", "abcdefghijklmnopqrstuvwxyz")
OTHER = Article("other", "Other", LETTERS.text)


def hit(
    start: int, end: int, article: Article = LETTERS, similarity: float = 0.0, bm25_gap: float = 0.0
) -> Hit:
    return Hit(Stretch(article, start, end), 1.0, similarity, 0.0, bm25_gap)


def found(candidates: list[Candidate]) -> list[tuple[str, float]]:
    return [(each.text, each.evidence.logit) for each in candidates]


def test_a_span_stands_where_its_passage_does() -> None:
    (candidate,) = weigh(ASKED, [hit(10, 20)], [ReaderSpan(0, 2, 5, 3.0)], Calibration())
    assert (candidate.start, candidate.end, candidate.text) == (12, 15, "mno")
    assert candidate.passage == Stretch(LETTERS, 10, 20)
    assert candidate.evidence == Evidence(logit=3.0, margin=WIDEST_MARGIN)
    assert candidate.confidence == pytest.approx(1 / (1 + math.exp(-3)))


def test_the_most_confident_comes_first_whatever_the_reader_likes_best() -> None:
    hits = [hit(0, 5, similarity=0.1), hit(5, 10, similarity=0.9)]
    spans = [ReaderSpan(0, 0, 1, 3.0), ReaderSpan(1, 0, 1, 2.0)]
    assert found(weigh(ASKED, hits, spans, Calibration())) == [("a", 3.0), ("f", 2.0)]
    by_likeness = Calibration(Evidence(logit=1.0, similarity=5.0))
    assert found(weigh(ASKED, hits, spans, by_likeness)) == [("f", 2.0), ("a", 3.0)]


def test_of_spans_that_overlap_the_best_stays() -> None:
    spans = [ReaderSpan(0, 0, 3, 3.0), ReaderSpan(0, 2, 6, 2.0), ReaderSpan(0, 3, 6, 1.0)]
    assert found(weigh(ASKED, [hit(0, 9)], spans, Calibration())) == [("abc", 3.0), ("def", 1.0)]


def test_a_span_supports_what_it_overlaps_from_another_passage_only() -> None:
    hits = [hit(0, 6), hit(2, 9)]
    again = [ReaderSpan(0, 2, 5, 3.0), ReaderSpan(0, 3, 5, 2.5), ReaderSpan(1, 0, 3, 2.0)]
    (candidate,) = weigh(ASKED, hits, again, Calibration())
    assert candidate.evidence == Evidence(logit=3.0, support=2.0, margin=WIDEST_MARGIN)
    doubtful = [ReaderSpan(0, 2, 5, 3.0), ReaderSpan(1, 0, 3, -2.0)]
    assert weigh(ASKED, hits, doubtful, Calibration())[0].evidence.support == 0.0


def test_the_passages_that_a_span_is_read_in_lend_it_their_best() -> None:
    hits = [hit(0, 6, similarity=0.2, bm25_gap=1.5), hit(2, 9, similarity=0.7, bm25_gap=4.0)]
    (candidate,) = weigh(
        ASKED, hits, [ReaderSpan(0, 2, 5, 3.0), ReaderSpan(1, 0, 3, 2.0)], Calibration()
    )
    assert (candidate.evidence.similarity, candidate.evidence.bm25_gap) == (0.7, 1.5)


def test_the_same_place_of_another_article_is_another_candidate() -> None:
    hits = [hit(0, 6), hit(0, 6, OTHER)]
    both = weigh(ASKED, hits, [ReaderSpan(0, 2, 5, 3.0), ReaderSpan(1, 2, 5, 2.0)], Calibration())
    assert [(each.article.id, each.evidence.support) for each in both] == [
        ("letters", 0.0),
        ("other", 0.0),
    ]


def test_what_another_reader_found_before_at_a_place_is_weighed() -> None:
    def place(start: int, logit: float) -> Candidate:
        return Candidate(LETTERS, start, start + 2, hit(0, 9).passage, Evidence(logit=logit), 0.5)

    before = [place(0, 1.0), place(1, 4.0), place(4, -20.0)]
    spans = [ReaderSpan(0, 0, 2, 3.0), ReaderSpan(0, 4, 6, 2.0), ReaderSpan(0, 7, 9, 1.0)]
    weighed = weigh(ASKED, [hit(0, 9)], spans, Calibration(), before)
    assert [each.evidence.first_logit for each in weighed] == [
        4.0,
        LOWEST_LOGIT,
        LOWEST_LOGIT,
    ]


def test_what_is_at_the_edges_is_trimmed_and_what_is_nothing_else_is_left_out() -> None:
    quoted = Article("a", "A", "They met, in Paris, then.")
    passage = hit(0, len(quoted.text), quoted)
    spans = [ReaderSpan(0, 12, 19, 3.0), ReaderSpan(0, 8, 10, 2.0)]
    assert found(weigh(ASKED, [passage], spans, Calibration())) == [("Paris", 3.0)]


def test_what_would_be_torn_is_whole() -> None:
    text = "Write to press.office@city.gov.uk; the fee is 4.2 million euros."
    article = Article("a", "A", text)
    reads = [("office@city", 3.0), ("press.office", 2.0), ("4.2", 1.0)]
    spans = [
        ReaderSpan(0, text.index(part), text.index(part) + len(part), logit)
        for part, logit in reads
    ]
    weighed = weigh(ASKED, [hit(0, len(text), article)], spans, Calibration())
    # The two halves of the address are one candidate, and no rivals.
    assert found(weighed) == [("press.office@city.gov.uk", 3.0), ("4.2 million euros", 1.0)]


def test_a_bracket_or_a_title_that_would_be_torn_is_whole() -> None:
    text = 'They read "Emma" and "Persuasion" over syrup (2-8 °C) and oil (warm'
    article = Article("a", "A", text)
    reads = [('Emma" and "Persuasion', 3.0), ("syrup (2-8 °C", 2.0), ("oil (warm", 1.0)]
    spans = [
        ReaderSpan(0, text.index(part), text.index(part) + len(part), logit)
        for part, logit in reads
    ]
    weighed = weigh(ASKED, [hit(0, len(text), article)], spans, Calibration())
    assert [each.text for each in weighed] == ['"Emma" and "Persuasion"', "syrup (2-8 °C)", "oil"]


@pytest.mark.parametrize(
    ("question", "label", "value"),
    [
        ("To which account is the rent to be paid?", "IBAN", "NL91 ABNA 0417 1643 00"),
        ("What is the IP address of the printer?", "printer", "10.20.3.117"),
        ("What is the password?", "Password", "grey heron 7"),
        ("Is the word password or heron?", "Password", "Password"),
        ("Who asks for it?", "Password", "Password"),
    ],
)
def test_beside_a_label_stands_what_is_asked_for(question: str, label: str, value: str) -> None:
    text = (
        "Pay to IBAN NL91 ABNA 0417 1643 00 in May.\n\nThe printer (10.20.3.117) is old.\n\n"
        "Password: grey heron 7\n"
    )
    article = Article("a", "A", text)
    start = text.index(label)
    spans = [ReaderSpan(0, start, start + len(label), 3.0)]
    (candidate,) = weigh(question, [hit(0, len(text), article)], spans, Calibration())
    assert candidate.text == value


def test_a_cell_is_not_widened_into_its_neighbour() -> None:
    text = "code,fee,days\n104,52.00,25\n105,31.50,14\n106,18.25,30\n"
    article = Article("a", "A", text)
    spans = [ReaderSpan(0, text.index("52.00"), text.index("52.00") + 2, 3.0)]
    (candidate,) = weigh("How much?", [hit(0, len(text), article)], spans, Calibration())
    assert candidate.text == "52.00"


def test_a_span_over_several_items_is_the_first() -> None:
    text = "Bring:\n- a torch\n- two gloves\n"
    article = Article("a", "A", text)
    spans = [ReaderSpan(0, text.index("a torch"), text.index("gloves"), 3.0)]
    (candidate,) = weigh("What?", [hit(0, len(text), article)], spans, Calibration())
    assert candidate.text == "a torch"


def test_a_span_from_one_list_into_the_next_is_no_answer() -> None:
    text = "Signs are:\n- spots\n- stems\n\nWhat helps:\n- sulphur\n- soap\n"
    article = Article("a", "A", text)
    spans = [
        ReaderSpan(0, text.index("stems"), text.index("- soap"), 3.0),
        ReaderSpan(0, text.index("sulphur"), text.index("- soap"), 2.0),
    ]
    assert found(weigh("What?", [hit(0, len(text), article)], spans, Calibration())) == [
        ("sulphur", 2.0)
    ]


def test_what_repeats_a_question_of_the_article_is_no_answer() -> None:
    text = "Q: Where is the depot?\nA: In Oslo. Did you know that it opened in 1902? Is it? Ann is."
    spans = ["Q", "Where is the depot", "the depot", "Oslo", "Did you know", "1902", "Ann is"]
    faq = Article("faq", "FAQ", text)
    places = [(text.index(span), text.index(span) + len(span)) for span in spans]
    read = [ReaderSpan(0, *place, 9.0 - number) for number, place in enumerate(places)]
    weighed = weigh(ASKED, [hit(0, len(text), faq)], read, Calibration())
    assert [each.text for each in weighed] == ["the depot", "Oslo", "1902", "Ann is"]


def test_without_spans_there_is_no_candidate() -> None:
    assert weigh(ASKED, [hit(0, 6)], [], Calibration()) == []


def test_a_margin_is_over_the_best_span_that_says_something_else() -> None:
    # "bcd" overlaps "abc"; "ab" elsewhere would say something else, "fgh" does.
    spans = [ReaderSpan(0, 0, 3, 5.0), ReaderSpan(0, 1, 4, 4.5), ReaderSpan(0, 5, 8, 3.0)]
    best, other = weigh(ASKED, [hit(0, 9)], spans, Calibration())
    assert (best.text, best.evidence.margin) == ("abc", 2.0)
    assert (other.text, other.evidence.margin) == ("fgh", -2.0)


def test_the_same_words_elsewhere_are_no_rival() -> None:
    article = Article("a", "A", "Ann Hall won. Later Hall, the mayor, met Bob Lee.")
    passage = Stretch(article, 0, len(article.text))
    found = Hit(passage, 1.0, 0.5, 0.0, 0.0)
    names = [("Ann Hall", 6.0), ("Hall, the mayor", 5.0), ("Bob Lee", 1.0)]
    spans = [
        ReaderSpan(0, article.text.index(name), article.text.index(name) + len(name), logit)
        for name, logit in [names[0], ("Hall,", 5.0), names[2]]
    ]
    margins = {
        each.text: each.evidence.margin for each in weigh(ASKED, [found], spans, Calibration())
    }
    assert margins == {"Ann Hall": 5.0, "Hall": 4.0, "Bob Lee": -5.0}


def test_a_span_of_a_sentence_that_denies_what_is_asked_is_opposed() -> None:
    text = "The council met. Ann Hall rejected the plan for a tower."
    article = Article("a", "A", text)
    found = Hit(Stretch(article, 0, len(text)), 1.0, 0.5, 0.0, 0.0)
    start = text.index("Ann Hall")
    spans = [ReaderSpan(0, start, start + 8, 6.0)]
    for question, opposed in (("Who approved the plan?", 1.0), ("Who rejected the plan?", 0.0)):
        (candidate,) = weigh(question, [found], spans, Calibration())
        assert candidate.evidence.opposed == opposed
    by_sense = Calibration(Evidence(logit=1.0, opposed=-6.0))
    (candidate,) = weigh("Who approved the plan?", [found], spans, by_sense)
    assert candidate.confidence == pytest.approx(0.5)


SCHOOL = Article(
    "school",
    "School",
    "Mayor opens new school\n\nThe school was opened on Monday, and two hundred pupils moved in."
    "\n\n## Staff\n\nOla Nes teaches chemistry in the old wing of the house.\n\n"
    "| Day | Lunch |\n|---|---|\n| Monday | Soup |\n| Friday | Stew |\n",
)


@pytest.mark.parametrize(
    ("question", "span", "kept"),
    [
        ("Who teaches chemistry?", "Staff", False),
        ("Who are the staff?", "Staff", False),
        ("What is the second part called?", "Staff", True),
        ("Who teaches chemistry?", "Ola Nes", True),
        ("What is served on Friday?", "Lunch", False),
        ("What is served on Friday?", "Stew", True),
        ("What happened?", "Mayor opens new school", True),
        ("Who opened the school?", "Mayor", True),
    ],
)
def test_a_label_is_no_answer_unless_it_is_asked_for(question: str, span: str, kept: bool) -> None:
    start = SCHOOL.text.index(span)
    spans = [ReaderSpan(0, start, start + len(span), 3.0)]
    candidates = weigh(question, [hit(0, len(SCHOOL.text), SCHOOL)], spans, Calibration())
    assert [each.text for each in candidates] == [span] * kept


PARK = Article(
    "park",
    "Park",
    "Things that visitors may not bring are:\n1. dogs\n2. kites and\n   drones\n\nIt is large.\n\n"
    "Tickets:\n- adults\n  - day\n  - week\n",
)


@pytest.mark.parametrize(
    ("span", "kept"),
    [
        ("1. dogs", "dogs"),
        ("2. kites and\n   drones", "kites and\n   drones"),
        ("dogs\n2. kites", "dogs"),
        ("visitors may not bring are:\n1. dogs", "dogs"),
        ("drones\n\nIt is large", None),
        ("adults\n  - day", "adults"),
    ],
)
def test_an_item_is_read_without_its_marker_and_without_what_is_beside_it(
    span: str, kept: str | None
) -> None:
    start = PARK.text.index(span)
    spans = [ReaderSpan(0, start, start + len(span), 3.0)]
    candidates = weigh("What is there?", [hit(0, len(PARK.text), PARK)], spans, Calibration())
    assert [each.text for each in candidates] == [kept] * (kept is not None)


@pytest.mark.parametrize(
    ("question", "opposed"),
    [("What may visitors bring?", 1.0), ("What may visitors not bring?", 0.0)],
)
def test_an_item_of_what_is_not_so_opposes_who_asks_for_what_is(
    question: str, opposed: float
) -> None:
    start = PARK.text.index("kites")
    (candidate,) = weigh(
        question, [hit(start, start + 5, PARK)], [ReaderSpan(0, 0, 5, 3.0)], Calibration()
    )
    assert candidate.evidence.opposed == opposed
