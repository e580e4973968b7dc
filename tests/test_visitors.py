from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import ArticleError, FeedbackError
from index.loaders.web.fetching import Fetched
from index.originals import Original
from index.retriever import Retriever
from qa import ArticleQA
from qa.answer_json import AnswerJson, CitationJson
from qa.reading.batching import SharedReader
from qa.reading.stages import TwoStages
from qa.squad import load_squad
from tests.fakes import PhraseReader, bot_of
from tests.test_door import FirstSentences
from tests.test_suggestions import COUNCIL, WhenReader
from ui.web.feedback import FeedbackFile
from ui.web.handlers import messages
from ui.web.limits import MAX_ARTICLES, check_room
from ui.web.turns import Choice, Turn, Visitor
from ui.web.visitors import BUSY, EMPTY, GONE, Service

TALKS = "The talks were held in Florida. Paris comes next."
FERRY = b"The Aurora sank near Oslo."


def service_of(*, feedback: FeedbackFile | None = None, log_questions: bool = False) -> Service:
    bot = bot_of(TALKS, reader=PhraseReader(Florida=2, Oslo=2))
    return Service(bot, max_bytes=1000, feedback=feedback, log_questions=log_questions)


def ask(service: Service, visitor: Visitor, question: str) -> Turn:
    turn = service.begin(visitor, question)
    service.answer(visitor, turn, 0.5)
    service.offer(visitor, turn)
    return turn


def add(service: Service, visitor: Visitor, name: str, data: bytes) -> None:
    service.add(visitor, name, data, lambda share, doing: None)


def said(visitor: Visitor) -> list[str | None]:
    return [turn.answer.text if turn.answer else turn.says for turn in visitor.turns]


def test_a_question_is_answered_in_its_place_of_the_conversation() -> None:
    service, visitor = service_of(), Visitor()
    first, second = service.begin(visitor, "where?"), service.begin(visitor, " ")
    assert (first.waits, second.waits) == (True, True)
    service.answer(visitor, second, 0.5)
    service.answer(visitor, first, 0.5)
    assert said(visitor) == [
        "Florida",
        "The question is empty; ask something about the article.",
    ]


def test_visitors_share_both_readers_and_their_own_articles_are_read_in_two_stages_too() -> None:
    small, large = PhraseReader(sank=2), PhraseReader(Florida=2, Oslo=2)
    service = Service(bot_of(TALKS, reader=TwoStages(small, large)), max_bytes=1000)
    visitor, guest = Visitor(), Visitor()
    add(service, visitor, "ferry.txt", FERRY)
    ask(service, visitor, "where?")
    ask(service, guest, "where?")
    assert (said(visitor)[-1], said(guest)[-1]) == ("Oslo", "Florida")
    for bot in (service.bot, service.bot_for(visitor)):
        strategy = bot.strategy
        assert isinstance(strategy, TwoStages)
        assert isinstance(strategy.small, SharedReader)
        assert isinstance(strategy.large, SharedReader)


def test_the_pipeline_handed_over_is_left_as_it_was() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Florida=2))
    retriever = bot.retriever
    assert isinstance(retriever, Retriever)
    parts = (retriever, retriever.encoder, bot.strategy, bot.engine)
    service, visitor = Service(bot, max_bytes=1000), Visitor()
    add(service, visitor, "ferry.txt", FERRY)
    ask(service, visitor, "where?")
    assert (bot.retriever, retriever.encoder, bot.strategy, bot.engine) == parts
    served = service.bot.retriever
    assert isinstance(served, Retriever)
    assert served.store is retriever.store  # and nothing is held twice


@pytest.mark.models
def test_beside_a_retriever_of_ones_own_visitors_articles_are_embedded() -> None:
    bot = ArticleQA(FirstSentences([Article("t", "T", TALKS)]), PhraseReader(Florida=2, Oslo=2))
    service, visitor = Service(bot, max_bytes=1000), Visitor()
    ask(service, visitor, "Where were the talks?")
    add(service, visitor, "ferry.txt", FERRY)
    ask(service, visitor, "Where does the ferry go?")
    assert [said(visitor)[0], said(visitor)[-1]] == ["Florida", "Oslo"]


def test_questions_asked_in_a_row_are_answered_one_after_the_other() -> None:
    service, visitor = service_of(), Visitor()
    for question in ("where?", " ", "when?"):
        service.begin(visitor, question)
    service.refuse_last(visitor)
    for _ in range(2):
        service.answer_next(visitor, 0.5)
    told = ["Florida", "The question is empty; ask something about the article.", BUSY]
    assert said(visitor) == told
    service.answer_next(visitor, 0.5)
    service.refuse_last(visitor)
    assert said(visitor) == told


def test_an_answer_to_a_question_that_was_taken_back_is_let_go() -> None:
    service, visitor = service_of(), Visitor()
    turn = service.begin(visitor, "where?")
    assert service.undo(visitor) == "where?"
    service.answer(visitor, turn, 0.5)
    assert visitor.turns == []


def test_undo_takes_back_the_last_question_and_what_was_said_since() -> None:
    service, visitor = service_of(), Visitor()
    ask(service, visitor, "where?")
    ask(service, visitor, "when?")
    service.say(visitor, "By the way.")
    assert service.undo(visitor) == "when?"
    assert [turn.question for turn in visitor.turns] == ["where?"]
    assert service.undo(visitor) == "where?"
    assert service.undo(visitor) is None


def test_again_asks_the_last_question_once_more() -> None:
    service, visitor = service_of(), Visitor()
    turn = service.begin(visitor, "where?")
    service.answer(visitor, turn, 0.99)
    assert said(visitor) == [None]
    again = service.again(visitor)
    assert again is not None
    service.answer(visitor, again, 0.5)
    assert said(visitor) == ["Florida"]
    assert service.again(Visitor()) is None


def test_a_visitors_own_articles_are_asked_in_place_of_those_served() -> None:
    service, visitor, other = service_of(), Visitor(), Visitor()
    add(service, visitor, "ferry.md", b"# The Aurora\n\nIt sank near Oslo.")
    assert [article.title for article in service.bot_for(visitor).articles] == ["The Aurora"]
    assert ask(service, visitor, "where?").answer is not None
    assert said(visitor)[-1] == "Oslo"
    assert ask(service, other, "where?").answer is not None
    assert said(other) == ["Florida"]

    service.remove(visitor, "ferry.md")
    assert [article.title for article in service.bot_for(visitor).articles] == ["Article 0"]
    ask(service, visitor, "where?")
    assert said(visitor)[-1] == "Florida"


def test_several_own_articles_are_asked_together_and_one_of_the_same_name_is_replaced() -> None:
    service, visitor = service_of(), Visitor()
    add(service, visitor, "ferry.txt", b"The ferry sank near Rome.")
    add(service, visitor, "talks.txt", TALKS.encode())
    add(service, visitor, "ferry.txt", FERRY)
    ids = [article.id for article in service.bot_for(visitor).articles]
    assert ids == ["talks.txt", "ferry.txt"]
    turn = ask(service, visitor, "where?")
    assert turn.answer is not None
    cited = {each.citation.article.id for each in turn.answer.alternatives} | {
        each.article.id for each in turn.answer.citations
    }
    assert cited == {"talks.txt", "ferry.txt"}


def test_pasted_text_is_named_after_how_it_begins() -> None:
    service, visitor = service_of(), Visitor()
    add(service, visitor, "", FERRY + b" It was on its way to Rome with many, many people.\nMore.")
    add(service, visitor, "", b"Another.")
    first, second = service.bot_for(visitor).articles
    assert first.title == "The Aurora sank near Oslo. It was on its way to Rome with …"
    assert (first.id, second.id) == ("pasted text 1", "pasted text 2")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "a.txt: the article is empty"),
        ("a.pdf", b"%PDF\xff\0", "a.pdf: is not a PDF"),
        ("a.txt", b"x" * 1001, "a.txt: has 1,001 bytes; expected at most 1,000"),
    ],
)
def test_what_cannot_be_an_article_is_refused_and_nothing_changes(
    name: str, data: bytes, said: str
) -> None:
    service, visitor = service_of(), Visitor()
    with pytest.raises(ArticleError, match=said):
        add(service, visitor, name, data)
    assert (visitor.own, visitor.turns) == (None, [])


def test_a_page_of_the_web_is_fetched_only_where_that_is_allowed() -> None:
    asked: list[str] = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        return Fetched(FERRY * (len(asked) ** 7), "ferry.txt", "text/plain", url)

    visitor, url = Visitor(), "https://example.org/ferry"
    with pytest.raises(ArticleError, match=f"{url}: is not fetched, as this server asks nothing"):
        service_of().add_url(visitor, url, lambda share, doing: None)
    assert asked == []
    service = Service(bot_of(TALKS, reader=PhraseReader(Oslo=2)), max_bytes=1000, fetch=fetch)
    article = service.add_url(visitor, url, lambda share, doing: None)
    assert (article.id, article.text) == (url, FERRY.decode())
    assert ask(service, visitor, "where?").answer is not None
    assert said(visitor)[-1] == "Oslo"
    with pytest.raises(ArticleError, match=f"{url}: has 3,328 bytes; expected at most 1,000"):
        service.add_url(visitor, url, lambda share, doing: None)


def test_the_encoding_of_a_text_is_found_out_or_as_named() -> None:
    service, visitor = service_of(), Visitor()
    data = "Порт открыт.".encode("koi8-r")
    article = service.add(visitor, "port.txt", data, lambda share, doing: None, encoding="koi8-r")
    assert article.text == "Порт открыт."


def test_what_is_to_be_known_of_how_a_file_was_read_is_said() -> None:
    service, visitor = service_of(), Visitor()
    add(service, visitor, "note.txt", "Müller kam über die Brücke nach Köln.".encode("cp1252"))
    added = visitor.turns[-1].says or ""
    assert added.startswith("Added “note”. From now on your own articles are asked")
    assert "note.txt: read as windows-1252, which was guessed" in added


def test_all_that_a_visitor_brings_has_a_limit_and_so_has_a_text() -> None:
    def document(name: str, characters: int, size: int) -> Article:
        original = Original("application/pdf", name, data=bytes(size))
        return Article(name, name, "x" * characters, original=original)

    beside = [document("a", 10, 25_000_000)]
    check_room(document("b", 10, 14_000_000), beside, 50_000_000)
    with pytest.raises(ArticleError, match=r"b: is too large beside what is there: .* 40 MB"):
        check_room(document("b", 10, 15_000_000), beside, 50_000_000)
    check_room(document("b", 10, 45_000_000), [], 50_000_000)
    check_room(document("b", 2_000_000, 10), [], 1000)
    with pytest.raises(ArticleError, match=r"b: holds 2,000,001 characters .* at most 2,000,000"):
        check_room(document("b", 2_000_001, 10), [], 1000)
    check_room(document("b", 2_000_001, 10), [], 50_000_000)


def test_one_article_too_many_is_refused() -> None:
    service, visitor = service_of(), Visitor()
    for number in range(MAX_ARTICLES):
        add(service, visitor, f"{number}.txt", FERRY)
    with pytest.raises(ArticleError, match="is one article too many"):
        add(service, visitor, "more.txt", FERRY)
    add(service, visitor, "3.txt", FERRY)
    assert len(service.bot_for(visitor).articles) == MAX_ARTICLES


def test_adding_an_article_embeds_that_article_alone() -> None:
    service, visitor = service_of(), Visitor()
    embedded: list[tuple[int, int]] = []

    def report(share: float, doing: str) -> None:
        if found := re.search(r"(\d+) of (\d+) sentences", doing):
            embedded.append((int(found[1]), int(found[2])))

    for name in ("a.txt", "b.txt", "c.txt"):
        service.add(visitor, name, FERRY + b" It was a ferry. Nobody drowned.", report)
    assert embedded == [(3, 3)] * 3


def test_a_question_goes_to_the_articles_that_are_in_when_it_is_asked() -> None:
    service, visitor = service_of(), Visitor()
    add(service, visitor, "talks.txt", TALKS.encode())
    met: list[list[str]] = []

    def report(share: float, doing: str) -> None:
        if "sentences" in doing:  # the new one is embedded, and not yet in
            turn = ask(service, visitor, "where?")
            assert turn.answer is not None
            met.append([each.article.id for each in turn.answer.citations])

    service.add(visitor, "ferry.txt", FERRY, report)
    turn = ask(service, visitor, "Where did the Aurora sink?")
    assert turn.answer is not None
    assert met[0] == ["talks.txt"]
    assert turn.answer.citations[0].article.id == "ferry.txt"


def test_what_was_answered_stays_as_it_was_when_its_article_is_gone() -> None:
    service, visitor = service_of(), Visitor()
    add(service, visitor, "ferry.txt", FERRY)
    add(service, visitor, "talks.txt", TALKS.encode())
    turn = ask(service, visitor, "Where did the Aurora sink?")
    shown = messages(visitor, judged=False)
    assert turn.answer is not None
    service.remove(visitor, "ferry.txt")
    assert messages(visitor, judged=False)[: len(shown) - 1] == shown[:-1]
    assert turn.answer.citations[0].text == FERRY.decode()
    # What is gone is asked no more, and not leant on either.
    later = ask(service, visitor, "where?")
    assert later.answer is not None
    assert [each.article.id for each in later.answer.citations] == ["talks.txt"]


def test_only_what_was_chosen_is_asked_until_all_is_again() -> None:
    service, visitor = service_of(), Visitor()
    add(service, visitor, "ferry.txt", FERRY)
    add(service, visitor, "talks.txt", TALKS.encode())
    for choice, cited in (
        (Choice(ids=("ferry.txt",)), {"ferry.txt"}),
        (Choice(ids=("talks.txt",)), {"talks.txt"}),
        (Choice(), {"ferry.txt", "talks.txt"}),
    ):
        service.choose(visitor, choice)
        turn = ask(service, visitor, "where?")
        assert turn.answer is not None
        found = [*turn.answer.citations, *(each.citation for each in turn.answer.alternatives)]
        assert {each.article.id for each in found} == cited


def test_what_is_served_can_be_chosen_from_by_tags_too() -> None:
    bot = bot_of(TALKS, FERRY.decode(), reader=PhraseReader(Florida=2, Oslo=2))
    retriever = bot.retriever
    assert isinstance(retriever, Retriever)
    retriever.store.tag(["a1"], ["ships"])
    service, visitor = Service(bot, max_bytes=1000), Visitor()
    service.choose(visitor, Choice(tags=("ships",)))
    ask(service, visitor, "where?")
    assert said(visitor) == ["Oslo"]
    assert [article.id for article in service.bot_for(visitor).articles] == ["a0", "a1"]


def test_an_article_brought_while_others_are_chosen_is_asked_with_them() -> None:
    service, visitor = service_of(), Visitor()
    for name in ("a.txt", "b.txt"):
        add(service, visitor, name, b"Nothing is told here.")
    service.choose(visitor, Choice(ids=("a.txt",)))
    add(service, visitor, "ferry.txt", FERRY)
    assert list(visitor.choice.ids) == ["a.txt", "ferry.txt"]
    service.remove(visitor, "a.txt")
    assert list(visitor.choice.ids) == ["ferry.txt"]


def test_a_choice_ends_with_the_articles_that_it_was_made_from() -> None:
    service, visitor = service_of(), Visitor()
    service.choose(visitor, Choice(ids=("a0",)))
    add(service, visitor, "ferry.txt", FERRY)
    assert not visitor.choice


def test_what_another_program_does_to_the_library_is_asked_from_the_next_question_on() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Florida=2, Oslo=2))
    retriever = bot.retriever
    assert isinstance(retriever, Retriever)
    service, visitor = Service(bot, max_bytes=1000), Visitor()
    ask(service, visitor, "where?")
    retriever.add([Article("ferry", "Ferry", FERRY.decode())])
    service.choose(visitor, Choice(ids=("ferry",)))
    ask(service, visitor, "where?")
    retriever.add([Article("ferry", "Ferry", "The ferry sank near Florida.")])
    ask(service, visitor, "where?")
    retriever.remove(["ferry"])
    ask(service, visitor, "where?")
    assert said(visitor) == ["Florida", "Oslo", "Florida", GONE, "Florida"]
    retriever.remove(["a0"])
    assert service.begin(visitor, "where?").says == EMPTY


def test_what_was_asked_of_other_articles_is_not_leant_on() -> None:
    service, visitor = service_of(), Visitor()
    ask(service, visitor, "where?")
    add(service, visitor, "ferry.txt", FERRY)
    turn = ask(service, visitor, "what else?")
    assert turn.answer is not None
    assert {each.article.id for each in turn.answer.citations} <= {"ferry.txt"}


def test_a_verdict_needs_an_answer_and_a_file(tmp_path: Path) -> None:
    feedback = FeedbackFile(tmp_path / "f.json")
    service, visitor = service_of(feedback=feedback), Visitor()
    turn = ask(service, visitor, "where?")
    assert service.judge(turn, right=True) == f"Saved in {tmp_path / 'f.json'}."
    assert service.judge(ask(service, visitor, "when?"), right=False, correction="")
    (kept,) = load_squad(feedback.path)
    assert [kept.gold_texts(each) for each in kept.questions] == [["Florida"], []]
    for judged in (ask(service, visitor, "thanks"), ask(service, visitor, " ")):
        with pytest.raises(FeedbackError, match="no answer to judge"):
            service.judge(judged, right=True)
    with pytest.raises(FeedbackError, match="no answer to judge"):
        service_of().judge(turn, right=True)


def test_the_log_tells_what_happened_and_the_question_only_if_asked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="article_qa")
    ask(service_of(), Visitor(), "where?")
    ask(service_of(log_questions=True), Visitor(), "where?")
    ask(service_of(), Visitor(), " ")
    facts = [vars(record)["facts"] for record in caplog.records]
    assert [record.getMessage() for record in caplog.records] == ["asked", "asked", "refused"]
    assert [each.get("question") for each in facts] == [None, "where?", None]
    assert facts[0]["outcome"] == "answered"
    assert facts[2]["reason"] == "QuestionError"


def test_only_the_last_message_offers_questions() -> None:
    service, visitor = service_of(), Visitor()
    ask(service, visitor, "hi")
    ask(service, visitor, "where?")
    shown = messages(visitor, judged=False)
    assert [message["role"] for message in shown] == ["user", "assistant"] * 2
    assert [bool(message.get("options")) for message in shown] == [False, False, False, True]


def test_after_a_refusal_what_lies_near_is_offered_but_nothing_that_was_asked() -> None:
    service = Service(bot_of(COUNCIL, reader=WhenReader()), max_bytes=1000)
    visitor, wanted = Visitor(), "When did Zoe Varga join the council?"
    assert ask(service, visitor, "Whom did Zoe Varga marry?").offers[0] == wanted
    assert ask(service, visitor, wanted.lower()).offers
    assert wanted not in ask(service, visitor, "Whom did Zoe Varga marry?").offers


def test_the_api_documents_what_an_answer_holds() -> None:
    answer = service_of().ask_many(["where?"])[0].to_dict()
    assert set(answer) == set(AnswerJson.__annotations__)
    assert set(answer["citations"][0]) == set(CitationJson.__annotations__)
