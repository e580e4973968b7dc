"""Questions for what somebody says, thinks, promises: whose words, and about what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.english.words import AUXILIARIES, DETERMINERS, QUESTION_WORDS, lemma, words

_SAYING = (
    r"(?:say|said|saying|tell|told|comment|commented|state|stated|remark|declare|quoted as saying|"
    r"have to say|had to say)"
)
_OTHER_VERBS = (
    r"(?:acknowledge|add|admit|allege|announce|argue|assert|believe|call|claim|complain|concede|"
    r"confirm|demand|deny|emphasi[sz]e|explain|insist|maintain|mention|note|pledge|predict|promise|"
    r"propose|recommend|reply|reveal|stress|suggest|think|threaten|urge|vow|warn)"
)
_FORMS = rf"(?:{_OTHER_VERBS}(?:e?d|ing)?|denied|thought|arguing|announcing|promising)"
_ABOUT = r"(?: (?:about|after|at|concerning|during|in|of|on|regarding|to|when|[a-z]+ about) .*)?"
_OF_WHOM = r"(?:(?:.+? )??(?!(?:the|an?|its|his|her|their|this|that) )[\w'-]+)"
_HELPS = r"(?:did|does|do|has|have|had|is|was|are|were)"
_PATTERNS = (
    re.compile(rf"what {_HELPS} (?P<x>.+?) {_SAYING}\b(?P<rest>{_ABOUT})$"),
    re.compile(
        r"how (?:did|does|has|have) (?P<x>.+?) (?:comment|react|respond|reply)(?:ed)?\b(?P<rest>"
        + _ABOUT
        + ")$"
    ),
    re.compile(
        rf"how (?:did|does|do|has|have) (?P<x>{_OF_WHOM}) (?P<verb>describe|characteri[sz]e)d?"
        r"(?P<rest> .+)$"
    ),
    re.compile(
        r"(?:what (?:is|was|were|are) |whats |give me |show me |any )?(?P<x>.+?)(?: s|s'|'s)? "
        r"(?:quotes?|quotations?|statements?|comments?|words|exact words|"
        r"remarks?)(?P<rest>(?: (?:on|about|regarding|concerning) .*)?)$"
    ),
    re.compile(
        r"what (?:is|was|were|are) (?P<x>.+?)(?: s|s'|'s) (?:reaction|response|views?|opinion|"
        r"position|stance|answer|message)(?P<rest> (?:to|on|about|of|regarding|concerning) .*)$"
    ),
    re.compile(
        r"(?:what (?:is|are|was|were) )?(?:the |any |all )?(?:quotes?|quotations?|"
        r"statements?|comments?|remarks?) "
        r"(?:by|from|of|made by) (?P<x>.+?)(?P<rest>(?: (?:on|about|regarding|concerning) .*)?)$"
    ),
    re.compile(
        r"what (?:did|does|has|have) (?P<x>.+?) (?:tell|told) (?P<rest>(?:[\w'-]+ "
        r"?){1,6}(?: (?:about|on|of) .*)?)$"
    ),
    re.compile(rf"what (?P<x>.+?) (?:said|says|told)\b(?P<rest>{_ABOUT})$"),
    re.compile(rf"what {_HELPS} (?P<x>{_OF_WHOM}) (?P<verb>{_FORMS})\b(?P<rest>(?: .*)?)$"),
)
_SUBJECT = re.compile(r"\b(?:about|on|of|regarding|concerning|to|when asked about)\b (.*)$")
_TO_DO = re.compile(r"^ ?to do\b ?")
_LONGEST_SPEAKER = 6  # words


@dataclass(frozen=True)
class AskedOf:
    """What of somebody's words is asked for.

    Attributes:
        speaker: Who is asked about, as the question has it.
        subject: What the speech is to be about; empty if anything.
        verb: What they do in it, as a base form: "promise"; empty if just saying it.
        hearer: Whom they tell it, or what else the question says of it; empty if nothing.
    """

    speaker: str
    subject: str = ""
    verb: str = ""
    hearer: str = ""


def asked_of(plain: str) -> AskedOf | None:
    """Tell whose words a question asks for, in lower case and without marks; None if nobody's."""
    for pattern in _PATTERNS:
        found = pattern.match(plain)
        if not found or not _may_speak(found["x"]):
            continue
        rest = found["rest"]
        verb = found.groupdict().get("verb") or ""
        if verb and pattern is _PATTERNS[-1] and not _is_of_speech(rest):
            continue
        rest = _TO_DO.sub("", rest)
        base = {"thought": "think", "denied": "deny"}.get(verb, lemma(verb)) if verb else ""
        subject = _SUBJECT.search(rest)
        if base in ("describe", "characterise", "characterize", "call"):
            return AskedOf(found["x"], rest.strip(), base)
        hearer = (rest[: subject.start()] if subject else rest).strip()
        return AskedOf(found["x"], subject[1] if subject else "", base, hearer)
    return None


def _is_of_speech(rest: str) -> bool:
    """Tell whether what stands behind a verb asks for no part of a clause.

    Not in "What did he claim would happen?", "What did she suggest the council do?".
    """
    own = rest.split()
    asked = {*own} - ({"do"} if own[:2] == ["to", "do"] else set())
    return not asked & AUXILIARIES and own[:1] != ["for"]


def _may_speak(speaker: str) -> bool:
    """Tell whether words can name a speaker: not "he" of nobody, not "the law"."""
    found = [word.lower for word in words(speaker)]
    closed = AUXILIARIES | QUESTION_WORDS
    named = bool(found) and found[-1] not in DETERMINERS - {"both", "all"}
    return named and len(found) <= _LONGEST_SPEAKER and found[0] not in closed
