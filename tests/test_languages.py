from __future__ import annotations

import pytest

from qa.asking.languages import is_foreign


@pytest.mark.parametrize(
    "question",
    [
        "Wer ist Ann Hall?",
        "Was ist das?",
        "wo liegt berlin",
        "Qui est Ann Hall ?",
        "Qu’est-ce que c’est ?",
        "Quand la guerre a-t-elle commencé ?",
        "¿Quién es Ann Hall?",
        "Cómo se llama la alcaldesa",
        "Chi è Ann Hall?",
        "Quem é Ann Hall?",
        "Wie is de burgemeester?",
        "Vem är Ann Hall?",
        "Kto jest burmistrzem?",
        "Кто такая Анна Холл?",
        "安娜是谁？",
    ],
)
def test_a_question_in_another_language_is_told(question: str) -> None:
    assert is_foreign(question)


@pytest.mark.parametrize(
    "question",
    [
        "London?",
        "Wer?",
        "Kim Il Sung?",
        "Was Die Welt sold?",
        "Was das Boot filmed in Munich?",
        "Who wrote Was ist Metaphysik?",
        "Der Spiegel circulation?",
        "Como la Flor?",
        "Que Sera Sera?",
        "chi chi rodriguez",
        "Dove soap price",
        "Les Misérables author",
        "wat is rubios role",
        "Володимир Зеленський?",
        "北京?",
        "What is π?",
        "?",
    ],
)
def test_no_english_question_is_taken_for_another_whatever_names_it_has(question: str) -> None:
    assert not is_foreign(question)
