"""What the program says of itself when it is greeted, thanked or asked for help."""

from __future__ import annotations

from qa.asking.kinds import Topic

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


def reply_to(topic: Topic, *, articles: int) -> str:
    """Return a short, honest reply to small talk.

    Args:
        topic: What was said.
        articles: How many articles can be asked.
    """
    one = articles == 1
    said = _OPENINGS[topic]
    if topic not in {"thanks", "goodbye"}:
        said = f"{_WHAT_IT_DOES} {said}" if topic == "help" else f"{said} {_WHAT_IT_DOES}"
    return said.format(
        it="the article" if one else f"the {articles} articles",
        pronoun="it" if one else "them",
    )
