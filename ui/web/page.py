"""The page: the conversation on one side, the article on the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from index.articles import Article
from index.errors import QuestionError
from qa.answers import Answer
from qa.owners import article_of
from qa.pipeline import ArticleQA
from ui.web.markup import answer_html, article_html, escape

STYLE = Path(__file__).parent / "page.css"
# Fonts of the visitor's own system: the page loads nothing from anywhere else.
THEME = gr.themes.Default(
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
)
_OFFERED_FIRST = 4  # questions, on the empty page
_OFFERED_LATER = 3  # after an answer
Messages = list[dict[str, Any]]
Turns = tuple[Answer, ...]
_SHOW_MARK = """() => {
  const pane = document.querySelector("#article .html-container");
  const mark = pane.querySelector("mark.answer");
  if (!mark) return;
  const above = mark.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollTop += above - pane.clientHeight / 2;
}"""


def build_page(bot: ArticleQA) -> gr.Blocks:
    """Build the page for a pipeline whose models are loaded."""
    first = bot.articles[0]
    offered = bot.suggest(_OFFERED_FIRST)

    def show_question(question: str, history: Messages) -> tuple[str, str, Messages]:
        return "", question, [*history, {"role": "user", "content": escape(question)}]

    def show_example(history: Messages, event: gr.SelectData) -> tuple[str, str, Messages]:
        return show_question(event.value["text"], history)

    def show_option(history: Messages, event: gr.SelectData) -> tuple[str, str, Messages]:
        return show_question(event.value, history)

    def show_answer(
        question: str, history: Messages, turns: Turns, min_confidence: float
    ) -> tuple[Messages, Turns, str]:
        """Answer within a visitor's own conversation, which is all that is kept of them."""
        conversation = bot.conversation(turns)
        try:
            answer = conversation.ask(question, min_confidence=min_confidence)
        except QuestionError as error:
            said: dict[str, Any] = {"role": "assistant", "content": escape(str(error))}
            return [*history, said], turns, article_html(_last_cited(turns) or first)
        asked = {turn.understood for turn in conversation.turns}
        others = answer.suggestions or bot.suggest(_OFFERED_LATER, without=asked)
        said = {
            "role": "assistant",
            "content": answer_html(answer, articles=len(bot.articles)),
            "options": [{"value": other} for other in others if other not in asked],
        }
        shown = _last_cited(conversation.turns) or first
        return [*history, said], conversation.turns, article_html(shown, answer.citations)

    page: gr.Blocks
    with gr.Blocks(title="article-qa", fill_width=True, analytics_enabled=False) as page:
        gr.Markdown("# article-qa\nAsk about the article. Every answer is a quotation from it.")
        asked = gr.State("")
        turns = gr.State(())
        with gr.Row():
            with gr.Column(min_width=320):
                chat = gr.Chatbot(
                    label="Answers",
                    height="60vh",
                    buttons=["copy"],
                    latex_delimiters=[],
                    examples=[{"text": text} for text in offered] or None,
                )
                question = gr.Textbox(
                    label="Your question",
                    placeholder="Ask about the article",
                    submit_btn="Ask",
                    autofocus=True,
                )
                sure = gr.Slider(
                    minimum=0,
                    maximum=1,
                    step=0.01,
                    value=round(bot.min_confidence, 2),
                    label="How sure an answer must be",
                    info="Below, the chat says that the article does not say.",
                )
            with gr.Column(min_width=320):
                article = gr.HTML(article_html(first), elem_id="article")
        asked_so_far = [question, asked, chat]
        for shown in (
            question.submit(
                show_question, [question, chat], asked_so_far, queue=False, api_visibility="private"
            ),
            chat.example_select(
                show_example, chat, asked_so_far, queue=False, api_visibility="private"
            ),
            chat.option_select(
                show_option, chat, asked_so_far, queue=False, api_visibility="private"
            ),
        ):
            shown.then(
                show_answer,
                [asked, chat, turns, sure],
                [chat, turns, article],
                api_visibility="private",
            )
        chat.clear(tuple, None, turns, queue=False, api_visibility="private")
        article.change(fn=None, js=_SHOW_MARK, api_visibility="private")
    return page


def _last_cited(turns: Turns) -> Article | None:
    """Return the article that was shown last."""
    return next((article for turn in reversed(turns) if (article := article_of(turn))), None)
