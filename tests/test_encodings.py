from __future__ import annotations

import codecs
import random

import pytest

from index.articles import Article
from index.errors import ArticleError
from index.loaders.plain_text import load_plain_text
from index.loaders.text_encodings import as_utf8, decode_bytes

MILL = "The miller’s house – it stood by the café – was sold for £5."
TEXTS = {
    "windows-1252": MILL,
    "windows-1250": "Mlynář bydlí u mostu přes řeku. Jeho dcery poslouchají krásné písně.",
    "windows-1251": "Мельник живёт недалеко от моста через реку. Его дочери слушают песни.",
    "koi8-r": "Мельник живёт недалеко от моста через реку. Его дочери слушают песни.",
    "windows-1253": "Ο μυλωνάς μένει κοντά στη γέφυρα πάνω από το ποτάμι.",
    "windows-1254": "Değirmenci köprünün yanında, ırmağın üstünde oturuyor. Ağaç yeşil.",
    "windows-1255": "הטוחן גר ליד הגשר מעל הנהר. בנותיו שומעות שירים.",
    "cp932": "水車小屋の主人は川にかかる橋の近くに住んでいます。娘たちは歌を聞きます。",
    "gb18030": "磨坊主住在河上的桥附近。他的女儿们听歌。",
    "big5": "磨坊主住在河上的橋附近。他的女兒們聽歌。",
    "cp949": "방앗간 주인은 강 위의 다리 근처에 산다. 그의 딸들은 노래를 듣는다.",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_tells_the_encoding_and_is_no_text(encoding: str) -> None:
    data = f"\ufeff{MILL}".encode(encoding)
    assert decode_bytes(data, "a.txt") == (MILL, encoding, False, 0)
    assert decode_bytes(data, "a.txt", "koi8-r") == (MILL, encoding, False, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_unicode_without_a_mark_is_no_guess(encoding: str) -> None:
    assert decode_bytes(MILL.encode(encoding), "a.txt") == (MILL, encoding, False, 0)


@pytest.mark.parametrize(
    ("encoding", "text"), [("iso2022-jp", TEXTS["cp932"]), ("iso2022-kr", TEXTS["cp949"])]
)
def test_encodings_that_begin_letters_by_escapes_are_told_by_them(encoding: str, text: str) -> None:
    data = f"The mill.\n{text}\n".encode(encoding)
    assert decode_bytes(data, "a.txt") == (f"The mill.\n{text}\n", encoding, True, 0)


def test_what_only_looks_like_escapes_is_kept_as_it_is() -> None:
    text = "The mill: \x1b$B is no letter here."
    assert decode_bytes(text.encode(), "a.txt").text == text


@pytest.mark.parametrize("encoding", TEXTS)
def test_other_encodings_are_guessed_and_that_is_said(encoding: str) -> None:
    data = TEXTS[encoding].encode(encoding)
    decoded = decode_bytes(data, "notes.txt")
    assert decoded == (TEXTS[encoding], encoding, True, 0)
    assert decoded.notes("notes.txt") == (
        f"notes.txt: read as {encoding}, which was guessed; name another encoding "
        "(--encoding) if letters look wrong.",
    )
    assert decode_bytes(data, "notes.txt", encoding) == (TEXTS[encoding], encoding, False, 0)


@pytest.mark.parametrize("text", ["café", "Müller", "Tom – Zoë", "Zoë" + " and Tom" * 100_000])
def test_what_is_short_of_signs_is_guessed_as_the_commonest(text: str) -> None:
    assert decode_bytes(text.encode("cp1252"), "a.txt") == (text, "windows-1252", True, 0)


@pytest.mark.parametrize("sign", ["£40", "café", "½ hour", "20 °C", "“yes”", "naïve – and so on"])
def test_english_with_a_few_signs_is_in_the_commonest_encoding(sign: str) -> None:
    text = f"It is said that {sign} was in the letter, and no more. " + "The rest is plain. " * 20
    assert decode_bytes(text.encode("cp1252"), "a.txt")[:2] == (text, "windows-1252")


def test_another_language_is_not_taken_for_english() -> None:
    text = "Это было сказано в письме. " * 20
    assert decode_bytes(text.encode("cp1251"), "a.txt").text == text


def test_few_letters_far_behind_are_looked_at() -> None:
    text = "The mill.\n" * 50_000 + TEXTS["windows-1251"]
    assert decode_bytes(text.encode("cp1251"), "a.txt").text == text


def test_a_text_that_is_cut_off_amid_a_letter_is_utf_8() -> None:
    data = TEXTS["windows-1251"].encode()[:-2]  # the full stop and half of a letter
    decoded = decode_bytes(data, "a.txt")
    assert decoded == (TEXTS["windows-1251"][:-2] + "\ufffd", "utf-8", False, 1)
    assert decoded.notes("a.txt") == (
        "a.txt: is damaged utf-8 text: what cannot be read (1 in all) is shown as \ufffd.",
    )


def test_the_encoding_that_is_named_is_believed() -> None:
    data = TEXTS["windows-1251"].encode("cp1251")
    assert decode_bytes(data, "a.txt", "latin-1").text == data.decode("latin-1")
    assert decode_bytes(MILL.encode("utf-16-le"), "a.txt", "UTF_16").text == MILL


@pytest.mark.parametrize(
    ("data", "encoding", "says"),
    [
        (b"caf\xe9", "utf8", "a.txt: is not utf-8 text (byte 0xe9 at position 3); name the"),
        ("è".encode(), "ascii", "a.txt: is not ascii text (byte 0xc3 at position 0)"),
        (b"abc", "klingon", "a.txt: there is no encoding 'klingon'; name one such as utf-8"),
        (b"abc", "", "a.txt: there is no encoding ''"),
        (b"abc", "a\0b", "a.txt: there is no encoding 'a\\x00b'"),
        (b"abc", "hex", "a.txt: there is no encoding 'hex'"),
        (b"abc", "unicode_escape", "a.txt: there is no encoding 'unicode_escape'"),
        (b"+2AA-", "utf-7", "a.txt: is not utf-7 text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin-1", "a.txt: is a binary file"),
        (b"\xff\xfea", None, "a.txt: is not utf-16-le text (byte 0x61 at position 0)"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None, "a.txt: is a binary file; expected a text"),
        (bytes(range(1, 128)), None, "a.txt: is a binary file"),
        (bytes(random.Random(1).randbytes(4000)), None, "a.txt: is a binary file"),
        (bytes(random.Random(1).randbytes(4000)).replace(b"\0", b""), None, "a.txt: is a binary"),
    ],
)
def test_what_does_not_fit_is_said(data: bytes, encoding: str | None, says: str) -> None:
    with pytest.raises(ArticleError) as error:
        decode_bytes(data, "a.txt", encoding)
    assert str(error.value).startswith(says)


def test_a_loader_is_given_utf_8_where_another_encoding_is_named() -> None:
    data = as_utf8(TEXTS["koi8-r"].encode("koi8-r"), "a.txt", "koi8-r")
    assert data == codecs.BOM_UTF8 + TEXTS["koi8-r"].encode()
    assert load_plain_text(data, "a.txt").text == TEXTS["koi8-r"]


def test_an_article_says_how_it_was_read() -> None:
    article = Article.from_bytes(f"{MILL}\r\nSo.\r".encode("cp1252"), "in/notes.txt")
    assert article.text == f"{MILL}\nSo.\n"
    assert article.meta == {"encoding": "windows-1252"}
    assert article.notes[0].startswith("in/notes.txt: read as windows-1252, which was guessed;")
    plain = Article.from_bytes(MILL.encode(), "notes.txt")
    assert (plain.meta, plain.notes) == ({}, ())
