"""Libraries of the evaluation's own: see :mod:`eval.systems.libraries`."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.measures.fitting import index
from eval.measures.runner import evaluate
from eval.sets.cases import Corpus, lay_out
from eval.systems.article_qa import ArticleQASystem
from eval.systems.libraries import kind_of, library_in, temporary_libraries
from index.articles import Article
from index.errors import StoreError
from index.store.settings import DEFAULT_SETTINGS
from index.structure.spans import Span
from qa.squad import Question, QuestionSet
from tests.fakes import PhraseReader, WordEncoder
from tests.postgres import PostgresServer

TEXTS = {
    "talks": "Talks were held in Florida on Sunday. Paris comes next. Moscow is far.",
    "train": "A train leaves for Rome at nine. It stops in Pisa.",
}


@pytest.fixture(params=["folder", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "folder":
        return str(tmp_path / "own")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.url()


def corpora() -> list[Corpus]:
    sets = [
        QuestionSet(
            Article(name, name.title(), text),
            (Question(name, text[:12], (Span(0, 5),), Span(0, len(text))),),
        )
        for name, text in TEXTS.items()
    ]
    return lay_out(sets)


def left(place: str, request: pytest.FixtureRequest) -> list[str]:
    """Return what is left of libraries."""
    if kind_of(place) == "folder":
        return [each.name for each in Path(place).iterdir()]
    server: PostgresServer = request.getfixturevalue("postgres")
    rows = server.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'eval%'")
    return [name for (name,) in rows]


def test_questions_are_asked_of_libraries_as_of_articles_in_memory(
    place: str, request: pytest.FixtureRequest
) -> None:
    reader = PhraseReader(Florida=9, Rome=8)
    kept = [(each.answer, each.rank) for each in evaluate(_system(reader), corpora())]
    with temporary_libraries(place) as libraries:
        system = ArticleQASystem(WordEncoder(), reader, libraries=libraries)
        results = list(evaluate(system, corpora()))
        assert len(left(place, request)) >= 1
    assert [(each.answer, each.rank) for each in results] == kept
    assert {answer for answer, _ in kept} == {"Florida", "Rome"}
    assert left(place, request) == []


def _system(reader: PhraseReader) -> ArticleQASystem:
    return ArticleQASystem(WordEncoder(), reader)


def test_libraries_are_removed_after_an_error(place: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(KeyboardInterrupt):
        _fill_and_stop(place)
    assert left(place, request) == []


def _fill_and_stop(place: str) -> None:
    encoder = WordEncoder()
    with temporary_libraries(place) as libraries:
        assert libraries is not None
        articles = [Article("a", "A", TEXTS["talks"])]
        libraries.open(libraries.fill(articles, encoder, DEFAULT_SETTINGS), encoder)
        raise KeyboardInterrupt


def test_what_is_indexed_in_libraries_may_be_gone_through_again(place: str) -> None:
    with temporary_libraries(place) as libraries:
        indexed = index(corpora(), WordEncoder(), libraries)
        for _ in range(2):
            found = [[each.id for each in retriever.articles] for retriever, _ in indexed]
            assert found == [["talks"], ["train"]]


def test_without_a_place_there_are_no_libraries() -> None:
    with temporary_libraries(None) as libraries:
        assert libraries is None
    assert kind_of(None) == "memory"


def test_a_database_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    url = f"postgresql://me:secret@/db?host={tmp_path}"
    with pytest.raises(StoreError) as caught:
        _fill_and_stop(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("/some/folder", "/some/folder/x"),
        ("postgresql://h/db", "postgresql://h/db?library=x"),
        ("postgresql://h/db?library=y&a=b%20c", "postgresql://h/db?a=b%20c&library=x"),
    ],
)
def test_a_library_is_found_by_its_name(where: str, found: str) -> None:
    assert library_in(where, "x") == str(Path(found) if where.startswith("/") else found)
