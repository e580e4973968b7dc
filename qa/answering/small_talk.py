"""What the program says of itself: greeted, thanked, or asked for help or for what it cannot do."""

from __future__ import annotations

from qa.asking.kinds import Topic
from qa.asking.not_for_me import NOT_FOR_ME

_WHAT_IT_DOES = (
    "I answer questions about {it} by quoting {pronoun}, show where the quotation stands, "
    "and say so when I find no answer. "
    "I do not chat, and I make nothing up."
)
_OPENINGS: dict[Topic, str] = {
    "greeting": "Hello.",
    "thanks": "You are welcome.",
    "goodbye": "Goodbye.",
    "help": (
        "Ask who, when, where, why or how; ask for a list, for what somebody said, for a "
        "summary, or "
        "for the names, dates and quotations in {it}; and ask on: “Why did he resign?”"
    ),
}
_NOT_FOR_ME: dict[Topic, str] = {
    "translation": (
        "I do not translate; I quote {it} word for word. Ask for what you look for in English."
    ),
    "comparison": "I do not compare; I quote what {it} say{s}. Ask about one thing at a time.",
    "arithmetic": (
        "I do not calculate; I quote the figures and dates that stand in {it}. Ask for one of them."
    ),
    "writing": (
        "I do not write or reword anything; I quote {it} word for word. Ask for a fact, or for a "
        "summary in {its} own sentences."
    ),
    "opinion": "I have no opinions; I quote {it}. Ask what somebody in {it} said.",
    "language": "I understand English only. Ask your question about {it} in English.",
}


def reply_to(topic: Topic, *, articles: int) -> str:
    """Return a short, honest reply to small talk.

    Args:
        topic: What was said, or is asked for and not for this program.
        articles: How many articles can be asked.
    """
    one = articles == 1
    said = _NOT_FOR_ME[topic] if topic in NOT_FOR_ME else _OPENINGS[topic]
    if topic in _OPENINGS and topic not in {"thanks", "goodbye"}:
        said = f"{_WHAT_IT_DOES} {said}" if topic == "help" else f"{said} {_WHAT_IT_DOES}"
    return said.format(
        it="the article" if one else f"the {articles:,} articles" if articles else "articles",
        pronoun="it" if one else "them",
        its="its" if one else "their",
        s="s" if one else "",
    )


def reply_unless_found(topic: Topic, *, articles: int) -> str:
    """Return what is said where no article has done what the program does not do.

    Args:
        topic: What is asked for.
        articles: How many articles can be asked.
    """
    said = reply_to(topic, articles=articles)
    return f"I found no passage that does this, and {said}"
