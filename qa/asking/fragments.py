"""Questions without a sentence of their own, written out by the question before them.

"Why?" asks the question before once more with another question word, and "And in Paris?" puts a
fragment in the place of what is like it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answers import Answer
from qa.asking.antecedents import of_answer
from qa.english.analysis import Analyses
from qa.english.dates import dates
from qa.english.names import ROLES
from qa.english.noun_phrases import at_place, at_time, head_of, mentioned_in, noun_phrases
from qa.english.words import (
    AUXILIARIES,
    CLOSED,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
    Word,
    lemma,
    without_possessive,
    word_list,
    words,
)

_BARE = re.compile(
    r"(?:(?:and|but|so|ok|okay|also|then) )*(?P<wh>since when|until when|by when|how many|"
    r"how much|how long|"
    r"how often|for how long|in what way|why|how come|when|where|how|who|whom|with whom|by "
    r"whom|for whom|to whom|"
    r"for what reason|what for|what year|in what year|which year|what time|at what time|"
    r"what date|which day|"
    r"what day|exactly when|exactly where)"
    r"(?: (?:not|exactly|then|so|else)| (?:is|was) (?:that|this)(?: so)?|"
    r" (?:did|does) (?:that|this|it) happen| (?:did|does|do) (?:he|she|they|it))?"
)
_ABOUT = re.compile(
    r"(?:(?:and|but|so|ok|okay|then) )*(?:what|how) about (?P<x>.+)|(?:and|or|but)(?: "
    r"what)? (?P<y>.+)",
    re.I,
)
_ASKED = re.compile(
    r"(?P<wh>(?:(?:in|at|on|to|from|for|with|by|since|until) )?(?:who|whom|what|when|where|why|how)"
    r"(?: (?:many|much|long|old|far|often))?|(?:(?:in|at|on|to|from|for|with|by) )?(?:which|"
    r"what|whose|how many|how much))"
    r"\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(  # "Has the permit been challenged in court?"
    r"(?:(?P<have>has|have|had) (?P<object>.+?) been|(?:was|were|is|are) (?P<thing>.+?)) "
    r"(?P<verb>\w+(?:ed|en|wn|lt|ought|ound))\b(?P<rest>.*)",
    re.IGNORECASE,
)
_ADVERBS = word_list("question_adverbs")
_MODALS = word_list("modals")


def written_out(question: str, turn: Answer, analyses: Analyses) -> list[str]:
    """Write out a question of one word, or a fragment, by the question before it."""
    plain = " ".join(re.sub(r"[^\w\s'’-]", " ", question).split())
    if bare := _BARE.fullmatch(plain.lower()):
        written = _with_question_word(bare["wh"], turn, analyses)
        return [as_sentence(written)] if written else []
    if (about := _ABOUT.fullmatch(plain)) and not _is_clause(about["x"] or about["y"]):
        return _with_fragment(about["x"] or about["y"], turn, analyses)
    first = plain.lower().split()[:1]
    if first and first[0] in PREPOSITIONS and not _is_clause(plain) and len(plain.split()) <= 5:
        return _with_fragment(plain, turn, analyses)
    return []


def _is_clause(fragment: str) -> bool:
    found = [word.lower for word in words(fragment)]
    return len(found) > 7 or bool(
        found and (found[0] in QUESTION_WORDS | AUXILIARIES or AUXILIARIES.intersection(found))
    )


def _with_question_word(wh: str, turn: Answer, analyses: Analyses) -> str | None:
    """Ask the question before once more, but with another question word and with its answer."""
    question = turn.understood.rstrip(" ?.!")
    wh = {"how come": "why", "for what reason": "why", "what for": "why"}.get(wh, wh)
    wh = wh.removeprefix("exactly ").capitalize()
    found = words(question)
    if found and found[0].lower in AUXILIARIES:  # "Was the meeting in Florida?"
        if wh == "Who" and (passive := _PASSIVE.match(question)):
            have = f"{passive['have'].lower()} " if passive["have"] else ""
            thing = passive["object"] or passive["thing"]
            return f"Who {have}{passive['verb']} {thing}{passive['rest']}?"
        return f"{wh} {question[0].lower()}{question[1:]}?"
    asked = _ASKED.match(question)
    rest = [word for word in found if asked and word.start >= asked.end()]
    if asked is None or not rest:
        return None
    noun: list[Word] = []
    takes_noun = asked["wh"].lower().split()[-1] in {"which", "what", "whose", "many", "much"}
    while takes_noun and rest and rest[0].lower not in AUXILIARIES and not _is_verb(rest):
        noun.append(rest.pop(0))
    if not rest:
        return None
    verb, tail = rest[0], question[rest[0].end :].strip()
    if asked["wh"].lower().split()[-1] in _ADVERBS:
        last = re.search(r"(?: (?:next|now|later|today|tomorrow|again|first))?$", question)
        end = last.start() if last else len(question)
        where = _circumstance(asked["wh"].lower(), turn)
        return f"{wh} {question[verb.start : end]}{where}{question[end:]}?"
    filler = _filler(turn, analyses, " ".join(word.text for word in noun))
    if verb.lower in AUXILIARIES:
        if (place := _gap(verb, rest[1:])) is not None:
            tail = f"{question[rest[1].start : place]} {filler}{question[place:]}"
            return f"{wh} {verb.text} {tail}?"
        return f"{wh} {verb.text} {filler} {tail}?"
    if turn.text is None and verb.lower.endswith("ed"):  # nobody to name
        return f"{wh} was {tail} {verb.text}?"
    base = lemma(verb.text)
    aux = "do" if base == verb.lower else "does" if verb.lower.endswith("s") else "did"
    return f"{wh} {aux} {filler} {base} {tail}?"


def _circumstance(wh: str, turn: Answer) -> str:
    """Return the place or time that was answered, to be kept in what is asked of it."""
    if turn.text is None or wh.split()[-1] not in {"where", "when"}:
        return ""
    if turn.text.lower().split()[0] in PREPOSITIONS:
        return f" {turn.text}"
    if wh.split()[-1] == "when":
        return f" {at_time(turn.text)}"
    return f" {at_place(turn.text, (word.text for word in words(turn.understood)))}"


def _is_verb(rest: Sequence[Word]) -> bool:
    """Guess whether a word is the verb of a question that asks for its subject."""
    return len(rest) > 1 and rest[1].lower in DETERMINERS | PREPOSITIONS


def _gap(aux: Word, rest: Sequence[Word]) -> int | None:
    """Return where, behind its verb, a question lacks the object that it asks for.

    None if it asks for its subject: "Who will meet Zelensky?", "Who is the envoy?".
    """
    if not rest or not (rest[0].text[0].isupper() or rest[0].lower in DETERMINERS | PRONOUNS):
        return None
    for number, word in enumerate(rest[1:], start=1):
        following = rest[number + 1].lower if number + 1 < len(rest) else ""
        base = lemma(word.text) == word.lower
        verb = base if aux.lower in _MODALS else re.search(r"(?:ed|en|ing)$", word.lower)
        closed = word.lower in CLOSED | ROLES or word.text[0].isupper()
        if verb and not closed and (not following or following in CLOSED):
            return word.end
    return rest[-1].end if aux.lower in {"do", "does", "did"} else None


def _filler(turn: Answer, analyses: Analyses, noun: str) -> str:
    """Return the answer as it stands in a sentence: a name without its titles, a number's noun."""
    antecedents = of_answer(turn, analyses)
    named = next((antecedent.text for antecedent in antecedents), None)
    if named is None and turn.text is not None and len(turn.text.split()) <= 4:
        return turn.text if noun in turn.text else f"{turn.text} {noun}".strip()
    return named or f"that {noun}".strip()


def _with_fragment(fragment: str, turn: Answer, analyses: Analyses) -> list[str]:
    """Put a fragment in the place of what is like it in the question before."""
    question = turn.understood.rstrip(" ?.!")
    fragment = fragment.strip()
    if re.match(r"the (?:former|latter)\b", fragment, re.IGNORECASE):
        return []
    preposition = fragment.lower().split()[0] if fragment else ""
    found: list[str] = []
    if preposition in PREPOSITIONS:
        same = list(
            re.finditer(
                rf"\b{preposition}\b [^,]+?(?=$|,| (?:{'|'.join(sorted(PREPOSITIONS))})\b)",
                question,
                re.I,
            )
        )
        if same:
            last = same[-1]
            found.append(question[: last.start()] + fragment + question[last.end() :])
        else:
            found.append(f"{question} {fragment}")
        return [as_sentence(text) for text in found]
    article = turn.article
    known = analyses.of(article).names if article else ()
    own = mentioned_in(fragment, known)
    kind = own[0].kind if own else None
    old = [name for name in mentioned_in(question, known) if own and (name.kind == kind)]
    for name in old or ():
        for form in sorted({name.text, name.short}, key=len, reverse=True):
            pattern = rf"(?<!\w){re.escape(form)}(?!\w)"
            if re.search(pattern, question, re.IGNORECASE):
                found.append(_replace_name(question, pattern, without_possessive(fragment)))
                break
    if dates(fragment) and dates(question):
        start, end = dates(question)[-1]
        found.append(question[:start] + fragment + question[end:])
    head = head_of(fragment)
    phrases = noun_phrases(question, article.text.lower() if article else "")
    for phrase in phrases:
        bare = phrase.removeprefix("the ")
        if head_of(bare) == head or head in {"one", "ones"} or not (old or own):
            new = re.sub(r"\bones?$", head_of(bare), fragment)
            pattern = rf"\b(?:the |a |an |its |his |her |their )?{re.escape(bare)}\b"
            if place := re.search(pattern, question):
                found.append(question[: place.start()] + new + question[place.end() :])
            break
    if not found and own and own[0].kind == "person" and turn.text is not None:
        # "Who leads the delegation?" - "What about Kushner?": the name is no part of the question.
        found.append(f"What about {fragment}")
    return [as_sentence(text) for text in dict.fromkeys(found)]


def _replace_name(question: str, pattern: str, fragment: str) -> str:
    """Put a name in the place of another, with the titles before it gone."""
    match = re.search(pattern, question, re.IGNORECASE)
    assert match is not None
    start = match.start()
    for word in reversed(words(question[:start])):
        if question[word.end : start].strip() or not (
            word.lower in ROLES or (word.text[0].isupper() and word.start > 0)
        ):
            break
        start = word.start
    return question[:start] + fragment + question[match.end() :]


def as_sentence(text: str) -> str:
    """Return a question with a capital at its start and a mark at its end."""
    text = " ".join(text.split()).rstrip(" ?.!")
    return f"{text[:1].upper()}{text[1:]}?"
