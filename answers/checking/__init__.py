"""Everything that can be wrong with an answer, with a code, a line, and what to do about it.

`structure`, `readable`, `digits`, `prose` and `markup` look at one entry without running it, `phrasings` at
entries together, `rendering`, `measured` and `margins` at what its simulations found on its own and on fresh
seeds, `knobs` at what they find on other networks, `nearness` at what the matcher makes of its phrasings.
"""

from answers.checking.digits import typed_digits
from answers.checking.entry import check_draft, check_entry, runnable
from answers.checking.files import draft_file
from answers.checking.knobs import Trial, check_trials, trials
from answers.checking.margins import Margin, check_rounds
from answers.checking.measured import CARD_TEXT, check_measured
from answers.checking.nearness import check_nearness
from answers.checking.phrasings import check_ids, check_phrasings
from answers.checking.seeds import FRESH_ROUNDS, rounds, with_fresh_seeds

__all__ = [
    "CARD_TEXT",
    "FRESH_ROUNDS",
    "Margin",
    "Trial",
    "check_draft",
    "check_entry",
    "check_ids",
    "check_measured",
    "check_nearness",
    "check_phrasings",
    "check_rounds",
    "check_trials",
    "draft_file",
    "rounds",
    "runnable",
    "trials",
    "typed_digits",
    "with_fresh_seeds",
]
