"""Documents of few words, in which much is alike, for stores to be tested with."""

from __future__ import annotations

from hypothesis import strategies as st

from index.store.base import Prepared
from index.store.conformance.suite import prepared

WORDS = ["cats", "dogs", "owls", "purr", "bark", "hoot", "the", "1987"]
NAMES = [f"{folder}{word}.md" for folder in ("", "bergen/") for word in WORDS[:4]]
QUESTIONS = ["cats", "Do dogs bark at owls?", "1987 the purr, purr", "bergen", "zebras"]


@st.composite
def document(draw: st.DrawFn, name: str) -> Prepared:
    """A document of a few sentences, some of them below headings."""
    said: dict[str, float] = {}
    parts: list[str] = []
    for n in range(draw(st.integers(1, 4))):
        words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
        if draw(st.booleans()):
            parts.append(f"# {draw(st.sampled_from(WORDS))}")
        sentence = f"N{n} {' '.join(words)}."
        said[sentence] = draw(st.integers(0, 359))
        parts.append(sentence)
    window = draw(st.integers(1, 3))
    tags = draw(st.sets(st.sampled_from(["old", "new"])))
    return prepared(name, said, text="\n\n".join(parts), window=window, tags=tags)


@st.composite
def documents(draw: st.DrawFn, least: int = 1) -> list[Prepared]:
    """Some documents, each with its own id."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=least, max_size=6, unique=True))
    return [draw(document(name)) for name in names]
