"""What kind of question is asked, and so what form its answer has."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from qa.answers import Kind
from qa.asking.not_for_me import Beyond, not_for_me, not_for_me_unless_found
from qa.asking.questions import LONGEST
from qa.asking.speech import AskedOf, asked_of
from qa.english.words import AUXILIARIES, CLOSED, lemma, word_list

Topic = Literal[
    "summary", "people", "places", "countries", "cities", "organisations", "names",
    "dates", "numbers", "quotations",
    "greeting", "thanks", "goodbye", "help", Beyond,
]  # fmt: skip
"""What is asked about the article itself, what the small talk is, or what is not for this."""


@dataclass(frozen=True)
class Asked:
    """What a question asks for.

    Attributes:
        kind: Its kind.
        topic: For ``about`` and ``talk``, what of it.
        unless_found: What the program does not do itself, where the articles have not done it.
        of: For ``speech``, whose and about what.
    """

    kind: Kind
    topic: Topic | None = None
    of: AskedOf | None = None
    unless_found: Beyond | None = None


_TALK: dict[Topic, str] = {
    "greeting": r"(hi|hello|hey|hiya|howdy|yo|greetings|good (morning|afternoon|evening|day)|"
    r"(hi|hello|hey) there|how are you( doing)?( today)?|how do you do|nice to meet you)",
    "thanks": r"(thanks?|thank you|thx|ty|cheers|many thanks|great|perfect|nice|ok(ay)?|cool|"
    r"got it|that helps|good job|well done|awesome)( (a lot|so much|very much|again|then|bot|"
    r"thanks?|that helps|thank you|for .*))*",
    "goodbye": r"((good ?)?bye|bye bye|see you( later| soon)?|good ?night|quit|exit|cya|ciao|"
    r"farewell|that s all|that is all)( (now|for now|then|bot))*",
    "help": r"(help|help me|\?+|what can (you|i) (do|ask)( you)?( here| for me)?|what do you do|"
    r"who are you|what are you|how does (this|it) work|how do (you|i) (work|use (this|it|you))|"
    r"what (can|should|could) i ask( you)?( about)?|are you (a bot|an ai|human|real|a robot|"
    r"a person)|what (kinds? of |sort of )?(questions|things) can (i ask( you)?|you answer)|"
    r"can you help( me)?|commands?|usage|what is this|what s this)( please| bot)*",
}
_OPENERS = (
    r"(ok(ay)?|well|so|please|hi|hello|hey|thanks|thank you|bot|there|oh|um|and|now|can you|"
    r"could you)"
)
_ARTICLE = (
    r"(articles?|texts?|story|stories|reports?|pages?|documents?|pieces?|papers?|news|files?|"
    r"collection)"
)
_IT = (
    rf"((this|the|that|your|these|those|all|all (of )?(the|these|your)) {_ARTICLE}|it|this|here|"
    rf"{_ARTICLE})"
)
_NAMED = (
    r"(mentioned|named|listed|given|quoted|cited|appear\w*|occur\w*|there|in (it|there|here)|"
    r"come up)"
)
_ALL_OF = rf"({_NAMED}( (in|by|from|of) {_IT})?|(in|of|from) {_IT})"
_LISTING = r"(list|name|show|give|tell|find|extract|get)( me)?( all| every)?( (of )?the| its)?"
_THINGS: dict[Topic, str] = {
    "people": r"(people|persons?|individuals|everybody|everyone)",
    "places": r"(places?|locations?)",
    "countries": r"(countries|country|nations)",
    "cities": r"(cities|city|towns|cities and towns|towns and cities)",
    "organisations": r"(organi[sz]ations?|companies|institutions|agencies)",
    "names": r"(names|entities|named entities)",
    "dates": r"(dates?|years?|days|months|timeline)( and (dates?|years?|times))?",
    "numbers": r"(numbers?|figures|amounts|quantities|statistics|stats)( and (numbers?|figures|"
    r"amounts|quantities|statistics))?",
    "quotations": r"(quotes?|quotations?|direct quotes|statements|direct speech)",
}
_SUMMARY = re.compile(
    rf"(what|whats|what s)( is| s| does| are)?( (all )?this| {_IT})?( talk| deal| say)?( "
    rf"all)? (about|with)( it)?$"
    rf"|what (is|are) {_IT} (all )?about$|what s {_IT} about$"
    rf"|what (does|do) {_IT} say$|whats {_IT} about$"
    rf"|((give|write|show|provide|make)( me)? |can i (get|have) )?(an? |the )?((short|brief|"
    rf"quick) )?"
    rf"(summary|overview|gist|synopsis|abstract|tl ?dr|outline|recap)( of {_IT})?$"
    rf"|(please )?summari[sz]e( {_IT})?( for me| briefly| in short)?$|sum (it|this|up)( "
    rf"up)?$|in (short|brief)$"
    rf"|(what (is|are)|what s|whats|give me|tell me|list) the (main|key|central|most "
    rf"important|basic) "
    rf"(points?|ideas?|message|facts?|takeaways?|topics?|subject)( (of|in|from) {_IT})?$"
    rf"|what happened( in {_IT})?$|main points?( of {_IT})?$|key points?$"
)
_LED = re.compile(
    r"\W*(?:since|in|as of|until|after|before|from|during|according to|under|on|at)\b[^,;?]{2,80},"
    rf"\s+(?=(?:{'|'.join(sorted(AUXILIARIES))})\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(and |so |but )?(why|how come|for what reason|what (is|was|were|are) the reasons?|explain|"
    r"what (has |had )?(happened|happens)|what (caused|causes|led|triggered|prompted|made)|"
    r"how(?! (many|much|long|old|far|often|big|large|tall|high|deep|wide|heavy|fast|late|early|"
    r"soon|large|small|strong|close|frequently|likely|few)\b))\b"
)
_LIST = re.compile(
    r"(who (all|else|were|are)\b|who (was|is) (all )?(in|on|part of|among|at|there|present|"
    r"involved|invited)\b|"
    r"who (all )?(attended|participated|took part|joined|came|were present|spoke)\b"
    r"|(please )?(name|list)\b(?! of)|(what|which) (were|are) (the|some|all|its|their|his|her)\b|"
    r"(what|which) (kinds|types|sorts)\b|what all\b)"
)
_WHICH = re.compile(r"(?:(?:in|at|from|to|for|with|of|by|on) )?(what|which) ((?:[a-z-]+ ?){1,4})")
_VERBS = word_list("plain_verbs")  # whose third person is seldom a noun
_PLURALS = frozenset({"people", "men", "women", "children"})
_SINGULAR_S = frozenset(
    [
        "news",
        "series",
        "species",
        "means",
        "thus",
        "this",
        "was",
        "is",
        "his",
        "its",
        "gas",
        "bus",
        "process",
        "business",
    ]
)


def kind_of(question: str) -> Asked:
    """Tell what a question asks for."""
    if len(question) > LONGEST:
        return Asked("phrase")
    said = plain(question)
    if talk := _talk(said):
        return Asked("talk", topic=talk)
    request = _without_openers(said)
    if about := _about(request):
        return Asked("about", topic=about)
    if beyond := not_for_me(question, request):
        return Asked("talk", topic=beyond)
    asked = plain(_LED.sub("", question, count=1))  # "Since March, may members ...?"
    return replace(_to_read(asked), unless_found=not_for_me_unless_found(request))


def _to_read(plain: str) -> Asked:
    """Tell what a question asks for that the articles are to answer."""
    if said := asked_of(plain):
        return Asked("speech", of=said)
    first = plain.split(" ", 1)[0]
    chooses = " or " in plain and not plain.endswith(" or not")
    if first in AUXILIARIES and " " in plain and not chooses:
        return Asked("yes_no")
    if _LIST.match(plain) or _asks_for_several(plain):
        return Asked("list")
    return Asked("clause" if _CLAUSE.match(plain) else "phrase")


def _without_openers(plain: str) -> str:
    return re.sub(rf"^({_OPENERS} )*(?=\S)", "", plain)


def _talk(plain: str) -> Topic | None:
    stripped = _without_openers(plain)
    for topic, pattern in _TALK.items():
        if re.fullmatch(pattern, plain) or (
            topic != "thanks" and re.fullmatch(pattern, stripped) and stripped
        ):
            return topic
    return None


def _about(plain: str) -> Topic | None:
    plain = re.sub(r" (?:please|pls|thanks|thank you)$", "", plain)
    if _SUMMARY.fullmatch(plain) or _SUMMARY.match(plain):
        return "summary"
    if re.fullmatch(rf"who (all )?(is|are|gets?|was|were)( all)? {_ALL_OF}", plain) or re.fullmatch(
        rf"who (all )?(appears?|occurs?|features?) in {_IT}", plain
    ):
        return "people"
    for topic, things in _THINGS.items():
        the = r"(the |all |all the |any |its )?"
        if re.fullmatch(
            rf"({_LISTING} )?{the}{things}( {_ALL_OF}| of {_IT})?( please)?", plain
        ) and not re.fullmatch(r"the \w+|\w+", plain.replace("quotes", "").strip() or "x y z"):
            return topic
        if re.fullmatch(
            rf"((what|which|whose|how many|are there any)( (are|were))?( the| all the)?|who "
            rf"are the|any) {things} "
            rf"((does|do) {_IT} (mention|name|contain|give|have|quote|list|cite)|((is|are|were|"
            rf"was|do|did) )?(all )?{_ALL_OF}|(does|do) {_IT} \w+)",
            plain,
        ):
            return topic
    return None


def _asks_for_several(plain: str) -> bool:
    """Tell whether a question asks which things, in the plural."""
    if not (found := _WHICH.match(plain)):
        return False
    asked, *behind = found[2].split()
    before = ""
    for number, word in enumerate([asked, *behind[:2]]):
        if word in CLOSED:
            return False
        following = [*behind, ""][number]
        if word in _PLURALS or (
            re.search(r"[^su]s$", word) and word not in _SINGULAR_S and lemma(word) != word
        ):
            if before and following not in AUXILIARIES and lemma(word) in _VERBS:
                return False  # "Which company makes soap?"
            return found[1] == "which" or following in AUXILIARIES
        before = word
    return False


def asks_which_one(question: str) -> bool:
    """Tell whether a question asks which one, in the singular: "Which company built it?"."""
    said = plain(question)
    found = _WHICH.match(said)
    if not found or _asks_for_several(said) or _LIST.match(said):
        return False
    return found[2].split()[0] not in CLOSED


def plain(question: str) -> str:
    """Return a question in lower case without marks."""
    lower = question.lower().replace("’", "'")
    if re.fullmatch(r"[?\s]+", lower):
        return "help"
    return " ".join(re.sub(r"[^\w\s'-]|(?<=\w)'(?=s\b)", " ", lower).split())
