"""The benchmark's parts, with small stand-ins for the systems that it measures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.bench.contestants import Contestant
from eval.bench.corpora import lay_out_sizes
from eval.bench.limits import Shape, gemm_rates
from eval.bench.measuring import OurSystem, Speed, WatchedReader, Work, measure
from eval.bench.processes import ProcessError, first_answer, import_seconds, in_fresh_process
from eval.bench.record import Limit, Measured, Record, Start, machine
from eval.bench.table import BEGIN, END, percentile, table, write_table
from eval.sets.cases import Case, Corpus
from eval.systems.base import Response
from index.articles import Article
from index.errors import SettingError
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answers import Answer, Outcome
from qa.squad import Question, QuestionSet
from tests.fakes import PhraseReader, WordEncoder

TEXT = "The talks were held in Florida. A train leaves for Rome at nine."


def corpus_of(text: str, *questions: tuple[str, str]) -> Corpus:
    asked = []
    for number, (question, gold) in enumerate(questions):
        at = text.index(gold)
        spans = (Span(at, at + len(gold)),)
        asked.append(Question(str(number), question, spans, Span(0, len(text))))
    group = QuestionSet(Article("a", "Article", text), tuple(asked))
    return Corpus((group.article,), tuple(Case(question, group) for question in asked))


@pytest.mark.parametrize("percent", [0, 50, 95, 99, 100])
def test_a_percentile_is_between_the_nearest_values(percent: float) -> None:
    values = [30.0, 10.0, 20.0, 70.0, 40.0, 60.0]
    assert percentile(values, percent) == pytest.approx(np.percentile(values, percent))
    assert percentile([5.0], percent) == 5.0


def test_multiply_adds_are_those_of_the_matrices_and_of_attention() -> None:
    # A token: 4 * 4 * 4 + 2 * 4 * 8 = 128; attention: 2 * length * length * 4; two layers.
    shape = Shape(layers=2, hidden=4, intermediate=8)
    assert shape.multiply_adds([3]) == 2 * (3 * 128 + 2 * 9 * 4)
    assert shape.multiply_adds([3, 1]) == shape.multiply_adds([3]) + 2 * (128 + 2 * 4)
    assert shape.multiply_adds([]) == 0


def test_multiply_adds_agree_with_what_torch_counts(tmp_path: Path) -> None:
    import torch
    from torch.utils.flop_counter import FlopCounterMode
    from transformers import BertConfig, BertForQuestionAnswering

    config = BertConfig(
        vocab_size=20,
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=24,
    )
    config._attn_implementation = "eager"  # the operations that torch counts
    (tmp_path / "config.json").write_text(json.dumps(config.to_dict()))
    model = BertForQuestionAnswering(config).eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counted:
        model(torch.ones(2, 7, dtype=torch.long))
    head = 2 * 7 * 16 * 2
    multiply_adds = Shape.of(tmp_path).multiply_adds([7, 7]) + head
    assert counted.get_total_flops() == 2 * multiply_adds


def test_products_are_done_at_some_rate_in_each_precision() -> None:
    rates = gemm_rates(Shape(layers=1, hidden=32, intermediate=64), tokens=40)
    assert list(rates) == ["float32", "bfloat16", "int8"]
    assert all(rate is None or rate > 0 for rate in rates.values())
    assert rates["float32"] is not None


def test_questions_are_put_to_their_article_and_to_ever_more(
    questions: Path, tmp_path: Path
) -> None:
    paragraphs = [
        {"context": f"{name} is a town. It has {n} people.", "qas": []}
        for n, name in enumerate(("Aarhus", "Bergen", "Cadiz"))
    ]
    asked = {
        "id": "q",
        "question": "What is Essen?",
        "answers": [{"text": "town", "answer_start": 11}],
    }
    other = [
        {"title": "Towns", "paragraphs": paragraphs},
        {"title": "Essen", "paragraphs": [{"context": "Essen is a town.", "qas": [asked]}]},
    ]
    more = tmp_path / "more.json"
    more.write_text(json.dumps({"data": other}))

    laid_out = lay_out_sizes([questions, more], [1, 5, 12, 13, 10_000], limit=4)

    assert list(laid_out) == [1, 5, 12, 13, 14]
    assert [len(corpus.articles) for corpus in laid_out[1]] == [1, 1, 1, 1]
    cases = [case for corpus in laid_out[1] for case in corpus.cases]
    assert len(cases) == 4
    for count in (5, 12, 13, 14):
        (corpus,) = laid_out[count]
        assert list(corpus.cases) == cases
        assert len({article.id for article in corpus.articles}) == count
        assert {case.about.article.id for case in cases} <= {each.id for each in corpus.articles}
    titles = [article.title for article in laid_out[12][0].articles]
    assert titles[-2:] == ["Towns", "Essen"]  # whole, as there are enough of them
    texts = [article.text for article in laid_out[14][0].articles]
    assert texts[-4:] == [*(each["context"] for each in paragraphs), "Essen is a town."]


def test_a_collection_that_the_files_do_not_fill_is_left_out(questions: Path) -> None:
    assert list(lay_out_sizes([questions], [1, 10, 100])) == [1, 10]


def test_ours_is_measured_alone_and_in_batches() -> None:
    reader = WatchedReader(PhraseReader(Florida=5.0, Rome=2.0))
    corpus = corpus_of(
        TEXT, ("Where were the talks held?", "Florida"), ("When does a train leave?", "nine")
    )
    speed = measure(OurSystem(WordEncoder(), reader), [corpus], watched=[reader])

    assert (speed.articles, speed.characters, speed.sentences) == (1, len(TEXT), 2)
    assert len(speed.latencies_ms) == 2
    assert min(speed.latencies_ms) > 0
    assert speed.batch_s is not None
    assert speed.questions_a_second == pytest.approx(2 / speed.batch_s)
    assert speed.index_s is not None
    assert speed.sentences_a_second == pytest.approx(2 / speed.index_s)
    assert speed.f1 == speed.citation_hit == 50.0
    assert speed.peak_mb is None or speed.peak_mb > 1
    assert speed.work is not None
    assert 0 < speed.work.reader_ms < sum(speed.latencies_ms)
    # [CLS] where were the talks held ? [SEP], and [CLS] when does a train leave ? [SEP].
    assert speed.work.asked == (8, 8)
    # The article is one passage of seven and eight tokens, and a last [SEP].
    assert speed.work.read == (8 + 15 + 1, 8 + 15 + 1)


class Parrot:
    """Answers at once, with nothing, and only one question at a time."""

    @staticmethod
    def measure(corpora: Sequence[Corpus]) -> Speed:
        return measure(Parrot(), corpora)

    def open(self, articles: Sequence[Article]) -> Parrot:
        return self

    def ask(self, question: str, withheld: Sequence[Stretch] = ()) -> Response:
        return Response(Answer(question, 0.0, (), (), outcome=Outcome.NOT_FOUND), (), 500.0)


def test_who_takes_one_question_at_a_time_is_asked_one_by_one() -> None:
    speed = Parrot.measure([corpus_of(TEXT, ("Where?", "Florida"), ("When?", "nine"))])
    assert speed.batch_s is None
    assert speed.questions_a_second == 2.0
    assert speed.f1 == speed.citation_hit == 0.0
    assert speed.work is None


def speed_of(articles: int, *latencies_ms: float, **others: float | None) -> Speed:
    values: dict[str, Any] = {
        "articles": articles,
        "characters": 3000,
        "sentences": 30,
        "index_s": 2.0,
        "latencies_ms": latencies_ms,
        "batch_s": None,
        "peak_mb": 512.0,
        "f1": 80.0,
        "citation_hit": 90.0,
        "threads": 2,
    }
    return Speed(**{**values, **others})


@pytest.fixture
def record() -> Record:
    ours = Measured(
        "article-qa",
        Start(0.5, 2.0, 1.5, 600.0, "Florida"),
        [speed_of(1, 10.0, 20.0, 30.0, batch_s=0.1), speed_of(1000, 40.0, batch_s=0.02)],
    )
    slow = Measured(
        "Slow", Start(5.0, 9.0, None, None, "Florida"), [speed_of(1, 50.0, index_s=None)]
    )
    rates = {"float32": 1e11, "int8": None}
    limit = Limit(
        100.0, 1e9, 1e8, reader_ms=15.0, question_ms=22.0, precision="float32", rates=rates
    )
    return Record(
        "article-qa bench", {"processor": "a fast one"}, {"ours": ours, "slow": slow}, limit
    )


def rows_of(shown: str) -> dict[str, list[str]]:
    lines = [line.strip("| ").split(" | ") for line in shown.splitlines() if line.startswith("|")]
    return {line[0]: line[1:] for line in reversed(lines)}  # of several, the first


def test_the_table_has_ratios_beside_the_figures(record: Record) -> None:
    shown = table(record)
    rows = rows_of(shown)
    assert shown.startswith("`article-qa bench`\n\nprocessor a fast one, threads 2\n")
    assert rows["Import, s"] == ["0.50", "5.00 (×10.00)"]
    assert rows["the same, shipped article, s"] == ["1.50", "-"]
    assert rows["Peak memory of that, MB"] == ["600", "-"]
    assert rows["Question, p50, ms"] == ["20.0", "50.0 (×2.50)"]
    assert rows["Question, p95, ms"] == ["29.0", "50.0 (×1.72)"]
    assert rows["Questions a second"] == ["30.0", "20.0 (×0.67)"]
    assert rows["Indexing, characters a second"] == ["1,500", "-"]
    assert rows["Indexing, sentences a second"] == ["15", "-"]
    assert rows["F1, every question answered"] == ["80.0", "80.0"]
    assert "| **1,000 articles** |  |  |" in shown
    assert "16 at once by article-qa, one by one by the others" in shown


def test_the_table_holds_ours_against_the_limit(record: Record) -> None:
    rows = rows_of(table(record))
    assert rows["Products, 10⁹ multiply-adds a second"] == ["100", "-"]
    assert rows["Limit of the reader's batch, ms"] == ["10.0", "-"]
    assert rows["Limit of the encoder's call, ms"] == ["1.00", "-"]
    assert rows["Reader's batch, 15.0 ms: times its limit"] == ["1.5", "-"]
    assert rows["Whole question, 22.0 ms: times the limit of both"] == ["2.0", "-"]


def test_a_limit_is_what_a_question_takes_on_average() -> None:
    work = Work(reader_ms=30.0, read=(3, 3, 1), asked=(3, 1), precision="int8")
    shape = Shape(layers=2, hidden=4, intermediate=8)
    limit = Limit.of(speed_of(1, 20.0, 40.0), work, (shape, shape), {"float32": 1e9})
    assert limit.tokens == 3.5
    assert limit.reader == shape.multiply_adds([3, 3, 1]) / 2
    assert limit.encoder == shape.multiply_adds([3, 1]) / 2
    assert (limit.reader_ms, limit.question_ms, limit.precision) == (15.0, 30.0, "int8")


def test_a_run_that_was_stopped_says_so(record: Record) -> None:
    record.partial = True
    assert "PARTIAL" in table(record)
    assert json.loads(json.dumps(record.to_dict()))["partial"] is True


def test_what_others_have_not_measured_leaves_no_row() -> None:
    shown = table(Record("bench", {}, {"ours": Measured("article-qa")}))
    assert "Import" not in shown
    assert "| article-qa |" in shown


def test_the_table_takes_the_place_of_the_one_before(record: Record, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Speed\n\n{BEGIN}\nold\n{END}\n\nWhat it means.\n")
    write_table(record, readme)
    assert readme.read_text("utf-8") == (
        f"# Speed\n\n{BEGIN}\n{table(record)}\n{END}\n\nWhat it means.\n"
    )

    write_table(record, tmp_path / "new.md")
    assert (tmp_path / "new.md").read_text("utf-8") == f"{BEGIN}\n{table(record)}\n{END}\n"


def add(one: int, other: int) -> int:
    if other < 0:
        raise SettingError("less than nothing")
    return one // other


def test_a_function_is_called_in_a_process_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    assert in_fresh_process(add, 6, 2) == 3
    with pytest.raises(SettingError, match="less than nothing"):
        in_fresh_process(add, 1, -1)
    with pytest.raises(ProcessError, match="add: ZeroDivisionError"):
        in_fresh_process(add, 1, 0)
    with pytest.raises(ProcessError, match="exit code 3 and no result"):
        in_fresh_process(sys.exit, 3)
    assert "Traceback" not in capfd.readouterr().err


def test_a_first_answer_is_timed_until_it_is_printed() -> None:
    answer = first_answer([sys.executable, "-c", "print('Florida', flush=True)"])
    assert answer.answer == "Florida"
    assert answer.seconds > 0
    assert answer.peak_mb is None or answer.peak_mb > 1
    with pytest.raises(ProcessError, match=r"failed \(no answer\)"):
        first_answer([sys.executable, "-c", "import sys; sys.exit('no answer')"])
    with pytest.raises(ProcessError, match="it printed nothing"):
        first_answer([sys.executable, "-c", ""])


def test_an_import_is_timed() -> None:
    assert import_seconds("import json") > 0
    with pytest.raises(ProcessError, match="No module named 'no_such_module'"):
        import_seconds("import no_such_module")


def test_who_is_not_installed_is_told_to_be() -> None:
    missing = Contestant("missing", "Missing", Parrot.measure, "", package="no_such_package")
    with pytest.raises(SettingError, match=r'pip install "article-qa\[bench\]"'):
        missing.check()


def test_the_machine_is_named() -> None:
    told = machine()
    assert told["processor"]
    assert int(told["cores"]) >= 1
    assert told["torch"]
