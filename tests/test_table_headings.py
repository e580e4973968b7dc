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


BERTHS = table("Vessel | Up to 20 m | Over 20 m\nFerry | – | €310.00\nTrawler | €90.00 | €210.00")
AGES = table(
    "Age | Weekday | Weekend\nUnder 6 | free | free\n6 to 15 | 4.00 | 5.00\nOver 15 | 8.00 | 9.50"
)
ROTA = table(
    "Day | Morning | Evening | Night\n"
    "Monday | Petrov | Hale | Singh\nTuesday | Hale | Petrov | Okoye"
)
RUNNERS = table("Name | Country | Time\nBo Tran | Vietnam | 10.4\nAnn Lee | Korea | 21.9")
STAFF = table("Name | Manager\nAnn | Bo\nCid | Ann")
GROUPS = table("Activity | Room\nRobotics | 12\nChess | 14")


@pytest.mark.parametrize(
    ("question", "looked_in", "cell"),
    [
        ("How much does a ferry up to 20 m pay?", BERTHS, None),
        ("How much does a ferry over 20 m pay?", BERTHS, "€310.00"),
        ("How much does a trawler over 20 m pay?", BERTHS, "€210.00"),
        ("How much does a trawler of more than 20m pay?", BERTHS, "€210.00"),
        ("How much does a trawler up to 20 m pay?", BERTHS, "€90.00"),
        ("How much does a trawler over 30 m pay?", BERTHS, None),
        ("How much does a trawler of 20 m pay?", BERTHS, None),
        ("How much does a trawler pay?", BERTHS, None),
        ("How much is it over 15 on a weekday?", AGES, "8.00"),
        ("How much is it under 6 at the weekend?", AGES, "free"),
        ("How much is it for ages 6 to 15 at the weekend?", AGES, "5.00"),
        ("How much is it over 6 on a weekday?", AGES, None),
        ("How much is it under 15 on a weekday?", AGES, None),
    ],
)
def test_a_limit_names_the_column_or_the_row_that_has_it_alone(
    question: str, looked_in: Table, cell: str | None
) -> None:
    assert found(question, looked_in) == cell


@pytest.mark.parametrize(
    ("question", "looked_in", "cell"),
    [
        ("Who has the night shift on Monday?", ROTA, "Singh"),
        ("Who has the night shift on Sunday?", ROTA, None),
        ("Who has the lunch shift on Monday?", ROTA, None),
        ("When does Petrov work in the morning?", ROTA, "Monday"),
        ("When does Hale work in the morning?", ROTA, "Tuesday"),
        ("When does Singh work in the morning?", ROTA, None),
        ("When does Petrov work at night?", ROTA, None),
        ("When does Petrov work?", ROTA, None),
        ("Who is the manager of Ann?", STAFF, None),
        ("Where does Bo Tran come from?", RUNNERS, "Vietnam"),
        ("Where was Ann Lee born?", RUNNERS, None),
        ("Which room is the Robotics club in?", GROUPS, "12"),
        ("Which room is the Dance club in?", GROUPS, None),
    ],
)
def test_a_heading_may_be_said_in_other_words(
    question: str, looked_in: Table, cell: str | None
) -> None:
    assert found(question, looked_in) == cell


HOMES = table(
    "Estate | Homes | Vacant | Manager\nElm Close | 268 | 6 | Stone\nFern Lea | 275 | 7 | Li"
)
CRASHES = table("Road | Crashes | Injured | Killed\nA 40 | 31 | 12 | 2\nB 12 | 44 | 9 | 0")


@pytest.mark.parametrize(
    ("question", "looked_in", "cell"),
    [
        ("How many homes are vacant at Elm Close?", HOMES, "6"),
        ("How many vacant homes are there at Fern Lea?", HOMES, "7"),
        ("How many homes does Elm Close have?", HOMES, "268"),
        ("How many homes are there at Fern Lea?", HOMES, "275"),
        ("How many were injured on the A 40?", CRASHES, "12"),
        ("How many crashes were there on the B 12?", CRASHES, "44"),
    ],
)
def test_what_tells_which_are_counted_names_the_column_before_what_is_counted(
    question: str, looked_in: Table, cell: str | None
) -> None:
    assert found(question, looked_in) == cell
