"""The page: the conversation on one side, the article on the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from ui.web.api import QUESTIONS, add_endpoints
from ui.web.handlers import Handlers, invitation
from ui.web.lists import CHOOSE
from ui.web.markup import escape
from ui.web.own import ENCODINGS, OWN
from ui.web.turns import Visitor
from ui.web.visitors import Service

_HERE = Path(__file__).parent
STYLES = tuple(_HERE / name for name in ("page.css", "answers.css", "document.css", "marks.css"))
_SCRIPTS = ("document.js", "marks.js", "page.js")  # one program, in this order
# Fonts of the visitor's own system: the page loads nothing from anywhere else.
THEME = gr.themes.Default(
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
).set(  # Gradio's own orange is too bright for white letters
    button_primary_background_fill="*primary_700",
    button_primary_background_fill_dark="*primary_700",
    button_primary_background_fill_hover="*primary_800",
    button_primary_background_fill_hover_dark="*primary_800",
    button_primary_text_color="white",
)
_PROMISE = (
    "Every answer is a quotation, marked in the article, with its odds. Nothing is passed on."
)
# How often, and after how long, a file is deleted that was sent and never taken; others go at once.
_UPLOADS_KEPT_S = (600, 3600)
_KINDS = "PDF, web pages, Word, PowerPoint, EPUB, e-mail, Markdown, tables (CSV) and plain text."
_ENCODINGS = [
    ("Guessed for each", ""),
    ("Unicode (UTF-8)", "utf-8"),
    ("Unicode (UTF-16)", "utf-16"),
    ("Western (Windows-1252)", "windows-1252"),
    ("Western with € (ISO-8859-15)", "iso-8859-15"),
    ("Central European (Windows-1250)", "windows-1250"),
    ("Cyrillic (Windows-1251)", "windows-1251"),
    ("Cyrillic (KOI8-R)", "koi8-r"),
    ("Greek (Windows-1253)", "windows-1253"),
    ("Turkish (Windows-1254)", "windows-1254"),
    ("Hebrew (Windows-1255)", "windows-1255"),
    ("Arabic (Windows-1256)", "windows-1256"),
    ("Japanese (Shift JIS)", "shift_jis"),
    ("Japanese (EUC-JP)", "euc-jp"),
    ("Chinese (GB 18030)", "gb18030"),
    ("Chinese (Big5)", "big5"),
    ("Korean (EUC-KR)", "euc-kr"),
]
_SURENESS = "How sure an answer must be"


def build_page(service: Service) -> gr.Blocks:
    """Build the page for a service whose models are loaded.

    Raises:
        StoreError: What is served cannot be reached.
    """
    does = Handlers(service)
    invitation(service.bot)  # so that the first visitor need not wait for it
    bar = service.bot.min_confidence
    if bar is None:
        bar = service.bot.strategy.calibration.boundaries.answered
    limit = f"{service.max_bytes / 1_000_000:g} MB"
    page: gr.Blocks
    with gr.Blocks(
        title="article-qa",
        fill_width=True,
        analytics_enabled=False,
        delete_cache=_UPLOADS_KEPT_S,
    ) as page:
        gr.HTML(f"<h1>article-qa</h1> <p>{_PROMISE}</p>", elem_id="promise", padding=False)
        visitor, judged, picked = gr.State(Visitor()), gr.State(), gr.State()
        outbox = gr.Textbox(visible="hidden", label="What is being saved")
        with gr.Row(elem_id="panes"):
            with gr.Column(min_width=280, elem_id="conversation"):
                chat = gr.Chatbot(
                    label="Conversation",
                    show_label=False,
                    elem_id="chat",
                    autoscroll=False,  # a new answer is to be read from its beginning
                    buttons=[],
                    latex_delimiters=[],
                )
                with gr.Group(visible=False, elem_id="correction") as correction:
                    words = gr.Textbox(
                        label="What would have been right?",
                        info="Select the words in the article, or type them as they stand there.",
                        max_lines=3,
                    )
                    with gr.Row():
                        save = gr.Button("Save", variant="primary", size="sm")
                        unsaid = gr.Button("Not in the article", size="sm")
                        unknown = gr.Button("I do not know", size="sm")
                question = gr.Textbox(
                    label="Your question",
                    show_label=False,
                    placeholder="Ask about the article",
                    submit_btn="Ask",
                    autofocus=True,
                    elem_id="question",
                )
                with gr.Row(elem_id="tools"):
                    edit, markdown, as_json = (
                        gr.Button(name, size="sm", min_width=0)
                        for name in ("Edit last question", "Save as Markdown", "Save as JSON")
                    )
                    with gr.Accordion(_SURENESS, open=False, elem_id="sure"):
                        own_bar = gr.Checkbox(
                            label="Set a bar of my own",
                            info="Without, answers that are less sure are given as probable.",
                            container=False,
                        )
                        sure = gr.Slider(
                            minimum=0,
                            maximum=1,
                            step=0.01,
                            value=round(bar, 2),
                            label=_SURENESS,
                            show_label=False,
                            info="What is less sure is not given as an answer.",
                            container=False,
                            visible=False,
                        )
                    with gr.Accordion(
                        CHOOSE, open=False, visible=False, elem_id="chosen"
                    ) as chooser:
                        seek = gr.Textbox(
                            label="Find articles to tick",
                            placeholder="Words of their names",
                            max_lines=1,
                            visible=False,
                        )
                        ticked = gr.CheckboxGroup(
                            label="Articles to ask",
                            info="If none is ticked, all are asked.",
                            elem_id="ticked",
                        )
                        filed = gr.CheckboxGroup(
                            label="And those filed under", visible=False, elem_id="filed"
                        )
                if service.feedback is not None:
                    kept = f"Your thumbs up and down are kept in {service.feedback.path}"
                    gr.HTML(f"<p>{escape(kept)}</p>", elem_id="kept", padding=False)
            with gr.Column(min_width=280, elem_id="reading"):
                find = gr.Textbox(
                    label="Find an article",
                    placeholder="Words of its name",
                    max_lines=1,
                    visible=False,
                    elem_id="find",
                )
                with gr.Row(elem_id="shelf"):
                    shelf = gr.Dropdown(label="Article", choices=[], scale=3)
                    remove = gr.Button("Remove", size="sm", visible=False, scale=0, min_width=90)
                with gr.Accordion(OWN, open=False, elem_id="own") as own:
                    pasted = gr.Textbox(label="Paste its text", lines=3, max_lines=8)
                    add = gr.Button("Add this text", size="sm")
                    dropped = gr.File(
                        label=f"Or drop files of up to {limit}",
                        file_count="multiple",
                        height=140,
                    )
                    gr.HTML(f"<p>{_KINDS}</p>", elem_id="kinds", padding=False)
                    encoding = gr.Dropdown(
                        label=ENCODINGS,
                        info="Of those that are dropped next.",
                        choices=_ENCODINGS,
                        value="",
                    )
                    url = gr.Textbox(
                        label="Or give the address of a web page",
                        info="It is fetched once, from there alone. All else stays here.",
                        placeholder="https://",
                        max_lines=1,
                        submit_btn="Add",
                        visible=service.fetches,
                    )
                article = gr.HTML(
                    elem_id="article",
                    js_on_load="\n".join(
                        (_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS
                    ),
                )

        at_once: dict[str, Any] = {
            "queue": False,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        lists = [shelf, find, chooser, seek, ticked, filed]
        page.load(does.arrive, visitor, [chat, article, *lists], **at_once)
        for begins in (
            question.submit(does.begin, [question, visitor], [question, chat], **at_once),
            chat.example_select(does.begin_example, visitor, chat, **at_once),
            chat.option_select(does.begin_offered, visitor, chat, **at_once),
            chat.retry(does.again, visitor, chat, **at_once),
            article.submit(does.begin_linked, visitor, chat, **at_once),
        ):
            begins.then(
                does.answer,
                [visitor, own_bar, sure],
                [chat, *lists],
                show_progress_on=chat,
                trigger_mode="multiple",  # also while the last question is being answered
                concurrency_id=QUESTIONS,
                api_visibility="private",
            ).failure(does.busy, visitor, chat, **at_once)
        chat.undo(does.undo, visitor, chat, **at_once)
        chat.clear(does.clear, visitor, None, **at_once)
        own_bar.change(lambda own: gr.update(visible=own), own_bar, sure, **at_once)
        edit.click(does.edit, visitor, [chat, question], **at_once)

        if service.feedback is not None:
            # Only what is queued can show a notice.
            noticed: dict[str, Any] = {**at_once, "queue": True, "concurrency_limit": None}
            asked_back = [judged, correction, words, picked]
            chat.like(does.judge, visitor, asked_back, **noticed)
            article.like(does.verdict, visitor, asked_back, **noticed)
            save.click(does.correct, [judged, words, picked], correction, **noticed)
            unsaid.click(does.unsaid, judged, correction, **noticed)
            unknown.click(does.unknown, None, correction, **at_once)
            article.input(does.pick, visitor, [words, picked], **at_once)

        article.select(does.open_key, visitor, [article, shelf], **at_once)
        shelf.input(does.open_id, [shelf, visitor], article, **at_once)
        for sought, listed, searches in (
            (find, shelf, does.lists.find),
            (seek, ticked, does.lists.seek),
        ):
            sought.change(
                searches, [sought, visitor], listed, trigger_mode="always_last", **at_once
            )
        for boxes in (ticked, filed):
            boxes.input(
                does.lists.choose,
                [ticked, filed, visitor],
                chooser,
                trigger_mode="always_last",
                **at_once,
            )
        changed = [chat, article, remove, own, *lists]
        add.click(
            does.paste,
            [pasted, visitor],
            [pasted, *changed],
            show_progress_on=pasted,
            api_visibility="private",
        )
        dropped.upload(
            does.drop,
            [dropped, encoding, visitor],
            [dropped, *changed],
            show_progress_on=dropped,
            api_visibility="private",
        )
        url.submit(
            does.fetch,
            [url, visitor],
            [url, *changed],
            show_progress_on=url,
            api_visibility="private",
        )
        remove.click(does.remove, [shelf, visitor], changed, **at_once)

        for button, written in ((markdown, does.to_markdown), (as_json, does.to_json)):
            button.click(written, visitor, outbox, **at_once).then(
                None, outbox, js="text => window.articleQA.save(text)", api_visibility="private"
            )
        add_endpoints(service)
    return page
