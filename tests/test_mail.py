from __future__ import annotations

import base64
import contextlib
import random
import re
from email.message import EmailMessage, MIMEPart

import pytest

from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.mail import MAIL, load_mail
from index.loaders.markup import view_of
from index.structure.parsing import structure_of

HEAD = "From: Ann Berg <ann@mill.example>\r\nTo: Tom <tom@mill.example>\r\nSubject: The mill\r\n"
SHOWN = "# The mill\n\nFrom: Ann Berg <ann@mill.example>\nTo: Tom <tom@mill.example>"


def mail(body: str, kind: str = "text/plain; charset=utf-8", **fields: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{HEAD}Content-Type: {kind}\r\n{more}\r\n{body}".encode()


def text_of(data: bytes) -> str:
    return load_mail(data, "a.eml").text


def check_places(content: Content, data: bytes) -> None:
    """Whatever has a place stands there in its part, as it is shown."""
    roots = dict(MAIL.trees(data))
    chance = random.Random(22)
    text = content.text
    placed = [False] * len(text)
    for _ in range(300):
        start = chance.randrange(len(text))
        end = min(len(text), start + chance.randrange(1, 50))
        said = []
        for place in content.places.of(start, end):
            (node,) = roots[place.part].xpath(place.path)
            said.append(node[place.start : place.end])
        assert re.fullmatch(
            r"[\s\\#|>*-]*".join(map(re.escape, ["", *said, ""])), text[start:end]
        ), text[start:end]
    for run in content.places.runs():
        placed[run.start : run.start + run.length] = [True] * run.length
    assert sum(placed) > 0.8 * len(text.replace("\n", ""))


def test_an_email_is_its_head_and_its_text() -> None:
    data = mail(
        "Dear Tom,\r\n\r\nthe mill is sold.\r\n\r\nAnn\r\n-- \r\nMill & Co.\r\n",
        Date="Mon, 03 Jun 2024 10:15:00 +0200", Cc="bo@mill.example", Bcc="x@mill.example",
    )  # fmt: skip
    content = load_mail(data, "in/1.eml")
    assert content.title == "The mill"
    assert content.text == (
        f"{SHOWN}\nCc: bo@mill.example\nDate: Mon, 03 Jun 2024 10:15:00 +0200\n\n"
        "Dear Tom,\n\nthe mill is sold.\n\nAnn\n-- \nMill & Co."
    )
    assert content.meta == {
        "from": "Ann Berg <ann@mill.example>",
        "to": "Tom <tom@mill.example>",
        "date": "2024-06-03T10:15:00+02:00",
    }
    assert content.notes == ()
    assert content.media_type == "message/rfc822"
    assert [part.label for part in content.places.parts] == ["", ""]
    assert content.places.parts[1].file == "text/plain"
    check_places(content, data)


def test_its_subject_is_a_heading() -> None:
    blocks = structure_of(text_of(mail("The mill is sold.\n"))).blocks
    assert blocks[0].kind == "heading"


def test_replies_are_kept_as_they_are() -> None:
    body = "No.\n\nOn Monday, Tom wrote:\n> Is it\n> sold?\n>> To whom?\n"
    assert text_of(mail(body)).endswith(body.rstrip())


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (
            "The mill \nis sold.\n\nIt \nis.\n-- \nAnn\n",
            "",
            "The mill is sold.\n\nIt is.\n-- \nAnn",
        ),
        ("The mi \nll.\n", "; delsp=yes", "The mill."),
        (" >no quote\n From\n", "", ">no quote\nFrom"),
        ("> The \n> mill.\n>> Sold? \nYes.\n", "", "> The mill.\n>> Sold? \nYes."),
    ],
)
def test_lines_that_a_program_broke_are_one_again(body: str, kind: str, text: str) -> None:
    data = mail(body, f"text/plain; format=flowed{kind}")
    assert text_of(data).removeprefix(f"{SHOWN}\n\n").replace("\\", "") == text
    check_places(load_mail(data, "a.eml"), data)


def test_heads_are_decoded() -> None:
    data = (
        b"From: =?iso-8859-1?Q?J=F6rg?= <j@x.example>\n"
        b"Subject: =?utf-8?B?" + base64.b64encode("Die Mühle".encode()) + b"?=\n"
        b" =?utf-8?Q?_am_Flu=C3=9F?=\nTo: =?klingon?Q?caf=E9?=, =?utf-8?B?x?=\n"
        b"Cc: Zo\xc3\xab <z@x.example>, Bj\xf6rn\n\nText.\n"
    )
    content = load_mail(data, "a.eml")
    assert content.title == "Die Mühle am Fluß"
    assert content.meta["from"] == "Jörg <j@x.example>"
    assert "Bj" in content.text


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("iso-8859-2", "Mlynář".encode("iso-8859-2"), "Mlynář"),
        ("us-ascii", "£5 – ‘Zoë’".encode("cp1252"), "£5 – ‘Zoë’"),
        ("utf-8", "The café and Zoë’s mill.".encode("cp1252"), "The café and Zoë’s mill."),
        ("klingon", "Zoë’s mill".encode(), "Zoë’s mill"),
        ("gb2312", "磨坊主住在河上的桥附近镕".encode("gb18030"), "磨坊主住在河上的桥附近镕"),
        ("", "Zoë’s mill".encode(), "Zoë’s mill"),
    ],
)
def test_a_text_is_decoded_though_its_charset_is_wrong_or_missing(
    charset: str, body: bytes, text: str
) -> None:
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    assert text_of(mail("", kind) + body).endswith(f"\n\n{text}")


def test_transfer_encodings_are_undone() -> None:
    packed = base64.b64encode("Zoë’s mill".encode()).decode()
    assert text_of(mail(packed, Content_Transfer_Encoding="base64")).endswith("\n\nZoë’s mill")
    quoted = "Zo=C3=AB=\r\n’s mill"
    assert "Zoë’s mill" in text_of(mail(quoted, Content_Transfer_Encoding="quoted-printable"))


def several(plain: str, html: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "ann@x.example", "The mill"
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    return message


HTML = (
    "<html><head><style>p {}</style></head><body><h2>Sold</h2><p>The mill <b>is</b>"
    " sold.</p><img src='http://x.example/spy.png'><script>run()</script><ul><li>wheel<li>stone</ul>"
    "<p style='display:none'>hidden</p></body></html>"
)


def test_a_plain_text_is_read_before_html() -> None:
    data = several("The mill is sold: wheel, stone.\n", HTML).as_bytes()
    assert text_of(data).endswith("\n\nThe mill is sold: wheel, stone.")


@pytest.mark.parametrize("plain", ["", "See HTML.\n"])
def test_html_is_read_where_the_plain_text_only_stands_in_for_it(plain: str) -> None:
    data = several(plain, HTML).as_bytes()
    content = load_mail(data, "a.eml")
    assert content.text.endswith("\n\n## Sold\n\nThe mill is sold.\n\n- wheel\n- stone")
    assert content.places.parts[-1].file == "text/html"
    check_places(content, data)


def test_html_alone_is_read() -> None:
    assert text_of(mail(HTML, "text/html")).endswith("- wheel\n- stone")


def test_it_is_shown_with_its_places_and_without_pictures() -> None:
    data = several("", HTML).as_bytes()
    content = load_mail(data, "a.eml")
    shown = view_of(data, MAIL, content.places)
    at = content.text.index("sold.")
    assert f"<span data-start='{at - 1}'> sold.</span>" in shown
    assert "spy.png" not in shown
    assert "run()" not in shown
    typed = mail("Dear <Tom>,\nthe mill is sold.\n")
    content = load_mail(typed, "a.eml")
    at = content.text.index("Dear")
    assert f"<span data-start='{at}'>Dear &lt;Tom&gt;,\nthe mill" in view_of(
        typed, MAIL, content.places
    )


def test_attachments_are_named_and_never_opened() -> None:
    message = several("Both files are with this.\n", "<p>Both files.</p>")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="budget.pdf")
    content = load_mail(message.as_bytes(), "a.eml")
    assert content.notes == ("a.eml: its attachment budget.pdf is not read: save it and add it.",)
    message.add_attachment("a,b", subtype="csv", filename="Pläne.csv")
    content = load_mail(message.as_bytes(), "a.eml")
    assert content.notes == (
        "a.eml: its 2 attachments are not read: save budget.pdf and Pläne.csv and add them.",
    )
    assert "a,b" not in content.text
    message.add_attachment(b"x", maintype="application", subtype="x-odd")
    assert (
        "budget.pdf, Pläne.csv and a file of type application/x-odd"
        in (load_mail(message.as_bytes(), "a.eml").notes[0])
    )


def test_invitations_and_signatures_are_passed_over() -> None:
    message = several("We meet on Monday.\n", "<p>We meet on Monday.</p>")
    message.add_alternative("BEGIN:VCALENDAR", subtype="calendar")
    content = load_mail(message.as_bytes(), "a.eml")
    assert content.text.endswith("\n\nWe meet on Monday.")
    assert content.notes == ()


def test_a_message_in_a_message_is_read_as_part_of_it() -> None:
    inner = several("Is it sold?\n", "<p>Is it sold?</p>")
    inner.replace_header("Subject", "A question")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "tom@x.example", "Forwarded"
    outer.set_content("See below.\n")
    outer.add_attachment(inner)
    data = outer.as_bytes()
    content = load_mail(data, "a.eml")
    assert content.text == (
        "# Forwarded\n\nFrom: tom@x.example\n\nSee below.\n\n"
        "## A question\n\nFrom: ann@x.example\n\nIs it sold?"
    )
    assert [part.label for part in content.places.parts] == ["", "body 1", "body 2", "body 3"]
    check_places(content, data)


def test_what_is_forwarded_too_often_is_noted() -> None:
    def forwarded(times: int) -> tuple[str, ...]:
        inner = "Content-Type: text/plain\r\n\r\nIs it sold?\r\n"
        for number in range(times):
            head = f"Subject: {number}\r\n"
            inner = f"Content-Type: message/rfc822\r\n\r\n{head}MIME-Version: 1.0\r\n{inner}"
        content = load_mail((HEAD + inner).encode(), "a.eml")
        assert ("Is it sold?" in content.text) == (not content.notes)
        return content.notes

    assert forwarded(20) == ()
    assert forwarded(21) == (
        "a.eml: what stands in more than 20 others, as in forwarded messages of forwarded "
        "messages, is not read: save those messages and add them.",
    )


def test_a_saved_page_is_read_as_the_page() -> None:
    page = "<html><head><title>The mill</title></head><body><p>The mill’s sold.</p></body></html>"
    message = MIMEPart()
    message["From"], message["Subject"] = "<Saved by Blink>", "The mill"
    message["Content-Type"] = "multipart/related; type=text/html"
    for kind, body in (("text/html", page.encode()), ("text/css", b"p {}")):
        part = MIMEPart()
        part.set_content(body, *kind.split("/"), cte="quoted-printable")
        message.attach(part)
    data = message.as_bytes()
    content = load_mail(data, "a.mhtml")
    assert (content.title, content.text) == ("The mill", "The mill’s sold.")
    assert content.media_type == "message/rfc822"
    assert "The mill’s sold." in view_of(data, MAIL, content.places)
    check_places(content, data)


@pytest.mark.parametrize(
    "body",
    [
        "--x\r\nContent-Type: text/plain\r\n\r\nThe mill.\r\n",  # is not closed
        "--x\r\n\r\nThe mill.\r\n--x--\r\n",
        "no parts: The mill.",
        '--x\r\nContent-Type: text/plain; charset="\r\n\r\nThe mill.\r\n--x--\r\n',
        "--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nThe mill.\r\n",
    ],
)
def test_broken_parts_are_read_as_far_as_they_go(body: str) -> None:
    assert text_of(mail(body, "multipart/mixed; boundary=x")).endswith("The mill.")


NESTED = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "a.eml: is no e-mail; expected one with its head"),
        (b"The mill is sold.\n\nAll of it.", "a.eml: is no e-mail"),
        (b"From: a@x.example\n\n \n", "a.eml: holds no text."),
        (
            b"From: a@x.example\nContent-Type: application/pdf; name=b.pdf\n\n%PDF",
            "a.eml: holds no text; its attachment b.pdf is not read: save it and add it.",
        ),
        (mail("x", "multipart/encrypted; boundary=x"), "a.eml: is encrypted; open it in your mail"),
        (mail("x", "application/pkcs7-mime"), "a.eml: is encrypted"),
        (NESTED.encode(), "a.eml: "),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError) as error:
        load_mail(data, "a.eml")
    assert str(error.value).startswith(says)


def test_damaged_emails_are_read_or_refused_in_words() -> None:
    chance = random.Random(23)
    message = several("Both files are with this.\n", HTML)
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="b.pdf")
    whole = message.as_bytes()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            place = chance.randrange(len(data))
            data[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        with contextlib.suppress(ArticleError):
            content = load_mail(bytes(data), "a.eml")
            view_of(bytes(data), MAIL, content.places)
