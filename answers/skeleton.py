"""The first version of a new answer: complete, valid and true, so that every change can be checked."""

from datetime import date

_SKELETON = """\
---
id: {id}
title: {title}
phrasings:          # how students ask it: terse, misspelt, half wrong; ten or more find more questions
  - {words}
  - why {words}
  - what is {words} and what can I do about it
short: >-           # two sentences that stand alone on a phone; their numbers are measured each time
  TODO: the answer. {{% if claims.shrinks %}}Each sigmoid layer passes on only
  {{{{ sigmoid.factor_per_layer | num(2) }}}} of the gradient.{{% else %}}Here more gets through.{{% endif %}}
misconception: >-   # the common mistake as a student would say it, then what is true
  "TODO: what many believe." What is true instead.
simulations:
  main:
    experiment: gradients          # docs/simulations.md lists what can be measured
    variants:
      sigmoid: depth=12 width=64 activation=sigmoid init=glorot
      relu: activation=relu init=he
    knobs: [depth, width]          # what a question may change: "with 50 layers"
claims:
  - id: shrinks
    text: Each sigmoid layer shrinks the gradient {{{{ sigmoid.shrink_per_layer | num(2) }}}} times.
    holds: sigmoid.factor_per_layer < 0.3
    otherwise: Here each sigmoid layer passes on {{{{ sigmoid.factor_per_layer | num(2) }}}} of the gradient.
try_next:           # configurations to run next
  - depth=30 sigmoid vs relu he
related: [backprop_not_cause]
sources:
  - title: Understanding the difficulty of training deep feedforward neural networks
    authors: X. Glorot, Y. Bengio
    year: 2010
    url: https://proceedings.mlr.press/v9/glorot10a.html
author: {author}
license: CC-BY-4.0
date: {date}
---
TODO: the explanation, two or three short paragraphs in plain English; formulas as `code`.

<!-- more -->

TODO: what only those read who ask for more, or nothing: then remove this and the line above.
"""

UNFINISHED = "TODO"
"""Marks what is still to be written; an answer with this word is not finished."""


def skeleton(id_: str, author: str, today: date) -> str:
    """Return the file of a new answer, with the id as its title and first phrasing."""
    words = id_.replace("_", " ")
    return _SKELETON.format(
        id=id_, title=f"{words[:1].upper()}{words[1:]}?", words=words, author=author, date=today.isoformat()
    )
