"""Questions that ask for several things: reading them all, and training the reader that does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import MPNetConfig, MPNetForQuestionAnswering

from index.articles import Article
from index.errors import ModelError
from index.models.bert import Bert
from index.models.files import fingerprint, read_config, read_weights
from index.retrieval import Hit
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answers import Answer, Outcome
from qa.reading.calibration import Calibration
from qa.reading.evidence import Evidence
from qa.reading.items import read_items
from qa.reading.reader import TransformerReader
from qa.reading.rounds import InRounds
from qa.reading.stages import TwoStages
from qa.squad import Question
from qa.training.items import items_of, main, passages_of, targets_of
from tests.fakes import PhraseReader, bot_of
from tests.test_quantized import QUESTION, SIZES, save

HOUSE = (
    "Ann Hall lived in the house first. It had a garden then. Guy Frost bought it in 1950. "
    "He let the garden go. Ida Low came last."
)


def hits(article: Article, *places: tuple[int, int]) -> list[Hit]:
    return [Hit(Stretch(article, *place), 1.0 / n, 0.5, 0, 0) for n, place in enumerate(places, 1)]


def asked(question: str, several: PhraseReader, **found: float) -> Answer:
    """Ask where one answer is found, and several are."""
    reader = TwoStages(PhraseReader(**found), PhraseReader(**found), several=several)
    return bot_of(HOUSE, reader=reader).ask(question)


def test_passages_that_follow_one_another_are_read_as_one() -> None:
    article = Article("a", "A", "One two. Three four. Five six. Seven.")
    reader = PhraseReader(Three=2.0, Five=1.0)
    found = read_items(reader, ["Which?"], [hits(article, (9, 20), (0, 13), (31, 37))])
    assert reader.seen == [["One two. Three four.", "Seven."]]
    assert [(each.text, each.evidence.logit) for each in found[0]] == [("Three", 2.0)]


def test_passages_of_two_articles_are_read_apart() -> None:
    one, two = (Article(name, name, "One two. Three.") for name in ("a", "b"))
    reader = PhraseReader()
    assert read_items(reader, ["Which?"], [[*hits(two, (0, 8)), *hits(one, (9, 15))]]) == [[]]
    assert reader.seen == [["Three.", "One two."]]


def test_each_thing_is_as_likely_as_it_is_for_itself() -> None:
    article = Article("a", "A", HOUSE)
    reader = PhraseReader(Ann_Hall=3.0, Ida_Low=1.0)
    reader.calibration = Calibration(Evidence(logit=1.0), -1.0)
    (found,) = read_items(reader, ["Who lived there?"], [hits(article, (0, len(HOUSE)))])
    confidences = {each.text: each.confidence for each in found}
    assert confidences == pytest.approx({"Ann Hall": 0.8808, "Ida Low": 0.5}, abs=1e-4)


def test_all_things_that_are_likely_are_the_answer_in_the_order_of_the_text() -> None:
    several = PhraseReader(Ida_Low=1.0, Ann_Hall=3.0, Guy_Frost=2.0, garden=-2.0)
    answer = asked("Which people owned the house?", several, Guy_Frost=-1.0)
    assert answer.kind == "list"
    assert answer.items == ("Ann Hall", "Guy Frost", "Ida Low")
    assert answer.text == "Ann Hall; Guy Frost; Ida Low"
    assert answer.outcome is Outcome.ANSWERED


def test_things_are_found_where_one_answer_is_not() -> None:
    several = PhraseReader(Ida_Low=1.0, Ann_Hall=3.0)
    answer = asked("Which people owned the house?", several)
    assert answer.items == ("Ann Hall", "Ida Low")


def test_of_what_is_less_likely_so_much_is_given_as_makes_the_best_list() -> None:
    unsure = PhraseReader(Ida_Low=-0.5, Ann_Hall=0.5, Guy_Frost=-0.7, garden=-3.0)
    answer = asked("Which people owned the house?", unsure)  # 0.62, 0.38, 0.33 and 0.05
    assert answer.items == ("Ann Hall", "Guy Frost", "Ida Low")
    assert answer.confidence == pytest.approx(0.444, abs=1e-3)
    sure = PhraseReader(Ida_Low=4.0, Ann_Hall=4.0, Guy_Frost=-0.5)  # 0.98, 0.98 and 0.38
    assert asked("Which people owned the house?", sure).items == ("Ann Hall", "Ida Low")


def test_nothing_is_given_where_none_is_likely() -> None:
    several = PhraseReader(Ida_Low=0.3, Ann_Hall=0.3)
    assert asked("Which people owned the house?", several).outcome is Outcome.NOT_FOUND


def test_whoever_asks_for_more_confidence_gets_no_unlikely_list() -> None:
    several = PhraseReader(Ida_Low=0.5, Ann_Hall=0.5)
    reader = TwoStages(PhraseReader(), PhraseReader(), several=several)
    question = "Which people owned the house?"
    assert bot_of(HOUSE, reader=reader).ask(question).items == ("Ann Hall", "Ida Low")
    assert bot_of(HOUSE, reader=reader).ask(question, min_confidence=0.9).items == ()


def test_what_is_enumerated_beside_an_item_is_none_for_that() -> None:
    text = "The club has tents, boats and a hut. It rents a van."
    reader = TwoStages(PhraseReader(), PhraseReader(), several=PhraseReader(boats=2.0, a_van=1.0))
    answer = bot_of(text, reader=reader).ask("Which vehicles does the club have?")
    assert answer.items == ("boats", "a van")


def test_one_thing_is_no_list() -> None:
    several = PhraseReader(Ida_Low=-4.0, Ann_Hall=3.0)
    answer = asked("Which people owned the house?", several, Guy_Frost=-1.0)
    assert (answer.kind, answer.outcome) == ("phrase", Outcome.NOT_FOUND)
    assert several.seen


def test_where_one_answer_is_sure_no_others_are_read() -> None:
    several = PhraseReader(Ida_Low=1.0, Ann_Hall=3.0)
    answer = asked("Which people owned the house?", several, Guy_Frost=1.0)
    assert (answer.kind, answer.text) == ("phrase", "Guy Frost")
    assert several.seen == []


def test_who_asks_for_one_thing_gets_one() -> None:
    several = PhraseReader(Ida_Low=1.0, Ann_Hall=3.0)
    assert asked("Who bought it in 1950?", several, Guy_Frost=1.0).text == "Guy Frost"
    assert several.seen == []


def test_readers_of_one_answer_read_no_items() -> None:
    article = Article("a", "A", HOUSE)
    places = [hits(article, (0, 20))]
    for strategy in (InRounds(PhraseReader()), TwoStages(PhraseReader(), PhraseReader())):
        assert strategy.items(["Who?"], places) == [[]]
    wrapped = TwoStages(PhraseReader(), PhraseReader(), several=PhraseReader(Ann_Hall=1.0))
    assert wrapped.with_readers(lambda reader: reader) == wrapped


def test_the_best_variant_of_an_item_is_right_and_the_others_are_not_counted() -> None:
    offsets = [(0, 3), (4, 8), (9, 12), (13, 20)]  # Mrs Hall and Frost's
    targets, counted = targets_of(offsets, [[Span(4, 8), Span(0, 8)], [Span(13, 18)]])
    assert targets.tolist() == [[0, 1, 0, 1], [0, 1, 0, 1]]
    assert counted.tolist() == [[0, 1, 1, 1], [1, 1, 1, 1]]


def test_an_item_that_stands_elsewhere_is_none_of_a_window() -> None:
    targets, counted = targets_of([(0, 3)], [[Span(-9, -2)], [Span(40, 44)]])
    assert (targets.sum(), counted.min()) == (0, 1)


def test_items_stand_in_the_paragraph_that_is_asked() -> None:
    items = [[{"text": "Ann", "answer_start": 2}, {"text": "Ann Hall", "answer_start": 2}]]
    question = Question("1", "Who?", (), Span(10, 40), extras={"items": items})
    assert items_of(question) == [[Span(12, 15), Span(12, 20)]]


def test_an_article_is_read_whole_and_in_part() -> None:
    article = Article("a", "A", HOUSE)
    whole, part = passages_of(article, np.random.default_rng(0))
    assert whole == Span(0, len(HOUSE))
    assert whole.contains(part)
    assert part != whole
    assert len(list(passages_of(Article("b", "B", "One. Two."), np.random.default_rng(0)))) == 1


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of random weights with two layers."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("readers") / "base"
    save(folder, MPNetForQuestionAnswering(MPNetConfig(**SIZES)))
    return folder


@pytest.fixture(scope="module")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader of items, its last layer trained on some questions."""
    folder = tmp_path_factory.mktemp("items")
    questions = folder / "questions.json"
    text = "anna berg left in may . boris came ."
    items = [[{"text": "anna", "answer_start": 0}], [{"text": "boris", "answer_start": 24}]]
    entries = [
        {
            "title": str(number),
            "paragraphs": [
                {
                    "context": text,
                    "qas": [
                        {
                            "id": str(number),
                            "question": QUESTION,
                            "items": items,
                            "answers": [each[0] for each in items],
                        }
                    ],
                }
            ],
        }
        for number in range(8)
    ]
    questions.write_text(json.dumps({"data": entries}))
    output = folder / "reader"
    main(
        [questions],
        output=output,
        reader=base,
        layers=1,
        epochs=60,
        held_out=4,
        learning_rate=3e-3,
        head_rate=0.05,
    )
    return output


def test_what_is_trained_finds_all_items(base: Path, trained: Path) -> None:
    reader = TransformerReader.load(base, precision="float32").branch(trained)
    text = "anna berg left in may . boris came ."
    article = Article("a", "A", text)
    (found,) = read_items(reader, [QUESTION], [hits(article, (0, len(text)))])
    assert {each.text for each in found if each.confidence >= 0.5} == {"anna", "boris"}


def test_lower_layers_are_shared_and_the_last_are_its_own(base: Path, trained: Path) -> None:
    bert = Bert(read_weights(base), read_config(base), "float32")
    weights = read_weights(trained)
    assert {name.split(".")[2] for name in weights if name.startswith("encoder.")} == {"1"}
    branch = bert.with_last_layers(weights)
    ids = [[0, 4, 5, 2, 2, 6, 7, 2]]
    below, own = bert.first_layers(1), branch.first_layers(1)
    torch.testing.assert_close(below.hidden(ids), own.hidden(ids), atol=0, rtol=0)
    assert not torch.allclose(bert.hidden(ids), branch.hidden(ids), atol=1e-2)
    with pytest.raises(ValueError, match="has no place among 2 layers"):
        bert.with_last_layers({"encoder.layer.2.output.dense.bias": torch.zeros(24)})
    with pytest.raises(KeyError, match="layer"):
        bert.with_last_layers({"qa_outputs.bias": torch.zeros(2)})


def test_layers_of_another_reader_are_refused(base: Path, trained: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    save(tmp_path / "other", MPNetForQuestionAnswering(MPNetConfig(**SIZES)))
    assert read_config(trained)["base"] == fingerprint(base)
    other = TransformerReader.load(tmp_path / "other")
    with pytest.raises(ModelError, match="belong to another reader"):
        other.branch(trained)
