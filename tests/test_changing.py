"""A bot over articles that come and go while it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.articles import Article
from index.errors import ArticleError, SavedIndexError, StoreError
from index.retriever import Retriever
from index.store.base import Made
from index.store.memory import MemoryStore
from index.store.opening import open_store
from index.store.settings import IndexSettings
from qa.answers import Answer, Outcome
from qa.pipeline import ArticleQA
from qa.reading.calibration import EXACT, Calibration, Stores
from qa.reading.reader import ReaderSpan
from tests.fakes import CountingStore, OnlyRetrieval, PhraseReader, WordEncoder
from tests.postgres import PostgresServer

MAYOR = Article("mayor", "Mayor", "The mayor of Bergen is Alma Berg.")
BAKER = Article("baker", "Baker", "The baker of Bergen is Boris Holm.")
ROMAN = Article("mayor", "Mayor", "The mayor of Bergen is Carla Dahl.")
WHO = "Who is the mayor of Bergen?"


def name_reader() -> PhraseReader:
    return PhraseReader(Alma_Berg=5, Boris_Holm=3, Carla_Dahl=5)


def bot_over(*articles: Article, store: MemoryStore | None = None) -> ArticleQA:
    if store is None:
        store = MemoryStore(Made("words", 64))
    bot = ArticleQA(Retriever(store, WordEncoder()), name_reader())
    bot.add(articles)
    return bot


def ids(bot: ArticleQA) -> list[str]:
    return [document.id for document in bot.documents]


def is_exact(answer: Answer) -> bool:
    shown = [*answer.citations, *(each.citation for each in answer.alternatives)]
    return all(
        each.article.text[each.answer_start : each.answer_end] == each.answer
        and each.article.text[each.start : each.end] == each.text
        for each in shown
    )


def test_what_is_added_is_asked() -> None:
    bot = bot_over(BAKER)
    assert bot.ask(WHO).text == "Boris Holm"

    changes = bot.add([MAYOR], tags=["town"])

    assert [each.id for each in changes.added] == ["mayor"]
    assert (list(changes.replaced), list(changes.unchanged)) == ([], [])
    assert bot.ask(WHO).text == "Alma Berg"
    assert ids(bot) == ["baker", "mayor"]
    assert list(bot.articles) == [BAKER, MAYOR]
    assert bot.documents[1].tags == {"town"}


def test_an_article_of_an_id_that_is_there_takes_its_place() -> None:
    bot = bot_over(MAYOR, BAKER)
    changes = bot.add([ROMAN, BAKER])
    assert [each.id for each in changes.replaced] == ["mayor"]
    assert [each.id for each in changes.unchanged] == ["baker"]
    assert bot.ask(WHO).text == "Carla Dahl"
    assert len(bot.articles) == 2


def test_an_update_needs_what_it_updates() -> None:
    bot = bot_over(MAYOR)
    with pytest.raises(ArticleError, match="baker"):
        bot.update([ROMAN, BAKER])
    assert list(bot.articles) == [MAYOR]
    assert [each.id for each in bot.update([ROMAN]).replaced] == ["mayor"]
    assert list(bot.articles) == [ROMAN]


def test_what_is_removed_is_not_found() -> None:
    bot = bot_over(MAYOR, BAKER)
    bot.remove(["mayor"])
    assert ids(bot) == ["baker"]
    assert bot.ask(WHO).text == "Boris Holm"
    with pytest.raises(ArticleError, match="mayor"):
        bot.remove(["baker", "mayor"])
    assert ids(bot) == ["baker"]


def test_an_empty_library_can_be_asked() -> None:
    bot = bot_over()
    assert bot.ask(WHO).outcome is Outcome.NOT_FOUND
    assert bot.ask("What is this article about?").outcome is Outcome.NOT_FOUND
    assert bot.ask("Who is mentioned?").citations == ()
    assert "questions about articles" in (bot.ask("Hello!").reply or "")
    assert (bot.suggest(), dict(bot.labels), list(bot.articles)) == ([], {}, [])
    bot.add([MAYOR])
    assert bot.ask(WHO).text == "Alma Berg"
    bot.remove(["mayor"])
    assert bot.ask(WHO).outcome is Outcome.NOT_FOUND


def test_a_view_asks_some_of_the_articles() -> None:
    bot = bot_over(MAYOR, BAKER)
    view = bot.only(ids=["baker"])
    assert view.ask(WHO).text == "Boris Holm"
    assert bot.ask(WHO).text == "Alma Berg"
    assert (ids(view), dict(view.labels)) == (["baker"], {"baker": "Baker"})
    assert view.strategy is bot.strategy
    assert view.engine.analyses is bot.engine.analyses


def test_a_view_of_one_article_is_asked_as_one_article_is() -> None:
    story = Article("story", "Story", "Alma Berg, the mayor, sang. She left Bergen. It rained.")
    bot, alone = bot_over(BAKER, story), bot_over(story)
    view = bot.only(ids=["story"])
    for question in ("What is this article about?", "Who is mentioned?", "Hello!", WHO):
        assert view.ask(question) == alone.ask(question)
    assert view.suggest(9) == alone.suggest(9)
    assert bot.ask("Who is mentioned?") != view.ask("Who is mentioned?")


def test_a_view_is_chosen_by_tags_as_well() -> None:
    bot = bot_over(MAYOR)
    bot.add([BAKER], tags=["trade"])
    bot.add([Article("c", "C", "It rained.")], tags=["weather", "trade"])
    assert ids(bot.only(tags=["trade"])) == ["baker", "c"]
    assert ids(bot.only(ids=["mayor"], tags=["weather"])) == ["mayor", "c"]
    assert ids(bot.only(tags=["trade"]).only(ids=["c"])) == ["c"]


@pytest.mark.parametrize(
    "chosen", [{"ids": ["baker", "Mayor"]}, {"tags": ["trade", "no"]}, {"ids": []}, {}]
)
def test_a_view_needs_what_it_is_of(chosen: dict[str, list[str]]) -> None:
    bot = bot_over(MAYOR)
    bot.add([BAKER], tags=["trade"])
    with pytest.raises(ArticleError):
        bot.only(**chosen)


def test_a_conversation_goes_on_while_articles_change() -> None:
    bot = bot_over(MAYOR, BAKER)
    talk = bot.conversation()
    assert talk.ask(WHO).text == "Alma Berg"
    bot.add([ROMAN])
    assert talk.ask(WHO).text == "Carla Dahl"
    bot.remove(["mayor"])
    assert talk.ask("What is the article about?").outcome is Outcome.ANSWERED  # what it cited
    assert talk.ask(WHO).text == "Boris Holm"


def test_labels_follow() -> None:
    bot = bot_over(Article("oslo/notes", "Notes", "It rained."))
    assert dict(bot.labels) == {"oslo/notes": "Notes"}
    assert bot.labels is bot.labels
    bot.add([Article("bergen/notes", "Notes", "It snowed.")])
    assert dict(bot.labels) == {
        "oslo/notes": "Notes (oslo/notes)",
        "bergen/notes": "Notes (bergen/notes)",
    }
    bot.remove(["oslo/notes"])
    assert dict(bot.labels) == {"bergen/notes": "Notes"}


def test_the_words_for_slips_follow() -> None:
    bot = bot_over(BAKER)
    typed = "who is at the krankenwagn"
    assert bot.ask(typed).understood == typed
    bot.add([Article("k", "K", "Boris Holm is at the Krankenwagen.")])
    assert bot.ask(typed).understood == "who is at the krankenwagen"
    bot.remove(["k"])
    assert bot.ask(typed).understood == typed


def test_suggestions_follow() -> None:
    reader = PhraseReader(**{"1998": 9, "1999": 9})
    bot = ArticleQA(Retriever(MemoryStore(Made("words", 64)), WordEncoder()), reader)
    bot.add([Article("a", "A", "Ann Hall joined the council in 1998.")])
    assert bot.suggest(1) == ["When did Ann Hall join the council?"]
    bot.update([Article("a", "A", "Pavel Frost joined the union in 1999.")])
    assert bot.suggest(1) == ["When did Pavel Frost join the union?"]
    assert bot.ask("Hello!").suggestions[0] == "When did Pavel Frost join the union?"
    bot.remove(["a"])
    assert bot.suggest() == []


def test_what_is_suggested_near_a_refused_question_follows() -> None:
    reader = PhraseReader(**{"1998": 9, "1999": 9})
    bot = ArticleQA(Retriever(MemoryStore(Made("words", 64)), WordEncoder()), reader)
    bot.add([Article(f"a{n}", f"A{n}", f"Nothing {n} came.") for n in range(9)])
    bot.suggest()
    bot.add([Article("new", "New", "Ann Hall joined the council in 1998.")])
    refused = bot.ask("Who paid Ann Hall on the council?", min_confidence=1)
    assert refused.text is None
    assert bot.suggest(1, near=refused) == ["When did Ann Hall join the council?"]
    bot.remove(["new"])
    assert "When did Ann Hall join the council?" not in bot.suggest(9, near=refused)


def test_what_another_program_changes_is_seen() -> None:
    """Two bots over one store stand for two programs that have one library open."""
    store = MemoryStore(Made("words", 64))
    bot, other = bot_over(MAYOR, store=store), bot_over(store=store)
    assert bot.ask(WHO).text == "Alma Berg"
    assert (len(bot.suggest(9)), dict(bot.labels)) == (len(other.suggest(9)), {"mayor": "Mayor"})
    before = bot.version
    other.add([ROMAN, BAKER])
    assert bot.version != before
    assert bot.ask(WHO).text == "Carla Dahl"
    assert dict(bot.labels) == {"mayor": "Mayor", "baker": "Baker"}
    assert bot.suggest(9) == other.suggest(9)


def changes_for_all(where: str | Path) -> None:
    """Open a library of the mayor twice, and see that each follows what the other changes."""
    encoder, reader = WordEncoder(), name_reader()
    with closing(ArticleQA.open(where, encoder=encoder, reader=reader)) as bot:
        assert bot.ask(WHO).text == "Alma Berg"
        with closing(ArticleQA.open(where, encoder=encoder, reader=reader)) as other:
            other.add([ROMAN, BAKER], tags=["town"])
            assert bot.ask(WHO).text == "Carla Dahl"
            assert bot.ask("who is the mayer").understood == "who is the mayor"
            assert dict(bot.labels) == {"mayor": "Mayor", "baker": "Baker"}
            assert bot.only(tags=["town"]).only(ids=["baker"]).ask(WHO).text == "Boris Holm"
            bot.remove(["mayor"])
            assert other.ask(WHO).text == "Boris Holm"
            assert other.suggest(9) == bot.suggest(9)


def test_a_library_in_a_folder_changes_for_all_who_have_it_open(tmp_path: Path) -> None:
    bot_over(MAYOR).save(tmp_path / "library")
    changes_for_all(tmp_path / "library")
    again = ArticleQA.load(str(tmp_path / "library"), encoder=WordEncoder(), reader=name_reader())
    with closing(again):
        assert list(again.articles) == [BAKER]


def test_a_library_in_a_database_changes_for_all_who_have_it_open(postgres: PostgresServer) -> None:
    url = postgres.url("changing")
    store = open_store(url, create=(Made("words", 64), IndexSettings()))
    with closing(ArticleQA(Retriever(store, WordEncoder()), name_reader())) as bot:
        bot.add([MAYOR])
    changes_for_all(url)
    reader = name_reader()
    reader.calibration = Calibration(store=EXACT)
    with closing(ArticleQA.connect(url, encoder=WordEncoder(), reader=reader)) as again:
        assert list(again.articles) == [BAKER]
        assert again.ask(WHO).stores == Stores(calibrated="exact", asked="postgres")


def test_a_library_of_another_encoder_is_let_go_again(tmp_path: Path) -> None:
    bot_over(MAYOR).save(tmp_path / "library")
    with pytest.raises(SavedIndexError, match="encoder"):
        ArticleQA.open(tmp_path / "library", encoder=WordEncoder(seed="x"), reader=name_reader())


def test_what_is_embedded_is_what_changed() -> None:
    class Counting(WordEncoder):
        embedded = 0

        def encode_passages(
            self, texts: Sequence[str], *, progress: bool = False
        ) -> NDArray[np.float32]:
            self.embedded += len(texts)
            return super().encode_passages(texts, progress=progress)

    encoder = Counting()
    bot = ArticleQA(Retriever(MemoryStore(Made("words", 64)), encoder), name_reader())
    bot.add([MAYOR, BAKER])
    assert encoder.embedded == 2
    bot.add([ROMAN, BAKER])
    assert encoder.embedded == 3
    bot.remove(["mayor"])
    bot.only(ids=["baker"])
    assert encoder.embedded == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda bot: bot.add([MAYOR]),
        lambda bot: bot.update([MAYOR]),
        lambda bot: bot.remove(["mayor"]),
        lambda bot: bot.only(ids=["mayor"]),
        lambda bot: bot.documents,
        lambda bot: bot.save("anywhere"),
    ],
)
def test_a_retrieval_of_somebodys_own_is_no_library(change: Callable[[ArticleQA], object]) -> None:
    bot = ArticleQA(OnlyRetrieval(Retriever.build([MAYOR], WordEncoder())), name_reader())
    with pytest.raises(StoreError, match=r"^A OnlyRetrieval cannot [^\n]+\.$"):
        change(bot)
    assert bot.ask("who is the mayer of bergen").text == "Alma Berg"
    assert (bot.version, dict(bot.labels)) == (0, {"mayor": "Mayor"})
    bot.close()


@pytest.mark.parametrize("url", ["mysql://ann:secret@host/db", "library", "postgresql:/host"])
def test_only_a_url_of_postgresql_is_connected_to(url: str) -> None:
    with pytest.raises(StoreError, match="is no URL of PostgreSQL") as refused:
        ArticleQA.connect(url, encoder=WordEncoder(), reader=name_reader())
    assert "secret" not in str(refused.value)


MANY = 1000


@pytest.fixture(scope="module")
def large() -> CountingStore:
    """A store of a thousand documents, of which each fetched is counted."""
    store = CountingStore(Made("words", 64))
    articles = [
        Article(f"a{n}", f"Note {n}", f"The mayor of town {n} is Alma Berg. It rained. She left.")
        for n in range(MANY)
    ]
    ArticleQA(Retriever(store, WordEncoder()), name_reader()).add(articles)
    return store


@pytest.mark.parametrize(
    ("asking", "most"),
    [
        (lambda bot: bot.ask("Who is the mayor of town 77?"), 20),
        (lambda bot: bot.ask("Is Alma Berg the mayor of town 7?"), 20),
        (lambda bot: bot.ask("who is the mayer of twon 7"), 20),
        (lambda bot: bot.ask("What did Alma Berg say?"), 20),
        (lambda bot: bot.ask("What are these articles about?"), 8),
        (lambda bot: bot.ask("Which quotes are in it?"), 120),
        (lambda bot: bot.ask("Hello!"), 20),
        (lambda bot: bot.labels, 0),
        (lambda bot: bot.only(ids=["a7"]).labels, 0),
        (lambda bot: (bot.version, len(bot.articles), bot.articles), 0),
    ],
)
def test_a_question_fetches_few_of_many_articles(
    large: CountingStore, asking: Callable[[ArticleQA], object], most: int
) -> None:
    bot = ArticleQA(Retriever(large, WordEncoder()), name_reader())
    large.fetched.clear()
    asking(bot)
    assert len(set(large.fetched)) <= most


def test_no_question_lists_all_documents(large: CountingStore) -> None:
    bot = ArticleQA(Retriever(large, WordEncoder()), name_reader())
    large.listed = 0
    talk = bot.conversation()
    for question in (WHO, "Hello!", "What is it about?", "Who is mentioned?", "Did it rain?"):
        talk.ask(question)
    bot.suggest()
    assert large.listed == 0
    assert (len(bot.labels), len(bot.labels)) == (MANY, MANY)
    assert large.listed == 1


class Meddling(WordEncoder):
    """Embeds, and reads, and lets something happen whenever it is asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = name_reader()
        self.calibration = self.reader.calibration
        self.meddle: Callable[[], object] = lambda: None

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.meddle()
        return super().encode_questions(texts)

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        self.meddle()
        return self.reader.read(questions, passages)


QUESTIONS = [
    *(WHO, "Who are the mayor and the baker?", "What did Alma Berg say?", "Hello!"),
    *("Is the mayor of Bergen Alma Berg?", "What is this article about?", "Who is mentioned?"),
    *("who is teh mayer of bergenn", "Where does the baker live?", "Which quotes are in it?"),
]
CHANGES: dict[str, Callable[[MemoryStore, Retriever], object]] = {
    "all are removed": lambda store, _: store.change(
        remove=[document.id for document in store.documents()]
    ),
    "one is replaced": lambda _, retriever: retriever.add(
        [Article("mayor", "Mayor", "None. “I left,” said Carla Dahl. The mayor of Bergen left.")]
    ),
    "others come": lambda store, retriever: retriever.add(
        [Article(f"n{len(store)}", "N", f"The mayor of Bergen is Alma Berg {len(store)}.")]
    ),
    "the files are put together": lambda store, _: store.compact(),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("articles", [(MAYOR,), (MAYOR, BAKER)])
def test_a_change_during_a_question_harms_nothing(
    articles: Sequence[Article], change: str, question: str
) -> None:
    meddling = Meddling()
    store = MemoryStore(Made("words", 64))
    bot = ArticleQA(Retriever(store, meddling), meddling)
    said = "“Bergen grows,” said Alma Berg."
    bot.add([Article(each.id, each.title, f"{each.text} {said}") for each in articles])
    behind = Retriever(store, WordEncoder())
    meddling.meddle = lambda: CHANGES[change](store, behind)
    talk = bot.conversation()
    for _ in range(3):
        answer = talk.ask(question)
        assert is_exact(answer)
        bot.suggest(near=answer)
    assert is_exact(bot.ask(question))


def test_many_ask_while_articles_change() -> None:
    bot = bot_over(MAYOR, BAKER)
    bot.add([Article(f"x{n}", "X", f"It rained {n} times.") for n in range(40)])
    stop = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        talk = bot.conversation()
        while not stop.is_set():
            try:
                for question in QUESTIONS:
                    answer = talk.ask(question)
                    if not is_exact(answer):
                        wrong.append(answer)
                bot.suggest(near=talk.turns[-1])
                assert len(bot.labels) >= 40
            except Exception as error:  # whatever it is, it must not be
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(30):
        bot.add([ROMAN if turn % 2 else MAYOR, Article(f"y{turn}", "Y", "It snowed.")])
        bot.remove([f"y{turn}"])
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert bot.ask(WHO).text == "Carla Dahl"
