"""What libraries are made of: real paragraphs and questions, and articles made of them.

An article is four real paragraphs drawn at random, word for word: about a page. Questions are real;
the paragraphs that they are asked of stand in each library once, if it is not too small, and the
others as often as it takes.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.structure.paragraphs import split_paragraphs
from index.structure.sentences import split_sentences
from qa import Article, Encoder, Vectors
from qa.squad import load_squad

PAGES = 5
"""How long the document is that is added and removed alone."""
_WORDS = 500  # of a page
_PARAGRAPHS = 4  # of an article
_SEED = 0
_TEXTS, _VECTORS = "source.json", "source.npz"


@dataclass(frozen=True, eq=False)
class Source:
    """What libraries are made of.

    Attributes:
        titles: What the article of each paragraph is called.
        paragraphs: Real paragraphs; the first question is asked of the first one, and so on.
        sentences: Each of their sentences, once.
        vectors: Their vectors, a row each.
        questions: Real questions.
        asked: Their vectors, a row each.
        rate: How many sentences were embedded in a second.
    """

    titles: tuple[str, ...]
    paragraphs: tuple[str, ...]
    sentences: tuple[str, ...]
    vectors: Vectors
    questions: tuple[str, ...]
    asked: Vectors
    rate: float

    def write(self, folder: Path) -> None:
        """Write it into a folder, for other processes."""
        texts = {
            "titles": self.titles,
            "paragraphs": self.paragraphs,
            "sentences": self.sentences,
            "questions": self.questions,
            "rate": self.rate,
        }
        np.savez(folder / _VECTORS, vectors=self.vectors, asked=self.asked)
        (folder / _TEXTS).write_text(json.dumps(texts), "utf-8")

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Tell whether one was written into a folder."""
        return (folder / _TEXTS).exists()

    @classmethod
    def read(cls, folder: Path) -> Source:
        """Read what was written into a folder."""
        texts = json.loads((folder / _TEXTS).read_text("utf-8"))
        with np.load(folder / _VECTORS) as vectors:
            return cls(
                titles=tuple(texts["titles"]),
                paragraphs=tuple(texts["paragraphs"]),
                sentences=tuple(texts["sentences"]),
                vectors=vectors["vectors"],
                questions=tuple(texts["questions"]),
                asked=vectors["asked"],
                rate=texts["rate"],
            )


def make_source(path: Path, sentences: int, questions: int, encoder: Encoder) -> Source:
    """Embed real sentences and questions of a SQuAD file.

    Args:
        path: The file.
        sentences: How many sentences to embed, about.
        questions: How many questions to take.
        encoder: Embeds them.

    Raises:
        DatasetError: The file is no such file.
    """
    found = [
        (group.article.title.replace("_", " "), group.article.text[start:end], own)
        for group in load_squad(path)
        for start, end in split_paragraphs(group.article.text)
        if (own := [q.text for q in group.questions if q.golds and start <= q.golds[0].start < end])
    ]
    random.Random(_SEED).shuffle(found)
    taken = 0
    texts: dict[str, None] = {}
    for _, paragraph, _ in found:
        taken += 1
        texts |= dict.fromkeys(paragraph[start:end] for start, end in split_sentences(paragraph))
        if len(texts) >= sentences:
            break
    asked = list(dict.fromkeys(own[0] for _, _, own in found[:taken]))[:questions]
    began = time.perf_counter()
    vectors = encoder.encode_passages(list(texts), progress=True)
    rate = len(texts) / (time.perf_counter() - began)
    return Source(
        tuple(title for title, _, _ in found[:taken]),
        tuple(paragraph for _, paragraph, _ in found[:taken]),
        tuple(texts),
        vectors,
        tuple(asked),
        encoder.encode_questions(asked),
        rate,
    )


def make_articles(source: Source, passages: int) -> Iterator[Article]:
    """Make articles, one at a time, until there are about so many passages.

    What is asked about stands in them once, if there is room for it: the first paragraphs, evenly
    over all articles. The rest is drawn from the others.
    """
    generator = random.Random(_SEED)
    # Windows of three sentences, one apart: all but the last two sentences begin a passage.
    sentences = [len(split_sentences(paragraph)) for paragraph in source.paragraphs]
    asked = range(len(source.questions))
    others = range(len(asked), len(sentences)) or asked
    own = max(1, sum(sentences) * _PARAGRAPHS / len(sentences) - 2)
    about = math.ceil(passages / own)  # articles
    every = max(1, about // max(1, math.ceil(len(asked) / _PARAGRAPHS)))
    begun = 0
    left = list(reversed(asked))
    for number in itertools.count():
        if begun >= passages:
            return
        drawn = (
            [left.pop() for _ in range(min(_PARAGRAPHS, len(left)))] if not number % every else []
        )
        drawn += generator.choices(others, k=_PARAGRAPHS - len(drawn))
        while len(drawn) > 1 and begun + sum(sentences[n] for n in drawn[:-1]) - 2 >= passages:
            drawn.pop()
        begun += max(1, sum(sentences[n] for n in drawn) - 2)
        yield make_article(source, number, drawn)


def make_article(source: Source, number: int, drawn: list[int]) -> Article:
    """Make the article of a number of some paragraphs."""
    text = "\n\n".join(source.paragraphs[n] for n in drawn)
    return Article(f"{number}.txt", f"{source.titles[drawn[0]]}, {number}", text)


def replacement(source: Source, number: int, version: int) -> Article:
    """Make another article of a number for each version of a library."""
    generator = random.Random(f"{_SEED} {number} {version}")
    drawn = generator.choices(range(len(source.paragraphs)), k=_PARAGRAPHS)
    return make_article(source, number, drawn)


def make_document(source: Source, number: int) -> Article:
    """Make a document of :data:`PAGES` pages, which no library has yet."""
    generator = random.Random(f"{_SEED} document {number}")
    drawn: list[str] = []
    while sum(len(paragraph.split()) for paragraph in drawn) < PAGES * _WORDS:
        drawn.append(generator.choice(source.paragraphs))
    return Article(f"document {number}.txt", f"Document {number}", "\n\n".join(drawn))
