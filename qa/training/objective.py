"""What training makes small.

For every passage the model gives each token a logit to start the answer and one to end it; those
of the first token, [CLS], stand for "no answer here". As the reader compares spans of several
passages by their logits less the null's (``qa.reading.reader``), so does training: with s(i, t) the
start logit of token t of passage i less the null's of that passage, the answer's start has
probability

    exp s(i, t) / (1 + sum over the passages j and tokens u of exp s(j, u))

and no answer 1 / (1 + the same sum); ends likewise. The loss is the negative logarithm of that of
the right one, start and end averaged.

The sum goes over all passages of a question: shared normalisation (Clark and Gardner 2018, section
3.2), with a null. Where it goes over one passage alone it is the usual loss with a trained null
(Devlin et al. 2019, section 4.3).

A teacher adds the divergence of the two readers' probabilities, all logits divided by a temperature
(Hinton et al. 2015): over each passage's tokens and its null, as the teacher may have learned from
passages of other questions what no answer says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def span_loss(
    start_logits: Tensor,
    end_logits: Tensor,
    *,
    context: Tensor,
    starts: Tensor,
    ends: Tensor,
    groups: Tensor,
) -> Tensor:
    """Return the mean loss of a batch of groups of passages.

    Args:
        start_logits: Shaped (passages, tokens); token 0 is the null.
        end_logits: Likewise.
        context: Which tokens are the passage's, shaped (passages, tokens), boolean.
        starts: The token at which each passage's answer starts, shaped (passages,); 0 if it has
            none.
        ends: The token at which it ends, likewise.
        groups: Which passages are normalised together: the number of each passage's group, shaped
            (passages,), counted from 0 without gaps. At most one passage of a group may have an
            answer.
    """
    start = _boundary_loss(start_logits.float(), context, starts, groups)
    end = _boundary_loss(end_logits.float(), context, ends, groups)
    return (start + end) / 2


def _boundary_loss(logits: Tensor, context: Tensor, targets: Tensor, groups: Tensor) -> Tensor:
    import torch

    scores = logits - logits[:, :1]
    passages = torch.logsumexp(scores.masked_fill(~context, -torch.inf), dim=1)
    count = len(groups)  # at least as many as there are groups; to ask how many is to wait
    # log(1 + sum of exp), stable: the null's score is 0.
    highest = scores.new_zeros(count).scatter_reduce(0, groups, passages.detach(), "amax")
    summed = torch.exp(-highest).index_add(0, groups, torch.exp(passages - highest[groups]))
    totals = highest + torch.log(summed)
    right = scores.gather(1, targets[:, None]).squeeze(1)  # 0 where the target is the null
    return (totals.sum() - right.sum()) / (groups.max() + 1)


def distillation_loss(
    start_logits: Tensor,
    end_logits: Tensor,
    *,
    teacher_start: Tensor,
    teacher_end: Tensor,
    context: Tensor,
    temperature: float,
) -> Tensor:
    """Return the mean divergence of the teacher's probabilities from the student's.

    Args:
        start_logits: The student's, shaped (passages, tokens); token 0 is the null.
        end_logits: Likewise.
        teacher_start: The teacher's, of the same tokens.
        teacher_end: Likewise.
        context: Which tokens are the passage's, shaped (passages, tokens), boolean.
        temperature: By what all logits are divided. The loss is multiplied by its square, so that
            its gradients are as large at each (section 2 of the paper).
    """
    compared = context.clone()
    compared[:, 0] = True  # the null
    start = _divergence(start_logits, teacher_start, compared, temperature)
    end = _divergence(end_logits, teacher_end, compared, temperature)
    return (start + end) / 2 * temperature**2


def _divergence(student: Tensor, teacher: Tensor, compared: Tensor, temperature: float) -> Tensor:
    import torch

    own, wanted = (
        torch.log_softmax((logits.float() / temperature).masked_fill(~compared, -torch.inf), dim=1)
        for logits in (student, teacher)
    )
    # Where nothing is compared both are minus infinity, and their difference is no number.
    gaps = (wanted - own).masked_fill(~compared, 0.0)
    return (wanted.exp() * gaps).sum(dim=1).mean()
