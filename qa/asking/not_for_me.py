"""What no quotation can answer: to translate, to compare, to reckon, to write, to have an opinion.

Some of it may stand in an article all the same ("What is the difference between the two plans?",
"How do you say it in Estonian?"). Such a question is read, and only where nothing is found does the
program say that it does not do this itself.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from qa.asking.languages import is_foreign
from qa.english.words import word_list

Beyond = Literal["translation", "comparison", "arithmetic", "writing", "opinion", "language"]
"""What is asked for that quotations cannot give; ``language``: in a language other than English."""
NOT_FOR_ME: frozenset[str] = frozenset(get_args(Beyond))

_LANGUAGE = (
    r"(english|french|german|spanish|italian|portuguese|dutch|russian|ukrainian|polish|chinese|"
    r"mandarin|japanese|korean|arabic|hebrew|turkish|greek|latin|hindi|swedish|danish|norwegian|"
    r"finnish|czech|hungarian|romanian|vietnamese|thai|indonesian|esperanto|another language|"
    r"other languages)"
)
_TEXT = (
    r"(essay|poem|haiku|limerick|sonnet|song|rap|lyrics|e-?mail|letter|story|tale|tweet|post|blog|"
    r"article|speech|script|sketch|play|code|headline|slogan|press release|"
    r"report|paragraph|sentence|review|reply|response|text|message|conclusion|introduction|"
    r"advert\w*|cv|resume|joke|something)"
)
_NUMBER = rf"(?:[$€£]?\d[\d,]*(?:\.\d+)?%?|{'|'.join(sorted(word_list('numbers')))})"
_BY = r"(?:plus|minus|times|multiplied by|divided by|to the power of|percent of|per cent of|% of)"
_SIGN = r"(?:\s*[+*×÷^]\s*|\s+[-−–/x]\s+)"
_ASKS = r"(?:(?:what is|what's|whats|how much is|how many is|calculate|compute|solve) )?"
_TIME = r"(years|months|weeks|days|hours|decades|centuries)"
_SUM = re.compile(
    rf"{_ASKS}{_NUMBER}(?:(?:{_SIGN}| {_BY} |(?<=%) of ){_NUMBER})+\s*(?:=\s*)?[?.!]*"
)

_SURELY: tuple[tuple[Beyond, re.Pattern[str]], ...] = (
    (
        "translation",
        re.compile(
            r"translate\b.*|(i (want|need)|i'd like|give me|show me|make) (a|the)( \w+)? "
            r"translation\b.*"
            rf"|(say|put|give|repeat|answer|reply|write|read|show|tell|explain|describe|"
            rf"summari[sz]e)( (it|this|that|me|us|(the|a) (article|text|answer|summary)))* "
            rf"in {_LANGUAGE}"
        ),
    ),
    (
        "comparison",
        re.compile(
            r"(compare|contrast) .+|(give|show|make|write|draw)( me| up)? an? (\w+ )?comparison\b.*"
        ),
    ),
    (
        "arithmetic",
        re.compile(
            r"(add|sum|total) up .+|(calculate|compute|subtract|multiply|divide) .+"
            rf"|how many {_TIME} ((are|were|is|was|lie|passed|there|elapsed) )*(between|from) "
            r"(the years? )?\d+ (and|to|until) \d+"
            rf"|{_ASKS}(the )?((square|cube) root of {_NUMBER}"
            rf"|(sum|product|average|mean|difference) (of|between) {_NUMBER}( {_NUMBER})* and "
            rf"{_NUMBER})"
        ),
    ),
    (
        "writing",
        re.compile(
            rf"(write|draft|compose|generate|create|produce)( me| us)?( \w+){{0,4}}? {_TEXT}\b.*"
            r"|write (about|on|\d+ words)\b.*"
            r"|tell (me|us) (a|another)( \w+)? (joke|story|tale|poem)\b.*"
            r"|(rewrite|rephrase|paraphrase|reword|proofread|simplify|shorten) .+"
            r"|(explain|describe|summari[sz]e|tell|say|put)\b.* (like|as if|as though) "
            r"(i am|i'm|im|i was|i were|to) .+"
            r"|(explain|describe)( \w+)* (to a (child|kid|\d+|five|toddler)\b.*"
            r"|in (very )?simpler? (words|terms|language|english))|eli5\b.*"
        ),
    ),
    (
        "opinion",
        re.compile(
            r"what (do|would|did) you (personally )?(think|feel|reckon)( (of|about)\b.*)?"
            r"|what (is|are) your (own |personal |honest )?(opinions?|views?|take|thoughts|"
            r"favou?rite|stance)\b.*"
            r"|what's your (opinion|view|take|favou?rite|stance)\b.*"
            r"|do you (personally )?(think|believe|like|love|hate|agree|support|prefer|feel|trust)"
            r"\b.*"
            r"|how do you feel( about\b.*)?|who do you (support|like|prefer|trust|believe)\b.*"
            r"|who do you think (will|should|is right|would)\b.*|in your (opinion|view)\b.*"
        ),
    ),
)
_UNLESS_FOUND: tuple[tuple[Beyond, re.Pattern[str]], ...] = (
    (
        "translation",
        re.compile(
            rf"(how|what) .+ in {_LANGUAGE}|what (is|was|are) the {_LANGUAGE} "
            r"(word|words|term|translation|name|for)\b.*"
        ),
    ),
    (
        "comparison",
        re.compile(
            r".*\b(differences?|similarity|similarities|comparison) (between|of)\b.*"
            r"|.*\bhow (do|does|did|are|is|was|were) .+ (differ|compare|different)\b.*"
        ),
    ),
)


def not_for_me(question: str, plain: str) -> Beyond | None:
    """Tell what is asked for that the program does not do, whatever the articles say.

    Args:
        question: The question.
        plain: The same in lower case, without marks and without what only opens it.
    """
    for topic, pattern in _SURELY:
        if pattern.fullmatch(plain):
            return topic
    if _SUM.fullmatch(question.lower().strip()):
        return "arithmetic"
    return "language" if is_foreign(question) else None


def not_for_me_unless_found(plain: str) -> Beyond | None:
    """Tell what the program does not do, but an article may have done.

    Args:
        plain: As for :func:`not_for_me`.
    """
    return next((topic for topic, ask in _UNLESS_FOUND if ask.fullmatch(plain)), None)
