from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.structure.parsing import structure_of
from index.structure.sentences import split_sentences

PIECES = [
    "# A\n", "## B c\n", "- ", "* ", "• ", "1. ", "2. ", "a) ", "(ii) ", "Step 1: ", "Q: ", "A: ",
    "\n", "\n\n", "  ", "    ", "\t", "|", "|---|---|\n", "a,b,c\n", "1,2\n", "x;y\n", "```\n",
    "~~~\n",    "---\n", "===\n", "> ", "- 14 -\n", "14\n", "[3]\n", "Page 3 of 9\n", "\f", "\r",
    "Word ",
    "Name: Ada\n", "a sentence. ", "An Other one, that is longer and goes on and on without end ",
    "“", "”", '"', "**B**\n", ":", "?", "ALL CAPS\n", "é", "\u2028", "\x1c", "\x0b", "\xa0", "\x85",
]  # fmt: skip
texts = (
    st.text()
    | st.text(alphabet="aB1.?!”“\n\r \t-#*|,;>:\f`=")
    | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
)


@given(texts)
def test_blocks_stand_in_the_text_in_order_and_apart(text: str) -> None:
    structure = structure_of(text)
    end = 0
    for block in structure.blocks:
        spans = [*([block.marker] if block.marker is not None else []), *block.pieces]
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            assert text[slice(*span)] == text[slice(*span)].strip()
            end = span.end
        assert structure.at(block.pieces[0].start) == block


@given(texts)
def test_cells_columns_headings_and_leads_stand_where_they_can(text: str) -> None:
    for block in structure_of(text).blocks:
        place = block.pieces[0].start
        for cell in block.cells:
            assert cell.start <= cell.end
            if cell.start < cell.end:
                assert place <= cell.start
                assert cell.end <= block.span.end
                place = cell.end
        for above in [*block.headings, *([block.lead] if block.lead else []), *block.columns]:
            assert above.end <= block.start
        assert (block.kind == "row") == bool(block.cells)
        assert (block.group >= 0) == (block.kind in ("item", "row"))


@given(texts)
def test_every_character_of_a_block_is_in_exactly_one_sentence(text: str) -> None:
    structure = structure_of(text)
    sentences = split_sentences(text)
    end = 0
    covered = [False] * len(text)
    for start, after in sentences:
        assert end <= start < after
        assert text[start:after] == text[start:after].strip()
        covered[start:after] = [True] * (after - start)
        end = after
    for block in structure.blocks:
        for start, after in block.pieces:
            for place in range(start, after):
                assert covered[place] or text[place].isspace()


@given(st.text(alphabet="aB.?! \n", max_size=300))
def test_in_prose_every_character_but_white_space_is_in_exactly_one_sentence(text: str) -> None:
    spans = split_sentences(text)
    edges = [0, *(place for span in spans for place in span), len(text)]
    assert edges == sorted(edges)
    outside = zip(edges[::2], edges[1::2], strict=True)
    assert not "".join(text[start:end] for start, end in outside).strip()
