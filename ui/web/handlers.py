"""What happens when something in the page is used: from a visitor's doings to what is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from qa import Article, ArticleError, ArticleQA, FeedbackError
from ui.web.markup import answer_html, article_html, escape, key_of, welcome_html
from ui.web.transcript import as_json, as_markdown
from ui.web.visitors import Service, Turn, Visitor

Messages = list[dict[str, Any]]
Shown = dict[str, Any]  # a change of a component
Added = tuple[Shown, str | Shown, Shown, Shown, Shown]  # chat, pane, list, button, accordion
Picked = tuple[Article, int]  # where words were selected
_OFFERED_FIRST = 4  # questions, on the empty page


class Handlers:
    """The page's event listeners.

    Args:
        service: Answers, and keeps what a visitor brings.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    # The conversation

    def begin(self, question: str, visitor: Visitor) -> tuple[str, Messages]:
        """Show a question at once; it is answered next."""
        self._service.begin(visitor, question)
        return "", messages(visitor)

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
        return messages(visitor)

    def answer(self, visitor: Visitor, min_confidence: float) -> Messages:
        """Answer a question that was shown."""
        self._service.answer_next(visitor, min_confidence)
        return messages(visitor)

    def busy(self, visitor: Visitor) -> Messages:
        """Say that the question could not be taken."""
        self._service.refuse_last(visitor)
        return messages(visitor)

    def undo(self, visitor: Visitor) -> Messages:
        """Take the last question back."""
        self._service.undo(visitor)
        return messages(visitor)

    def edit(self, visitor: Visitor) -> tuple[Messages, str | Shown]:
        """Take the last question back into the box, to be asked in other words."""
        question = self._service.undo(visitor)
        return messages(visitor), gr.skip() if question is None else question

    def clear(self, visitor: Visitor) -> None:
        """Begin anew."""
        visitor.turns.clear()

    # Verdicts

    def judge(
        self, visitor: Visitor, event: gr.LikeData
    ) -> tuple[Turn | None, Shown, str, Picked | None]:
        """Save that an answer is right, or ask what would have been."""
        turn = _turn_at(visitor, event.index)
        if turn is None or turn.answer is None:
            return None, gr.update(visible=False), "", None
        if event.liked:
            self._save(turn, right=True)
        return turn, gr.update(visible=not event.liked), "", None

    def correct(self, turn: Turn | None, words: str, picked: Picked | None) -> Shown:
        """Save the right answer in the words of the article."""
        if not words.strip():
            raise gr.Error("Select the right words in the article first.", print_exception=False)
        return self._close(turn, correction=words, near=picked)

    def unsaid(self, turn: Turn | None) -> Shown:
        """Save that no article says."""
        return self._close(turn, correction="")

    def unknown(self, turn: Turn | None) -> Shown:
        """Save that an answer is wrong."""
        return self._close(turn)

    def pick(self, visitor: Visitor, event: gr.EventData) -> tuple[str | Shown, Picked | Shown]:
        """Take the words that are selected in the article."""
        article = self._article(visitor, str(event.key))
        if article is None:
            return gr.skip(), gr.skip()
        start, end = int(event.start), int(event.end)
        selected: str = article.text[start:end]
        return selected.strip(), (article, end - len(selected.lstrip()))

    def _close(
        self, turn: Turn | None, correction: str | None = None, near: Picked | None = None
    ) -> Shown:
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

    def open_key(self, visitor: Visitor, event: gr.EventData) -> tuple[str | Shown, Shown]:
        """Open the article that a citation is of."""
        article = self._article(visitor, str(event.key))
        if article is None:
            return gr.skip(), gr.skip()
        return article_html(article), self.choices(visitor, article)

    def open_id(self, article_id: str, visitor: Visitor) -> str | Shown:
        """Open the article that was chosen."""
        for article in self._service.bot_for(visitor).articles:
            if article.id == article_id:
                return article_html(article)
        nothing: Shown = gr.skip()
        return nothing

    def paste(
        self, text: str, visitor: Visitor, progress: gr.Progress = gr.Progress()
    ) -> tuple[str, Shown, str | Shown, Shown, Shown, Shown]:
        """Add the text that was pasted."""
        added = self._add(visitor, [("", text.encode(errors="replace"))], progress)
        return ("" if added else text, *self._added(visitor, added))

    def drop(
        self, paths: list[str], visitor: Visitor, progress: gr.Progress = gr.Progress()
    ) -> tuple[None, Shown, str | Shown, Shown, Shown, Shown]:
        """Add the files that were dropped; nothing of them stays on the disk."""
        files = []
        # The same file, dropped twice, is one file on the disk, whoever dropped it.
        for path in map(Path, dict.fromkeys(paths)):
            try:
                files.append((path.name, path.read_bytes()))
                path.unlink()
            except FileNotFoundError:
                self._service.say(visitor, f"{path.name}: did not arrive; drop it once more.")
        return (None, *self._added(visitor, self._add(visitor, files, progress)))

    def remove(self, article_id: str, visitor: Visitor) -> Added:
        """Remove one of the visitor's own articles."""
        self._service.remove(visitor, article_id)
        return self._added(visitor, self._service.bot_for(visitor).articles[0])

    def choices(self, visitor: Visitor, shown: Article) -> Shown:
        """Return the list of the articles with the one that is shown."""
        articles = self._service.bot_for(visitor).articles
        return gr.update(
            choices=[(article.title, article.id) for article in articles],
            value=shown.id if shown in articles else None,
        )

    def _add(
        self, visitor: Visitor, files: Sequence[tuple[str, bytes]], progress: gr.Progress
    ) -> Article | None:
        """Add files, each of which may be refused without harm to the others."""
        added = None
        for name, data in files:
            try:
                added = self._service.add(
                    visitor, name, data, lambda share, doing: progress(share, desc=doing)
                )
            except ArticleError as error:
                self._service.say(visitor, str(error))
        return added

    def _added(self, visitor: Visitor, shown: Article | None) -> Added:
        if shown is None:
            said: Shown = gr.update(value=messages(visitor))
            return said, gr.skip(), gr.skip(), gr.skip(), gr.skip()
        return (
            gr.update(value=messages(visitor), **invitation(self._service.bot_for(visitor))),
            article_html(shown),
            self.choices(visitor, shown),
            gr.update(visible=bool(visitor.own)),
            gr.update(open=False),
        )

    def _article(self, visitor: Visitor, key: str) -> Article | None:
        """Return an article that the visitor may ask, or that an answer to them cites."""
        asked = [article for turn in visitor.turns for article in turn.bot.articles]
        for article in [*self._service.bot_for(visitor).articles, *asked]:
            if key_of(article) == key:
                return article
        return None

    # What leaves the page

    def to_markdown(self, visitor: Visitor) -> str:
        """Return the conversation as a Markdown file."""
        turns = [(t.answer, len(t.bot.articles)) for t in visitor.turns if t.answer is not None]
        return _file("conversation.md", "text/markdown", as_markdown(turns))

    def to_json(self, visitor: Visitor) -> str:
        """Return the conversation as a JSON file."""
        answers = [turn.answer for turn in visitor.turns if turn.answer is not None]
        return _file("conversation.json", "application/json", as_json(answers))


def invitation(bot: ArticleQA) -> Shown:
    """Return what an empty conversation shows: what can be asked, and questions to begin with."""
    offered = [{"text": question} for question in bot.suggest(_OFFERED_FIRST)]
    return {"placeholder": welcome_html(bot.articles), "examples": offered or None}


def messages(visitor: Visitor) -> Messages:
    """Return a conversation as the chat shows it."""
    shown: Messages = []
    for turn in visitor.turns:
        if turn.question is not None:
            shown.append({"role": "user", "content": escape(turn.question)})
        if not turn.waits:
            shown.append({"role": "assistant", "content": _said(turn)})
    if shown and visitor.turns[-1].offers:
        shown[-1]["options"] = [{"value": offered} for offered in visitor.turns[-1].offers]
    return shown


def _said(turn: Turn) -> str:
    if turn.answer is not None:
        return answer_html(turn.answer, articles=len(turn.bot.articles))
    return f"<p>{escape(turn.says or '')}</p>"


def _turn_at(visitor: Visitor, message: int | tuple[int, int]) -> Turn | None:
    """Return the turn that a message of the chat belongs to."""
    number = 0
    for turn in visitor.turns:
        number += (turn.question is not None) + (not turn.waits)
        if isinstance(message, int) and message < number:
            return turn
    return None


def _file(name: str, kind: str, text: str) -> str:
    return json.dumps({"name": name, "kind": kind, "text": text})
