"""One answer from transformers alone, as one would write it: ARTICLE QUESTION READER."""

# ruff: noqa: T201
import sys
from pathlib import Path

import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer


def main(article: str, question: str, reader: str, *_: str) -> None:
    """Print the likeliest of the answers that all windows of the article hold."""
    text = Path(article).read_text("utf-8")
    tokenizer = AutoTokenizer.from_pretrained(reader)
    model = AutoModelForQuestionAnswering.from_pretrained(reader, dtype=torch.float32)
    windows = tokenizer(
        question,
        text,
        truncation="only_second",
        max_length=384,
        stride=128,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    best = (float("-inf"), "")
    for row, offsets in enumerate(windows["offset_mapping"]):
        inputs = {name: torch.tensor([windows[name][row]]) for name in tokenizer.model_input_names}
        with torch.inference_mode():
            output = model(**inputs)
        sums = output.start_logits[0][:, None] + output.end_logits[0][None, :]
        inside = torch.tensor([each == 1 for each in windows.sequence_ids(row)])
        spans = (inside[:, None] & inside[None, :]).triu().tril(29)  # of at most 30 tokens
        sums = sums.masked_fill(~spans, float("-inf"))
        start, end = divmod(int(sums.argmax()), len(offsets))
        best = max(best, (float(sums[start, end]), text[offsets[start][0] : offsets[end][1]]))
    print(best[1], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
