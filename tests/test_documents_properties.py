"""Documents of every format: places are right whatever they say, and damage is said, not thrown."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.documents.blocks import Block, Made
from eval.documents.packages import make_docx, make_epub, make_pptx
from eval.documents.pdf import LAYOUTS, Layout, make_pdf
from eval.documents.spans import spans_right, unplaced
from eval.documents.texts import make_csv, make_markdown, make_texts
from eval.documents.web import make_html, make_mails
from index.articles import Article
from index.errors import ArticleError

SPANS = 20
EXAMPLES = settings().max_examples  # more of them in the search
WORDS = (
    "Alma", "left", "for", "the", "lighthouse", "in", "1961.", "&", "<b>", "a*b*", "#", "- x", "|",
    "1.", "“Why?”", "naïve", "office", "co-operation", "—", "£620", "]]>", "\N{NO-BREAK SPACE}",
    "e\N{COMBINING ACUTE ACCENT}", "incomprehensibilities", "http://x.example/a_b?c=d",
)  # fmt: skip
BEYOND = ("𝔘niverse", "Gdańsk", "日本語", "שלום", "👩\N{ZERO WIDTH JOINER}🚒", "\N{SOFT HYPHEN}")


def texts(words: Sequence[str]) -> st.SearchStrategy[str]:
    """One line of words, with no white space at its ends."""
    lists = st.lists(st.sampled_from(words), min_size=1, max_size=30)
    return lists.map(lambda chosen: " ".join(["Then", *chosen, "ended."]))


def blocks(words: Sequence[str]) -> st.SearchStrategy[list[Block]]:
    text = texts(words)
    cell = st.sampled_from(("", *words))
    width = st.shared(st.integers(2, 4), key="width")
    row = width.flatmap(lambda count: st.tuples(*[cell] * count))
    head = width.map(lambda count: tuple(f"Column {number}" for number in range(count)))
    table = st.tuples(head, st.lists(row, max_size=4)).map(lambda each: (each[0], *each[1]))
    return st.tuples(
        st.builds(Block, st.just("heading"), text, st.integers(1, 3)),
        st.lists(
            st.builds(Block, st.just("heading"), text, st.integers(1, 3))
            | st.builds(Block, st.just("paragraph"), text)
            | st.builds(Block, st.just("item"), text, st.integers(1, 3), st.booleans())
            | st.builds(Block, st.just("table"), rows=table),
            max_size=12,
        ),
        st.builds(Block, st.just("paragraph"), text),
        st.builds(Block, st.just("note"), text),
    ).map(lambda each: [each[0], *each[1], *each[2:]])


def read_right(made: Made, seed: int) -> None:
    article = Article.from_bytes(made.data, made.name)
    right = spans_right(article, SPANS, seed)
    assert right.found == right.of == SPANS
    assert unplaced(article).found == 0


@given(blocks((*WORDS, *BEYOND)), st.integers(0, 1000))
@pytest.mark.parametrize("make", [make_docx, make_pptx, make_epub, make_html])
def test_spans_of_marked_up_documents_stand_where_it_says(
    make: Callable[[Sequence[Block]], Made], made_of: list[Block], seed: int
) -> None:
    read_right(make(made_of), seed)


@given(blocks((*WORDS, *BEYOND)), st.integers(0, 1000))
@pytest.mark.parametrize("number", [0, 1], ids=["plain", "rich"])
def test_spans_of_mails_stand_where_it_says(number: int, made_of: list[Block], seed: int) -> None:
    read_right(make_mails(made_of)[number], seed)


@given(blocks(WORDS), st.sampled_from(LAYOUTS), st.integers(0, 1000))
@settings(max_examples=EXAMPLES // 4)
def test_spans_of_pdfs_stand_where_it_says(made_of: list[Block], layout: Layout, seed: int) -> None:
    read_right(make_pdf(made_of, layout), seed)


@given(
    blocks((*WORDS, *BEYOND)).filter(lambda made_of: any(b.rows for b in made_of)),
    st.integers(0, 1000),
)
def test_spans_of_tables_of_values_stand_where_it_says(made_of: list[Block], seed: int) -> None:
    read_right(make_csv(made_of), seed)


SAMPLE = [
    Block("heading", "The lighthouse"),
    Block("paragraph", "Alma kept the lighthouse for nineteen years, and never once left it."),
    Block("note", "See the register."),
    Block("item", "Boris painted it.", ordered=True),
    Block("item", "Nobody bought it.", level=2),
    Block("table", rows=(("Name", "Year"), ("Alma", "1961"), ("Boris", "1962"))),
]  # fmt: skip
DOCUMENTS = {
    made.name: made.data
    for made in (
        make_pdf(SAMPLE), make_docx(SAMPLE), make_pptx(SAMPLE), make_epub(SAMPLE),
        make_html(SAMPLE), *make_mails(SAMPLE), make_markdown(SAMPLE), make_csv(SAMPLE),
        *make_texts(SAMPLE),
    )
}  # fmt: skip
ARCHIVES = [name for name in DOCUMENTS if name.endswith((".docx", ".pptx", ".epub"))]


def damaged(data: bytes, generator: random.Random) -> bytes:
    """Flip some bytes, cut it off, or put a piece of a document into it."""
    spoilt = bytearray(data)
    kind = generator.randrange(3)
    if kind == 0:
        for _ in range(generator.choice([1, 3, 20])):
            spoilt[generator.randrange(len(spoilt))] = generator.randrange(256)
    elif kind == 1:
        del spoilt[generator.randrange(len(spoilt)) :]
    else:
        other = DOCUMENTS[generator.choice(list(DOCUMENTS))]
        start, place = generator.randrange(len(other)), generator.randrange(len(spoilt))
        end = place + generator.choice([0, 10, 500])
        spoilt[place:end] = other[start : start + generator.choice([1, 50, 5000])]
    return bytes(spoilt)


def refused_or_read(data: bytes, name: str) -> None:
    refusal = ""
    try:
        article = Article.from_bytes(data, name)
    except ArticleError as error:
        refusal = str(error)
    if refusal:
        assert refusal.startswith(f"{name}: ")
        assert "\n" not in refusal
        assert "broke down" not in refusal
    else:
        assert article.text.strip()
        spans_right(article, 1)


seeds = st.integers(0, 1 << 32).map(random.Random)
FUZZED = settings(max_examples=EXAMPLES // 3, suppress_health_check=[HealthCheck.too_slow])


@given(seeds)
@pytest.mark.parametrize("name", DOCUMENTS)
@FUZZED
def test_a_damaged_document_is_read_or_refused(name: str, generator: random.Random) -> None:
    refused_or_read(damaged(DOCUMENTS[name], generator), name)


@given(seeds)
@pytest.mark.parametrize("name", ARCHIVES)
@FUZZED
def test_a_damaged_file_of_a_sound_archive_is_read_or_refused(
    name: str, generator: random.Random
) -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(DOCUMENTS[name])) as archive,
        zipfile.ZipFile(buffer, "w") as spoilt,
    ):
        victim = generator.choice(archive.namelist())
        for member in archive.namelist():
            data = archive.read(member)
            spoilt.writestr(member, damaged(data, generator) if member == victim else data)
    refused_or_read(buffer.getvalue(), name)


@given(seeds, st.sampled_from([*DOCUMENTS, "x", "x.pdf.exe", "лист.doc"]))
@FUZZED
def test_a_document_of_another_name_is_read_or_refused(generator: random.Random, name: str) -> None:
    refused_or_read(DOCUMENTS[generator.choice(list(DOCUMENTS))], name)


@given(st.binary(max_size=2000), st.sampled_from(list(DOCUMENTS)))
@FUZZED
def test_anything_at_all_is_read_or_refused(data: bytes, name: str) -> None:
    starts = {".pdf": b"%PDF-1.7\n", "docx": b"PK\x03\x04", ".eml": b"Subject: x\nFrom: a@b.c\n\n"}
    refused_or_read(starts.get(name[-4:], b"") + data, name)
