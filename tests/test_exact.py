"""What is never torn: each form of it, read in part, and what is no whole."""

from __future__ import annotations

import time

import pytest

from index.structure.spans import Span
from qa.english.exact import Whole, wholes, widen


def whole(text: str, part: str, question: str = "") -> str:
    start = text.index(part)
    span = widen(Span(start, start + len(part)), wholes(text, 0, len(text), question))
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "part", "all_of_it"),
    [
        ("Add 1 1/2 tsp. honey.", "1/2", "1 1/2 tsp"),
        ("Write to press.office@city.gov.uk, please.", "office", "press.office@city.gov.uk"),
        (
            "See <mailto:accounts-payable@harbourhall.example>.",
            "payable",
            "accounts-payable@harbourhall.example",
        ),
        (
            "on the website https://www.harbourhall.example/book?lang=en.",
            "harbourhall.example",
            "https://www.harbourhall.example/book?lang=en",
        ),
        ("on (www.hall.org/a/b), and", "hall.org", "www.hall.org/a/b"),
        ("at docs.hall.org/setup/linux, then", "setup", "docs.hall.org/setup/linux"),
        ("stored in /etc/hall/rooms.yaml. The", "rooms.yaml", "/etc/hall/rooms.yaml"),
        ("stored in /etc/hall/rooms.yaml. The", "/etc/hall", "/etc/hall/rooms.yaml"),
        ("in ~/.config/hall/x.toml now", "config", "~/.config/hall/x.toml"),
        ("edit src/main/app.py first", "main", "src/main/app.py"),
        (r"in C:\Program Files\Hall\rooms.ini, or", "rooms", r"C:\Program Files\Hall\rooms.ini"),
        (r"in \\server\share\x.doc, or", "share", r"\\server\share\x.doc"),
        ("file minutes_2024-03.docx is", "minutes", "minutes_2024-03.docx"),
        ("runs version 3.12.4 on", "3.12", "3.12.4"),
        ("version v2.0.1-rc.3 on", "2.0.1", "v2.0.1-rc.3"),
        (
            "account is GB29 NWBK 6016 1331 9268 19. Power",
            "6016 1331",
            "GB29 NWBK 6016 1331 9268 19",
        ),
        ("guide is 978-3-16-148410-0. The", "148410", "978-3-16-148410-0"),
        ("guide is 978 3 16 148410 0. The", "148410", "978 3 16 148410 0"),
        ("reached on +44 20 7946 0018. Invoices", "7946 0018", "+44 20 7946 0018"),
        ("call (020) 7946 0018 or", "7946", "(020) 7946 0018"),
        ("call 020 7946 0018 or", "7946", "020 7946 0018"),
        ("call 555-123-4567 or", "123", "555-123-4567"),
        ("from 19:30–21:45. Then", "19:30", "19:30–21:45"),
        ("from 19:30 – 21:45. Then", "21:45", "19:30 – 21:45"),
        ("opens at 9 a.m. on", "9", "9 a.m."),
        ("opens at 9 a.m. on", "9 a.m", "9 a.m."),
        ("opens 9 a.m.–5 p.m. on", "9 a.m", "9 a.m.–5 p.m."),
        ("opens at half past six on", "six", "half past six"),
        ("opens at a quarter to nine on", "quarter", "a quarter to nine"),
        ("at six o'clock sharp", "six", "six o'clock"),
        ("ratio is 3:2. Then", "3", "3:2"),
        ("use is 1.21e3 kWh. Then", "1.21", "1.21e3 kWh"),
        ("use is 6.02 × 10^23 per", "6.02", "6.02 × 10^23"),
        ("cost 4.2 million euros, he", "4.2", "4.2 million euros"),
        ("cost 4.2 million euros, he", "4.2 million", "4.2 million euros"),
        ("cost £3.5bn, he", "3.5", "£3.5bn"),
        ("cost US$ 40 in", "40", "US$ 40"),
        ("cost US$40 in", "40", "US$40"),
        ("cost EUR 1,200.50 in", "1,200", "EUR 1,200.50"),
        ("cost 1 200 000 kr", "200", "1 200 000"),
        ("draw approx. 5 bids", "5", "approx. 5"),
        ("cost approximately 7.3 million euros.", "7.3", "approximately 7.3 million euros"),
        ("draw more than 300 bids", "300", "more than 300"),
        ("draw no more than 12 kg of", "12", "no more than 12 kg"),
        ("draw up to £40 million of", "40", "up to £40 million"),
        ("is 41.5 m long", "41.5", "41.5 m"),
        ("takes 25 min from", "25", "25 min"),
        ("fell by 17 per cent in", "17", "17 per cent"),
        ("fell to 12 °C in", "12", "12 °C"),
        ("fell to −12°C in", "12", "−12°C"),
        ("seventeen per cent of", "seventeen", "seventeen per cent"),
        ("takes 3 h 25 min from", "25 min", "3 h 25 min"),
        ("of 3 m × 4 m in", "3 m", "3 m × 4 m"),
        ("between 5 and 10 km off", "5", "between 5 and 10 km"),
        ("led by P. J. Harcourt in", "Harcourt", "P. J. Harcourt"),
        ("led by P. J. Harcourt's in", "J. Harcourt", "P. J. Harcourt"),
        ("led by P.J. Harcourt in", "Harcourt", "P.J. Harcourt"),
        ("by Ruth K. Adeyemi.", "Adeyemi", "Ruth K. Adeyemi"),
        ("by Dr. K. Adeyemi.", "Adeyemi", "K. Adeyemi"),
        ("by Marks & Harland Ltd. It", "Harland", "Harland Ltd."),
        ("by Martin King, Jr. in", "Martin King", "Martin King, Jr."),
        ("by Ann Hall, Ph.D., in", "Ann Hall", "Ann Hall, Ph.D."),
        ("a well-known plan", "known", "well-known"),
        ("the self-employed pay", "employed", "self-employed"),
        ("at 50 km/h in", "50", "50 km/h"),
        ("pages 19–21 of", "19", "19–21"),
        ("code SW1A 1AA is", "SW1A", "SW1A 1AA"),
        ("score of 18+ in", "18", "18+"),
        ("use C++ and", "C", "C++"),
        ("a 28-point proposal", "28", "28"),
        ("run hall --dry-run now", "dry", "--dry-run"),
        ("at R&D labs", "R", "R&D"),
        ("won 3–2 in", "3", "3–2"),
        ("is €12 a month", "12", "€12 a month"),
        ("costs €12 per person", "€12", "€12 per person"),
        ("at U.S. bases", "U.S", "U.S."),
        ("nearly two years later", "two", "two years"),
        ("about half an hour later", "half", "half an hour"),
        ("$40 million to $50 million was", "$40", "$40 million"),
        ("#1 of", "1", "#1"),
    ],
)
def test_what_is_exact_is_whole_where_a_part_of_it_was_read(
    text: str, part: str, all_of_it: str
) -> None:
    assert whole(text, part) == all_of_it
    assert whole(text, all_of_it) == all_of_it


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("cost 4.2 million euros, he", "euros"),
        ("by Ruth K. Adeyemi.", "Ruth"),
        ("It is vitamin D. Adeyemi said.", "Adeyemi"),
        ("Harcourt's plan", "Harcourt"),
        ("the boys' plan", "boys"),
        ("red/green alternatives", "green"),
        ("a London-based firm", "London"),
        ("U.S.-led talks", "U.S."),
        ("the ecstasy-fuelled parties", "ecstasy"),
        ("1914–1918 war", "1914"),
        ("東京都に住む", "京都"),
        ("กรุงเทพมหานคร", "เทพ"),
        ("over—Ann Hall—left", "Ann Hall"),
        ("“Ann Hall”, he", "Ann Hall"),
        ("It ended.Next came", "ended"),
        ("of the 5 in Oslo", "5"),
    ],
)
def test_what_stands_for_itself_is_left(text: str, part: str) -> None:
    assert whole(text, part) == part


@pytest.mark.parametrize(
    ("question", "text", "part", "answer"),
    [
        ("How many metres long is it?", "is 41.5 metres long", "41.5", "41.5"),
        ("How long is it?", "is 41.5 metres long", "41.5", "41.5 metres"),
        ("How many kilometers is it?", "at most 20 kilometres off", "20", "at most 20"),
        ("Pressures greater than what are felt?", "greater than 160 kPa are", "160", "160 kPa"),
        ("When was it?", "on 12 March 2024 at", "12 March", "12 March 2024"),
        ("What year was it?", "on 12 March 2024 at", "2024", "2024"),
    ],
)
def test_a_unit_that_is_asked_for_need_not_be_said_and_a_date_is_whole_where_when_is_asked(
    question: str, text: str, part: str, answer: str
) -> None:
    assert whole(text, part, question) == answer


def test_only_the_stretch_is_looked_at() -> None:
    text = "It cost 4.2 million euros."
    start, end = text.index("4.2"), text.index(" euros")
    assert widen(Span(start, start + 3), wholes(text, 0, end)) == Span(start, end)


def test_a_span_grows_until_it_tears_nothing() -> None:
    chain = [Whole(Span(0, 4), Span(0, 4)), Whole(Span(3, 8), Span(3, 8))]
    assert widen(Span(1, 2), chain) == Span(0, 8)
    assert widen(Span(9, 10), chain) == Span(9, 10)


def test_a_span_grows_out_of_nothing_that_it_is_to_stay_in() -> None:
    chain = [Whole(Span(0, 4), Span(0, 4)), Whole(Span(3, 8), Span(3, 8))]
    assert widen(Span(1, 2), chain, Span(0, 6)) == Span(0, 6)


def test_what_shares_nothing_with_the_core_is_not_meant() -> None:
    amount = Whole(Span(0, 9), Span(0, 3))
    assert widen(Span(4, 9), [amount]) == Span(4, 9)
    assert widen(Span(2, 9), [amount]) == Span(0, 9)


@pytest.mark.parametrize("unit", ["a-", "1 ", "/a", "A. ", "-", "a://", "(5", "A-", "9 a.m. ", "x"])
def test_the_time_is_bounded_whatever_the_text(unit: str) -> None:
    started = time.process_time()
    for length in (9_000, 2_000_000):
        text = (unit * length)[:length]
        wholes(text, 0, length, "When?")
    assert time.process_time() - started < 2
