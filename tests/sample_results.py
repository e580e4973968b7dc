"""Made-up results of an evaluation, one for each kind of verdict."""

from __future__ import annotations

from dataclasses import replace

from eval.measures.results import CitationRecord, Result
from qa import Outcome

HOSTILE = "</script><script>document.title='pwned'</script><img src=x onerror=\"alert(1)\">'&lt;$x^"
SENTENCE = "The talks were held in Florida on Sunday."
FLORIDA = CitationRecord("Talks", 100, 100 + len(SENTENCE), SENTENCE, 123, 130)
ANSWERED = Result(
    id="q1",
    kind="asked",
    question="Where were the talks held?",
    article="Talks",
    golds=("Florida", "in Florida", "Florida"),
    answer="Florida",
    outcome=Outcome.ANSWERED,
    guess="Florida",
    confidence=0.876,
    answerability=None,
    citation=FLORIDA,
    exact_match=1.0,
    f1=1.0,
    guess_exact_match=1.0,
    guess_f1=1.0,
    rivals=(),
    rivals_f1=0.0,
    cited=(True,),
    rank=3,
    latency_ms=1234.5,
)
WRONG = replace(
    ANSWERED,
    id="q2",
    question="When?",
    exact_match=0.0,
    f1=0.0,
    guess_exact_match=0.0,
    guess_f1=0.0,
)
REFUSED = replace(WRONG, answer=None, outcome=Outcome.NOT_FOUND, rank=None)
ABSTAINED = replace(
    REFUSED, id="q3", kind="other", question="Who?", golds=(), confidence=0.2, answerability=0.25
)
MISSED = replace(REFUSED, id="q4", question="Why?", confidence=0.3)
PROBABLE = replace(ANSWERED, id="q5", outcome=Outcome.PROBABLE, confidence=0.6, answerability=0.75)
CLOSE = replace(
    WRONG,
    id="q6",
    question="Which state?",
    answer=None,
    outcome=Outcome.CLOSE_CALL,
    guess="Paris",
    confidence=0.45,
    answerability=0.8,
    rivals=("Paris", "Florida"),
    rivals_f1=1.0,
)
