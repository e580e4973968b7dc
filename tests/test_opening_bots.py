"""What opens, saves and changes a bot by the wrong name, or by one where several are meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ArticleError, StoreError
from qa.pipeline import ArticleQA
from tests.fakes import PhraseReader, WordEncoder, bot_of


@pytest.mark.parametrize(
    "where", ["postgresq://ann:secret@host/db", "postgres:/ann:secret@host/db", "http://host/lib"]
)
def test_a_url_that_is_misspelled_makes_no_folder(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for attempt in (
        lambda: ArticleQA.open(where, encoder=WordEncoder(), reader=PhraseReader(), create=True),
        lambda: bot_of("The trains stop in Oslo.").save(where),
    ):
        with pytest.raises(StoreError, match="is no URL of PostgreSQL") as caught:
            attempt()
        assert "secret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_bot_is_not_saved_to_a_database() -> None:
    with pytest.raises(StoreError, match=r"^postgresql://host/db: a library is saved to a folder"):
        bot_of("The trains stop in Oslo.").save("postgresql://ann:secret@host/db")


def test_an_empty_library_is_made_where_that_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        ArticleQA.open(tmp_path / "new", encoder=WordEncoder(), reader=PhraseReader())
    bot = ArticleQA.open(
        tmp_path / "new", encoder=WordEncoder(), reader=PhraseReader(Oslo=5.0), create=True
    )
    assert len(bot.documents) == 0
    bot.add([Article("a", "A", "The trains stop in Oslo.")])
    assert bot.ask("Where do the trains stop?").text == "Oslo"
    bot.close()


def test_one_thing_in_place_of_several_is_told(tmp_path: Path) -> None:
    bot = bot_of("The trains stop in Oslo.")
    attempts: list[Callable[[], object]] = [
        lambda: bot.add([], tags="trips"),
        lambda: bot.add(bot.articles[0]),  # type: ignore[arg-type]
        lambda: bot.add("a.txt"),  # type: ignore[arg-type]
        lambda: bot.update(bot.articles[0]),  # type: ignore[arg-type]
        lambda: bot.remove("a0"),
        lambda: bot.only("a0"),
        lambda: bot.only(tags="trips"),
    ]
    for attempt in attempts:
        with pytest.raises(ArticleError, match="alone; expected a list"):
            attempt()
    assert len(bot.documents) == 1
