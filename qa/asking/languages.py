"""Whether a question is in another language than English.

An English question is never to be taken for another, however short it is and whatever names stand
in it; one in another language may be missed. So a question in Latin letters has to open with a
question word of the other language, to have another of its commonest words, and none of English.
"""

from __future__ import annotations

import re
import unicodedata

from qa.english.words import CLOSED, is_english

_OPENING = {
    "Danish, Norwegian and Swedish": (
        "hvem hvad hva hvor hvordan hvorfor hvornår når hvilken hvilket hvilke vem vad hur varför "
        "vilken vilket vilka oversæt oversett översätt"
    ),
    "Dutch": "wie wat waar waarom wanneer hoeveel welke vertaal hoe",
    "French": (
        "qui que qu quoi où quand pourquoi combien quel quelle quels quelles comment traduis "
        "traduisez expliquez"
    ),
    "German": (
        "wer wen wem wessen wo wann warum wieso weshalb wie wieviel wohin woher womit worüber "
        "worum was welche welcher welches welchen welchem übersetze übersetzen erkläre nenne"
    ),
    "Italian": (
        "chi che cosa cos quando perché quale quali quanto quanti quante dove come traduci spiega"
    ),
    "Polish": "kto co gdzie kiedy dlaczego jak jaki jaka jakie ile przetłumacz",
    "Portuguese": (
        "quem que quê onde quando porque qual quais quanto quantos quantas como traduz traduza"
    ),
    "Spanish": (
        "quién quiénes quien qué que dónde donde cuándo cuando cuál cual cuáles cuánto cuántos "
        "cuántas cómo como traduce traduzca explica"
    ),
    "Turkish": "kim nerede neden niçin nasıl hangi",
}
_COMMON = {
    "Danish, Norwegian and Swedish": (
        "er og ikke det den som på av af af til fra hedder heter är och inte från till för blev "
        "ble har hade havde kommer"
    ),
    "Dutch": (
        "is in de het een van niet zijn wordt werd heeft naar zei deze dit voor oud heet ligt waren"
    ),
    "French": (
        "est sont était ont la le les du des une dans pour avec sur ce cette il elle ils s'est "
        "été fait faire dit parle cet commencé passé à au aux y l d a t"
    ),
    "German": (
        "ist sind wurde wurden wird werden der das dem den ein eine einen nicht und von vom zum "
        "zur mit für auf aus bei nach über liegt heißt heisst kommt geht gibt sagte sagt haben "
        "hatte gewann wohnt passierte ins es in an"
    ),
    "Italian": (
        "è sono della del dello delle dei gli il lo la una che di nel nella con stato stata ha "
        "hanno in a si trova chiama significa succede successo"
    ),
    "Polish": "jest są był była było się nie na czy tego tej",
    "Portuguese": (
        "é são foi foram está estão da dos das uma o os não com em um seu sua aconteceu disse fica"
    ),
    "Spanish": (
        "es son fue fueron está están el la los las del una de en se con por qué llama dijo pasó "
        "significa tiene vive hay ha a"
    ),
    "Turkish": "nedir kimdir ve bir bu için değil oldu dedi",
}
_DOUBTFUL = frozenset(["was", "come", "dove", "comment", "hoe", "como", "que"])
"""Question words that are words of English, too, or open names: more has to speak for these."""
_ARTICLES = frozenset(
    ["la", "le", "les", "el", "los", "las", "der", "das", "den", "il", "lo", "gli", "het", "een"]
)
"""What stands in names ("Como la Flor", "Der Spiegel")."""
_IDEOGRAMS = re.compile("[是的吗嗎么麼什谁誰哪何怎了のはかが]")


def is_foreign(question: str) -> bool:
    """Tell whether a question is surely in another language than English."""
    if not question.isascii() and _in_other_letters(question):
        return True
    spelled = re.findall(r"[^\W\d_]+", question.replace("’", "'"))
    found = [word.lower() for word in spelled]
    return any(_is_in(language, spelled, found) for language in _languages(found[:2]))


def _in_other_letters(question: str) -> bool:
    letters = [letter for letter in question if letter.isalpha()]
    if not letters or any(unicodedata.name(each, "").startswith("LATIN") for each in letters):
        return False
    several = len(question.split()) > 2  # not a name
    return several or bool(_IDEOGRAMS.search(question))


def _languages(first: list[str]) -> set[str]:
    return {language for word in first for language in _OPENED_BY.get(word, ())}


def _is_in(language: str, spelled: list[str], found: list[str]) -> bool:
    """Tell whether a question that opens as one of a language does is in it."""
    own = _WORDS[language]
    if any(word in CLOSED and word not in own for word in found):
        return False
    common = {word for word in found if word in own and word not in _AMBIGUOUS}
    others = [word for word in spelled if word.lower() not in own]
    english = sum(word.islower() and is_english(word) for word in others)
    if found[0] in _DOUBTFUL:
        return bool(common - _ARTICLES) and not english
    return len(common - _ARTICLES) > 1 or len(common) > max(1, 2 * english)


_WORDS = {
    language: frozenset(f"{_OPENING[language]} {_COMMON[language]}".split())
    for language in _OPENING
}
_AMBIGUOUS = CLOSED | _DOUBTFUL
_OPENED_BY: dict[str, list[str]] = {}
for _language, _opening in _OPENING.items():
    for _word in _opening.split():
        _OPENED_BY.setdefault(_word, []).append(_language)
