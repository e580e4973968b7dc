"""Threads share a store: whoever asks while it changes is answered of before or of after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

import numpy as np

from index.store.base import Store
from index.store.conformance.formulas import towards
from index.store.conformance.suite import MADE, Suite, animals, one, prepared
from index.store.keys import parted

_ASKING = 8  # threads
_CHANGES = 12
_QUESTION = "Do dogs bark at night, and owls, too?"

Answer = Hashable


def pair() -> list[str]:
    """Return the ids of documents that come and go together."""
    return ["come.txt", "too.txt"]


class SharingTests(Suite):
    """Many ask, and one changes."""

    def test_who_asks_while_it_changes_is_answered_of_before_or_after(self) -> None:
        store = self.store_of(*animals())
        self._ask_while_it_changes(store, store)

    def test_who_asks_another_that_has_it_open_is_answered_of_before_or_after(self) -> None:
        store = self.store_of(*animals())
        if (other := self.opened_again(store)) is not None:
            self._ask_while_it_changes(store, other)

    def _ask_while_it_changes(self, writer: Store, asked: Store) -> None:
        stay = set(writer.numbers().tolist())
        come = [
            prepared("come.txt", {"Dogs bark at owls.": 44, "Night falls.": 71}, tags=["come"]),
            prepared("too.txt", {"Night owls bark, too.": 101}, tags=["come"]),
        ]
        goes = prepared("goes.txt", {"Owls, dogs, and night.": 55}, tags=["come"])

        def there() -> None:
            writer.change(add=come, remove=["goes.txt"])

        def back() -> None:
            writer.change(add=[goes], remove=pair())

        questions = _questions(stay)
        possible: dict[str, set[Answer]] = {name: set() for name in questions}
        for change in (there, back):
            change()
            for name, ask in questions.items():
                possible[name].add(ask(asked))
        wrong: list[str] = []
        asking = threading.Barrier(_ASKING + 1)
        done = threading.Event()

        def go_on_asking(number: int) -> None:
            asking.wait()
            names = list(questions)
            turn = number
            while not done.is_set() or turn < number + len(names):
                name = names[turn % len(names)]
                turn += 1
                try:
                    answer = questions[name](asked)
                except Exception as error:
                    wrong.append(f"{name}: {type(error).__name__}: {error}")
                    return
                if answer not in possible[name]:
                    wrong.append(f"{name}: {answer}, expected one of {possible[name]}")
                    return

        threads = [threading.Thread(target=go_on_asking, args=[n]) for n in range(_ASKING)]
        for thread in threads:
            thread.start()
        asking.wait()
        try:
            for number in range(_CHANGES):
                (there, back)[number % 2]()
                if number % 5 == 4:
                    writer.compact()
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert not wrong, f"while it changed: {wrong[0]}"


def _questions(stay: set[int]) -> dict[str, Callable[[Store], Answer]]:
    """Return what is asked; answers are the same whatever numbers come and go."""

    def named(keys: object) -> list[tuple[int, int]]:
        numbers, ordinals = parted(np.asarray(keys))
        pairs = zip(numbers.tolist(), ordinals.tolist(), strict=True)
        return [(number if number in stay else 0, ordinal) for number, ordinal in pairs]

    def nearest(store: Store) -> Answer:
        return tuple(tuple(named(keys)) for keys in store.nearest(one(60), 99))

    def first(store: Store) -> Answer:
        return tuple(named(store.nearest(one(50), 3)[0]))

    def matching(store: Store) -> Answer:
        found = store.matching(_QUESTION, 99)
        return frozenset(
            (*place, round(score, 4))
            for place, score in zip(named(found.passages), found.scores.tolist(), strict=True)
        )

    def documents(store: Store) -> Answer:
        return tuple(document.id for document in store.documents())

    def tags(store: Store) -> Answer:
        return len(store.numbers(tags=["come"]))

    def holding(store: Store) -> Answer:
        numbers = np.array(sorted(stay), dtype=np.int64)
        vectors = [store.vectors(number).shape for number in numbers.tolist()]
        cuts = store.cuts(numbers)
        texts = tuple(store.articles(numbers)[number].text for number in numbers.tolist())
        near = store.similarities(towards(0, MADE.dimension), numbers << 31)
        return texts, tuple(vectors), tuple(sorted(cuts)), tuple(near.round(2).tolist())

    def come(store: Store) -> Answer:
        # Documents may be gone between two questions: then they are left out.
        numbers = store.numbers(tags=["come"])
        known = {article.id for article in store.articles(numbers).values()}
        known |= {document.id for document in store.documents(numbers)}
        return known <= {*pair(), "goes.txt"}

    return {
        "nearest": nearest,
        "the first": first,
        "matching": matching,
        "documents": documents,
        "tags": tags,
        "what stays": holding,
        "what comes": come,
    }
