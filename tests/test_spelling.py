from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.retriever import Retriever
from index.store.base import Made
from index.store.memory import MemoryStore
from qa.asking.spelling import Corrector
from tests.fakes import CountingStore, OnlyRetrieval, WordEncoder


def corrector_of(*texts: str) -> Corrector:
    articles = [Article(f"a{n}", f"Article {n}", text) for n, text in enumerate(texts)]
    return Corrector(Retriever.build(articles, WordEncoder()))


@pytest.fixture(scope="module")
def corrector(article: Article) -> Corrector:
    return Corrector(Retriever.build([article], WordEncoder()))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("who leeds the ukranian delegation", "who leads the ukrainian delegation"),
        ("Where is Witkof scheduled to travel?", "Where is Witkoff scheduled to travel?"),
        ("rubio qoute?", "rubio quote?"),
        ("where did they meat", "where did they meet"),
        ("did Umerov's delegaton agree", "did Umerov's delegation agree"),
    ],
)
def test_slips_are_put_right(corrector: Corrector, typed: str, meant: str) -> None:
    assert corrector.correct(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Where did they meat?",  # English, and not typed in haste
        "Who is the President of Poland?",
        "dates?",
        "Which quotes are in it",
        "What is 28-point?",
        "会谈在哪里举行？",
        "zq",
        "",
    ],
)
def test_what_may_be_meant_is_left(corrector: Corrector, question: str) -> None:
    assert corrector.correct(question) == question


def test_of_words_as_near_the_one_that_is_used_most_is_taken() -> None:
    assert corrector_of("A trolg, a trolk, a trolk.").correct("trolz?") == "trolk?"
    assert corrector_of("A trolg, a trolg, a trolk.").correct("trolz?") == "trolg?"
    # One that starts alike comes before one that is used more.
    assert corrector_of("A brolz, a brolz, a trolk.").correct("trolz?") == "trolk?"


def test_of_words_that_are_used_as_much_the_same_is_taken_always() -> None:
    twins = [f"trol{letter}" for letter in "uvwabcdefg"]
    assert corrector_of(" ".join(twins)).correct("trolz?") == "trola?"
    assert corrector_of(*reversed(twins)).correct("trolz?") == "trola?"


def test_what_an_article_goes_by_is_among_its_words() -> None:
    named = Article("Fjordvik/notes.txt", "Halvorsen", "Nobody came.")
    corrector = Corrector(Retriever.build([named], WordEncoder()))
    assert corrector.correct("halvorson in fjordvick") == "halvorsen in fjordvik"


def test_words_follow_what_is_in_the_store() -> None:
    store = MemoryStore(Made("words", 64))
    retriever = Retriever(store, WordEncoder())
    corrector = Corrector(retriever)
    typed, meant = "where is the krankenwagn", "where is the krankenwagen"
    assert corrector.correct(typed) == typed
    retriever.add([Article("a", "A", "The Krankenwagen is in Bergen.")])
    assert corrector.correct(typed) == meant
    assert corrector.correct(meant) == meant
    retriever.add([Article("b", "B", "Nothing else.")])
    retriever.remove(["a"])
    assert corrector.correct(typed) == typed
    assert corrector.correct(meant) == meant


def test_no_text_is_fetched_for_the_words_of_a_store() -> None:
    store = CountingStore(Made("words", 64))
    retriever = Retriever(store, WordEncoder())
    retriever.add([Article("a", "A", "The Krankenwagen is in Bergen.")])
    store.fetched.clear()
    assert Corrector(retriever).correct("the krankenwagn") == "the krankenwagen"
    assert store.fetched == []


WORDS = (
    *("harbor", "harbors", "harbour", "arbour", "Berg", "Bergen", "bergens", "meet", "meat"),
    *("well-kept", "Ann’s", "isn't", "U.S.", "Ååsen"),
)
SLIPS = (
    *("harbuor", "harbr", "arbor", "Bergn", "bergenn", "meet", "meat", "kepd", "Ååsn", "Ann's"),
    *("aan", "where", "who", "tehre"),
)
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1).map(" ".join), min_size=1, max_size=4)
TYPED = st.lists(st.sampled_from(SLIPS)).map(" ".join)


@given(TEXTS, TYPED)
def test_a_store_puts_right_what_its_texts_do(texts: list[str], typed: str) -> None:
    articles = [Article(f"a{n}", f"T{n}", text) for n, text in enumerate(texts)]
    whole = Retriever.build(articles, WordEncoder())
    one_by_one = Retriever(MemoryStore(Made("words", 64)), WordEncoder())
    for article in [Article("gone", "Gone", "harbru Bergm arbo"), *articles]:
        one_by_one.add([article])
    one_by_one.remove(["gone"])
    counted = Corrector(OnlyRetrieval(whole)).correct(typed)
    assert Corrector(whole).correct(typed) == counted
    assert Corrector(one_by_one).correct(typed) == counted
