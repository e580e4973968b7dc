"""The words that texts are spelled with, by which a slip of the keyboard is known for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from index.text.english import lemma, lowered, spellings


def count_spellings(texts: Iterable[str]) -> dict[str, int]:
    """Count how often each word stands in texts.

    Words are in lower case and of letters alone. What stands before an apostrophe is a word
    besides, and so is each part between hyphens. The lemma of a word is there as well, with 0 if it
    stands nowhere itself.
    """
    # Whatever stands between two spaces is looked at once: there may be a million sentences.
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(text.split())
    counted: dict[str, int] = {}
    for chunk, times in seen.items():
        for word in _words_in(chunk):
            counted[word] = counted.get(word, 0) + times
    return {**dict.fromkeys(map(lemma, counted), 0), **counted}


def _words_in(chunk: str) -> Iterator[str]:
    """Yield the words to count of what stands between two spaces."""
    # Most are letters alone, which is a word that has no parts.
    found = [chunk] if chunk.isalpha() else spellings(chunk)
    for word in map(lowered, found):
        for part in {word, *word.split("'")[:1], *word.split("-")}:
            if part.isalpha():
                yield part
