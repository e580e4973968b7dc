"""The sentence that speaks to a yes/no question."""

from __future__ import annotations

import pytest

from eval.measures.sentences import fit_sentences, shown
from index.articles import Article
from index.retrieval import FoundPassages, SentenceHit
from index.retriever import Retriever
from index.text.stretches import Stretch
from qa.answering.outcomes import Judge
from qa.answering.yes_no import MAX_SENTENCES, from_evidence, supports
from qa.answers import Answer, Interpretation, Outcome
from qa.english.analysis import Analyses
from qa.reading.calibration import Calibration, SentenceCalibration
from qa.reading.candidates import Candidate
from qa.reading.evidence import LOWEST_LOGIT, Evidence, Support
from tests.fakes import WordEncoder

PORT = Article(
    "port",
    "Port",
    "The harbour opened in 1902. Ann Hall met the council. Curlews live on the coast. "
    "The plan was too dear. Four ships left. The dockers are on strike.",
)
BY_SHARED_WORDS = Calibration(yes_no=SentenceCalibration(Support(shared=10.0), intercept=-5.0))


def sentence(text: str) -> Stretch:
    start = PORT.text.index(text)
    return Stretch(PORT, start, start + len(text))


def span(text: str, logit: float) -> Candidate:
    own = sentence(text)
    return Candidate(PORT, own.start, own.end, own, Evidence(logit=logit), 0.5)


def answer(
    question: str,
    *candidates: Candidate,
    min_confidence: float | None = None,
    without: str = "",
    calibration: Calibration = BY_SHARED_WORDS,
) -> Answer:
    retriever = Retriever.build([PORT], WordEncoder())
    withheld = [sentence(without)] if without else []
    hits = retriever.search([question], 10, without=withheld)[0]
    found = FoundPassages(retriever.embed([question])[0], hits)
    return from_evidence(
        retriever,
        Analyses(),
        question,
        Interpretation(question),
        found,
        candidates,
        Judge(calibration, min_confidence),
        withheld,
    )


def test_what_speaks_for_a_sentence_is_likeness_its_lead_and_what_is_read_in_it_and_elsewhere() -> (
    None
):
    hits = [
        SentenceHit(sentence("The harbour opened in 1902."), 0.75, 0.5),
        SentenceHit(sentence("Ann Hall met the council."), 0.25, 0.5),
        SentenceHit(sentence("Four ships left."), 0.5, 0.125),
    ]
    read = [span("1902", 3.0), span("harbour", 4.0), span("the council", 2.0), span("plan", -1.0)]
    assert supports(hits, read) == [
        Support(similarity=0.75, shared=0.5, lead=0.5, logit=4.0, rival=2.0),
        Support(similarity=0.25, shared=0.5, lead=-0.5, logit=2.0, rival=4.0),
        Support(similarity=0.5, shared=0.125, lead=-0.625, logit=LOWEST_LOGIT, rival=4.0),
    ]


def test_a_sentence_that_is_alone_leads_by_all_that_it_has() -> None:
    hits = [SentenceHit(sentence("Four ships left."), 0.5, 0.25)]
    assert supports(hits, []) == [
        Support(0.5, 0.25, lead=0.75, logit=LOWEST_LOGIT, rival=LOWEST_LOGIT)
    ]
    assert supports([], []) == []


def test_the_sentence_is_cited_whole_with_the_others_beside_it() -> None:
    given = answer("Was the harbour opened in 1902?", span("1902", 3.0))
    assert (given.kind, given.text) == ("yes_no", "The harbour opened in 1902.")
    (citation,) = given.citations
    assert (citation.start, citation.end) == (citation.answer_start, citation.answer_end)
    assert citation.evidence.logit == 3.0
    assert len(given.alternatives) == MAX_SENTENCES - 1
    assert given.text not in [other.text for other in given.alternatives]


def test_one_that_is_not_likely_enough_is_among_the_others() -> None:
    unsure = answer("Was the harbour opened in 1902?", min_confidence=1.0)
    assert (unsure.kind, unsure.text, unsure.citations) == ("yes_no", None, ())
    assert unsure.outcome is Outcome.NOT_FOUND
    assert unsure.alternatives[0].text == "The harbour opened in 1902."
    assert unsure.confidence == unsure.alternatives[0].confidence


def test_how_likely_a_sentence_is_says_the_readers_calibration() -> None:
    asked = answer("Did elephants dance?")
    assert asked.confidence == pytest.approx(1 / (1 + 2.718281828**5))  # it shares no word
    assert asked.text is None


def test_what_is_withheld_is_no_evidence() -> None:
    given = answer("Was the harbour opened in 1902?", without=PORT.text)
    assert (given.text, given.confidence, given.alternatives) == (None, 0.0, ())


def test_the_surest_is_given_however_many_are_more_like_the_question() -> None:
    by_what_is_read = Calibration(yes_no=SentenceCalibration(Support(logit=1.0), intercept=-2.0))
    given = answer(
        "Was the plan for the harbour of the council dear?",
        span("strike", 6.0),
        span("dear", 5.0),
        calibration=by_what_is_read,
    )
    assert given.text == "The dockers are on strike."
    assert [other.text for other in given.alternatives[:1]] == ["The plan was too dear."]
    assert given.confidence == pytest.approx(0.982, abs=1e-3)
    others = [other.confidence for other in given.alternatives]
    assert others == sorted(others, reverse=True)
    assert others[0] == pytest.approx(0.953, abs=1e-3)


def test_what_is_read_in_a_copy_of_a_sentence_is_no_rival_of_it() -> None:
    copy = Article("copy", "Copy", "Three ships came. Four ships left. Ann stayed.")
    start = copy.text.index("Four")
    place = Stretch(copy, start, start + len("Four"))
    read = Candidate(copy, place.start, place.end, place, Evidence(logit=4.0), 0.5)
    ann = copy.text.index("Ann")
    other = Candidate(copy, ann, ann + 3, place, Evidence(logit=1.0), 0.5)
    hits = [SentenceHit(sentence("Four ships left."), 0.5, 0.25)]
    assert supports(hits, [read, other]) == [
        Support(similarity=0.5, shared=0.25, lead=0.75, logit=4.0, rival=1.0)
    ]


def test_its_weights_are_fitted_to_the_sentences_that_they_show() -> None:
    # The likest is wrong wherever one is read in, which a fit to the likest alone cannot see.
    like, read_in = Support(similarity=0.9), Support(similarity=0.1, logit=5.0)
    questions = [
        *[[(like, True)]] * 6,
        *[[(like, False)]] * 2,
        *[[(like, False), (read_in, True)]] * 8,
        *[[(like, False), (read_in, False)]] * 2,
        [],
    ]
    by_logit = SentenceCalibration(Support(logit=1.0), intercept=-2.0)
    fitted = fit_sentences(questions, by_logit)
    assert fitted.confidence(like) == pytest.approx(0.75, abs=1e-3)
    assert fitted.confidence(read_in) == pytest.approx(0.8, abs=1e-3)
    best = shown(questions, fitted)
    assert (best.count((read_in, True)), best.count((like, True)), len(best)) == (8, 6, 18)


def test_what_the_article_itself_answers_the_same_question_with_is_sure() -> None:
    text = (
        "# Plots\n\n### 1. May I keep hens?\n\nUp to six. Bees need a written consent.\n\n"
        "### 2. May I light a fire?\n\nOn one day a year.\n\n### Tools\n\nMay be borrowed.\n"
    )
    article = Article("faq", "FAQ", text)
    retriever = Retriever.build([article], WordEncoder())

    def best(question: str) -> Answer:
        found = FoundPassages(retriever.embed([question])[0], retriever.search([question], 10)[0])
        unsure = Calibration(yes_no=SentenceCalibration(Support(), intercept=-5.0))
        asked = Interpretation(question)
        return from_evidence(retriever, Analyses(), question, asked, found, [], Judge(unsure), [])

    assert best("May I keep hens?").text == "Up to six."
    assert best("Can I light a fire?").text == "On one day a year."
    assert best("May I keep goats?").outcome is Outcome.NOT_FOUND
    assert best("May I keep hens and goats?").outcome is Outcome.NOT_FOUND
