import json

import pytest

from index.loaders.content import Content
from index.loaders.hypertext.claims import is_name, names_of
from index.loaders.hypertext.page import load_html
from index.loaders.hypertext.tree import html_root

MENU = "<nav><ul><li><a href=/>Home</a><li><a href=/a>About us</a></ul></nav>"
TITLE = "Ferry to the island is late again"
SENTENCE = (
    "The ferry to the island number {} leaves the harbour of Tarvik at noon, and comes back in "
    "the evening with the mail, as the harbour master says."
)
STORY = "".join(f"<p>{SENTENCE.format(number)}</p>" for number in range(8))
OTHERS = (
    "<section class=related><h3>Bridge is closed</h3><div class=byline>By Ola Berg</div>"
    "<time>March 3, 2015</time><figure><img><figcaption>A bridge of stone</figcaption></figure>"
    "</section>"
)


def page(body: str, head: str = "") -> Content:
    whole = (
        f"<html><head><title>{TITLE} - Tarvik Post</title>{head}</head><body>{MENU}"
        f"<main>{body}</main>{OTHERS}<footer>All rights reserved.</footer></body></html>"
    )
    return load_html(whole.encode(), "page.html")


@pytest.mark.parametrize(
    "byline",
    [
        "<div class=byline>By Mia Holm</div>",
        "<p class='article__author'><a href=/m>Mia Holm</a></p>",
        "<div>By <a rel=author href=/m>Mia Holm</a></div>",
        "<div><span itemprop=author>Mia Holm</span></div>",
        "<address>Mia Holm</address>",
        "<p>By Mia Holm</p>",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "date",
    [
        "<div class=timestamp>May 4, 2021 at 9:30 am</div>",
        "<p>Published: <time datetime=2021-05-04>4 May 2021</time></p>",
        "<div itemprop=datePublished>2021-05-04</div>",
        "<p>May 4, 2021</p>",
    ],
)  # fmt: skip
def test_who_wrote_an_article_and_when_stands_below_its_headline(byline: str, date: str) -> None:
    head = f"<div class=top><h1>{TITLE}</h1><div class=share>Share 12</div>{byline}{date}</div>"
    text = page(head + f"<div class=text>{STORY}</div>").text
    above, below = text.split(SENTENCE.format(0))
    assert above.startswith(f"# {TITLE}\n\n")
    assert "Mia Holm" in above
    assert "2021" in above
    assert "Share" not in text
    assert below.count("The ferry to the island") == 7


def test_what_stands_above_the_headline_comes_below_it() -> None:
    text = page(
        "<div class=top><div class=byline>By Mia Holm</div><div class=date>May 4, 2021</div>"
        f"<h1>{TITLE}</h1></div><div class=text>{STORY}</div>",
        "<meta property='article:published_time' content='2021-05-04T09:30:00Z'>"
        "<meta name=author content='Mia Holm'>",
    ).text
    assert text.startswith(f"# {TITLE}\n\nBy Mia Holm\n\nMay 4, 2021\n\nThe ferry")


def test_a_name_apart_from_its_by_is_one_with_it() -> None:
    text = page(
        f"<h1>{TITLE}</h1><div class=byline><div>By</div><div class=author>Mia Holm</div></div>"
        f"<div class=text>{STORY}</div>"
    ).text
    assert f"# {TITLE}\n\nBy Mia Holm\n\n" in text


def test_a_standfirst_stands_between_headline_and_text() -> None:
    deck = "Passengers waited for three hours on the quay"
    text = page(
        f"<header><h1>{TITLE}</h1><p class=standfirst>{deck}</p></header><div>{STORY}</div>"
    ).text
    assert f"# {TITLE}\n\n{deck}\n\n" in text


@pytest.mark.parametrize(
    "figure",
    [
        "<figure><img><figcaption>{}</figcaption></figure>",
        "<div class=photo><img><span class='image-caption'>{}</span></div>",
        "<div><img><p itemprop=caption>{}</p></div>",
    ],
)  # fmt: skip
def test_a_caption_is_a_paragraph_where_its_figure_stands(figure: str) -> None:
    caption = "Kai Lund mends the engine. Photo: Eva Strand"
    body = f"<p>{SENTENCE.format(98)}</p>{figure.format(caption)}{STORY}"
    text = page(f"<h1>{TITLE}</h1><div class=text>{body}</div>").text
    assert text.count(f"{SENTENCE.format(98)}\n\n{caption}\n\n{SENTENCE.format(0)}") == 1


def test_a_caption_that_is_repeated_is_read_once() -> None:
    own = "".join(
        f"<figure><img><figcaption>{number} of 3 Kai Lund mends the engine</figcaption></figure>"
        for number in (1, 2, 3)
    )
    text = page(f"<h1>{TITLE}</h1><div class=text>{STORY}{own}<p>The end is near.</p></div>").text
    assert text.count("Kai Lund mends the engine") == 1


def test_names_dates_and_captions_of_other_stories_are_left_out() -> None:
    text = page(f"<h1>{TITLE}</h1><p class=byline>By Mia Holm</p><div>{STORY}</div>").text
    assert "Mia Holm" in text
    for other in ("Ola Berg", "2015", "stone", "Bridge"):
        assert other not in text


def test_what_frames_an_article_has_its_place_in_the_page() -> None:
    source = (
        f"<html><head><title>{TITLE}</title></head><body>{MENU}<main><div class=byline>By Mia "
        f"Holm</div><h1>{TITLE}</h1><div>{STORY}</div></main></body></html>"
    )
    content = load_html(source.encode(), "page.html")
    root = html_root(source)
    assert root is not None
    for words in (TITLE, "By Mia Holm"):
        start = content.text.index(words)
        (place,) = content.places.of(start, start + len(words))
        (node,) = root.xpath(place.path)
        assert node[place.start : place.end] == words


@pytest.mark.parametrize(
    ("head", "byline", "author"),
    [
        ("<meta name=author content='Mia Holm'>", "By Mia Holm", "Mia Holm"),
        ("<meta name=author content='Mia Holm is a reporter'>", "", None),
        ("<meta name=author content='https://post.example/mia'>", "", None),
        ("", "By Mia Holm and Kai Lund", "Mia Holm; Kai Lund"),
        (
            "<script type='application/ld+json'>"
            + json.dumps({"@graph": [{"headline": TITLE, "author": [{"name": "Kai Lund"}]}]})
            + "</script>",
            "",
            "Kai Lund",
        ),
        ("<script type='application/ld+json'>{broken</script>", "By Mia Holm", "Mia Holm"),
    ],
)  # fmt: skip
def test_the_author_is_a_name_that_the_page_states(
    head: str, byline: str, author: str | None
) -> None:
    content = page(f"<h1>{TITLE}</h1><p class=byline>{byline}</p><div>{STORY}</div>", head)
    assert content.meta.get("author") == author


def test_the_date_is_when_the_page_was_published() -> None:
    stated = json.dumps({"headline": TITLE, "datePublished": "2021-05-04T09:30:00Z"})
    content = page(
        f"<h1>{TITLE}</h1><div>{STORY}</div>",
        f"<script type='application/ld+json'>{stated}</script>",
    )
    assert content.meta["date"] == "2021-05-04"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By DANICA KIRKA and JILL LAWLESS", ["DANICA KIRKA", "JILL LAWLESS"]),
        ("Written by Rachael Link, MS, RD", ["Rachael Link"]),
        ("by Jeff Foust — November 18, 2019", ["Jeff Foust"]),
        ("Ludwig van Aarden", ["Ludwig van Aarden"]),
        ("Phil Helsel is a reporter for the news", []),
        ("Share on the web", []),
        ("", []),
    ],
)  # fmt: skip
def test_names_are_read_from_a_byline(text: str, names: list[str]) -> None:
    assert names_of(text) == names


def test_a_sentence_is_no_name() -> None:
    assert is_name("J. R. Smith-Jones")
    assert not is_name("Phil Helsel is a reporter")
    assert not is_name("admin")


def test_a_name_and_a_post_that_styles_alone_part_are_two_words() -> None:
    by = "<span>By </span><a rel=author>Mia Holm</a><span>Staff Writer</span>"
    head = f"<div class=top><h1>{TITLE}</h1><div class=byline>{by}</div></div>"
    assert "By Mia Holm Staff Writer" in page(head + f"<div class=text>{STORY}</div>").text
