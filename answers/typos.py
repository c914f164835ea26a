"""Misspelt words of the grammar, read as what was meant: "tahn", "sigmiod", "bacth norm"."""

import re
from functools import lru_cache

_WORD = re.compile(r"[a-z]{4,}")
_LONG = 9
"""From so many letters on, two mistakes still leave a word that can be told."""
_LONGEST = 18
# The words that say something of a network, and look like few others.
_KNOWN = frozenset(
    word
    for line in (
        "sigmoid sigmoids tanh relu relus leaky softplus softsign hardtanh swish gelu selu silu rectifier",
        "glorot xavier kaiming lecun orthogonal initialization initialisation batchnorm layernorm",
        "groupnorm rmsnorm batch layer layers norm normalization normalisation residual resnet shortcuts",
        "highway skip connection connections lstm lstms transformer transformers recurrent convolutional",
        "adam rmsprop momentum optimizer optimiser activation precision pretraining clipping entropy",
        "depth width neurons units steps rate learning kernel spirals without instead hidden",
    )
    for word in line.split()
)
# English, or of the field, though one letter away from a word above.
_ENGLISH = frozenset(
    word
    for line in (
        "than thank thanh tank tang rely relic rule real reel reli self sell gels leaks leak leary",
        "leaking lean adams adamw alam madam adapt bach bath batches beach botch bitch butch catch hatch",
        "latch match patch watch batched lager laser later lawyer layered lakers lasers lawyers player",
        "players prayer lazer slayer nora nord norms north form noam worm skin ship slip skips skid skim",
        "skis snip dept depths death deaths deep widths with wide unit unity unites units stems stops",
        "step steep rage rates race rare rats rite rote gate date late mate fate hate leaning leaping",
        "leaving yearning earning kernels kernal colonel spiral spinal neuron neutrons neutron clapping",
        "capping clicking slipping provision decision precise activations transform transformed",
        "correction collection convection highways residuals resnets reset shortcut orthogonally",
        "recurrence recurring convolution convolutions optimizers optimize optimise optimised optimized",
        "connected connects conversion conversions connector congestion contention conception convention",
        "conventions conviction convictions collections corrections norma rafe rake rape rated rave swiss",
        "silk situ unite pertaining rectified rectifiers initialisations convnext",
    )
    for word in line.split()
)


def corrected(text: str) -> str:
    """Return the text, in lower case, with misspelt words of the grammar mended."""
    return _WORD.sub(lambda match: mended(match.group()), text)


def mended(word: str) -> str:
    """Return the word of the grammar that this one is a misspelling of, or the word itself."""
    return word if len(word) > _LONGEST or word in _KNOWN or word in _ENGLISH else _mended(word)


@lru_cache(maxsize=2048)
def _mended(word: str) -> str:
    near = {known: distance(word, known) for known in _KNOWN if _alike(word, known)}
    best = min(near.values(), default=2 + 1)
    if best > (2 if len(word) >= _LONG else 1):
        return word
    closest = [known for known, steps in near.items() if steps == best]
    # Of two words equally near nobody knows which was meant.
    return closest[0] if len(closest) == 1 else word


def _alike(word: str, known: str) -> bool:
    """Rule out quickly: slips of the finger hardly ever hit the first letter."""
    return word[0] == known[0] and abs(len(word) - len(known)) <= 2  # noqa: PLR2004  the most that is mended


def distance(one: str, other: str) -> int:
    """Count the letters to insert, leave out, replace, or swap with a neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                steps = min(steps, last[j - 2] + 1)
            row.append(steps)
    return row[-1]
