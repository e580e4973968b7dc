"""The lists of the page: which article is shown, and which documents are asked."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import gradio as gr

from qa import ArticleQAError
from ui.web.catalogue import Catalogue, Listed, catalogue_of
from ui.web.turns import Choice, Visitor
from ui.web.visitors import Service

Shown = dict[str, Any]  # a change of a component
Handler = TypeVar("Handler", bound=Callable[..., object])
Listing = tuple[Shown, ...]
"""Changes of the list of articles and of what is sought in it; of what is unfolded to choose those
to be asked, what is sought there, what can be ticked, and the tags that can be."""

CHOOSE = "Ask only some of the articles"

_LISTS = 6  # of which a Listing changes
_SHELVED = 300  # articles that are listed at once
_TICKED = 60  # likewise, to be ticked, beside those that are
_SOUGHT_FROM = 20  # of so many on, they can be sought
_TAGS = 60
_NAMED_CHARACTERS = 60  # of those that are asked; if their names are longer, they are counted


def told(handler: Handler) -> Handler:
    """Have the page say why something cannot be done: that a library cannot be reached."""

    @wraps(handler)
    def telling(*given: object) -> object:
        try:
            return handler(*given)
        except ArticleQAError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return cast(Handler, telling)


class Lists:
    """Lists what there is to ask, and takes what a visitor chooses of it.

    However many documents there are, some hundreds are listed, and the others found by their names.

    Args:
        service: Knows what a visitor may ask.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def of(self, visitor: Visitor) -> Listing:
        """Return all lists.

        Raises:
            StoreError: The library cannot be reached.
        """
        bot = self._service.bot_for(visitor)
        catalogue = catalogue_of(bot)
        visitor.listed = (bot, catalogue.version)
        several = len(catalogue) > 1
        return (
            self._shelf(visitor, catalogue),
            gr.update(value="", visible=len(catalogue) > _SHELVED),
            gr.update(label=_label(visitor.choice, catalogue), visible=several),
            gr.update(value="", visible=len(catalogue) >= _SOUGHT_FROM),
            _boxes(visitor, catalogue),
            gr.update(
                choices=list(catalogue.tags[:_TAGS]),
                value=[each for each in visitor.choice.tags if each in catalogue.tags[:_TAGS]],
                visible=bool(catalogue.tags),
            ),
        )

    def if_changed(self, visitor: Visitor) -> Listing:
        """Return all lists, if documents came or went since they were returned last."""
        bot = self._service.bot_for(visitor)
        try:
            if visitor.listed != (bot, bot.version):
                return self.of(visitor)
        except ArticleQAError:  # which whoever asks is told
            pass
        return self.unchanged()

    def unchanged(self) -> Listing:
        """Leave all lists as they are."""
        same: Shown = gr.skip()
        return (same,) * _LISTS

    def shelf(self, visitor: Visitor) -> Shown:
        """Return the list of articles, with the one that is shown."""
        return self._shelf(visitor, catalogue_of(self._service.bot_for(visitor)))

    @told
    def find(self, words: str, visitor: Visitor) -> Shown:
        """List the articles whose names have some words."""
        return self._shelf(visitor, catalogue_of(self._service.bot_for(visitor)), words)

    @told
    def seek(self, words: str, visitor: Visitor) -> Shown:
        """List those whose names have some words to be ticked, below those that are."""
        return _boxes(visitor, catalogue_of(self._service.bot_for(visitor)), words)

    @told
    def choose(self, ids: Sequence[str], tags: Sequence[str], visitor: Visitor) -> Shown:
        """Have what is ticked asked alone, or all if nothing is; say so where it was unfolded."""
        self._service.choose(visitor, Choice(tuple(ids), tuple(tags)))
        catalogue = catalogue_of(self._service.bot_for(visitor))
        said: Shown = gr.update(label=_label(visitor.choice, catalogue))
        return said

    @staticmethod
    def _shelf(visitor: Visitor, catalogue: Catalogue, words: str = "") -> Shown:
        shown = None if visitor.shown is None else catalogue.by_id.get(visitor.shown.id)
        found = catalogue.find(words, _SHELVED)
        if shown is not None and shown not in found:
            found = [shown, *found]
        listed: Shown = gr.update(
            choices=_choices(found), value=None if shown is None else shown.id
        )
        return listed


def _boxes(visitor: Visitor, catalogue: Catalogue, words: str = "") -> Shown:
    ticked = visitor.choice.among(catalogue).ids
    boxes: Shown = gr.update(
        choices=_choices(_in_order(catalogue, words, ticked)), value=list(ticked)
    )
    return boxes


def _in_order(catalogue: Catalogue, words: str, ticked: Collection[str]) -> list[Listed]:
    """Return what is listed to be ticked: where all are, in order; else first what is ticked."""
    found = catalogue.find(words, _TICKED)
    missing = set(ticked) - {each.id for each in found}
    return catalogue.find(words, _TICKED, first=ticked) if missing else found


def _choices(listed: Sequence[Listed]) -> list[tuple[str, str]]:
    return [(each.label, each.id) for each in listed]


def _label(choice: Choice, catalogue: Catalogue) -> str:
    """Return what is said of a choice where it was made."""
    choice = choice.among(catalogue)
    if not choice:
        return CHOOSE
    asked = [
        each.label
        for each in catalogue.documents
        if each.id in choice.ids or not each.tags.isdisjoint(choice.tags)
    ]
    named = ", ".join(asked)
    if len(named) > _NAMED_CHARACTERS and len(asked) == 1:
        named = textwrap.shorten(named, _NAMED_CHARACTERS, placeholder=" …")
    elif len(named) > _NAMED_CHARACTERS:
        named = f"{len(asked):,} of {len(catalogue):,} articles"
    return f"Asking only: {named}"
