"""What is asked of what: the same questions of their own article, and of ever more articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval.sets.cases import Corpus, lay_out
from index.structure.paragraphs import split_paragraphs
from qa import Article
from qa.squad import QuestionSet, load_squad


def lay_out_sizes(
    files: Sequence[Path], sizes: Sequence[int], limit: int | None = None
) -> dict[int, list[Corpus]]:
    """Put the questions of the first file to collections of some sizes.

    One article means each question's own. A larger collection holds all articles of the first file
    (if there are more than are wanted, those that are asked about before others), and is filled up
    with the articles of the other files as long as these suffice. If they do not, their paragraphs
    are taken instead, each as an article of its own.

    Args:
        files: Question sets in SQuAD format; the questions are those of the first.
        sizes: Of how many articles to ask, in ascending order.
        limit: At most so many questions, taken evenly from all.

    Returns:
        What is asked, by the number of articles that there really are: a size that the files do not
        fill is as large as it can be, and left out if that is no more than the one before.

    Raises:
        DatasetError: A file cannot be read or is no question set.
    """
    first, *others = [load_squad(path) for path in files]
    alone = lay_out(first, limit=limit)
    asked = [corpus.articles[0] for corpus in alone]
    known = {article.id: article for article in [*asked, *(group.article for group in first)]}
    own = list(known.values())
    cases = tuple(case for corpus in alone for case in corpus.cases)
    laid_out: dict[int, list[Corpus]] = {}
    for size in sizes:
        if size == 1:
            laid_out[1] = alone
            continue
        wanted = max(size, len(asked))
        articles = (own + _others(others, wanted - len(own)))[:wanted]
        if len(articles) > max(laid_out, default=1):
            laid_out[len(articles)] = [Corpus(tuple(articles), cases)]
    return laid_out


def _others(files: Sequence[Sequence[QuestionSet]], wanted: int) -> list[Article]:
    """Return the articles of other files, or their paragraphs if more are wanted than there are."""
    wholes = [
        replace(group.article, id=f"{number}/{group.article.id}")
        for number, sets in enumerate(files, start=2)
        for group in sets
    ]
    if wanted <= len(wholes):
        return wholes
    return [
        replace(article, id=f"{article.id} at {start}", text=article.text[start:end])
        for article in wholes
        for start, end in split_paragraphs(article.text)
    ]
