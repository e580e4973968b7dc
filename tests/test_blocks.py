from __future__ import annotations

import pytest

from index.structure.blocks import Block
from index.structure.parsing import structure_of
from index.structure.spans import Span


def said(text: str, span: Span | None) -> str | None:
    return None if span is None else text[slice(*span)]


def own(text: str, block: Block) -> str:
    return " ".join(text[slice(*piece)] for piece in block.pieces)


def of_kind(text: str, kind: str) -> list[str]:
    return [own(text, block) for block in structure_of(text).blocks if block.kind == kind]


def items(text: str) -> list[tuple[str | None, str, str | None]]:
    """The marker, the text and the lead of each item."""
    return [
        (said(text, block.marker), own(text, block), said(text, block.lead))
        for block in structure_of(text).blocks
        if block.kind == "item"
    ]


def path(text: str, words: str) -> list[str | None]:
    """The headings above the block in which words stand."""
    block = structure_of(text).at(text.index(words))
    assert block is not None
    return [said(text, heading) for heading in block.headings]


@pytest.mark.parametrize("bullet", ["-", "*", "+", "•", "·", "–", "‣", "▪", "o"])
def test_a_bulleted_list_is_led_by_the_line_before(bullet: str) -> None:
    text = (
        f"The crew of the Belle are:\n{bullet} Ida Thorvald\n{bullet} Nils Aas, cook\n\nThey sail."
    )
    lead = "The crew of the Belle are:"
    assert items(text) == [(bullet, "Ida Thorvald", lead), (bullet, "Nils Aas, cook", lead)]
    assert of_kind(text, "paragraph") == [lead, "They sail."]


@pytest.mark.parametrize(
    "markers",
    [("1.", "2.", "3."), ("1)", "2)", "3)"), ("(a)", "(b)", "(c)"), ("a)", "b)", "c)"),
     ("i.", "ii.", "iii."), ("Step 1:", "Step 2:", "Step 3:"), ("A.", "B.", "C.")],
)  # fmt: skip
def test_numbered_steps_are_ordered_items_of_one_list(markers: tuple[str, str, str]) -> None:
    steps = ["Close the valve.", "Drain the tank.", "Wait."]
    lines = [f"{marker} {step}" for marker, step in zip(markers, steps, strict=True)]
    text = "Proceed as follows:\n" + "\n".join(lines)
    assert [(marker, step) for marker, step, _ in items(text)] == list(
        zip(markers, steps, strict=True)
    )
    found = structure_of(text).group(0)
    assert [block.ordered for block in found] == [True] * 3
    assert {said(text, block.lead) for block in found} == {"Proceed as follows:"}


def test_only_the_last_sentence_before_a_list_leads_in_to_it() -> None:
    text = "The port is old. It has three docks:\n\n- North Dock\n- Mill Dock"
    assert {lead for *_, lead in items(text)} == {"It has three docks:"}


def test_a_sentence_that_announces_nothing_leads_in_to_no_list_but_the_heading_does() -> None:
    text = "# Side effects\n\nMost of them pass within days.\n\n- headache\n- rash\n"
    assert {lead for *_, lead in items(text)} == {"Side effects"}


def test_items_of_several_lines_and_loose_items_are_of_one_list() -> None:
    text = (
        "Pack:\n\n* a tent (the small one,\n  if it is dry)\n\n* two ropes\n\n* soap\n\nGo early."
    )
    assert [item for _, item, _ in items(text)] == [
        "a tent (the small one,\n  if it is dry)", "two ropes", "soap",
    ]  # fmt: skip
    assert len(structure_of(text).group(0)) == 3
    assert of_kind(text, "paragraph")[-1] == "Go early."


def test_a_nested_list_is_led_by_the_item_above_it() -> None:
    text = "Tools:\n- saws\n  - hand saw\n  - jigsaw\n- files\n"
    assert [(item, lead) for _, item, lead in items(text)] == [
        ("saws", "Tools:"), ("hand saw", "saws"), ("jigsaw", "saws"), ("files", "Tools:"),
    ]  # fmt: skip
    groups = [block.group for block in structure_of(text).blocks if block.kind == "item"]
    assert groups == [0, 1, 1, 0]


def test_lines_below_a_colon_are_listed_without_markers() -> None:
    text = "Symptoms may include:\nfever\na dry cough\ntiredness\n\nSee a doctor."
    lead = "Symptoms may include:"
    assert items(text) == [(None, each, lead) for each in ("fever", "a dry cough", "tiredness")]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["tight", "loose"])
@pytest.mark.parametrize("close", [".", ")"])
def test_numbered_lines_over_paragraphs_are_headings_and_steps_inside_one_its_own_list(
    between: str, close: str
) -> None:
    text = (
        f"Manual\n\n1{close} Start the pump{between}Turn the key and wait for the light.\n\n"
        f"2{close} Clean the filter{between}The filter is cleaned in two steps:{between}"
        f"1{close} Unscrew the lid.\n2{close} Rinse the filter under the tap.\n\n"
        f"3{close} Store the pump{between}The pump is stored dry.\n"
    )
    assert of_kind(text, "heading") == [
        "Manual", f"1{close} Start the pump", f"2{close} Clean the filter",
        f"3{close} Store the pump",
    ]  # fmt: skip
    lead = "The filter is cleaned in two steps:"
    assert items(text) == [
        (f"1{close}", "Unscrew the lid.", lead),
        (f"2{close}", "Rinse the filter under the tap.", lead),
    ]
    assert path(text, "Rinse") == ["Manual", f"2{close} Clean the filter"]
    assert path(text, "stored dry") == ["Manual", f"3{close} Store the pump"]


def test_numbered_headings_are_told_without_any_blank_line() -> None:
    text = (
        "1. Open an account\nAsk at the desk for a form.\n2. Close an account\n"
        "There are two ways:\n1. Write to us.\n2. Call the desk.\n3. Move an account\n"
        "Only the owner can move one.\n"
    )
    assert of_kind(text, "heading") == [
        "1. Open an account", "2. Close an account", "3. Move an account",
    ]  # fmt: skip
    assert [item for _, item, _ in items(text)] == ["Write to us.", "Call the desk."]


def test_a_step_that_is_told_at_length_stays_a_step() -> None:
    text = "Do this:\n\n1. Open the lid\n\n   Lift it with care.\n\n2. Take the key\n\nThen go."
    assert [item for _, item, _ in items(text)] == ["Open the lid", "Take the key"]
    below = structure_of(text).at(text.index("Lift"))
    assert below is not None
    assert said(text, below.lead) == "Open the lid"


@pytest.mark.parametrize(
    "text",
    [
        "The engine, which had been built for the mill at Orby, gave no more than about\n"
        "12. It was sold to a firm in Leeds for scrap and replaced by a larger one soon.",
        "The ballot of the party ended as it had begun, and nobody had expected that\n"
        "a. Smith would be chosen; he had not even been asked to stand in the ballot.",
    ],
)
def test_a_wrapped_line_that_starts_like_an_item_is_none(text: str) -> None:
    assert items(text) == []


def test_markdown_headings_are_a_path() -> None:
    text = "# Guide\n\n## Use\n\n### Start ###\nPress it.\n\nCare\n----\nDry it.\n"
    assert path(text, "Press it") == ["Guide", "Use", "Start"]
    assert path(text, "Dry it") == ["Guide", "Care"]


@pytest.mark.parametrize(
    "heading", ["2.1 Scope of use", "Chapter 3: The crossing", "OPENING HOURS", "How to pay"]
)
def test_headings_of_plain_text(heading: str) -> None:
    text = (
        "A first paragraph that says more than a word about the matter.\n\n"
        f"{heading}\n\nThe desk is open from nine to five on all days but Sunday.\n"
    )
    assert path(text, "The desk") == [heading]


@pytest.mark.parametrize(
    "line", ["Ask the warden.", "Best regards,", "Author: Ann Lee", "in the harbour", "12.50"]
)
def test_a_short_line_that_may_be_something_else_is_no_heading(line: str) -> None:
    text = (
        "A first paragraph that says more than a word about the matter.\n\n"
        f"{line}\n\nThe desk is open from nine to five on all days but Sunday.\n"
    )
    assert of_kind(text, "heading") == []


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Q: Who pays?\nA: The buyer pays\nunless it broke.", "Who pays?",
         "The buyer pays\nunless it broke."),
        ("Q. Who pays?\n\nA. The buyer.", "Who pays?", "The buyer."),
        ("Question 3. Who pays?\nAnswer: The buyer.", "Who pays?", "The buyer."),
        ("**Q: Who pays?**\nA: The buyer.", "Who pays?", "The buyer."),
        ("## Who pays?\n\nThe buyer.", "Who pays?", "The buyer."),
        ("**Who pays?**\n\nThe buyer.", "Who pays?", "The buyer."),
        ("Who pays?\nThe buyer.\n\nWhen?\nAt once.", "Who pays?", "The buyer."),
    ],
)  # fmt: skip
def test_an_answer_is_led_by_its_question(text: str, question: str, answer: str) -> None:
    found = structure_of(text).at(text.index("The buyer"))
    assert found is not None
    assert own(text, found) == answer
    assert said(text, found.lead) == question


def test_the_sign_of_an_answer_is_its_marker() -> None:
    text = "Q: Who pays?\nA: The buyer."
    assert [said(text, block.marker) for block in structure_of(text).blocks] == ["Q:", "A:"]


def test_records_are_not_joined_and_wrapped_lines_are() -> None:
    text = (
        "Name: Ada Brook\nBorn: 1931 in Orby\nTrade: joiner\n\n"
        "Ada Brook, piano\nCem Yildiz, violin\nHugo Prats, drums\n\n"
        "The three of them met in the hall of the old mill and played there on\n"
        "every Friday until it was pulled down."
    )
    assert of_kind(text, "paragraph") == [
        "Name: Ada Brook", "Born: 1931 in Orby", "Trade: joiner",
        "Ada Brook, piano", "Cem Yildiz, violin", "Hugo Prats, drums",
        "The three of them met in the hall of the old mill and played there on\n"
        "every Friday until it was pulled down.",
    ]  # fmt: skip


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_the_lines_of_code_are_a_block_each_and_the_fences_none(fence: str) -> None:
    text = f"Run:\n\n{fence}sh\nmake all\n\n# install it\n{fence}\n\nDone."
    assert of_kind(text, "paragraph") == ["Run:", "make all", "# install it", "Done."]
    assert of_kind(text, "heading") == []


def test_behind_a_fence_that_is_not_closed_the_text_goes_on() -> None:
    text = "Run:\n\n```\nmake\n\n## Care\n\nKeep it dry.\n"
    assert path(text, "Keep it dry") == ["Care"]


def test_quoted_lines_are_read_without_their_signs() -> None:
    text = "# Mail\n\n> The gate is shut on\n> Mondays.\n"
    assert of_kind(text, "paragraph") == ["The gate is shut on Mondays."]


def test_a_list_of_ten_thousand_items_is_one_list() -> None:
    text = "Parts:\n" + "\n".join(f"- part {number}" for number in range(10_000))
    assert len(structure_of(text).group(0)) == 10_000


@pytest.mark.parametrize("text", ["---", "```\n```", "#", "- 14 -", ">"])
def test_a_text_of_nothing_but_signs_has_a_block(text: str) -> None:
    assert of_kind(text, "paragraph")


@pytest.mark.parametrize("box", ["[ ]", "[x]", "☐", "☑", "✓", "- [x]", "- ☐", "• [ ]"])
def test_a_check_box_is_the_marker_of_an_item(box: str) -> None:
    text = f"Guests should bring\n  {box} a sleeping bag for\n      cold nights\n  {box} boots\n"
    assert items(text) == [
        (box, "a sleeping bag for\n      cold nights", "Guests should bring"),
        (box, "boots", "Guests should bring"),
    ]


def test_roman_numbers_below_letters_are_a_list_of_two() -> None:
    text = "Weekly:\n a) bins\n b) lawn\n    i.  front\n    ii. back\n c) alarm\n"
    assert [(item, lead) for _, item, lead in items(text)] == [
        ("bins", "Weekly:"), ("lawn", "Weekly:"), ("front", "lawn"), ("back", "lawn"),
        ("alarm", "Weekly:"),
    ]  # fmt: skip


def test_the_only_thing_below_an_item_is_one() -> None:
    text = "Duties:\n1. At the gate\n   a. count\n   b. greet\n2. At the river\n   a. row\n"
    assert [item for _, item, _ in items(text)] == [
        "At the gate", "count", "greet", "At the river", "row",
    ]  # fmt: skip


def test_a_sentence_that_a_list_ends_leads_in_to_it_and_is_no_heading() -> None:
    text = (
        "Visitors may not\n\n- feed the geese\n- swim\n\nThe park opens at eight. It is closed on\n"
        "\n- Mondays\n- Good Friday\n\nDogs stay outside.\n"
    )
    assert {lead for _, _, lead in items(text)} == {"Visitors may not", "It is closed on"}
    assert of_kind(text, "heading") == []


def test_a_line_below_an_item_leads_in_to_the_list_right_below_it() -> None:
    text = "Plan\n\n1. Roles\n   1.1 Fire warden\n       - Greta\n       - Ivar\n2. Exits\n"
    assert [(item, lead) for _, item, lead in items(text)] == [
        ("Roles", "Plan"), ("Greta", "1.1 Fire warden"), ("Ivar", "1.1 Fire warden"),
        ("Exits", "Plan"),
    ]  # fmt: skip
