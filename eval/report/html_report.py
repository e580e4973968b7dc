"""The report of a run: one HTML file that loads nothing and can be sent to anyone."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template

from eval.measures.figures import Figure
from eval.measures.results import OUTCOMES, VERDICTS, CitationRecord, Result, Run
from eval.report.plots import (
    answerability_diagram,
    latency_plot,
    outcome_plot,
    recall_plot,
    reliability_diagram,
    risk_coverage_plot,
)
from eval.sets.cases import Condition
from eval.systems.base import DEPTH
from qa import Outcome

KINDS: dict[Condition, str] = {
    "asked": "asked as in the file",
    "removed": "asked without the paragraphs that hold an accepted answer",
    "other": "asked of another article of the file",
}

_OUTCOMES = {outcome.value: meaning for outcome, meaning in OUTCOMES.items()}
_PARTS = Path(__file__).parent / "html"
# Control characters, and those that turn the direction of the text that follows them. Marks and
# letters that run from right to left stay: they act in their own element alone.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def write_report(run: Run, figures: dict[str, list[Figure]], path: Path) -> None:
    """Write the report of a run, the same one for the same run.

    Args:
        run: What came out. Every question of its first system is shown.
        figures: The figures by the name of the system; a system may lack them.
        path: The HTML file.
    """
    own = next(iter(run.results.values()), [])
    script = _part("report.js")
    page = Template(_part("report.html")).substitute(
        title=_escaped(run.title),
        banner=_banner(run),
        figures=_figure_table(list(run.results), figures),
        plots=_plots(run),
        verdicts=_buttons("verdict", VERDICTS.items(), [result.verdict for result in own]),
        outcomes=_buttons("outcome", _OUTCOMES.items(), [result.outcome.value for result in own]),
        kinds=_buttons("kind", KINDS.items(), [result.kind for result in own]),
        legend=_definitions([*VERDICTS.items(), *_OUTCOMES.items(), *KINDS.items()]),
        settings=_settings(run.settings),
        data=_in_script([_question(result) for result in own]),
        style=_part("report.css"),
        script=script,
        script_hash=_hash(script),
    )
    path.write_text(page, encoding="utf-8", errors="replace", newline="\n")


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """Return the name under which the page's policy allows this script and no other."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _shown(text: str) -> str:
    return _UNSHOWN.sub("\ufffd", text)


def _escaped(text: str) -> str:
    return html.escape(_shown(text))


def _in_script(questions: list[dict[str, object]]) -> str:
    """Return JSON in which nothing can end the script element that it stands in."""
    return json.dumps(questions, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT)


def _banner(run: Run) -> str:
    if not run.partial:
        return ""
    asked = {name: len(results) for name, results in run.results.items()}
    each = ", ".join(f"<bdi>{_escaped(name)}</bdi> {count:,}" for name, count in asked.items())
    return (
        f'<p class="banner"><strong>PARTIAL: {min(asked.values()):,} of {run.planned:,} questions '
        f"asked</strong>{f' ({each})' if len(set(asked.values())) > 1 else ''}. The run was "
        "stopped; every figure here is of these questions only.</p>"
    )


def _settings(settings: Mapping[str, str]) -> str:
    return (
        '<dl class="settings">'
        + "".join(
            f'<div><dt>{_escaped(name)}</dt><dd dir="auto">{_escaped(value)}</dd></div>\n'
            for name, value in settings.items()
        )
        + "</dl>"
    )


def _definitions(words: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f"<dt>{word.replace('_', ' ')}</dt><dd>{meaning}</dd>\n" for word, meaning in words
    )
    return f"<dl>{rows}</dl>"


def _figure_table(systems: list[str], figures: Mapping[str, list[Figure]]) -> str:
    by_name = {name: {f.name: f for f in figures.get(name, [])} for name in systems}
    measured = {f.name: f.label for own in by_name.values() for f in own.values()}
    head = "".join(f'<th scope="col" dir="auto">{_escaped(name)}</th>' for name in systems)
    rows = "\n".join(
        f'<tr><th scope="row"{" class=part" if label.startswith(" ") else ""}>'
        f"{_escaped(label.strip())}</th>"
        + "".join(f"<td>{_cell(by_name[system].get(name))}</td>" for system in systems)
        + "</tr>"
        for name, label in measured.items()
    )
    return f"<table>\n<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _cell(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return "-"
    value, low, high = (
        None if number is None else f"{number:,.{figure.decimals}f}"
        for number in (figure.value, figure.low, figure.high)
    )
    return str(value) if low is None else f"{value} <small>{low} to {high}</small>"


def _plots(run: Run) -> str:
    # Under the names by which the page shows the systems.
    results = {_shown(name): own for name, own in run.results.items()}
    plots = [
        (
            outcome_plot(results),
            "What came of the questions, and whether it was true: an answer that is right, a close "
            "call of which one of the two is, a question that was not found and has no answer.",
        ),
        (
            reliability_diagram(results),
            "How often the best guesses of one range of confidence are right. On the dotted line, "
            "as often as the confidence says. Below: how many questions lie in each range.",
        ),
        (
            answerability_diagram(results),
            "How often there is an answer, in ranges of how likely this program holds one to be.",
        ),
        (
            risk_coverage_plot(results, run.threshold),
            "How many answers are wrong if only the most confident are given. Lower is better.",
        ),
        (
            recall_plot(results),
            "How often one of the first k passages found holds an accepted answer.",
        ),
        (
            latency_plot(results),
            "How many questions are answered within a time. The dots are at half of them (p50) and "
            "at 95 % (p95).",
        ),
    ]
    return "\n".join(
        f"<figure>{plot}<figcaption>{caption}</figcaption></figure>"
        for plot, caption in plots
        if plot is not None
    )


def _buttons(group: str, words: Iterable[tuple[str, str]], found: Iterable[str]) -> str:
    counts = Counter(found)
    return "\n".join(
        f'<button type="button" aria-pressed="false" data-filter="{group}" data-value="{word}" '
        f'title="{meaning}">{word.replace("_", " ")} ({counts[word]:,})</button>'
        for word, meaning in words
    )


def _question(result: Result) -> dict[str, object]:
    """Return what the page shows of a question."""
    facts = [result.outcome.value.replace("_", " "), f"confidence {result.confidence:.2f}"]
    if result.answerability is not None:
        facts.append(f"answerability {result.answerability:.2f}")
    if result.outcome is Outcome.CLOSE_CALL:
        facts.append("one of the two is right" if result.rival_right else "neither is right")
    if result.answerable:
        found = f"none of the first {DEPTH}" if result.rank is None else str(result.rank)
        facts.append(f"passage rank: {found}")
    facts += [f"{result.latency_ms:,.0f} ms", f"kind: {result.kind}", f"id {_shown(result.id)}"]
    return {
        "id": _shown(result.id),
        "verdict": result.verdict,
        "outcome": result.outcome.value,
        "kind": result.kind,
        "question": _shown(result.question),
        "article": _shown(result.article),
        "accepted": [_shown(gold) for gold in dict.fromkeys(result.golds)],
        "answer": None if result.answer is None else _shown(result.answer),
        "guess": None if result.guess is None else _shown(result.guess),
        "rivals": [_shown(rival) for rival in result.rivals],
        "citation": _cut(result.citation) if result.citation else None,
        "place": _place(result.citation, result.article) if result.citation else None,
        "facts": facts,
    }


def _cut(citation: CitationRecord) -> list[str]:
    """Return what stands before the answer, the answer, and what stands behind it.

    Cut here: offsets count code points, and JavaScript counts UTF-16.
    """
    start, end = citation.answer_start - citation.start, citation.answer_end - citation.start
    parts = citation.text[:start], citation.text[start:end], citation.text[end:]
    return [_shown(part) for part in parts]


def _place(citation: CitationRecord, article: str) -> str:
    place = f"characters {citation.start:,} to {citation.end:,}"
    return place if citation.article == article else f"{place} of {_shown(citation.article)}"
