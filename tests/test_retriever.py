from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article
from index.errors import ArticleError, SavedIndexError, SettingError
from index.models.encoder import Vectors
from index.retrieval import FoundPassages, search_texts
from index.retriever import Retriever
from index.store.base import Made
from index.store.memory import MemoryStore
from index.store.rows import Rows
from index.store.settings import DEFAULT_FUSION, Fusion, IndexSettings
from index.text.stretches import Stretch
from tests.fakes import WordEncoder

TEXT = "Cats purr. Dogs bark. Cows moo. Ducks quack. Owls hoot. Bees buzz."


def build(
    *texts: str, encoder: WordEncoder | None = None, fusion: Fusion = DEFAULT_FUSION
) -> Retriever:
    articles = [Article(f"a{n}", f"Article {n}", text) for n, text in enumerate(texts)]
    return Retriever.build(articles, encoder or WordEncoder(), fusion=fusion)


def test_a_passage_is_as_similar_as_its_most_similar_sentence() -> None:
    retriever = build(TEXT, "Trains toot. Cars honk.")

    (hits,) = retriever.search(["trains toot"], 9)

    assert hits[0].passage.text == "Trains toot. Cars honk."
    assert hits[0].passage.article.title == "Article 1"
    assert hits[0].similarity == pytest.approx(1.0, abs=1e-3)
    assert hits[0].bm25 > 0 == hits[0].bm25_gap
    assert hits[0].score == pytest.approx(1.3, abs=1e-3)
    assert all(hit.similarity < 0.9 for hit in hits[1:])
    assert all(hit.bm25 == 0 and hit.bm25_gap == hits[0].bm25 for hit in hits[1:])


def test_hits_are_ranked_by_the_weighted_sum_of_both_ways_to_find_them() -> None:
    question = "hoot moo buzz purr"
    for fusion in (Fusion(), Fusion(1, 0), Fusion(0, 1), Fusion(0.5, 2)):
        (hits,) = build(TEXT, fusion=fusion).search([question], 9)
        assert len(hits) == 4
        for hit in hits:
            lexical = hit.bm25 / (hit.bm25 + hit.bm25_gap)
            expected = fusion.dense * hit.similarity + fusion.lexical * lexical
            assert hit.score == pytest.approx(expected, abs=1e-6)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_names_that_vectors_blur_are_found_by_their_letters() -> None:
    class Blind(WordEncoder):
        """Gives every text the same vector."""

        def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
            return super().encode_passages(["same"] * len(texts))

    animals = " ".join(f"The animal was seen on day {n}." for n in range(600))
    retriever = build(animals, "It was seen by José Muñoz-Smith in 1987.", encoder=Blind())
    for question in ("Where is MUNOZ?", "smith's (", "what AND 1987 NOT", '"1987" *'):
        (hits,) = retriever.search([question], 1)
        assert hits[0].passage.article.id == "a1", question


def test_a_word_that_stands_nowhere_and_one_that_stands_everywhere_do_no_harm() -> None:
    retriever = build("Cats purr.")
    (hits,) = retriever.search(["cats zzz"], 1)
    # A word that all passages hold counts for more than nothing, also in a single passage.
    assert hits[0].bm25 > 0
    (hits,) = retriever.search(["what is it?"], 1)
    assert hits[0].bm25 == 0


def test_the_file_is_found_whose_path_or_title_the_question_names() -> None:
    oslo, bergen, york = (
        Article(name, title, "The depot is run by somebody. It is big.")
        for name, title in (
            ("same/oslo/notes.txt", "notes"),
            ("same/bergen/notes.txt", "notes"),
            ("c.md", "Notes of York"),
        )
    )
    retriever = Retriever.build([oslo, bergen, york], WordEncoder())
    for place, article in (("Oslo", oslo), ("Bergen", bergen), ("York", york)):
        ((first, second, *_),) = retriever.search([f"Who runs the depot in {place}?"], 9)
        assert first.passage.article.id == article.id
        assert first.bm25_gap == 0 < second.bm25_gap


def test_the_name_of_an_article_that_is_alone_finds_nothing_in_it() -> None:
    ((hit,),) = Retriever.build([Article("oslo.txt", "Oslo", "It rains.")], WordEncoder()).search(
        ["Where is Oslo?"], 9
    )
    assert hit.bm25 == 0


def test_the_section_is_found_whose_heading_the_question_names() -> None:
    text = "# Guide\n\n## Pool\n\nEntry costs 4.\n\n## Sauna\n\nEntry costs 9.\n"
    retriever = Retriever.build([Article("a.md", "Guide", text)], WordEncoder(), window=1)
    for place, costs in (("pool", "Entry costs 4."), ("sauna", "Entry costs 9.")):
        (hits,) = retriever.search([f"What does entry cost at the {place}?"], 1)
        assert [hit.passage.text for hit in hits] == [costs]
        (first,) = retriever.search_sentences(f"Does the {place} cost more?", 1)
        assert first.passage.text == costs


def test_a_row_is_found_by_the_headings_of_its_columns() -> None:
    table = "| Item | Wheels |\n|---|---|\n| cart | 4 |\n| bike | 2 |\n\nA bike was there."
    retriever = Retriever.build([Article("a.md", "A", table)], WordEncoder(), window=1)
    (hits,) = retriever.search(["wheels bike"], 9)
    assert hits[0].passage.text == "bike | 2"
    assert {hit.passage.text for hit in retriever.search(["wheels"], 9)[0] if hit.bm25 > 0} == {
        "Item | Wheels",
        "cart | 4",
        "bike | 2",
    }


def test_a_sentence_that_is_longer_below_its_headings_than_an_encoder_reads_is_indexed() -> None:
    text = "# " + "Long " * 40 + "\n\n" + "The cart has 4 wheels and " * 9 + "a bell.\n"
    retriever = Retriever.build([Article("a.md", "A", text)], WordEncoder(max_tokens=50))
    ((first, *_),) = retriever.search(["Which cart has a bell?"], 9)
    assert "bell" in first.passage.text


def test_a_stretch_can_be_left_out() -> None:
    retriever = build(TEXT, "Trains toot. Cars honk.")
    article = retriever.articles[0]
    cows = Stretch(article, TEXT.index("Cows"), TEXT.index("Ducks"))
    (hits,) = retriever.search(["cows moo"], 9, without=[cows])
    assert [hit.passage.text for hit in hits if hit.passage.article == article] == [
        "Ducks quack. Owls hoot. Bees buzz."
    ]
    # No passage that is left speaks of cows, as if they stood nowhere.
    assert all(hit.bm25 == hit.bm25_gap == 0 for hit in hits)
    everything = [Stretch(each, 0, len(each.text)) for each in retriever.articles]
    assert retriever.search(["cows moo"], 9, without=everything) == [[]]


def test_no_more_hits_than_passages() -> None:
    retriever = build(TEXT)
    assert len(retriever) == 4
    assert len(retriever.search(["cats"], 50)[0]) == 4


def test_no_question_gives_no_hits() -> None:
    assert build(TEXT).search([], 5) == []


def test_nothing_and_two_of_one_name_cannot_be_indexed() -> None:
    with pytest.raises(ArticleError, match="There is no article to ask"):
        Retriever.build([], WordEncoder())
    same = [Article("a", "A", "One."), Article("b", "B", "Two."), Article("a", "C", "Three.")]
    with pytest.raises(ArticleError, match="Two articles have the id 'a'"):
        Retriever.build(same, WordEncoder())


def test_the_size_of_a_passage_can_be_chosen() -> None:
    articles = [Article("a", "A", TEXT)]
    retriever = Retriever.build(articles, WordEncoder(), window=2, stride=2)
    assert len(retriever) == 3
    for window, stride in ((0, 1), (1, 0)):
        with pytest.raises(SettingError, match="expected a whole number from 1"):
            Retriever.build(articles, WordEncoder(), window=window, stride=stride)


@pytest.mark.parametrize(
    ("start", "end", "sentences"),
    [
        (0, 4, "Cats purr."),
        (5, 9, "Cats purr."),
        (11, 15, "Dogs bark."),
        (16, 26, "Dogs bark. Cows moo."),
        (0, 31, "Cats purr. Dogs bark. Cows moo."),
    ],
)
def test_the_sentences_around_a_span(start: int, end: int, sentences: str) -> None:
    retriever = build(TEXT)
    passage = retriever.search(["cats dogs cows"], 1)[0][0].passage
    span = retriever.sentences_around(passage, start, end)
    assert TEXT[span.start : span.end] == sentences


def test_a_sentence_longer_than_its_passage_is_cut_to_it() -> None:
    text = " ".join(f"word{n}" for n in range(200))
    retriever = build(text)
    passage = retriever.search(["word60"], 1)[0][0].passage
    assert len(passage.text) < len(text)
    start = text.index("word60")
    assert retriever.sentences_around(passage, start, start + 6) == (passage.start, passage.end)


def test_a_saved_index_finds_the_same(tmp_path: Path) -> None:
    retriever = build(TEXT, "Trains toot. Cars honk.")
    retriever.save(tmp_path / "i")

    again = Retriever.load(tmp_path / "i", WordEncoder())

    questions = ["who moos", "cars"]
    assert again.search(questions, 5) == retriever.search(questions, 5)
    assert again.articles == retriever.articles
    passage = Stretch(again.articles[0], 0, 31)
    assert again.sentences_around(passage, 11, 12) == (11, 21)


def test_copies_of_a_passage_can_be_found_once_where_it_stands_first() -> None:
    wrapped = TEXT.replace(". ", ".\n")
    retriever = build("Trains toot.", *[TEXT] * 9, wrapped)
    (hits,) = search_texts(retriever, ["who moos"], 5)
    assert sorted(hit.passage.article.id for hit in hits) == ["a0"] + ["a1"] * 4
    assert len({hit.passage.text for hit in hits}) == 5
    (best,) = search_texts(retriever, ["who moos"], 2)
    assert best == hits[:2]
    # Of one that may not be found, the copy is.
    barred = [Stretch(retriever.articles[1], 0, len(TEXT))]
    (hits,) = search_texts(retriever, ["who moos"], 5, without=barred)
    assert sorted(hit.passage.article.id for hit in hits) == ["a0"] + ["a2"] * 4


def test_a_sentence_that_stands_twice_is_found_once() -> None:
    retriever = build("Cows moo. Dogs bark.", "Owls hoot. Cows\nmoo. Bees buzz.")
    hits = retriever.search_sentences("cows moo", 9)
    assert [(hit.passage.article.id, hit.passage.text) for hit in hits[:1]] == [("a0", "Cows moo.")]
    assert sorted(hit.passage.text for hit in hits[1:]) == [
        "Bees buzz.",
        "Dogs bark.",
        "Owls hoot.",
    ]
    (alone, *_) = build("Cows moo. Dogs bark.", "Owls hoot. Bees buzz.").search_sentences(
        "cows moo", 9
    )
    assert hits[0].shared == alone.shared == pytest.approx(1.0)


def test_a_question_is_no_such_sentence_and_lends_its_words_to_the_answer() -> None:
    faq = "Q: Do cows moo?\nA: Yes.\n\nQ: Who barks?\nA: Dogs, and they do all night."
    first, *others = build(faq).search_sentences("do cows moo", 9)
    assert first.passage.text == "Yes."
    assert first.shared == pytest.approx(1.0)
    assert first.similarity > 0.7
    assert [(hit.passage.text, hit.shared) for hit in others] == [
        ("Dogs, and they do all night.", 0.0)
    ]


def test_of_sentences_as_like_that_of_the_year_asked_for_comes_first() -> None:
    old, new = "Park rules, 2023\n\nDogs may run.", "Park rules, 2025\n\nDogs may not run."
    retriever = build(old, new)
    first, *_ = retriever.search_sentences("May dogs run in 2025?", 4)
    assert first.passage.text == "Dogs may not run."
    assert first.shared == pytest.approx(1.0)
    heading = [Stretch(retriever.articles[1], 0, 16)]
    found = FoundPassages(retriever.embed(["dogs"])[0], retriever.search(["dogs"], 9)[0])
    hits = retriever.search_sentences("May dogs run in 2025?", 4, without=heading, found=found)
    assert all(hit.shared < 1.0 for hit in hits)


def test_a_saved_index_keeps_its_settings(tmp_path: Path) -> None:
    fusion = Fusion(dense=0.5, lexical=2)
    articles = [Article("a", "A", TEXT)]
    retriever = Retriever.build(articles, WordEncoder(), window=2, stride=2, fusion=fusion)
    retriever.save(tmp_path / "i")

    again = Retriever.load(tmp_path / "i", WordEncoder())

    assert again.store.settings == IndexSettings(window=2, stride=2, fusion=fusion, language="en")
    assert again.fusion == fusion
    assert again.search(["who hoots"], 3) == retriever.search(["who hoots"], 3)


def test_what_a_retriever_ranks_by_in_place_of_its_indexs_is_saved(tmp_path: Path) -> None:
    Retriever(build(TEXT).store, WordEncoder(), fusion=Fusion(0, 1)).save(tmp_path / "i")
    assert Retriever.load(tmp_path / "i", WordEncoder()).fusion == Fusion(0, 1)


def test_an_index_opens_with_its_encoder_under_another_name(tmp_path: Path) -> None:
    build(TEXT).save(tmp_path / "i")
    moved = WordEncoder()
    moved.name = "moved/words"
    assert len(Retriever.load(tmp_path / "i", moved)) == 4


@pytest.mark.parametrize(
    "other",
    [WordEncoder(dimension=32), WordEncoder(seed="trained again")],
    ids=["dimension", "weights"],
)
def test_an_index_does_not_open_with_an_encoder_that_gives_other_vectors(
    tmp_path: Path, other: WordEncoder
) -> None:
    build(TEXT).save(tmp_path / "i")
    with pytest.raises(SavedIndexError) as error:
        Retriever.load(tmp_path / "i", other)
    assert "embedded by the encoder words (dimension 64)" in str(error.value)
    assert f"(dimension {other.dimension}) gives other vectors" in str(error.value)
    assert "open them with the encoder that made them" in str(error.value)


def test_a_text_without_a_token_can_be_indexed() -> None:
    retriever = build("\u200b")
    assert len(retriever) == 1
    assert np.isfinite(retriever.search(["anything"], 1)[0][0].similarity)


class CountingEncoder(WordEncoder):
    """Counts the questions that it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        self.questions += texts
        return super().encode_questions(texts)


def test_a_question_is_embedded_once_for_a_search() -> None:
    encoder = CountingEncoder()
    retriever = build(TEXT, encoder=encoder)
    retriever.search_sentences("who moos", 3)
    assert encoder.questions == ["who moos"]


ANIMALS = [
    Article(
        f"a{n}", f"Article {n}", f"Animal{n} eats food{n % 7}. It lives in place{n % 11}. " + TEXT
    )
    for n in range(100)
]


def test_by_cluster_the_same_is_found_with_the_same_scores(tmp_path: Path) -> None:
    encoder = WordEncoder()
    exact = Retriever.build(ANIMALS, encoder)
    clustered = Retriever.build(ANIMALS, encoder, exact_up_to=799)
    questions = [f"What does animal{n} eat, and where in place{n % 11}?" for n in range(100)]
    expected = exact.search(questions, 10)
    found = clustered.search(questions, 10)
    assert [hits[0] for hits in found] == [hits[0] for hits in expected]
    same = sum(len({*a} & {*b}) for a, b in zip(found, expected, strict=True))
    assert same >= 0.98 * 1000

    clustered.save(tmp_path / "i")
    again = Retriever.load(tmp_path / "i", encoder)
    assert again.search(questions, 10) == found
    assert again.search(questions[:1], 5, without=[expected[0][0].passage]) == exact.search(
        questions[:1], 5, without=[expected[0][0].passage]
    )
    assert len(again.search(["animal7"], 10_000)[0]) <= len(again)


def test_threads_may_share_a_retriever(tmp_path: Path) -> None:
    Retriever.build(ANIMALS, WordEncoder(), exact_up_to=0).save(tmp_path / "i")
    retriever = Retriever.load(tmp_path / "i", WordEncoder())
    questions = [f"What does animal{n} eat?" for n in range(20)]
    expected = [retriever.search([question], 5) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda question: retriever.search([question], 5), questions * 5))
    assert found == expected * 5


FARM = [
    Article("cats.txt", "Cats", "Cats purr. Cats sleep all day."),
    Article("farm/cows.txt", "Cows", "Cows moo. Dogs bark at cows."),
    Article("farm/ducks.txt", "Ducks", "Ducks quack. Owls hoot at ducks."),
]
ASKED = ["who moos", "dogs bark", "owls hoot at ducks", "farm cats"]


class CountingPassages(WordEncoder):
    """Counts the texts that it embeds for a store."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        self.texts += texts
        return super().encode_passages(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return super().encode_passages(texts)


def test_what_comes_and_goes_leaves_what_one_finds_that_was_built_at_once() -> None:
    retriever = Retriever.build(FARM[:1], WordEncoder())
    retriever.add([Article("farm/ducks.txt", "Geese", "Geese hiss at cats.")])
    retriever.add(FARM[1:])
    retriever.add([Article("more.txt", "More", TEXT)])
    retriever.remove(["more.txt"])
    whole = Retriever.build([FARM[0], FARM[1], FARM[2]], WordEncoder())
    assert sorted(retriever.articles, key=lambda each: each.id) == FARM
    for question in ASKED:
        found, expected = ({(hit.passage.article.id, hit.passage.text): hit for hit in each}
                           for each in (retriever.search([question], 9)[0],
                                        whole.search([question], 9)[0]))  # fmt: skip
        assert found.keys() == expected.keys()
        for place, hit in expected.items():
            assert found[place].score == pytest.approx(hit.score, abs=1e-6)
            assert found[place].bm25 == pytest.approx(hit.bm25, abs=1e-6)
        spoken = retriever.search_sentences(question, 3)
        assert spoken == whole.search_sentences(question, 3)


def test_only_what_has_changed_is_embedded() -> None:
    encoder = CountingPassages()
    retriever = Retriever.build(FARM, encoder)
    del encoder.texts[:]
    changed = Article("cats.txt", "Cats", "Cats hiss.")
    retagged = Article("farm/cows.txt", "Cows", FARM[1].text, meta={"author": "Ann"})
    copied = Article("copy.txt", "Ducks", FARM[2].text)
    version = retriever.version

    changes = retriever.add([changed, retagged, FARM[2], copied])

    assert encoder.texts == ["Cats hiss."]
    assert [each.id for each in changes.added] == ["copy.txt"]
    assert [each.id for each in changes.replaced] == ["cats.txt", "farm/cows.txt"]
    assert [each.id for each in changes.unchanged] == ["farm/ducks.txt"]
    assert retriever.version != version
    (again,) = [each for each in retriever.articles if each.id == "farm/cows.txt"]
    assert again.meta == {"author": "Ann"}
    version = retriever.version
    assert len(retriever.add([changed, FARM[2]]).unchanged) == 2
    assert retriever.version == version


def test_what_is_not_there_can_be_neither_removed_nor_updated() -> None:
    retriever = Retriever.build(FARM, WordEncoder())
    for change in (
        lambda: retriever.remove(["cats.txt", "nowhere"]),
        lambda: retriever.update([FARM[0], Article("nowhere", "N", "Nothing.")]),
    ):
        with pytest.raises(ArticleError, match="No document has the id 'nowhere'"):
            change()
    assert list(retriever.articles) == FARM
    assert [each.id for each in retriever.update([FARM[0]]).unchanged] == ["cats.txt"]


def test_a_view_finds_only_what_is_in_its_documents() -> None:
    many = [Article(f"m{n}", f"M{n}", "Ducks quack. Owls hoot at ducks.") for n in range(300)]
    retriever = Retriever.build([*many, *FARM[:2]], WordEncoder())
    retriever.add([FARM[2]], tags=["wet"])
    for view in (retriever.only(ids=["farm/ducks.txt"]), retriever.only(tags=["wet"])):
        assert list(view.articles) == FARM[2:]
        assert len(view) == 1
        (hits,) = view.search(["owls hoot at ducks"], 9)
        assert [hit.passage.article.id for hit in hits] == ["farm/ducks.txt"]
        sentences = view.search_sentences("cats purr", 9)
        assert {hit.passage.article.id for hit in sentences} == {"farm/ducks.txt"}
        with pytest.raises(ArticleError, match=r"id 'cats\.txt'"):
            view.only(ids=["cats.txt"])
    for wrong in ({"ids": ["nowhere"]}, {"tags": ["dry"]}, {}):
        with pytest.raises(ArticleError):
            retriever.only(**wrong)


def test_a_view_of_what_is_removed_meanwhile_finds_nothing() -> None:
    retriever = Retriever.build(FARM, WordEncoder())
    view = retriever.only(ids=["cats.txt"])
    retriever.remove(["cats.txt"])
    assert view.search(["cats purr"], 9) == [[]]
    assert view.search_sentences("cats purr", 9) == []
    assert list(view.articles) == []


def test_a_store_that_changes_while_it_is_opened_is_opened() -> None:
    class Leaving(MemoryStore):
        """Has its first document removed when its encoder is looked at."""

        def articles(self, numbers: Rows) -> Mapping[int, Article]:
            self.change(remove=["cats.txt"])
            return super().articles(numbers)

    store = Leaving(Made("words", 64))
    Retriever(store, WordEncoder()).add(FARM)
    assert Retriever.open(store, WordEncoder()).search(["cows"], 1)[0][0].bm25 > 0
    with pytest.raises(SavedIndexError, match="gives other vectors"):
        Retriever.open(store, WordEncoder(seed="other"))
