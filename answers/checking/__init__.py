"""Everything that can be wrong with an answer, with a code, a line, and what to do about it.

`structure`, `digits` and `prose` look at one entry without running it, `phrasings` at entries together,
`measured` at what its simulations found on its own and on fresh seeds.
"""

from answers.checking.digits import typed_digits
from answers.checking.entry import can_run, check_entry
from answers.checking.measured import CARD_TEXT, Margin, check_measured, check_rounds
from answers.checking.phrasings import check_phrasings
from answers.checking.seeds import FRESH_ROUNDS, rounds, with_fresh_seeds

__all__ = [
    "CARD_TEXT",
    "FRESH_ROUNDS",
    "Margin",
    "can_run",
    "check_entry",
    "check_measured",
    "check_phrasings",
    "check_rounds",
    "rounds",
    "typed_digits",
    "with_fresh_seeds",
]
