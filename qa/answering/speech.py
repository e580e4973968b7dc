"""What somebody said: the words of a speaker, and those of them that are about something."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.articles import Article
from index.retrieval import Retrieval
from index.structure.spans import Span
from index.text.stretches import Stretch
from index.text.terms import terms
from qa.answering.citing import cite, joined
from qa.answers import GIVEN, Answer, Interpretation, Outcome
from qa.asking.speech import AskedOf
from qa.english.analysis import Analyses, Analysis
from qa.english.names import ROLES
from qa.english.reported import SILENT, Statement, parts_of
from qa.english.speakers import PRONOUNS, Utterance
from qa.english.words import CLOSED, lemma, word_list, words

_NEAR = 2  # sentences nearest to a question about what was said that may be its subject
_CLEARLY_NEAR = 0.45  # their similarity to it, at least
_NEAR_SUBJECT = 4  # sentences nearest to the subject alone
# Statements that somebody was asked about and did not speak of had 0.29 at most, in 18 questions.
_CLEARLY_ABOUT = 0.35
# Asked for with these, whatever is said of a subject is meant.
_ANY = word_list("just_saying")
_ALIKE = tuple(
    frozenset(verbs.split())
    for verbs in (
        "promise pledge vow offer undertake swear",
        "warn caution",
        "deny dispute",
        "claim allege assert maintain insist argue contend",
        "announce declare reveal",
        "suggest propose recommend",
        "describe call characterise characterize",
        "admit acknowledge concede",
        "think believe feel",
        "add",
    )
)
_IS = re.compile(r"\b(?:is|are|was|were|been|be|as) [“\"]\Z")
_TELLING = word_list("telling") | word_list("asking_to")
_DENYING = frozenset({"deny", "dispute", "doubt"})
_MAY_MEAN = PRONOUNS.keys() | ROLES | {"it", "its"}
_REFERRING = frozenset({"it", "its", "they", "them", "their", "this", "these", "those"})


@dataclass(frozen=True)
class Near:
    """The sentences that may speak to a subject without sharing a word with it.

    Attributes:
        direct: Those in which what stands in quotation marks does.
        reported: Those in which what is reported does.
    """

    direct: Sequence[Stretch] = ()
    reported: Sequence[Stretch] = ()


def from_speech(
    retriever: Retrieval,
    analyses: Analyses,
    question: str,
    interpretation: Interpretation,
    asked: AskedOf,
    articles: Sequence[Article],
    without: Sequence[Stretch],
) -> Answer | None:
    """Give what somebody says, in quotation marks or reported; None if it is not found."""
    near = _near(retriever, interpretation.question, asked, without)
    said = [
        cite(
            analyses,
            article,
            retriever.sentences_around(Stretch(article, 0, len(article.text)), *utterance.span),
            utterance.span,
            speaker=_speaker(article, utterance),
        )
        for article, utterance in said_by(analyses, articles, asked, near)
        if not any(Stretch(article, *utterance.span).overlaps(each) for each in without)
    ]
    if not said:
        return None
    return Answer(
        question,
        None,
        tuple(said),
        (),
        "speech",
        interpretation,
        joined=joined(said),
        outcome=Outcome.ANSWERED,
    )


def _near(retriever: Retrieval, question: str, asked: AskedOf, without: Sequence[Stretch]) -> Near:
    if not asked.subject:
        return Near()
    to_all = retriever.search_sentences(question, _NEAR, without=without)
    to_subject = retriever.search_sentences(asked.subject, _NEAR_SUBJECT, without=without)
    return Near(
        [hit.passage for hit in to_all if hit.similarity >= _CLEARLY_NEAR],
        [hit.passage for hit in to_subject if hit.similarity >= _CLEARLY_ABOUT],
    )


def checked(
    analyses: Analyses, asked: AskedOf, answer: Answer, articles: Sequence[Article]
) -> Answer:
    """Check an answer that was read for what somebody said, and name the speaker.

    What is reported that they said, but of something else, is no answer.
    """
    if answer.outcome not in GIVEN:
        return answer
    direct, told = _of_speaker(analyses, articles, asked.speaker)
    person = any(
        each.name is not None and analyses.of(article).speakers.pronoun_of(each.name) is not None
        for article, each in (*direct, *told)
    )
    if (direct or told) and any(
        _is_of_others(analyses.of(each.article), each.place, asked, person=person)
        for each in answer.citations
    ):
        return replace(answer, citations=(), outcome=Outcome.NOT_FOUND)
    cited = []
    for citation in answer.citations:
        where = [
            each
            for article, each in told
            if article.id == citation.article.id
            and Stretch(article, *each.span).overlaps(citation.place)
        ]
        cited.append(
            replace(citation, speaker=citation.speaker or _speaker(citation.article, where[0]))
            if where
            else citation
        )
        aside = [
            each
            for each in where
            if not _REFERRING & {w.lower for w in words(citation.article.text, *each.span)}
        ]
        if aside and asked.subject:
            return replace(answer, citations=(), outcome=Outcome.NOT_FOUND)
    return replace(answer, citations=tuple(cited))


def _is_of_others(analysis: Analysis, place: Stretch, asked: AskedOf, *, person: bool) -> bool:
    """Tell whether what stands at a place is said by somebody else than is asked, or by nobody.

    By nobody, if its sentence and the one before name other people where a person is asked about,
    or nobody who may be meant.
    """
    called = _words_of_name(asked.speaker)
    first, last = _sentences_of(analysis, Utterance(*place.span, None, None))
    around = Span(analysis.sentences[first].start, analysis.sentences[last].end)
    for each in (*analysis.statements_in(around), *analysis.quotations_in(around)):
        if each.name and each.span.overlaps(place.span):
            return not called & _called(analysis, each)
    near = Span(analysis.sentences[max(first - 1, 0)].start, around.end)
    said = {_bare(word.lower) for word in words(analysis.text, *near)}
    if said & called:
        return False
    others = person and analysis.speakers.people_in(near)
    return bool(others) or not said & _MAY_MEAN


def said_by(
    analyses: Analyses,
    articles: Iterable[Article],
    asked: AskedOf,
    near: Near | None = None,
) -> list[tuple[Article, Utterance]]:
    """Return what a speaker says, in order, with the articles.

    Without a subject, it is what stands in quotation marks, or else what is reported. With one,
    both count, if their sentence, or the one before it, shares about as many words with the subject
    as the one that shares most.

    Args:
        analyses: The articles' analyses.
        articles: Where to look.
        asked: Who is asked about, and what of theirs.
        near: The sentences that count if nothing said shares a word with the subject; none if None.
    """
    direct, told = _of_speaker(analyses, articles, asked.speaker)
    if asked.verb and (asked.verb not in _ANY or not asked.subject):
        alike = next((verbs for verbs in _ALIKE if asked.verb in verbs), {asked.verb})
        told = [each for each in told if each[1].verb in alike]
        direct = [each for each in direct if alike & _verbs_around(analyses, *each)]
        if not all(statement.is_clause for _, statement in told):
            return []  # the thing that is announced or denied: the reader knows where it ends
    elif not asked.subject:
        told = [] if direct else [each for each in told if each[1].is_clause]
    about = set(terms(asked.subject)) - set(terms(asked.speaker))
    chosen = _about(analyses, direct, told, about, near or Near()) if about else [*direct, *told]
    if asked.hearer:
        chosen = _told_to(analyses, chosen, set(terms(asked.hearer)))
    if asked.verb and asked.verb not in _ANY:
        chosen = [
            (article, part)
            for article, each in chosen
            for part in (parts_of(article.text, each) if isinstance(each, Statement) else [each])
        ]
    return _in_order([(article, _shown(each, asked.verb)) for article, each in chosen])


def _of_speaker(
    analyses: Analyses, articles: Iterable[Article], speaker: str
) -> tuple[list[tuple[Article, Utterance]], list[tuple[Article, Statement]]]:
    """Return what somebody says in quotation marks, and what is reported that they say."""
    asked = _words_of_name(speaker)
    direct: list[tuple[Article, Utterance]] = []
    told: list[tuple[Article, Statement]] = []
    for article in articles if asked else ():
        analysis = analyses.of(article)
        direct += [
            (article, each) for each in analysis.quotations if asked <= _called(analysis, each)
        ]
        told += [
            (article, each) for each in analysis.statements if asked <= _called(analysis, each)
        ]
    return direct, told


def _words_of_name(speaker: str) -> set[str]:
    """Return the words by which a question calls a speaker."""
    asked = {_bare(word.lower) for word in words(speaker) if len(word.text) > 1} - CLOSED
    asked |= {"both"} & set(speaker.lower().split())
    return asked - ROLES or asked  # "Councillor Lund" may be "Lund" where she speaks


def _called(analysis: Analysis, utterance: Utterance) -> set[str]:
    """Return the words by which a text calls a speaker."""
    if utterance.speaker is None:
        return set()
    said = f"{analysis.text[slice(*utterance.speaker)]} {utterance.name or ''}"
    described = analysis.speakers.descriptions.get(utterance.name or "", frozenset())
    return {_bare(word.lower) for word in words(said)} | described


def _about(
    analyses: Analyses,
    direct: Sequence[tuple[Article, Utterance]],
    told: Sequence[tuple[Article, Statement]],
    about: set[str],
    near: Near,
) -> list[tuple[Article, Utterance]]:
    """Return what is said about a subject, given by its terms."""
    found: list[tuple[Article, Utterance]] = [*direct, *told]
    shared = [_shared(analyses.of(article), each, about) for article, each in found]
    things = [isinstance(each, Statement) and not each.is_clause for _, each in found]
    clauses = [count for count, thing in zip(shared, things, strict=True) if not thing]
    if most := max(clauses, default=0):
        shared = [0 if thing else count for count, thing in zip(shared, things, strict=True)]
    if most or any(shared):
        least = (most or max(shared)) / 2
        return [each for each, count in zip(found, shared, strict=True) if count > least]
    return [
        (article, each)
        for article, each in found
        if any(
            Stretch(article, *each.span).overlaps(other)
            for other in (near.reported if isinstance(each, Statement) else near.direct)
        )
    ]


def _shared(analysis: Analysis, utterance: Utterance, about: set[str]) -> int:
    """Return how many of a subject's terms what is said shares, or its sentences.

    What is reported counts if it has half of the terms, other statements of its sentence aside; and
    those and the sentence before count only where it refers to something before it.
    """
    first, last = _sentences_of(analysis, utterance)
    sentences = analysis.sentences
    whole = Span(sentences[first].start, sentences[last].end)
    around = about.intersection(
        terms(analysis.text[sentences[max(first - 1, 0)].start : whole.end])
    )
    if not isinstance(utterance, Statement):
        return len(around)
    said = {word.lower for word in words(analysis.text, *utterance.span)}
    if said & _REFERRING and about <= around:
        return len(about)
    if about <= around and about.intersection(terms(analysis.text[slice(*utterance.span)])):
        return len(about)  # "no tender had been received", behind the question for the car park
    own = about.intersection(terms(_without_others(analysis, utterance, whole)))
    return len(own) if 2 * len(own) >= len(about) else 0


def _without_others(analysis: Analysis, statement: Statement, sentence: Span) -> str:
    """Return the sentence of a statement without the others in it, and what is not spoken of."""
    others = [
        each.span
        for each in analysis.statements_in(sentence)
        if not each.span.overlaps(statement.span)
    ]
    others += [
        Span(*found.span()) for found in SILENT.finditer(analysis.text, statement.end, sentence.end)
    ]
    kept, start = "", sentence.start
    for other in sorted(others):
        kept += analysis.text[start : other.start] + " "
        start = max(start, other.end)
    return kept + analysis.text[start : sentence.end]


def _sentences_of(analysis: Analysis, utterance: Utterance) -> tuple[int, int]:
    """Return the numbers of the first and last sentence of what is said."""
    sentences = analysis.sentences
    first = bisect.bisect_right(sentences, utterance.start, key=lambda each: each.start) - 1
    last = bisect.bisect_left(sentences, utterance.end, key=lambda each: each.start) - 1
    return max(first, 0), max(last, 0)


def _verbs_around(analyses: Analyses, article: Article, utterance: Utterance) -> set[str]:
    """Return the base forms of the words of the sentences of what is said, outside of it."""
    analysis = analyses.of(article)
    first, last = _sentences_of(analysis, utterance)
    start, end = analysis.sentences[first].start, analysis.sentences[last].end
    outside = [
        *words(article.text, start, utterance.start),
        *words(article.text, utterance.end, end),
    ]
    return {lemma(word.text) for word in outside}


def _told_to(
    analyses: Analyses, found: Sequence[tuple[Article, Utterance]], hearer: set[str]
) -> list[tuple[Article, Utterance]]:
    """Return what is said in a sentence that names the hearer; all if none does."""
    naming = [
        (article, each)
        for article, each in found
        if _shared(analyses.of(article), each, hearer) > 0
    ]
    telling = [
        (article, each)
        for article, each in naming
        if (each.verb if isinstance(each, Statement) else "tell") in _TELLING
    ]
    naming = telling or naming
    return naming or list(found)


def _shown(utterance: Utterance, verb: str) -> Utterance:
    """Return what is said with its verb where it would mislead without: "denied that he lied"."""
    if not isinstance(utterance, Statement) or utterance.verb == verb:
        return utterance
    if utterance.is_clause and utterance.verb not in _DENYING:
        return utterance
    start = utterance.with_verb
    return Utterance(start, utterance.end, utterance.speaker, utterance.name)


def _in_order(found: Iterable[tuple[Article, Utterance]]) -> list[tuple[Article, Utterance]]:
    """Sort what is said by its place in each article; what is part of more is left out.

    Of "said that it was “hard”", what stands in the marks is all that is said.
    """
    order: dict[str, int] = {}
    for article, _ in found:
        order.setdefault(article.id, len(order))
    kept: list[tuple[Article, Utterance]] = []
    for article, each in sorted(
        found, key=lambda item: (order[item[0].id], item[1].start, -item[1].end)
    ):
        if kept and kept[-1][0].id == article.id and each.end <= kept[-1][1].end:
            if _IS.search(article.text, kept[-1][1].start, each.start):
                kept[-1] = (article, each)
            continue
        kept.append((article, each))
    return kept


def _speaker(article: Article, utterance: Utterance) -> str | None:
    if utterance.speaker is None:
        return None
    return utterance.name or article.text[slice(*utterance.speaker)]


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")
