"""Made-up results of an evaluation, one for each kind of verdict."""

from __future__ import annotations

from dataclasses import replace

from eval.measures.results import CitationRecord, Result

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
    guess="Florida",
    confidence=0.876,
    citation=FLORIDA,
    exact_match=1.0,
    f1=1.0,
    guess_exact_match=1.0,
    guess_f1=1.0,
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
ABSTAINED = replace(
    WRONG, id="q3", kind="other", question="Who?", golds=(), answer=None, confidence=0.2, rank=None
)
MISSED = replace(WRONG, id="q4", question="Why?", answer=None, confidence=0.3, rank=None)
