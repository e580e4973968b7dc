"""What a reader is trained on, and what its training makes small."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.squad import load_squad
from qa.training.config import TrainingConfig
from qa.training.examples import Group, TrainingSet, batches
from qa.training.nearest import nearest_sentences
from qa.training.objective import distillation_loss, span_loss
from qa.training.swaps import Swapper
from tests.fakes import WordEncoder


def drawn(questions: Path, weight: float = 1.0, **settings: float) -> list[Group]:
    config = TrainingConfig(data=((str(questions), weight),), start_from="any", **settings)  # type: ignore[arg-type]
    encoder = WordEncoder(dimension=512)
    sets = load_squad(questions)
    nearest = nearest_sentences(sets, encoder)
    rng = np.random.default_rng(0)
    return [
        group
        for made, rows in zip(sets, nearest, strict=True)
        for group in TrainingSet(made, rows, encoder, config).groups(weight, rng)
    ]


def test_the_answer_stands_where_an_example_says(questions: Path) -> None:
    golds = {
        question.text + group.article.id: group.gold_texts(question)[0]
        for group in load_squad(questions)
        for question in group.questions
    }
    groups = drawn(questions, unanswerable=0.0)
    assert len(groups) == 300
    for group in groups:
        positive = group[0]
        assert positive.answer
        start, end = positive.answer
        gold = golds[positive.question + positive.passage.article.id]
        assert positive.passage.text[start:end] == gold


def test_the_answer_is_at_every_place_of_its_passage(questions: Path) -> None:
    groups = drawn(questions, unanswerable=0.0, paragraphs=0.0, other_sizes=0.0)
    before = {group[0].passage.text[: group[0].answer.start].count(".") for group in groups}  # type: ignore[union-attr]
    assert before == {0, 1, 2}


def test_passages_are_as_long_as_the_index_cuts_them_or_a_paragraph(questions: Path) -> None:
    windows = drawn(questions, paragraphs=0.0, other_sizes=0.0)
    assert {group[0].passage.text.count(".") for group in windows} == {3}
    paragraphs = drawn(questions, paragraphs=1.0, other_sizes=0.0)
    assert {group[0].passage.text.count(".") for group in paragraphs} == {4}
    others = drawn(questions, paragraphs=0.0, other_sizes=1.0)
    assert {1, 2, 4, 6, 8, 12} == {group[0].passage.text.count(".") for group in others}


def test_a_negative_is_near_the_question_and_lacks_the_answer(questions: Path) -> None:
    groups = drawn(questions, unanswerable=0.0, negatives=1.0)
    pairs = [group for group in groups if len(group) == 2]
    assert len(pairs) > 250
    for positive, negative in pairs:
        assert positive.answer
        gold = positive.passage.text[slice(*positive.answer)]
        assert negative.answer is None
        assert gold not in negative.passage.text
        assert negative.passage.article == positive.passage.article
        assert negative.question == positive.question


@pytest.fixture
def tempting(questions: Path) -> Path:
    """The same questions, all of them unanswerable, with their answers as plausible ones."""
    content = json.loads(questions.read_text())
    for entry in content["data"]:
        for paragraph in entry["paragraphs"]:
            for qa in paragraph["qas"]:
                qa["plausible_answers"] = qa.pop("answers")
                qa |= {"is_impossible": True, "answers": []}
    path = questions.with_name("tempting.json")
    path.write_text(json.dumps(content))
    return path


def plausible_places(path: Path) -> dict[tuple[str, str], Span]:
    """Where the plausible answer to each question stands, by its article and its text."""
    return {
        (group.article.id, question.text): question.plausible[0]
        for group in load_squad(path)
        for question in group.questions
    }


def test_an_unanswerable_question_has_a_passage_that_tempts_and_no_answer(tempting: Path) -> None:
    places = plausible_places(tempting)
    groups = drawn(tempting, negatives=0.0)
    assert len(groups) == 300
    for group in groups:
        (tempted,) = group
        assert tempted.answer is None
        place = places[tempted.passage.article.id, tempted.question]
        assert tempted.passage.start <= place.start
        assert place.end <= tempted.passage.end


def test_beside_what_tempts_there_may_be_a_near_passage_but_never_the_same(
    tempting: Path,
) -> None:
    places = plausible_places(tempting)
    groups = drawn(tempting, negatives=1.0)
    pairs = [group for group in groups if len(group) == 2]
    assert 200 < len(pairs) < 300
    for tempted, negative in pairs:
        assert tempted.passage.start <= places[tempted.passage.article.id, tempted.question].start
        assert negative.answer is None
        assert negative.question == tempted.question
        assert negative.passage != tempted.passage
        assert negative.passage.article == tempted.passage.article
    some = [group for group in drawn(tempting, negatives=0.4) if len(group) == 2]
    assert 60 < len(some) < 150


def test_an_unanswerable_question_without_plausible_answers_has_a_near_passage(
    tempting: Path,
) -> None:
    content = json.loads(tempting.read_text())
    for entry in content["data"]:
        for paragraph in entry["paragraphs"]:
            for qa in paragraph["qas"]:
                del qa["plausible_answers"]
    tempting.write_text(json.dumps(content))
    groups = drawn(tempting, negatives=0.0)
    assert len(groups) == 300
    assert {len(group) for group in groups} == {1}
    assert {group[0].answer for group in groups} == {None}
    sets = load_squad(tempting)
    rows = np.concatenate(nearest_sentences(sets, WordEncoder(dimension=512)))
    for (near,), nearest in zip(groups, rows, strict=True):
        text = near.passage.article.text
        sentences = [text[slice(*split_sentences(text)[number])] for number in nearest[:3]]
        assert any(sentence in near.passage.text for sentence in sentences)


def test_answers_that_stand_apart_are_drawn_from_and_of_those_that_overlap_the_first(
    tmp_path: Path,
) -> None:
    context = "Alma lived in Aarhus. She was a baker. Later she left. To Aarhus Alma came back."
    near, wider, far = (
        {"text": text, "answer_start": context.index(text)}
        for text in ("in Aarhus", "lived in Aarhus", "To Aarhus")
    )
    shorter = {"text": "Aarhus", "answer_start": context.rindex("Aarhus")}
    question = {"id": "1", "question": "Where?", "answers": [near, wider, far, near, shorter]}
    paragraphs = [{"context": context, "qas": [question]}]
    path = tmp_path / "golds.json"
    path.write_text(json.dumps({"data": [{"title": "Alma", "paragraphs": paragraphs}]}))
    groups = drawn(path, weight=100.0, unanswerable=0.0)
    golds = [group[0].passage.text[slice(*group[0].answer)] for group in groups]  # type: ignore[misc]
    assert set(golds) == {"in Aarhus", "To Aarhus"}
    assert 30 < golds.count("To Aarhus") < 70


def test_a_share_of_the_questions_is_made_unanswerable(questions: Path) -> None:
    groups = drawn(questions, unanswerable=0.5)
    swapped = [group for group in groups if group[0].answer is None]
    assert 100 < len(swapped) < 200
    known = {question.text for made in load_squad(questions) for question in made.questions}
    changed = [group[0].question for group in swapped if group[0].question not in known]
    assert len(changed) < len(swapped)  # one name for another may make a question that is asked


@pytest.mark.parametrize(("weight", "expected"), [(0.0, 0), (2.0, 600)])
def test_a_weight_is_how_often_each_question_is_drawn(
    questions: Path, weight: float, expected: int
) -> None:
    assert len(drawn(questions, weight)) == expected


def test_a_fractional_weight_draws_a_part(questions: Path) -> None:
    assert 100 < len(drawn(questions, 0.5)) < 200


def test_batches_hold_every_group_once_and_keep_to_their_size(questions: Path) -> None:
    groups = drawn(questions)
    made = batches(groups, 1024, np.random.default_rng(0))
    assert sorted(id(group) for batch in made for group in batch) == sorted(map(id, groups))
    for batch in made:
        examples = [example for group in batch for example in group]
        assert len(examples) * max(example.tokens for example in examples) <= 1024


@pytest.mark.parametrize(
    ("question", "swapped"),
    [
        ("Who led France in 1914?", {"Who led Spain in 1914?", "Who led France in 1936?"}),
        ("What is the largest port?", {"What is the smallest port?"}),
        ("Where was it signed?", {"Where was not it signed?", None}),
        ("How is that?", {None}),
    ],
)
def test_questions_are_swapped_for_others(question: str, swapped: set[str | None]) -> None:
    swapper = Swapper("The king of Spain fled in 1936. In 1914 the king of France did not.")
    passage = "In 1914 the king of France did not."
    made = {swapper.swap(question, passage, np.random.default_rng(seed)) for seed in range(20)}
    assert made <= swapped
    assert made


def test_a_negation_goes_before_the_participle() -> None:
    swapped = Swapper("").swap("Which city was not named?", "", np.random.default_rng(0))
    assert swapped is None
    swapped = Swapper("").swap("Which city was founded first?", "", np.random.default_rng(1))
    assert swapped in {"Which city was not founded first?", "Which city was founded last?"}


# What is made small


def losses(starts: list[list[float]], target: list[int], groups: list[int]) -> float:
    logits = torch.tensor(starts)
    context = torch.ones_like(logits, dtype=torch.bool)
    context[:, 0] = False
    targets = torch.tensor(target)
    return float(
        span_loss(
            logits,
            logits,
            context=context,
            starts=targets,
            ends=targets,
            groups=torch.tensor(groups),
        )
    )


def test_one_passage_has_the_loss_of_a_trained_null() -> None:
    logits = [1.0, 2.0, -1.0]
    total = sum(map(math.exp, logits))
    assert losses([logits], [1], [0]) == pytest.approx(-math.log(math.exp(2.0) / total))
    assert losses([logits], [0], [0]) == pytest.approx(-math.log(math.exp(1.0) / total))


def test_passages_of_a_group_share_one_softmax_of_logits_less_their_null() -> None:
    # Less their nulls: 2 and 0, then 4 and -1.
    logits = [[1.0, 3.0, 1.0], [-1.0, 3.0, -2.0]]
    total = 1 + math.exp(2) + math.exp(0) + math.exp(4) + math.exp(-1)
    assert losses(logits, [1, 0], [0, 0]) == pytest.approx(-math.log(math.exp(2) / total))
    apart = losses(logits, [1, 0], [0, 1])
    assert apart == pytest.approx((losses(logits[:1], [1], [0]) + losses(logits[1:], [0], [0])) / 2)


def test_the_loss_is_finite_for_large_logits() -> None:
    assert losses([[-300.0, 300.0], [300.0, -300.0]], [1, 0], [0, 0]) == pytest.approx(0)
    assert losses([[300.0, -300.0]], [1], [0]) == pytest.approx(600)


def test_the_loss_is_the_mean_over_groups_however_many_passages_they_have() -> None:
    logits = [[1.0, 3.0, 1.0], [-1.0, 3.0, -2.0], [0.0, 0.5, 2.0]]
    shared, alone = losses(logits[:2], [1, 0], [0, 0]), losses(logits[2:], [2], [0])
    assert losses(logits, [1, 0, 2], [0, 0, 1]) == pytest.approx((shared + alone) / 2)
    assert losses([logits[0], logits[2], logits[1]], [1, 2, 0], [0, 1, 0]) == pytest.approx(
        (shared + alone) / 2
    )


def divergence(
    student: torch.Tensor,
    teacher: torch.Tensor,
    temperature: float = 1.0,
    *,
    end: torch.Tensor | None = None,
    context: torch.Tensor | None = None,
) -> torch.Tensor:
    """The loss of a student whose ends, unless given, are the teacher's."""
    if context is None:
        context = torch.ones_like(student, dtype=torch.bool)
        context[:, 0] = False
    return distillation_loss(
        student,
        teacher if end is None else end,
        teacher_start=teacher,
        teacher_end=teacher,
        context=context,
        temperature=temperature,
    )


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_a_student_that_is_its_teacher_has_nothing_to_learn(temperature: float) -> None:
    logits = torch.tensor([[1.0, 3.0, -40.0], [-1.0, 3.0, -2.0]])
    assert divergence(logits, logits, temperature).item() == pytest.approx(0, abs=1e-7)
    assert divergence(logits + 5, logits, temperature).item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_the_divergence_is_of_the_teachers_probabilities_from_the_students(
    temperature: float,
) -> None:
    student, teacher = torch.tensor([[0.0, 0.0]]), torch.tensor([[0.0, math.log(9)]])
    # The student gives each of the two one half; the teacher the null 1/10, or 1/4 at 2.
    null = {1.0: 1 / 10, 2.0: 1 / 4}[temperature]
    expected = null * math.log(null * 2) + (1 - null) * math.log((1 - null) * 2)
    expected *= temperature**2
    both = divergence(student, teacher, temperature, end=student)
    assert both.item() == pytest.approx(expected, rel=1e-5)
    assert divergence(student, teacher, temperature).item() == pytest.approx(expected / 2)
    two = divergence(
        torch.cat([student, teacher]), torch.cat([teacher, teacher]), temperature
    )  # the second passage's is 0
    assert two.item() == pytest.approx(expected / 4)


def test_what_is_no_part_of_the_passage_is_not_compared_and_has_no_gradient() -> None:
    context = torch.tensor([[False, False, True, False], [False, False, False, False]])
    teacher = torch.tensor([[0.0, 70.0, math.log(9), -70.0], [3.0, 1.0, 2.0, 0.0]])
    student = torch.tensor([[0.0, -9.0, 0.0, 1e4], [1.0, 2.0, 3.0, 4.0]], requires_grad=True)
    loss = divergence(student, teacher, context=context)
    alone = divergence(torch.tensor([[0.0, 0.0]]), torch.tensor([[0.0, math.log(9)]]))
    assert loss.item() == pytest.approx(alone.item() / 2)  # a null alone diverges from nothing
    loss.backward()  # type: ignore[no-untyped-call]
    # Of softmax and divergence: the student's probabilities less the teacher's, a quarter of them.
    assert student.grad is not None
    assert student.grad[0].tolist() == pytest.approx([0.1, 0.0, -0.1, 0.0])
    assert student.grad[1].tolist() == [0.0] * 4


def test_the_divergence_and_its_gradients_are_finite_for_large_logits() -> None:
    student = torch.tensor([[1e4, -1e4, 0.0]], requires_grad=True)
    loss = divergence(student, torch.tensor([[-1e4, 1e4, 0.0]]))
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == pytest.approx(1e4)
    assert student.grad is not None
    assert student.grad[0].tolist() == pytest.approx([0.5, -0.5, 0.0])
