"""Who is measured, and how each is started."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.bench.measuring import Speed, measure, measure_ours, measure_small
from eval.bench.table import OURS
from eval.sets.cases import Corpus
from qa import SettingError
from qa.reading.reader import SMALL

_ONCE = Path(__file__).parent / "once"


@dataclass(frozen=True)
class Contestant:
    """A system that takes part.

    Attributes:
        name: What ``--systems`` calls it.
        label: What a person calls it.
        measure: Measures it over articles, in the process that this is called in.
        imports: What its user imports, as Python statements.
        script: The shortest program that gives an answer; None for the command ``article-qa ask``.
        options: What else that command is given.
        package: What must be installed to measure it.
        most_articles: Of how many articles at most it can be asked; None if of any number.
    """

    name: str
    label: str
    measure: Callable[[Sequence[Corpus]], Speed]
    imports: str
    script: Path | None = None
    options: tuple[str, ...] = ()
    package: str = "transformers"
    most_articles: int | None = None

    def check(self) -> None:
        """See whether it can be measured here.

        Raises:
            SettingError: It is not installed.
        """
        if importlib.util.find_spec(self.package) is None:
            raise SettingError(
                f'{self.package} is not installed; run `pip install "article-qa[bench]"`'
                " with Python 3.11 or later."
            )

    @property
    def ships_article(self) -> bool:
        """Whether it comes with an article of its own."""
        return self.script is None

    def command(self, question: str, article: Path | None) -> list[str]:
        """Return the command that asks a question of an article; of the shipped one if None.

        Raises:
            SettingError: The program that it is to start is not installed.
        """
        from index.models.encoder import installed_encoder
        from qa.reading.reader import DEFAULT_READER
        from qa.shipped import DEFAULT_ARTICLE

        if self.script is None:
            chosen = [] if article is None else ["--article", str(article)]
            return [_article_qa(), "ask", question, *chosen, *self.options]
        models = [str(DEFAULT_READER), str(installed_encoder())]
        return [
            sys.executable, str(self.script), str(article or DEFAULT_ARTICLE), question, *models
        ]  # fmt: skip


def _article_qa() -> str:
    """Return where this environment's ``article-qa`` is."""
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join([beside, os.environ.get("PATH", "")])
    found = shutil.which("article-qa", path=path)
    if found is None:
        raise SettingError(
            "The command article-qa is not installed beside this Python, so that its start cannot "
            "be measured; run `pip install article-qa`."
        )
    return found


def _measure_haystack(corpora: Sequence[Corpus]) -> Speed:
    from eval.systems.haystack_pipeline import HaystackSystem
    from index.models.encoder import DEFAULT_ENCODER, LibraryEmbedder, installed_encoder
    from qa import SentenceEncoder

    # As Haystack's own embedder runs it, which comes in yet another package; not as we do.
    library = LibraryEmbedder.load(installed_encoder(), DEFAULT_ENCODER)
    system = HaystackSystem(encoder=SentenceEncoder(DEFAULT_ENCODER, library))
    return measure(system, corpora, name="haystack")


def _measure_txtai(corpora: Sequence[Corpus]) -> Speed:
    from eval.systems.txtai_chain import TxtaiSystem

    return measure(TxtaiSystem(), corpora, name="txtai")


def _measure_loop(corpora: Sequence[Corpus]) -> Speed:
    from eval.systems.plain_loop import PlainLoopSystem

    return replace(measure(PlainLoopSystem(), corpora, name="loop"), index_s=None)


def _peer(
    name: str, label: str, measured: Callable[[Sequence[Corpus]], Speed], package: str
) -> Contestant:
    script = _ONCE / f"{name}_once.py"
    # Not run as the main program, a script does no more than its imports.
    imports = f"import runpy\nrunpy.run_path({str(script)!r})"
    return Contestant(name, label, measured, imports, script, package=package)


_OURS = Contestant(OURS, "article-qa", measure_ours, "from qa.pipeline import ArticleQA")
CONTESTANTS = {
    each.name: each
    for each in (
        _OURS,
        replace(
            _OURS,
            name=SMALL,
            label="article-qa, small reader",
            measure=measure_small,
            options=("--reader", SMALL),
        ),
        _peer("haystack", "Haystack", _measure_haystack, "haystack"),
        _peer("txtai", "txtai", _measure_txtai, "txtai"),
        replace(_peer("loop", "plain loop", _measure_loop, "transformers"), most_articles=1),
    )
}
