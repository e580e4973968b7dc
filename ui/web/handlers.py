"""What happens when something in the page is used: from a visitor's doings to what is shown."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from qa import Article, ArticleError, ArticleQA, ArticleQAError, FeedbackError
from ui.web.catalogue import article_with, catalogue_of
from ui.web.documents import article_of, key_of
from ui.web.lists import Lists, Shown, told
from ui.web.markup import TITLES, answer_html, article_html, escape, titles_html, welcome_html
from ui.web.own import Report, in_chat, notes_in_chat
from ui.web.transcript import as_json, as_markdown
from ui.web.turns import Turn, Visitor, cited_by
from ui.web.visitors import Service

Messages = list[dict[str, Any]]
# Changes of several components, in the order in which the page names them.
Changes = tuple[Messages | Shown | str | None, ...]
Picked = tuple[Article, int]  # where words were selected
Judged = tuple[Turn | None, Shown, str, Picked | None]  # turn, correction, its words, where
_OFFERED_FIRST = 4  # questions, on the empty page
_NOTICED = 8  # lines of a notice
_NOTICED_CHARACTERS = 200  # of each; the conversation says all
_NOTICED_S = 20  # seconds, in which a person reads them


class Handlers:
    """The page's event listeners.

    Args:
        service: Answers, and keeps what a visitor brings.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self.lists = Lists(service)

    # The conversation

    def arrive(self, visitor: Visitor) -> Changes:
        """Show what there is to ask now, and the first article of it."""
        bot = self._service.bot_for(visitor)
        try:
            first = next(iter(catalogue_of(bot).documents), None)
            article = None if first is None else article_with(bot, first.id)
            pane = "" if article is None else self._shown(visitor, article)
            return gr.update(**invitation(bot)), pane, *self.lists.of(visitor)
        except ArticleQAError as error:
            said: Shown = gr.update(placeholder=f"<p>{escape(str(error))}</p>", examples=None)
            return said, gr.skip(), *self.lists.if_changed(visitor)

    def begin(self, question: str, visitor: Visitor) -> tuple[str, Messages]:
        """Show a question at once; it is answered next."""
        self._service.begin(visitor, question)
        return "", self._messages(visitor)

    def begin_example(self, visitor: Visitor, event: gr.SelectData) -> Messages:
        """Ask a question of the empty page."""
        return self.begin(event.value["text"], visitor)[1]

    def begin_offered(self, visitor: Visitor, event: gr.SelectData) -> Messages:
        """Ask a question that was offered after an answer."""
        return self.begin(event.value, visitor)[1]

    def begin_linked(self, visitor: Visitor, event: gr.EventData) -> Messages:
        """Ask the question that the page's address holds."""
        return self.begin(str(event.question), visitor)[1]

    def again(self, visitor: Visitor) -> Messages:
        """Ask the last question again, as sure as is wanted now."""
        self._service.again(visitor)
        return self._messages(visitor)

    def answer(self, visitor: Visitor, own: bool, min_confidence: float) -> Iterator[Changes]:
        """Answer a question that was shown, as sure as the visitor wants it, if they say so.

        What may be asked next is shown after the answer, and what there is to ask if it changed.
        """
        turn = self._service.answer_next(visitor, min_confidence if own else None)
        yield self._messages(visitor), *self.lists.unchanged()
        if turn is not None:
            self._service.offer(visitor, turn)
            yield self._messages(visitor), *self.lists.if_changed(visitor)

    def busy(self, visitor: Visitor) -> Messages:
        """Say that the question could not be taken."""
        self._service.refuse_last(visitor)
        return self._messages(visitor)

    def undo(self, visitor: Visitor) -> Messages:
        """Take the last question back."""
        self._service.undo(visitor)
        return self._messages(visitor)

    def edit(self, visitor: Visitor) -> tuple[Messages, str | Shown]:
        """Take the last question back into the box, to be asked in other words."""
        question = self._service.undo(visitor)
        return self._messages(visitor), gr.skip() if question is None else question

    def clear(self, visitor: Visitor) -> None:
        """Begin anew."""
        visitor.turns.clear()

    # Verdicts

    def judge(self, visitor: Visitor, event: gr.LikeData) -> Judged:
        """Save that an answer is right, or wrong; then ask what would have been right."""
        return self._judge(_turn_at(visitor, event.index), right=bool(event.liked))

    def verdict(self, visitor: Visitor, event: gr.EventData) -> Judged:
        """Do the same by the buttons that an answer has, which may be one of two answers."""
        number, _, verdict = str(event.verdict).partition(":")
        turn = dict(enumerate(visitor.turns)).get(int(number))
        return self._judge(
            turn, right=verdict == "right", rival=int(verdict) if verdict.isdigit() else None
        )

    def _judge(self, turn: Turn | None, *, right: bool, rival: int | None = None) -> Judged:
        if turn is None or turn.answer is None:
            return None, gr.update(visible=False), "", None
        if rival is None:
            self._save(turn, right=right)
        else:
            cited = turn.answer.rivals[rival].citation
            near = (cited.article, cited.answer_start)
            self._save(turn, right=False, correction=cited.answer, near=near)
        return turn, gr.update(visible=not right and rival is None), "", None

    def correct(self, turn: Turn | None, words: str, picked: Picked | None) -> Shown:
        """Save the right answer in the words of the article."""
        if not words.strip():
            raise gr.Error("Select the right words in the article first.", print_exception=False)
        return self._close(turn, correction=words, near=picked)

    def unsaid(self, turn: Turn | None) -> Shown:
        """Save that the answer stands in no article."""
        return self._close(turn, correction="")

    def unknown(self) -> Shown:
        """Leave it at that an answer is wrong."""
        return gr.update(visible=False)

    def pick(self, visitor: Visitor, event: gr.EventData) -> tuple[str | Shown, Picked | Shown]:
        """Take the words that are selected in the article."""
        article = self._article(visitor, str(event.key))
        if article is None:
            return gr.skip(), gr.skip()
        start, end = int(event.start), int(event.end)
        selected: str = article.text[start:end]
        return selected.strip(), (article, end - len(selected.lstrip()))

    def _close(self, turn: Turn | None, correction: str, near: Picked | None = None) -> Shown:
        if turn is not None:
            self._save(turn, right=False, correction=correction, near=near)
        return gr.update(visible=False)

    def _save(
        self, turn: Turn, *, right: bool, correction: str | None = None, near: Picked | None = None
    ) -> None:
        try:
            gr.Info(self._service.judge(turn, right=right, correction=correction, near=near))
        except FeedbackError as error:
            raise gr.Error(str(error), print_exception=False) from error

    # The articles

    @told
    def open_key(self, visitor: Visitor, event: gr.EventData) -> tuple[str | Shown, Shown]:
        """Open the article that a citation is of."""
        article = self._article(visitor, str(event.key))
        if article is None:
            return gr.skip(), gr.skip()
        return self._shown(visitor, article), self.lists.shelf(visitor)

    @told
    def open_id(self, article_id: str, visitor: Visitor) -> str | Shown:
        """Open the article that was chosen."""
        article = article_with(self._service.bot_for(visitor), article_id)
        if article is not None:
            return self._shown(visitor, article)
        gr.Warning("This article is no longer there.", duration=_NOTICED_S)
        nothing: Shown = gr.skip()
        return nothing

    def paste(self, text: str, visitor: Visitor, progress: gr.Progress = gr.Progress()) -> Changes:
        """Add the text that was pasted."""
        data = text.encode(errors="replace")
        added = self._add(
            visitor, [lambda report: self._service.add(visitor, "", data, report)], progress
        )
        return ("" if added else text, *self._added(visitor, added))

    def fetch(self, url: str, visitor: Visitor, progress: gr.Progress = gr.Progress()) -> Changes:
        """Add the page of the web whose address was given."""
        added = self._add(
            visitor, [lambda report: self._service.add_url(visitor, url.strip(), report)], progress
        )
        return ("" if added else url, *self._added(visitor, added))

    def drop(
        self,
        paths: list[str],
        encoding: str,
        visitor: Visitor,
        progress: gr.Progress = gr.Progress(),
    ) -> Changes:
        """Add the files that were dropped; nothing of them stays on the disk."""

        def add(path: Path, report: Report) -> Article:
            try:
                data = path.read_bytes()
                path.unlink()
            except FileNotFoundError:
                raise ArticleError(f"{path.name}: did not arrive; drop it once more.") from None
            return self._service.add(visitor, path.name, data, report, encoding=encoding or None)

        # The same file, dropped twice, is one file on the disk, whoever dropped it.
        files = [partial(add, Path(path)) for path in dict.fromkeys(paths)]
        return (None, *self._added(visitor, self._add(visitor, files, progress)))

    @told
    def remove(self, article_id: str, visitor: Visitor) -> Changes:
        """Remove one of the visitor's own articles."""
        self._service.remove(visitor, article_id)
        bot = self._service.bot_for(visitor)
        first = next(iter(catalogue_of(bot).documents), None)
        return self._added(visitor, None if first is None else article_with(bot, first.id))

    def _add(
        self,
        visitor: Visitor,
        adding: Sequence[Callable[[Report], Article]],
        progress: gr.Progress,
    ) -> Article | None:
        """Add articles, each of which may be refused without harm to the others."""
        added = None
        refused: list[str] = []
        notes: list[str] = []
        for add in adding:
            try:
                added = add(lambda share, doing: progress(share, desc=doing))
                notes += notes_in_chat(added)
            except ArticleError as error:
                said = in_chat(str(error))
                self._service.say(visitor, said)
                refused.append(said)
        # The conversation says so, too, but may be out of sight.
        if refused:
            gr.Warning(_lines(refused), duration=_NOTICED_S)
        if notes:
            gr.Info(_lines(notes), duration=_NOTICED_S)
        return added

    def _added(self, visitor: Visitor, shown: Article | None) -> Changes:
        said: Shown = gr.update(value=self._messages(visitor))
        if shown is None:
            same: Shown = gr.skip()
            return said, same, same, same, *self.lists.if_changed(visitor)
        bot = self._service.bot_for(visitor)
        return (
            {**said, **invitation(bot)},
            self._shown(visitor, shown),
            gr.update(visible=bot is visitor.own),
            gr.update(open=False),
            *self.lists.of(visitor),
        )

    def _shown(self, visitor: Visitor, article: Article) -> str:
        """Return an article as the page shows it, and hold it, so that its document is served."""
        visitor.shown = article
        bot = self._service.bot_for(visitor)
        listed = catalogue_of(bot).by_id.get(article.id)
        return article_html(article, listed.label if listed and article in bot.articles else None)

    def _article(self, visitor: Visitor, key: str) -> Article | None:
        """Return an article that the visitor may ask, or that an answer to them cites."""
        held = article_of(key)
        if held is None:
            return None
        if visitor.shown is not None and key_of(visitor.shown) == key:
            return visitor.shown
        for turn in reversed(visitor.turns):
            for article in () if turn.answer is None else cited_by(turn.answer):
                if article.id == held.id and key_of(article) == key:
                    return article
        asked = article_with(self._service.bot_for(visitor), held.id)
        return asked if asked is not None and key_of(asked) == key else None

    def _messages(self, visitor: Visitor) -> Messages:
        return messages(visitor, judged=self._service.feedback is not None)

    # What leaves the page

    def to_markdown(self, visitor: Visitor) -> str:
        """Return the conversation as a Markdown file."""
        said = [turn.wording for turn in visitor.turns]
        return _file("conversation.md", "text/markdown", as_markdown(filter(None, said)))

    def to_json(self, visitor: Visitor) -> str:
        """Return the conversation as a JSON file."""
        answers = [turn.answer for turn in visitor.turns if turn.answer is not None]
        return _file("conversation.json", "application/json", as_json(answers))


def invitation(bot: ArticleQA) -> Shown:
    """Return what an empty conversation shows: what can be asked, and questions to begin with.

    Raises:
        StoreError: The library cannot be reached.
    """
    listed = catalogue_of(bot).documents
    if not listed:
        return {"placeholder": "<h2>There are no articles yet</h2>", "examples": None}
    only = article_with(bot, listed[0].id) if len(listed) == 1 else None
    if only is None:
        welcome = titles_html([each.label for each in listed[:TITLES]], len(listed))
    else:
        welcome = welcome_html(only)
    offered = [{"text": question} for question in bot.suggest(_OFFERED_FIRST)]
    return {"placeholder": welcome, "examples": offered or None}


def messages(visitor: Visitor, *, judged: bool) -> Messages:
    """Return a conversation as the chat shows it.

    Args:
        visitor: The visitor.
        judged: Whether verdicts on answers are asked for.
    """
    shown: Messages = []
    for number, turn in enumerate(visitor.turns):
        if turn.question is not None:
            shown.append({"role": "user", "content": escape(turn.question)})
        if not turn.waits:
            shown.append({"role": "assistant", "content": _said(turn, number if judged else None)})
    if shown and visitor.turns[-1].offers:
        shown[-1]["options"] = [{"value": offered} for offered in visitor.turns[-1].offers]
    return shown


def _said(turn: Turn, number: int | None) -> str:
    if turn.wording is not None:
        return answer_html(turn.wording, turn=number)
    return f"<p>{escape(turn.says or '')}</p>"


def _turn_at(visitor: Visitor, message: int | tuple[int, int]) -> Turn | None:
    """Return the turn that a message of the chat belongs to."""
    number = 0
    for turn in visitor.turns:
        number += (turn.question is not None) + (not turn.waits)
        if isinstance(message, int) and message < number:
            return turn
    return None


def _lines(said: Sequence[str]) -> str:
    """Return what a notice says: the first lines, shortened, and where the others stand."""
    more = len(said) - _NOTICED
    shown = [
        escape(textwrap.shorten(each, _NOTICED_CHARACTERS, placeholder=" …"))
        for each in said[:_NOTICED]
    ]
    if more > 0:
        shown.append(f"and {more:,} more: see the conversation.")
    return "<br>".join(shown)


def _file(name: str, kind: str, text: str) -> str:
    return json.dumps({"name": name, "kind": kind, "text": text})
