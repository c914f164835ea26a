"""The words that a follow-up may consist of, besides the values of knobs."""

import re

from answers.spoken import NAMED, as_pattern, spellings
from sim.vocabulary import BY_KEY

_IT = r"(?:it|that|this|these|those|they|the same|all (?:of )?(?:that|this))"
_HOLDS = (
    r"(?:hold|apply|happen|work|go|occur|look|be|change|matter|count|(?:the )?same|true|valid|different"
    r"|similar|better|worse|get better|get worse|go away|help)"
)
_ADVERB = r"(?:still|also|really|then|even|ever|too|not)"
_IF = r"(?: if| when| with| for| in)?"
_WOULD = r"(?:does|do|would|will|is)"
_CHOOSE = (
    r"(?:use|used|have|had|am using|meant|mean|want|wanted|take|took|add|added|set|try|choose|make"
    r"|switch(?: to)?|change(?: to)?"
    r"|go|would use)"
)
_LEADS = (
    r"(?:and|but|or|so|ok(?:ay)?|then|now|also|well|hm+|ah+|oh|yes|yeah|sorry|actually)\b",
    r"(?:please|thanks|thank you|thx|hey|hi|cool|great|nice|interesting|i see|alright)\b",
    # "no, I meant relu", but "no skip connections" takes something away
    r"(?:no|nope)(?=\s*[,.!;:]|\s+(?:i|what|but|and|sorry)\b)",
    r"(?:what|how) about\b",
    r"what (?:if|when)\b",
    rf"what (?:happens|changes|would happen|will happen|would change)(?: (?:to|with) {_IT})?{_IF}\b",
    rf"how {_WOULD} (?:{_IT}|things)(?: (?:look|be|change|go|behave|differ|work))?(?: like)?{_IF}\b",
    rf"(?:{_WOULD}|are|should|can|could) {_IT}(?: {_ADVERB})*(?: {_HOLDS})+(?: to)?\b",
    rf"(?:{_WOULD}|are) {_IT}(?= (?:with|for|in) )",
    r"(?:is it |it is |it's )?(?:the )?same(?: (?:question|thing|again|story))?\b",
    r"(?:can|could|would|will) you(?: please)?\b",
    r"(?:try|run|show|repeat|redo|rerun|re-run|make|set|use|take|add)\b(?: (?:me|it|that|this|again))*",
    r"(?:change|switch)\b(?: to\b)?",
    r"let'?s\b",
    r"(?:if|when|suppose|say|imagine|assume|with|using|for)\b",
    rf"(?:i|we|you|one) {_CHOOSE}\b",
)
LEADS = re.compile("|".join(_LEADS))
"""How a follow-up begins."""

FILLERS = re.compile(
    r"(?:with|using|use|used|for|from|in|on|of|at|as|a|an|the|and|plus|but|also|too|as well|instead|then|now|"
    r"only|just|please|pls|again|it|that|this|there|here|still|same|networks?|nets?|models?|layers?|units?|functions?"
    r"|my|our|i|we|one|ones|case|though|would|even|much|thanks|if|when|have|has|weights)\b"
)
"""What may stand anywhere and says nothing by itself."""

INSTEADS = re.compile(r"(?:instead of|in place of|rather than|replace|replacing)\b(?: the| my| any)?")
"""What names the value that another one takes the place of."""

_AWAY = r"(?:drop|remove|removing|disable|leave out|turn off|switch off|take out|skip(?= the))"
NEGATIONS = re.compile(
    r"(?:without|not using|don't use|do not use|with no|no more|no|not|never"
    rf"|minus|{_AWAY}(?: the| my)?)(?: any| the)?\b"
)
"""What takes away the thing that follows."""

SWAPS = re.compile(r"(?:to|into|by)\b")
"""What stands between an old value and a new one: "change sigmoid to relu"."""

BARE_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.,^/])")
SIZE = re.compile(r"(\d{1,3})\s?[x×]\s?(\d{1,4})(?![\w.,])")
STEPS = re.compile(r"(?P<value>\d{1,6}) steps\b")

NAMES = {
    "depth": r"depth|number of (?:hidden )?layers",
    "width": r"width|hidden size|number of (?:units|neurons)",
    "activation": r"activations?(?: functions?)?|non-?linearit(?:y|ies)",
    "slope": r"negative slope|slope",
    "init": r"(?:weight )?initialization|init",
    "gain": r"gain|size of the weights",
    "std": r"std|standard deviation",
    "norm": r"normali[sz]ation(?: layers?)?",
    "order": r"order",
    "residual_scale": r"residual[ _]scale|residual scaling",
    "transform_bias": r"transform[ _](?:gate )?bias",
    "padding": r"padding",
    "kernel": r"kernel(?: size)?",
    "image": r"image size|size of the images?",
    "forget_bias": r"forget(?:[ -]gate)?[ _]bias",
    "loss": r"loss(?: function)?",
    "data": r"data ?sets?",
    "batch": r"batch(?: |_)?size",
    "seeds": r"(?:number of )?seeds",
    "steps": r"(?:number of )?(?:training )?steps|(?:number of )?iterations",
    "optimizer": r"optimi[sz]ers?",
    "layer_lr": r"layer-?wise (?:learning rates?|lrs?)|layer[ _]lr",
    "lr": r"learning rate|lr|step size",
    "momentum": r"momentum",
    "clip": r"(?:gradient )?clipping|clip",
    "clip_value": r"clipping by value|clip[ _]value",
    "pretrain": r"pre-?training",
    "precision": r"(?:number )?precision|data type|dtype",
    "input_scale": r"input[ _]scale|scale of the inputs?",
}
"""What the knobs are called, for "and the batch size?"."""

_LARGER = r"(?:larger|bigger|higher|greater|longer|more|stronger|increase|increasing|raise)"
_SMALLER = r"(?:smaller|lower|shorter|fewer|less|tinier|weaker|decrease|decreasing|reduce|reducing)"
_TENFOLD = frozenset({"lr", "std"})
_MEASURES = {
    "depth": rf"layers|{NAMES['depth']}|sequences?",
    "width": rf"(?:units|neurons|channels|filters)|{NAMES['width']}",
    "batch": r"batch(?:es)?(?: size)?",
    "lr": rf"(?:learning rates?|{NAMES['lr']})",
    "gain": rf"weights|{NAMES['gain']}|initial weights",
    "std": NAMES["std"],
    "steps": r"(?:training )?steps|iterations|training|updates",
    "seeds": r"seeds|replicas",
    "momentum": r"momentum",
    "kernel": r"kernels?(?: size)?",
    "image": r"images?(?: size)?",
    "input_scale": rf"inputs|{NAMES['input_scale']}",
}


def _relative() -> list[tuple[re.Pattern[str], str, float]]:
    found: list[tuple[str, str, float]] = [
        (r"(?:even )?deeper|going deeper|twice as deep", "depth", 2),
        (r"(?:even )?shallower|less deep|half as deep", "depth", 0.5),
        (r"(?:even )?wider|twice as wide", "width", 2),
        (r"(?:even )?narrower|thinner|less wide|half as wide", "width", 0.5),
        (r"(?:train(?:ing|ed)?|run)(?: it)? (?:even )?(?:longer|more)|longer training", "steps", 2),
        (r"(?:train(?:ing|ed)?)(?: it)? (?:less|shorter)", "steps", 0.5),
    ]
    for key, name in _MEASURES.items():
        factor = 10 if key in _TENFOLD else 2
        found += [
            (rf"(?:an? |the )?(?:much |even |ten times )?{_LARGER}(?: the| my)? (?:{name})", key, factor),
            (
                rf"(?:an? |the )?(?:much |even |ten times )?{_SMALLER}(?: the| my)? (?:{name})",
                key,
                1 / factor,
            ),
            (rf"(?:double|twice|two times)(?: as many| as much| the)*(?: size of the)? (?:{name})", key, 2),
            (rf"(?:half|halve)(?: as many| as much| of| the)* (?:{name})", key, 0.5),
        ]
    return [(re.compile(rf"(?:{pattern})\b"), key, factor) for pattern, key, factor in found]


RELATIVES = _relative()
"""How a knob is changed in terms of what it was: the pattern, the knob, the factor."""

# "he" and "linear" are no more than values here, where every word has to be one of these tables'.
_PLAIN_HERE = {
    "he": ("init", "he"),
    "linear": ("activation", "linear"),
    "identity": ("activation", "linear"),
    "leaky": ("activation", "leaky_relu"),
}


def _values() -> list[tuple[re.Pattern[str], str, str]]:
    found = [(as_pattern(text), key, word) for key in BY_KEY for text, word in spellings(key).items()]
    found += [(text, key, word) for text, (key, word) in _PLAIN_HERE.items()]
    for key in (*NAMED, "padding", "order"):
        name = "|".join(name for name in (NAMED.get(key), NAMES.get(key)) if name)
        for text, word in spellings(key, ambiguous=True).items():
            said = as_pattern(text)
            found.append((rf"(?:{name})(?:\s*[=:]\s*|\s+(?:is |to |as |by )?){said}", key, word))
            found.append((rf"{said}\s+(?:as\s+(?:the\s+|an?\s+)?)?(?:{name})", key, word))
    every = spellings("data", ambiguous=True)
    found += [(rf"on {as_pattern(text)}", "data", word) for text, word in every.items()]
    return [(re.compile(rf"(?:{pattern})(?![\w-])"), key, word) for pattern, key, word in found]


VALUES = _values()
"""How the values of choices are said: the pattern, the knob, the word of the grammar."""
