from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from index.articles import Article
from index.models.encoder import SentenceEncoder
from qa.reading.strategies import load_strategy
from tests.commands import Outcome, Run
from tests.fakes import PhraseReader, WordEncoder


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three documents, beside which one stands."""
    monkeypatch.chdir(tmp_path)
    write("docs/a.txt", "The trains stop in Rome. They go on to Bari.")
    write("docs/b.txt", "The buses stop in Turin.")
    write("docs/deep/c.txt", "The ships stop in Genoa.")
    return tmp_path / "docs"


@pytest.fixture
def library(run: Run, monkeypatch: pytest.MonkeyPatch, docs: Path) -> Run:
    """Run a command of the library "lib", with an encoder of words."""
    monkeypatch.setattr(SentenceEncoder, "load", lambda *_: WordEncoder())

    def run_command(command: str, *arguments: str) -> Outcome:
        return run("library", command, *arguments, "--library", "lib")

    return run_command


class Typed(io.StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        return True


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def listed(library: Run, *arguments: str) -> list[str]:
    lines = library("list", "--json", *arguments).out.splitlines()
    return [json.loads(line)["id"] for line in lines]


def test_documents_are_added_and_only_what_changed_is_read_again(
    library: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = library("add", "docs")
    assert (outcome.code, outcome.out, outcome.err) == (
        0,
        "added: 3, replaced: 0, unchanged: 0\n",
        "",
    )
    read: list[str] = []
    from_file = Article.from_file

    def noting(path: Path, **options: str | None) -> Article:
        read.append(path.name)
        return from_file(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Article, "from_file", noting)
    write("docs/a.txt", "The trains stop in Pisa. They go on to Bari.")
    write("docs/d.txt", "The planes stop in Bari.")
    assert library("add", "docs").out == "added: 1, replaced: 1, unchanged: 2\n"
    assert sorted(read) == ["a.txt", "d.txt"]
    assert listed(library) == ["docs/b.txt", "docs/deep/c.txt", "docs/d.txt", "docs/a.txt"]


def test_what_cannot_be_read_is_a_line_each_and_the_rest_comes_in(library: Run) -> None:
    write("docs/empty.txt", "")
    outcome = library("add", "docs", "nowhere.txt")
    assert outcome.code == 1
    assert outcome.out == "added: 3, replaced: 0, unchanged: 0\n"
    assert outcome.err.splitlines() == [
        "article-qa: docs/empty.txt: the article is empty; there is nothing to quote.",
        "article-qa: nowhere.txt: no such file; check the path.",
    ]


def test_no_library_is_made_of_nothing(library: Run, tmp_path: Path) -> None:
    outcome = library("add", "nowhere.txt")
    assert outcome.code == 1
    assert outcome.complaint == "article-qa: nowhere.txt: no such file; check the path."
    assert not (tmp_path / "lib").exists()


def test_documents_are_removed_by_id_by_file_by_folder_and_by_tag(library: Run, docs: Path) -> None:
    library("add", "docs/a.txt", "--tag", "rail")
    library("add", "docs")
    assert library("remove", "docs/b.txt").out == "removed: 1\n"
    assert library("remove", str(docs / "deep")).out == "removed: 1\n"
    assert listed(library) == ["docs/a.txt"]
    assert library("remove", "--tag", "rail").out == "removed: 1\n"
    assert listed(library) == []
    assert (docs / "a.txt").exists()
    assert library("add", "docs").out == "added: 3, replaced: 0, unchanged: 0\n"


def test_what_is_not_there_is_a_line_and_nothing_is_removed(library: Run) -> None:
    library("add", "docs")
    outcome = library("remove", "docs/a.txt", "docs/z.txt")
    assert outcome.code == 1
    assert outcome.complaint.startswith("article-qa: docs/z.txt: is not in the library")
    assert outcome.out == ""
    assert len(listed(library)) == 3
    outcome = library("remove", "docs/a.txt", "--tag", "none")
    assert (outcome.code, outcome.out) == (1, "")
    assert "tag 'none'" in outcome.complaint
    assert len(listed(library)) == 3
    assert library("remove").code == 2
    outcome = library("list", "--tag", "none")
    assert (outcome.code, outcome.out) == (1, "")
    assert "tag 'none'" in outcome.complaint


def test_a_person_is_asked_before_more_than_was_named_is_removed(
    run: Run, library: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    library("add", "docs")
    monkeypatch.setattr("io.StringIO", Typed)
    remove = ("library", "remove", "--library", "lib")
    refused = run(*remove, "docs", stdin="n\n")
    assert refused.code == 1
    assert refused.err.startswith("Remove 3 documents? [y/N]:")
    assert len(listed(library)) == 3
    assert run(*remove, "docs/a.txt").out == "removed: 1\n"
    assert run(*remove, "docs/deep", "--yes").out == "removed: 1\n"
    write("docs/e.txt", "The bikes stop in Parma.")
    library("add", "docs/e.txt")
    assert run(*remove, "docs", stdin="y\n").out.strip() == "removed: 2"


def test_an_update_reads_what_changed_and_removes_what_is_gone(library: Run, docs: Path) -> None:
    library("add", "docs")
    write("docs/a.txt", "The trains stop in Pisa. They go on to Bari.")
    write("docs/new.txt", "The planes stop in Bari.")
    (docs / "b.txt").unlink()
    planned = library("update", "--dry-run", "docs")
    assert planned.out.splitlines() == [
        "replace: docs/a.txt",
        "add: docs/new.txt",
        "remove: docs/b.txt",
        "unchanged: 1",
    ]
    assert listed(library) == ["docs/a.txt", "docs/b.txt", "docs/deep/c.txt"]
    assert library("update").out == "added: 0, replaced: 1, removed: 1, unchanged: 1\n"
    assert library("update", "docs").out == "added: 1, replaced: 0, removed: 0, unchanged: 2\n"
    assert sorted(listed(library)) == ["docs/a.txt", "docs/deep/c.txt", "docs/new.txt"]


def test_how_far_it_was_stopped_is_told(library: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    encode = WordEncoder.encode_passages
    embedded: list[int] = []

    def stop_at_second(self: WordEncoder, texts: Sequence[str], *, progress: bool = False) -> Any:  # noqa: ANN401
        if len(texts) > 1 and embedded:  # one text alone tells who made the vectors
            raise KeyboardInterrupt
        embedded.extend([len(texts)] * (len(texts) > 1))
        return encode(self, texts, progress=progress)

    for name in ("a", "b", "deep/c"):
        write(f"docs/{name}.txt", " ".join(f"It rained on day {n}." for n in range(3_000)))
    monkeypatch.setattr(WordEncoder, "encode_passages", stop_at_second)
    stopped = library("add", "docs")
    assert (stopped.code, stopped.out) == (130, "")
    assert stopped.complaint == (
        "article-qa: stopped: 2 documents came in; the same command goes on from there."
    )
    stopped = library("update", "docs")
    assert stopped.code == 130
    assert stopped.complaint == (
        "article-qa: stopped: no document came in; the same command begins anew."
    )


def test_what_is_new_in_an_update_is_filed(library: Run, docs: Path) -> None:
    library("add", "docs", "--tag", "old")
    write("docs/d.txt", "The planes stop in Bari.")
    (docs / "a.txt").rename(docs / "e.txt")
    updated = library("update", "docs", "--tag", "new")
    assert updated.out == "added: 2, replaced: 0, removed: 1, unchanged: 2\n"
    assert sorted(listed(library, "--tag", "new")) == ["docs/d.txt", "docs/e.txt"]
    assert sorted(listed(library, "--tag", "old")) == [
        "docs/b.txt",
        "docs/deep/c.txt",
        "docs/e.txt",
    ]
    assert library("update", "--tag", "new").code == 2


def test_an_update_that_would_remove_everything_does_not(library: Run, docs: Path) -> None:
    library("add", "docs")
    docs.rename(docs.with_name("elsewhere"))
    outcome = library("update")
    assert outcome.code == 1
    assert "None of the 3 files that were read is there any more" in outcome.complaint
    assert len(listed(library)) == 3


def test_the_list_says_what_there_is(library: Run) -> None:
    library("add", "docs/a.txt", "--tag", "rail", "--tag", "2024")
    library("add", "docs")
    assert library("list").out.splitlines() == [
        "docs/a.txt: a, passages: 1, tags: 2024 rail",
        "docs/b.txt: b, passages: 1",
        "docs/deep/c.txt: c, passages: 1",
        "documents: 3, passages: 3",
    ]
    assert listed(library, "--tag", "rail") == ["docs/a.txt"]
    (line,) = library("list", "--json", "--tag", "rail").out.splitlines()
    said = json.loads(line)
    assert said.pop("path") == str(Path("docs/a.txt").absolute())
    assert said == {
        "id": "docs/a.txt",
        "title": "a",
        "source": "docs/a.txt",
        "tags": ["2024", "rail"],
        "characters": 44,
        "sentences": 2,
        "passages": 1,
    }


def test_documents_are_filed_under_tags_and_no_more(library: Run) -> None:
    library("add", "docs")
    assert library("tag", "docs", "--tag", "all", "--tag", "old").out == "filed: 3\n"
    assert library("tag", "docs/deep", "--untag", "old", "--tag", "sea").out == "filed: 1\n"
    assert listed(library, "--tag", "old") == ["docs/a.txt", "docs/b.txt"]
    assert listed(library, "--tag", "sea") == ["docs/deep/c.txt"]
    assert len(listed(library, "--tag", "all")) == 3
    assert library("tag", "docs").code == 2


def test_a_search_gives_passages_of_these_documents_only(library: Run) -> None:
    library("add", "docs", "--tag", "all")
    outcome = library("search", "Where do the ships stop?", "-k", "1")
    head, place, text = outcome.out.splitlines()
    assert head.startswith("[1] c, characters 0 to 24  (score ")
    assert (place.strip(), text.strip()) == ("docs/deep/c.txt", "The ships stop in Genoa.")

    found = json.loads(library("search", "Where do they stop?", "--json").out)
    assert len(found) == 3
    assert [each["score"] for each in found] == sorted((h["score"] for h in found), reverse=True)
    only = library("search", "Where do the ships stop?", "--only", "docs/b.txt", "--json").out
    (hit,) = json.loads(only)
    assert (hit["article_id"], hit["text"]) == ("docs/b.txt", "The buses stop in Turin.")
    assert hit["text"] == Path("docs/b.txt").read_text()[hit["start"] : hit["end"]]

    assert "is not in the library" in library("search", "Who?", "--only", "z.txt").complaint
    assert "tag 'none'" in library("search", "Who?", "--tag", "none").complaint


@pytest.mark.parametrize("name", ["--library", "--index", "--store"])
def test_a_question_is_asked_of_these_documents_only(
    library: Run, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    reader = load_strategy(PhraseReader(Rome=9.0, Turin=6.0, Genoa=5.0))
    monkeypatch.setattr("qa.reading.strategies.load_strategy", lambda *_: reader)
    library("add", "docs/b.txt", "--tag", "road")
    library("add", "docs")

    def answer(*arguments: str) -> str:
        asked = run("ask", "Where do they stop?", name, "lib", "--json", *arguments)
        assert (asked.code, asked.err) == (0, "")
        return str(json.loads(asked.out)["text"])

    assert answer() == "Rome"
    assert answer("--only", "docs/deep") == "Genoa"
    assert answer("--tag", "road") == "Turin"
    assert answer("--tag", "road", "--only", "docs/deep/c.txt") == "Turin"

    refused = run("ask", "Where?", name, "lib", "--only", "docs/z.txt")
    assert refused.code == 1
    assert refused.complaint.startswith("article-qa: docs/z.txt: is not in the library")
    refused = run("ask", "Where?", name, "lib", "--tag", "none")
    assert "tag 'none'" in refused.complaint


def test_what_is_not_there_is_told_before_the_models_are_loaded(
    library: Run, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    library("add", "docs")

    def load(*_: object) -> None:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(SentenceEncoder, "load", load)
    monkeypatch.setattr("qa.reading.strategies.load_strategy", load)
    for command in (["ask", "Where?"], ["chat", "--no-browser"], ["library", "search", "Where?"]):
        for arguments, expected in (
            (["--library", "nowhere"], "nowhere: "),
            (["--library", "lib", "--only", "docs/z.txt"], "docs/z.txt: is not in the library"),
            (["--library", "lib", "--tag", "none"], "No document has the tag 'none'"),
        ):
            outcome = run(*command, *arguments)
            assert (outcome.code, outcome.out) == (1, "")
            assert outcome.complaint.startswith(f"article-qa: {expected}")


def test_articles_can_be_asked_in_part_without_a_library(
    library: Run, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = load_strategy(PhraseReader(Rome=9.0, Genoa=5.0))
    monkeypatch.setattr("qa.reading.strategies.load_strategy", lambda *_: reader)
    asked = run("ask", "Where?", "--article", "docs", "--only", "docs/deep/c.txt", "--json")
    assert json.loads(asked.out)["text"] == "Genoa"


def test_a_library_comes_into_another_one(library: Run, run: Run) -> None:
    library("add", "docs", "--tag", "old")
    added = run("library", "add", "lib", "--library", "other", "--tag", "copied")
    assert (added.code, added.out) == (0, "added: 3, replaced: 0, unchanged: 0\n")
    again = run("library", "add", "lib", "docs", "--library", "other")
    assert again.out == "added: 0, replaced: 0, unchanged: 6\n"
    line = run("library", "list", "--library", "other").out.splitlines()[0]
    assert line == "docs/a.txt: a, passages: 1, tags: copied old"


def test_an_index_of_an_earlier_version_comes_in_by_one_command(library: Run, run: Run) -> None:
    line = {"id": "docs/a.txt", "title": "a", "text": "The trains stop in Rome.", "source": None}
    write("old/articles.jsonl", json.dumps(line) + "\n")
    manifest = {
        "format": "article-qa index",
        "version": 3,
        "encoder": {"name": "words", "dimension": 64},
        "counts": {"articles": 1},
        "sha256": {
            "articles.jsonl": hashlib.sha256(Path("old/articles.jsonl").read_bytes()).hexdigest()
        },
    }
    write("old/manifest.json", json.dumps(manifest))
    refused = run("library", "list", "--library", "old")
    assert refused.code == 1
    assert "`article-qa library add old --library NEW`" in refused.complaint
    assert library("add", "old", "--tag", "old").out == "added: 1, replaced: 0, unchanged: 0\n"
    assert library("list").out.splitlines()[0] == "docs/a.txt: a, passages: 1, tags: old"
    # Its articles did not say which files they are of; one is told by its id.
    assert library("add", "docs").out == "added: 2, replaced: 1, unchanged: 0\n"


def test_nothing_is_lost_when_it_is_compacted(library: Run) -> None:
    library("add", "docs")
    library("remove", "docs/a.txt")
    assert library("compact").code == 0
    assert listed(library) == ["docs/b.txt", "docs/deep/c.txt"]
    found = library("search", "Where do the ships stop?", "-k", "1").out
    assert "The ships stop in Genoa." in found


@pytest.mark.parametrize(
    "arguments",
    [
        ["library", "list"],
        ["library", "list", "--library", ""],
        ["library", "list", "--library", "lib", "--tag", " "],
        ["library", "tag", "docs", "--library", "lib", "--tag", ""],
        ["library", "tag", "docs", "--library", "lib"],
        ["library", "remove", "--library", "lib"],
        ["library", "search", "Who?", "--library", "lib", "-k", "0"],
        ["ask", "Who?", "--library", ""],
        ["ask", "Who?", "--library", "lib", "--article", "docs"],
        ["ask", "Who?", "--library", "lib", "--tag", ""],
    ],
)
def test_wrong_usage_is_exit_2(library: Run, run: Run, arguments: list[str]) -> None:
    library("add", "docs")
    assert run(*arguments).code == 2


def test_another_encoder_is_told(library: Run, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    library("add", "docs")
    monkeypatch.setattr(SentenceEncoder, "load", lambda *_: WordEncoder(seed="other"))
    write("docs/new.txt", "The planes stop in Bari.")
    for command in (["add", "docs"], ["update", "docs"], ["search", "Where?"]):
        outcome = library(*command)
        assert outcome.code == 1
        assert "gives other vectors" in outcome.complaint
    assert len(listed(library)) == 3


@pytest.mark.parametrize(
    "command",
    [["update"], ["remove", "a"], ["list"], ["search", "Who?"], ["tag", "a", "--tag", "b"]],
)
def test_where_there_is_no_library_none_is_made(
    library: Run, command: list[str], tmp_path: Path
) -> None:
    outcome = library(*command)
    assert outcome.code == 1
    assert outcome.complaint.startswith("article-qa: lib: ")
    assert not (tmp_path / "lib").exists()


def test_what_is_no_library_is_left_alone(library: Run, tmp_path: Path) -> None:
    write("lib/letter.txt", "Dear Ada.")
    outcome = library("add", "docs")
    assert outcome.code == 1
    assert outcome.complaint.startswith("article-qa: lib: ")
    assert [path.name for path in (tmp_path / "lib").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("command", ["", "add", "update", "remove", "list", "search", "tag"])
def test_help_imports_nothing_heavy(command: str) -> None:
    code = (
        "import sys; from ui.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'torch', 'faiss', 'psycopg', 'gradio'} & sys.modules.keys()))"
    )
    arguments = ["library", *filter(None, [command]), "--help"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert "Usage: " in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.models
def test_two_versions_of_one_document_are_asked_each_for_itself(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for year, closes in ((2023, "20:00"), (2025, "22:00")):
        write(f"rules/{year}.txt", f"Visitor rules of {year}\n\nThe park closes at {closes}.\n")
        assert run("library", "add", "rules", "--library", "park").code == 0

    def answer(*arguments: str) -> str:
        asked = run("ask", "When does the park close?", "--library", "park", "--json", *arguments)
        return str(json.loads(asked.out)["text"])

    assert answer("--only", "rules/2023.txt") == "20:00"
    assert answer("--only", "rules/2025.txt") == "22:00"
    write("rules/2025.txt", "Visitor rules of 2025\n\nThe park closes at 21:00.\n")
    updated = run("library", "update", "--library", "park")
    assert updated.out == "added: 0, replaced: 1, removed: 0, unchanged: 1\n"
    assert answer("--only", "rules/2025.txt") == "21:00"
