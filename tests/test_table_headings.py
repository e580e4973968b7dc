"""Which column a question asks for where headings are alike or a cell says nothing."""

from __future__ import annotations

import pytest

from qa.tables.table import Table
from tests.test_table_lookup import found, table

EYES = table("Service | Members | Non-members\nEye test | free | £25\nGlasses | £40 | £60")
RIDES = table(
    "Ticket | Adult | Adult return | Reduced\nTram | – | 5.00 | 1.50\nBus | 2 € | 3 € | 1 €"
)
GOODS = table(
    "product | price | old price | stock\nToaster | | 32.00 | 0\nKettle | 20.00 | 25.00 | 4"
)


@pytest.mark.parametrize(
    ("question", "looked_in", "cell"),
    [
        ("How much is an eye test for members?", EYES, "free"),
        ("How much is an eye test for non-members?", EYES, "£25"),
        ("What do glasses cost for non-members?", EYES, "£60"),
        ("How much is the adult ticket for the tram?", RIDES, None),
        ("How much does an adult pay for the tram?", RIDES, None),
        ("How much is the adult return ticket for the tram?", RIDES, "5.00"),
        ("How much is the adult ticket for the bus?", RIDES, "2 €"),
        ("What is the price of the Toaster?", GOODS, None),
        ("How much does the Toaster cost?", GOODS, None),
        ("What was the old price of the Toaster?", GOODS, "32.00"),
        ("What is the price of the Kettle?", GOODS, "20.00"),
        ("What is the price?", table("Item | Price\nA | -\nB | n/a"), None),
        ("What are the prices?", table("Item | Price\nA | -\nB | n/a\nC | 3"), None),
    ],
)
def test_a_cell_that_says_nothing_is_no_answer_nor_is_its_neighbour(
    question: str, looked_in: Table, cell: str | None
) -> None:
    assert found(question, looked_in) == cell
