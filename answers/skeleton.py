"""The first version of a new answer: complete, valid and true, so that every change can be checked."""

import json
import re
from collections.abc import Collection
from datetime import date

from answers.matching.text import literal

_SKELETON = """\
---
id: {id}
title: {title}
phrasings:          # how students ask it: terse, misspelt, half wrong; ten or more find more questions
  - "TODO: a question in a student's own words"
{phrasings}
short: >-           # two sentences that stand alone on a phone; their numbers are measured each time
  TODO: the answer. {{% if claims.shrinks %}}Each sigmoid layer passes on only
  {{{{ sigmoid.factor_per_layer | num(2) }}}} of the gradient.{{% else %}}Here more gets through.{{% endif %}}
misconception: >-   # the common mistake as a student would say it, then what is true
  "TODO: what many believe." What is true instead.
simulations:        # TODO: yours; docs/simulations.md lists what can be measured
  main:
    experiment: gradients
    variants:
      sigmoid: depth=12 width=64 activation=sigmoid init=glorot
      relu: activation=relu init=he
    knobs: [depth, width]          # what a question may change: "with 50 layers"
claims:             # TODO: yours
  - id: shrinks
    text: Each sigmoid layer shrinks the gradient {{{{ sigmoid.shrink_per_layer | num(2) }}}} times.
    holds: sigmoid.factor_per_layer < 0.3
    otherwise: Here each sigmoid layer passes on {{{{ sigmoid.factor_per_layer | num(2) }}}} of the gradient.
try_next:           # TODO: configurations to run next
  - depth=30 sigmoid vs relu he
related: [{related}]   # TODO: the answers to read next
sources:            # TODO: yours
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

# What YAML reads as the text that it is, and words among it that it does not.
_PLAIN = re.compile(r"[A-Za-z][\w ?.,'()-]*")
_OTHER = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
_LONGEST_AUTHOR = 200

_TITLES = ("{}?", "What is {}?", "{}: what is it?", "{}: why does it matter?", "{}: what can I do about it?")
_PHRASINGS = (
    *("{}", "why {}", "what is {} and what can I do about it", "how does {} work", "when do I need {}"),
    *("what does {} do to the gradient", "explain {} to me", "I do not understand {}"),
)
_NEEDED = 2
_SHORTEST = 5
_RELATED = ("backprop_not_cause", "what_is_vanishing")


def skeleton(id_: str, author: str, today: date, taken: Collection[str] = ()) -> str:
    """Return the file of a new answer, with the id as its title and first phrasing.

    Args:
        id_: of the answer.
        author: who writes it.
        today: when.
        taken: the titles and phrasings of other answers, as `literal` reads them, of which it uses none.
    """
    words = id_.replace("_", " ").strip()
    titles = [_capitalised(form.format(words)) for form in _TITLES]
    title = next(one for one in titles if len(one) >= _SHORTEST and literal(one) not in taken)
    phrasings = [form.format(words) for form in _PHRASINGS]
    free = [one for one in phrasings if literal(one) not in taken][:_NEEDED]
    return _SKELETON.format(
        id=_scalar(id_),
        title=_scalar(title),
        phrasings="\n".join(f"  - {_scalar(one)}" for one in free),
        author=_scalar("".join(filter(str.isprintable, author)).strip()[:_LONGEST_AUTHOR] or "Your name"),
        related=next(one for one in _RELATED if one != id_),
        date=today.isoformat(),
    )


def _capitalised(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _scalar(text: str) -> str:
    """Write a text as YAML reads it back: in quotes where it would be a number, a yes or two things."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _OTHER
    return text if plain else json.dumps(text, ensure_ascii=False)
