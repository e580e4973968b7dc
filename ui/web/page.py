"""The page: the conversation on one side, the article on the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import QuestionError
from qa.pipeline import ArticleQA, shipped_article
from ui.web.markup import answer_html, article_html, escape

STYLE = Path(__file__).parent / "page.css"
# Fonts of the visitor's own system: the page loads nothing from anywhere else.
THEME = gr.themes.Default(
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
)
_ARTICLE_EXAMPLES = [
    "Who leads the Ukrainian delegation?",
    "Why did the peace proposal worry Ukraine's allies?",
    "When did Russia's full-scale invasion start?",
    "What is the population of Ukraine?",
]
Messages = list[dict[str, Any]]
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
    shipped = first == shipped_article()

    def show_question(question: str, history: Messages) -> tuple[str, str, Messages]:
        return "", question, [*history, {"role": "user", "content": escape(question)}]

    def show_example(history: Messages, event: gr.SelectData) -> tuple[str, str, Messages]:
        return show_question(event.value["text"], history)

    def show_answer(
        question: str, history: Messages, min_confidence: float
    ) -> tuple[Messages, str]:
        said, shown = _respond(bot, question, min_confidence)
        return [*history, {"role": "assistant", "content": said}], shown

    page: gr.Blocks
    with gr.Blocks(title="article-qa", fill_width=True, analytics_enabled=False) as page:
        gr.Markdown("# article-qa\nAsk about the article. Every answer is a quotation from it.")
        asked = gr.State("")
        with gr.Row():
            with gr.Column(min_width=320):
                chat = gr.Chatbot(
                    label="Answers",
                    height="60vh",
                    buttons=["copy"],
                    latex_delimiters=[],
                    examples=[{"text": text} for text in _ARTICLE_EXAMPLES] if shipped else None,
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
        ):
            shown.then(show_answer, [asked, chat, sure], [chat, article], api_visibility="private")
        article.change(fn=None, js=_SHOW_MARK, api_visibility="private")
    return page


def _respond(bot: ArticleQA, question: str, min_confidence: float) -> tuple[str, str]:
    """Return what the chat says and what the article pane shows."""
    first = bot.articles[0]
    try:
        answer = bot.ask(question, min_confidence=min_confidence)
    except QuestionError as error:
        return escape(str(error)), article_html(first)
    cited = answer.citations or answer.closest
    shown = cited[0].article if cited else first
    return answer_html(answer, articles=len(bot.articles)), article_html(shown, answer.citations)
