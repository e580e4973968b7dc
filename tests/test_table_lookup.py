"""Which cell a question asks for: the one it names by row and heading, or none."""

from __future__ import annotations

import pytest

from qa.asking.kinds import kind_of
from qa.tables.lookup import LookUp, look_up
from qa.tables.requests import Request
from qa.tables.table import Table


def table(text: str, context: str = "") -> Table:
    headings, *rows = [
        tuple(cell.strip() for cell in line.split("|")) for line in text.strip().split("\n")
    ]
    return Table(headings, dict(enumerate(rows)), context, total=len(rows))


TRAINS = table(
    """
    Train | From   | To       | Departs | Arrives | Platform
    R 12  | Hardal | Vik      | 06:40   | 07:55   | 1
    R 14  | Hardal | Tolnes   | 07:10   | 08:30   | 3
    R 15  | Vik    | Hardal   | 08:05   | 09:20   | 2
    E 70  | Tolnes | Bremsund | 09:45   | 11:00   | 4
    """
)
STAFF = table(
    """
    Name         | Role         | Office | Phone    | E-mail
    Anna Berg    | editor       | B 201  | 55 12 30 | anna.berg@paper.example
    Jonas Ekdal  | photographer | B 114  | 55 12 44 | j.ekdal@paper.example
    Mira Solheim | archivist    | C 003  | 55 12 78 | mira@paper.example
    Tom Berg     | driver       | A 010  | 55 12 91 | tom.berg@paper.example
    """
)
STOCK = table(
    """
    Part no. | Description  | In stock | Supplier    | Price
    7001     | hinge, brass | 140      | Norlås AS   | €3.40
    7002     | hinge, steel | 12       | Norlås AS   | €2.10
    7105     | door handle  | 56       | Beslag Nord | €11.90
    7300     | letter box   | 0        | Beslag Nord | €24.00
    """
)
WARDS = table(
    """
    Ward       | Head nurse  | Beds | Visiting hours | Extension
    Cardiology | Liv Strand  | 24   | 14:00-16:00    | 4410
    Oncology   | Arne Bakke  | 18   | 15:00-17:00    | 4422
    Maternity  | Jo Hagen    | 12   | 10:00-18:00    | 4437
    """
)
HOURS = table(
    """
    Day       | Opens | Closes
    Monday    | 10:00 | 18:00
    Wednesday | 12:00 | 18:00
    Saturday  | 11:00 | 15:00
    """,
    "Vestby library",
)
STATIONS = table(
    """
    station | altitude_m | mean temperature | rainfall
    Fossum  | 212        | 4.1 °C           | 890 mm
    Grindal | 640        | 1.7 °C           | 1120 mm
    """
)
RELEASES = table(
    """
    Version | Released       | Codename | Support ends
    1.1     | 3 May 2021     | Otter    | 2022
    1.10    | 14 June 2023   | Lynx     | 2025
    2.0     | 9 January 2024 | Heron    | 2027
    """
)
TOLLS = table(
    """
    Crossing       | Small | Large | Time
    Aldra – Bove   | 12.50 | 38.00 | 45 min
    Aldra – Corvik | 17.00 | 52.00 | 1 h 20 min
    Bove – Corvik  | 9.00  | 29.00 | 25 min
    """
)
PLANETS = table(
    """
    Name   | Moons | Discovered by | Year
    Ossa   | 2     | Hale Brook    | 1901
    Pelion | 0     | Irma Stolz    | 1877
    """,
    "The planets",
)
ORDERS = table(
    """
    order_id | customer       | date       | items | total
    A-1001   | Brandt & Sons  | 2024-03-02 | 14    | €310.00
    A-1002   | Café Luna      | 2024-03-05 | 6     | €88.50
    A-1003   | Brandt & Sons  | 2024-03-09 | 2     | €41.20
    """
)
WARMTH = table(
    """
    City   | Jan    | Apr
    Vardal | -4 °C  | 5 °C
    Holm   | -11 °C | 1 °C
    """
)
SETTINGS = table(
    """
    Setting  | Default | Description
    max_conn | 100     | How many clients may be connected at once
    timeout  | 30 s    | How long to wait for a client
    """
)
SHIPS = table(
    """
    Ship     | Built | Yard        | Fate
    Aurora   | 1911  | Halden      | scrapped 1936
    Borealis | 1924  | Fredrikstad | sunk 1942
    Cygnus   | 1930  | Halden      | museum ship
    """
)
MEDALS = table(
    """
    Nation | Gold | Silver | Total
    Norway | 16   | 8      | 24
    Canada | 4    | 9      | 13
    """,
    "Medals of the games",
)
LEAGUE = table(
    """
    Team     | Played | Won | Drawn | Lost | Points
    Rovers   | 18     | 12  | 3     | 3    | 39
    Harriers | 18     | 6   | 2     | 10   | 20
    """
)


def found(question: str, looked_in: Table) -> str | None:
    result = ask(question, looked_in)
    return "; ".join(looked_in.rows[row][column] for row, column in result.cells) or None


def ask(question: str, looked_in: Table) -> LookUp:
    kind = kind_of(question).kind
    request = Request(question, wants_list=kind == "list", wants_clause=kind == "clause")
    return look_up(request, looked_in)


@pytest.mark.parametrize(
    ("question", "looked_in", "cell"),
    [
        # The heading's own word
        ("What is the phone number of Jonas Ekdal?", STAFF, "55 12 44"),
        ("What is Mira Solheim's e-mail address?", STAFF, "mira@paper.example"),
        ("Which platform does the train to Bremsund leave from?", TRAINS, "4"),
        ("What is the altitude of Grindal?", STATIONS, "640"),
        ("What is the mean temperature in Fossum?", STATIONS, "4.1 °C"),
        ("How many beds does Cardiology have?", WARDS, "24"),
        ("What are the visiting hours in Maternity?", WARDS, "10:00-18:00"),
        ("At which yard was the Borealis built?", SHIPS, "Fredrikstad"),
        # A word of its family, or of its class
        ("Who supplies part 7105?", STOCK, "Beslag Nord"),
        ("When does E 70 arrive?", TRAINS, "11:00"),
        ("How high is Fossum?", STATIONS, "212"),
        ("How many games did Harriers lose?", LEAGUE, "10"),
        ("When does the library close on Wednesday?", HOURS, "18:00"),
        ("Until when is the library open on Saturday?", HOURS, "15:00"),
        # What the cell holds
        ("How much does the brass hinge cost?", STOCK, "€3.40"),
        ("How long does it take from Bove to Corvik?", TOLLS, "25 min"),
        ("How much is it for a large car from Corvik to Aldra?", TOLLS, None),
        # What the key of a row means
        ("What is part no. 7300?", STOCK, "letter box"),
        # From another cell to the key
        ("Who is the archivist?", STAFF, "Mira Solheim"),
        ("Who works in office C 003?", STAFF, "Mira Solheim"),
        ("Which train leaves at 07:10?", TRAINS, "R 14"),
        ("Which crossing takes 25 min?", TOLLS, "Bove – Corvik"),
        ("Which version is called Lynx?", RELEASES, "1.10"),
        ("When was Heron released?", RELEASES, "9 January 2024"),
        ("Which planet was discovered in 1877?", PLANETS, "Pelion"),
        ("What did Hale Brook discover?", PLANETS, "Ossa"),
        ("When was Pelion discovered?", PLANETS, "1877"),
        ("How warm is Vardal in April?", WARMTH, "5 °C"),
        ("What does timeout do?", SETTINGS, "How long to wait for a client"),
        ("How many medals did Canada win in total?", MEDALS, "13"),
        ("How many gold medals did Norway win?", MEDALS, "16"),
        ("Which team has 20 points?", LEAGUE, "Harriers"),
        # Numbers are held against numbers whole
        ("When was version 1.1 released?", RELEASES, "3 May 2021"),
        ("When was version 1.10 released?", RELEASES, "14 June 2023"),
        # Which way round
        ("When does the train from Hardal to Vik leave?", TRAINS, "06:40"),
        ("When does the train from Vik to Hardal leave?", TRAINS, "08:05"),
        ("What is the small toll from Corvik to Bove?", TOLLS, "9.00"),
        # Several
        ("What are the roles?", STAFF, "editor; photographer; archivist; driver"),
        ("Which suppliers are there?", STOCK, "Norlås AS; Beslag Nord"),
        ("Which parts are supplied by Norlås AS?", STOCK, "7001; 7002"),
        ("Which orders are from Brandt & Sons?", ORDERS, "A-1001; A-1003"),
    ],
)
def test_the_cell_in_the_row_and_under_the_heading_that_a_question_names(
    question: str, looked_in: Table, cell: str | None
) -> None:
    assert found(question, looked_in) == cell


@pytest.mark.parametrize(
    ("question", "looked_in"),
    [
        # The row is not in the table
        ("What is the phone number of Lisa Holm?", STAFF),
        ("When does R 13 leave?", TRAINS),
        ("When does the train from Hardal to Bremsund leave?", TRAINS),
        ("how long does it take from bove to drammen?", TOLLS),
        ("When does the library open on Sunday?", HOURS),
        ("Who is the head nurse of Neurology?", WARDS),
        ("Which crossing takes 20 min?", TOLLS),
        ("Who supplies room 7105?", STOCK),
        ("What is the default of max size?", SETTINGS),
        ("What is the default of max_size?", SETTINGS),
        # It runs the other way
        ("When does the train from Bremsund to Tolnes leave?", TRAINS),
        # Two are meant as well
        ("What is Berg's phone number?", STAFF),
        ("How much does the hinge cost?", STOCK),
        ("When is the library open on Monday?", HOURS),
        ("What are the opening hours on Monday?", HOURS),
        ("How much is it from Aldra to Bove?", TOLLS),
        # Any row is meant as well as another
        ("Who is the head nurse?", WARDS),
        ("Who chaired the meeting?", TRAINS),
        ("Who won?", table("Event | Winner\nJavelin | Ida\nHurdles | Ola")),
        ("What is the total for Brandt & Sons?", ORDERS),
        ("What is the temperature in Holm?", WARMTH),
        # The column is not in the table
        ("When did Café Luna pay?", ORDERS),
        ("When was the Aurora scrapped?", SHIPS),
        ("How warm is Holm in May?", WARMTH),
        ("How many rings does Ossa have?", PLANETS),
        ("What is the salary of Jonas Ekdal?", STAFF),
        ("When was Anna Berg born?", STAFF),
        ("What is the phone number of the supplier of part 7001?", STOCK),
        ("What is the weight of part 7001?", STOCK),
        ("How much is the dog fare from Aldra to Bove?", TOLLS),
        ("How many nurses does Cardiology have?", WARDS),
        ("How many goals did Rovers score?", LEAGUE),
        ("What is the humidity in Fossum?", STATIONS),
        ("Who released version 2.0?", RELEASES),
        # What it speaks of is something else
        ("When does the museum open on Monday?", HOURS),
        # To compare, to count and to deny is not to look up
        ("Which is the cheapest crossing?", TOLLS),
        ("Which station has the highest rainfall?", STATIONS),
        ("What is the latest version?", RELEASES),
        ("How many trains are there?", TRAINS),
        ("How many ships were built at Halden?", SHIPS),
        ("Which crossing costs more than 9.00?", TOLLS),
        ("Who is not in office C 003?", STAFF),
        ("When does the last train to Vik leave?", TRAINS),
    ],
)
def test_where_it_is_not_sure_nothing_is_given_nor_may_a_neighbour_be_read(
    question: str, looked_in: Table
) -> None:
    assert ask(question, looked_in) == LookUp(readable=frozenset())


def test_a_table_without_headings_or_of_one_row_may_be_read_where_no_row_is_named() -> None:
    assert (
        ask("Who chaired it?", Table((), {0: ("1", "a", "b"), 1: ("2", "c", "d")})).readable is None
    )
    assert ask("Who chaired it?", table("Date | Place\n3 May | Oslo")).readable is None


def test_a_question_of_why_may_be_read_in_its_row_alone() -> None:
    assert ask("Why was Heron released?", RELEASES) == LookUp(readable=frozenset({2}))


def test_without_headings_the_key_of_two_columns_gives_the_other() -> None:
    pairs = Table((), {0: ("101", "disk full"), 1: ("104", "fan stopped")}, total=2)
    assert found("What is code 104?", pairs) == "fan stopped"
    assert found("What does error 101 mean?", pairs) == "disk full"
    assert found("Who owns code 104?", pairs) is None
    assert found("What is code 105?", pairs) is None


def test_a_ragged_row_has_no_cell_under_the_headings_that_it_lacks() -> None:
    ragged = Table(("Ticket", "Adult", "Child"), {0: ("Week", "14.00"), 1: ("Day", "4", "2")})
    assert found("How much is a week for a child?", ragged) is None
    assert found("How much is a week for an adult?", ragged) == "14.00"


def test_a_long_run_of_marks_in_a_cell_takes_linear_time() -> None:
    assert found("What is a?", Table(("Key", "Meaning"), {0: ("a." * 1_000_000, "b")})) is None


OPENING = table(
    """
    Day      | Library | Pool  | Gym
    Monday   | 9-17    | 6–22  | closed
    Saturday | 10 to 4 | 8–16  | 7–19
    """
)
OFFICES = table(
    """
    name    | department | room | phone
    Tor Lie | Finance    | 211  | 4402
    Ida Moe | Sales      | 212  | 4403
    Per Bo  | IT         | 215  | 4410
    """
)
FLATS = table(
    """
    Apartment | Tenant    | Owner   | Rent
    5A        | Jo Hart   | Lund AS | 900
    5B        | Eva Stang | Berg AS | 950
    """
)
LESSONS = table(
    """
    Subject   | Teacher  | Room
    Chemistry | Ola Nes  | 12
    Physics   | Eli Vik  | 14
    """
)
CANTEEN = table(
    """
    Day    | Lunch     | Price
    Monday | Fish soup | 8.50
    Friday | Lamb stew | 9.80
    """
)
GAMES = table(
    """
    Home  | Away   | Score | Date
    Lions | Bears  | 2–4   | 3 May
    Bears | Wolves | 1–1   | 10 May
    """
)


@pytest.mark.parametrize(
    ("question", "looked_in", "cell"),
    [
        ("When is the pool open on Saturday?", OPENING, "8–16"),
        ("When does the library open on Monday?", OPENING, "9-17"),
        ("When is the library open on Saturday?", OPENING, "10 to 4"),
        ("When is the gym open on Monday?", OPENING, "closed"),
        ("When is the sauna open on Monday?", OPENING, None),
        ("When do the Lions play the Bears?", GAMES, "3 May"),
    ],
)
def test_hours_without_minutes_are_times(question: str, looked_in: Table, cell: str | None) -> None:
    assert found(question, looked_in) == cell


@pytest.mark.parametrize(
    ("question", "looked_in", "cell"),
    [
        ("Who sits in room 211?", OFFICES, "Tor Lie"),
        ("Who works in Sales?", OFFICES, "Ida Moe"),
        ("Where does Ida Moe sit?", OFFICES, "212"),
        ("Who cleans room 211?", OFFICES, None),
        ("Who manages room 212?", OFFICES, None),
        ("Who sits in room 299?", OFFICES, None),
        ("Who lives in 5B?", FLATS, "Eva Stang"),
        ("Who owns 5B?", FLATS, "Berg AS"),
        ("Who cleans 5B?", FLATS, None),
        ("What is taught in room 14?", LESSONS, "Physics"),
        ("Where is physics taught?", LESSONS, "14"),
        ("What does Ola Nes teach?", LESSONS, "Chemistry"),
        ("What is served on Friday?", CANTEEN, "Lamb stew"),
        ("What is sold on Friday?", CANTEEN, None),
    ],
)
def test_a_verb_asks_for_what_goes_with_it(
    question: str, looked_in: Table, cell: str | None
) -> None:
    assert found(question, looked_in) == cell


POOL = table(
    """
    Visitor          | Single | Ten tickets
    Adult            | 5.50   | 48.00
    Children under 6 | free   | free
    Family           | 12.00  |
    """
)
SEEDS = table(
    """
    Art. no. | Variety     | Germination (%) | Origin
    4401     | Blue carrot | 88              | Italy
    4411     | Red chard   | 76              | France
    """
)
CLUB = table(
    """
    id | name    | group  | country | phone
    11 | Tor Lie | Choir  | Norway  | 555-0102
    12 | Ida Moe | Choir  | Sweden  | 555-0103
    13 | Per Bo  | Ballet | Norway  | 555-0104
    """
)


@pytest.mark.parametrize(
    ("question", "looked_in", "cell"),
    [
        # Headings that are shortened, or say a unit
        ("Which variety has the article number 4411?", SEEDS, "Red chard"),
        ("What is the article number of the blue carrot?", SEEDS, "4401"),
        ("What is the germination percentage of red chard?", SEEDS, "76"),
        # The number of something is looked for under that
        ("Who has the phone number 555-0103?", CLUB, "Ida Moe"),
        ("Whose phone number is 555-0104?", CLUB, "Per Bo"),
        ("Whose phone number is 555-0199?", CLUB, None),
        # One of several
        ("How much does a child under 6 pay?", POOL, "free"),
        ("How much does a child under 4 pay?", POOL, None),
        ("How much does a family pay for ten tickets?", POOL, None),
        # All of them
        ("Which varieties took part?", SEEDS, "Blue carrot; Red chard"),
        ("Which varieties were sold?", SEEDS, None),
        ("Who sings in the choir?", CLUB, None),
        ("Who belongs to the choir?", CLUB, "Tor Lie; Ida Moe"),
        # Where somebody lives is no country that somebody comes from
        ("Where does Ida Moe live?", CLUB, None),
        ("Where does Ida Moe come from?", CLUB, "Sweden"),
    ],
)
def test_a_question_need_not_say_a_heading_as_it_stands(
    question: str, looked_in: Table, cell: str | None
) -> None:
    assert found(question, looked_in) == cell
