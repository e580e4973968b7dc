"""From what speaks for a span to the probability that it is right, in one place."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import ModelError
from index.models.files import fingerprint
from qa.answer_json import StoresJson
from qa.reading.evidence import Evidence, Support

CALIBRATION_FILE = "calibration.json"

EXACT = "exact"
"""Memory and folders as a calibration names them: the same is found in both, with equal scores."""

_SCORED_ALIKE = {"memory": EXACT, "folder": EXACT}

LOGIT_ALONE = Evidence(logit=1.0)

_SHIPPED_SUPPORT = Support(similarity=1.46, shared=1.752, lead=0.079, logit=0.567, rival=-0.247)
_UTMOST = Evidence(logit=8.0, support=3.0)


class Stores(NamedTuple):
    """What kinds of store a confidence is of: as a calibration names them.

    Attributes:
        calibrated: Over which it was calibrated.
        asked: Which was asked.
    """

    calibrated: str
    asked: str

    def to_dict(self) -> StoresJson:
        """Return what JSON can hold, and :meth:`of` reads."""
        return {"calibrated": self.calibrated, "asked": self.asked}

    @classmethod
    def of(cls, values: Mapping[str, Any] | None) -> Stores | None:
        """Take what JSON holds."""
        return None if values is None else cls(str(values["calibrated"]), str(values["asked"]))


@dataclass(frozen=True)
class SentenceCalibration:
    """A logistic regression of "this sentence speaks to the question" on what speaks for it.

    Attributes:
        weights: How much each piece adds to the log-odds. The default is what
            was fitted to the large reader in the package: see eval/README.md.
        intercept: The log-odds without any.
    """

    weights: Support = _SHIPPED_SUPPORT
    intercept: float = -3.23

    def confidence(self, support: Support) -> float:
        """Return the probability, in 0..1, that a sentence speaks to the question."""
        return _probability(self.intercept, self.weights, support)


@dataclass(frozen=True)
class Boundaries:
    """Where one outcome of a question ends and the next begins; fitted, as the weights are.

    Attributes:
        answered: The confidence from which on nine in ten of the answers given are right.
        probable: How likely it has to be that the articles answer at all for the best span to be
            given as probable; of the questions below, three in four have no answer.
        close_call: How much higher the log-odds of the best span have to be than those of the best
            that says something else: where they are less, chance does not tell the two apart.
    """

    answered: float = 0.5
    probable: float = 0.5
    close_call: float = 0.0


@dataclass(frozen=True)
class Answerability:
    """A logistic regression of "the articles answer the question" on the best span's evidence.

    Attributes:
        weights: How much each piece of evidence adds to the log-odds.
        intercept: The log-odds without any.
    """

    weights: Evidence = LOGIT_ALONE
    intercept: float = 0.0

    def probability(self, evidence: Evidence) -> float:
        """Return the probability, in 0..1, that the articles answer."""
        return _probability(self.intercept, self.weights, evidence)


@dataclass(frozen=True)
class Calibration:
    """A logistic regression of "this span is right" on its evidence, and what is made of it.

    ``confidence = 1 / (1 + exp(-(intercept + the sum of weight * evidence)))``, with weights fitted
    to questions whose answers are known (as Platt 1999 does with a score alone), so that of the
    answers given with a confidence of 0.8, eight in ten are right. The weights belong to a reader
    and stand in its folder; `article-qa calibrate` fits them. A reader without them has its logit
    alone: then a confidence of 0.5 means that the reader finds the span as likely as no answer, and
    it is otherwise a ranking, not a probability.

    Attributes:
        weights: How much each piece of evidence adds to the log-odds.
        intercept: The log-odds without any.
        answerable: How likely it is that the articles answer at all.
        boundaries: Where one outcome ends and the next begins.
        utmost: What logit and support a span of an unread passage may reach; few spans do.
        yes_no: The same for the sentences shown for yes/no questions: the reader's logits are part
            of what speaks for them.
        reader: Tells which weights it was fitted to, by
            :func:`index.models.files.fingerprint`; empty if that is not known.
        store: Over what kind of store it was fitted, as :func:`scored_as` names it; empty if it was
            not fitted.
        others: What was fitted to the same reader over other kinds of store.
    """

    weights: Evidence = LOGIT_ALONE
    intercept: float = 0.0
    answerable: Answerability = Answerability()
    boundaries: Boundaries = Boundaries()
    utmost: Evidence = _UTMOST
    yes_no: SentenceCalibration = SentenceCalibration()
    reader: str = ""
    store: str = ""
    others: tuple[Calibration, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read a reader folder's calibration, with those for other kinds of store, if there are.

        Raises:
            ModelError: A file is there but is not a calibration, is of an older form, or was
                fitted to another reader.
        """
        own = folder / CALIBRATION_FILE
        calibration = cls._of_reader(folder, own) if own.exists() else cls()
        others = [cls._of_reader(folder, each) for each in sorted(folder.glob(_file_of("*")))]
        return replace(calibration, others=tuple(others))

    @classmethod
    def _of_reader(cls, folder: Path, path: Path) -> Calibration:
        calibration = cls.read(path)
        calibration.check_reader(fingerprint(folder), path)
        return calibration

    def over(self, store: str) -> Calibration:
        """Return what was fitted over a kind of store, as :func:`scored_as` names it; else this."""
        return next((each for each in (self, *self.others) if each.store == store), self)

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Read a calibration from a file.

        Raises:
            ModelError: There is no such file, or it is not a calibration, or one of an older form.
        """
        values: Any = None
        try:
            values = json.loads(path.read_text("utf-8"))
            calibration = cls._of(values)
            if calibration._is_sound():
                return calibration
        except FileNotFoundError:
            raise ModelError(
                f"{path}: no such file; name one that `article-qa calibrate` wrote."
            ) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        if isinstance(values, dict) and "threshold" in values:
            raise ModelError(
                f"{path}: is of an older form, from before there were outcomes; fit it again with "
                "`article-qa calibrate`, or remove it to go uncalibrated."
            )
        raise ModelError(
            f"{path}: expected JSON with weights ({', '.join(Evidence._fields)}) and an "
            "intercept, answerable (the same two), boundaries (answered and probable in 0..1, "
            "close_call from 0), utmost (logit, support) and yes_no (weights, intercept), all of "
            "them numbers; fit it again with `article-qa calibrate`, or remove it to go "
            "uncalibrated."
        )

    def check_reader(self, reader: str, path: Path) -> None:
        """Check that it was fitted to a reader, if it is known to which.

        Args:
            reader: The fingerprint of the reader's weights.
            path: The file that it was read from, for the message.

        Raises:
            ModelError: It was fitted to another one.
        """
        if self.reader and reader and self.reader != reader:
            raise ModelError(
                f"{path}: was fitted to another reader ({self.reader}; this one is {reader}); fit "
                "it again with `article-qa calibrate`."
            )

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Calibration:
        """Take what JSON holds."""
        answerable, yes_no = values["answerable"], values["yes_no"]
        return cls(
            Evidence(**_numbers(values["weights"])),
            float(values["intercept"]),
            Answerability(
                Evidence(**_numbers(answerable["weights"])), float(answerable["intercept"])
            ),
            Boundaries(**_numbers(values["boundaries"])),
            Evidence(**_numbers(values["utmost"])),
            SentenceCalibration(Support(**_numbers(yes_no["weights"])), float(yes_no["intercept"])),
            str(values.get("reader") or ""),
            str(values.get("store", EXACT)),  # files from before there were others do not say
        )

    def save(self, folder: Path) -> Path:
        """Write the calibration into the folder of its reader, and return where it stands."""
        name = CALIBRATION_FILE if self.store in ("", EXACT) else _file_of(self.store)
        return replace(self, reader=fingerprint(folder)).write(folder / name)

    def write(self, path: Path) -> Path:
        """Write the calibration to a file, and return where it stands.

        Raises:
            ModelError: The file cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(self.to_dict(), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise ModelError(
                f"{path}: cannot be written ({error.strerror or error}); name a file that can."
            ) from error
        return path

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold, and :meth:`read` reads."""
        return {
            "weights": self.weights._asdict(),
            "intercept": self.intercept,
            "answerable": {
                "weights": self.answerable.weights._asdict(),
                "intercept": self.answerable.intercept,
            },
            "boundaries": asdict(self.boundaries),
            "utmost": {"logit": self.utmost.logit, "support": self.utmost.support},
            "yes_no": {
                "weights": self.yes_no.weights._asdict(),
                "intercept": self.yes_no.intercept,
            },
            "reader": self.reader,
            "store": self.store,
        }

    def stores(self, asked: str | None) -> Stores | None:
        """Return over what it was fitted and what is asked; None if that is the same, or unknown.

        Args:
            asked: What is asked, as :func:`scored_as` names it; None if it is in no store.
        """
        return None if asked is None or self.store in ("", asked) else Stores(self.store, asked)

    def confidence(self, evidence: Evidence) -> float:
        """Return the probability, in 0..1, that a span with this evidence is right."""
        return _probability(self.intercept, self.weights, evidence)

    def log_odds(self, evidence: Evidence) -> float:
        """Return the logarithm of the odds that a span with this evidence is right."""
        return _log_odds(self.intercept, self.weights, evidence)

    def _is_sound(self) -> bool:
        bounds = self.boundaries
        numbers = (
            *(*self.weights, self.intercept, *self.answerable.weights, self.answerable.intercept),
            *(*self.utmost, *self.yes_no.weights, self.yes_no.intercept, bounds.close_call),
        )
        chances = (bounds.answered, bounds.probable)
        return (
            all(map(math.isfinite, numbers))
            and all(0 <= each <= 1 for each in chances)
            and bounds.close_call >= 0
        )


def scored_as(kind: str) -> str:
    """Return what a kind of store (see :class:`index.store.base.Store`) is called here."""
    return _SCORED_ALIKE.get(kind, kind)


def _file_of(store: str) -> str:
    return f"{Path(CALIBRATION_FILE).stem}.{store}.json"


def carry_over(source: Path, folder: Path) -> None:
    """Give a reader that was written from another the calibrations of that one, if it has any."""
    if (source / CALIBRATION_FILE).exists():
        calibration = Calibration.load(source)
        for each in (calibration, *calibration.others):
            each.save(folder)


def _numbers(values: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items()}


def _log_odds(intercept: float, weights: Sequence[float], values: Sequence[float]) -> float:
    return intercept + sum(weight * value for weight, value in zip(weights, values, strict=True))


def _probability(intercept: float, weights: Sequence[float], values: Sequence[float]) -> float:
    log_odds = _log_odds(intercept, weights, values)
    # Both branches keep exp from overflowing.
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))
