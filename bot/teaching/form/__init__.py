"""An answer as a form of five fields, typed on a phone, and as a whole file; nothing is lost between them."""

from bot.teaching.form.compose import compose, decompose
from bot.teaching.form.extras import Extras, extras_of, line_of, with_extras
from bot.teaching.form.fields import LONGEST, Field, Fields, NotInForm
from bot.teaching.form.places import InForm, in_form

__all__ = [
    "LONGEST",
    "Extras",
    "Field",
    "Fields",
    "InForm",
    "NotInForm",
    "compose",
    "decompose",
    "extras_of",
    "in_form",
    "line_of",
    "with_extras",
]
