"""What articles are cut with, and passages ranked by."""

from __future__ import annotations

import math
from dataclasses import dataclass

from index.errors import SettingError
from index.text.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE

LANGUAGE = "en"
"""The language by whose rules sentences are cut and words stemmed: there is no other yet."""


@dataclass(frozen=True)
class Fusion:
    """How much the two ways of finding a passage count.

    Attributes:
        dense: The weight of the similarity of the passage's most similar sentence, in -1..1.
        lexical: The weight of the passage's BM25 score over that of the best passage, in 0..1.

    Raises:
        SettingError: A weight is not a finite number.
    """

    dense: float = 1.0
    lexical: float = 0.3

    def __post_init__(self) -> None:
        for weight in (self.dense, self.lexical):
            if type(weight) not in (int, float) or not math.isfinite(weight):
                raise SettingError(f"a fusion weight is {weight!r}; expected a finite number.")


# Measured on questions asked of whole articles and of collections; see eval/README.md.
DEFAULT_FUSION = Fusion()


@dataclass(frozen=True)
class IndexSettings:
    """What an index was made with, and is searched with; it is saved with the index.

    Attributes:
        window: The most sentences in a passage, from 1.
        stride: By how many sentences a passage starts after the one before, from 1.
        fusion: How passages are ranked.
        language: The language of the articles: "en".

    Raises:
        SettingError: A setting is outside its range.
    """

    window: int = PASSAGE_SENTENCES
    stride: int = PASSAGE_STRIDE
    fusion: Fusion = DEFAULT_FUSION
    language: str = LANGUAGE

    def __post_init__(self) -> None:
        for name, count in (("window", self.window), ("stride", self.stride)):
            if type(count) is not int or count < 1:
                raise SettingError(f"{name} is {count!r}; expected a whole number from 1.")
        if self.language != LANGUAGE:
            raise SettingError(f"language is {self.language!r}; expected {LANGUAGE!r}.")


DEFAULT_SETTINGS = IndexSettings()
