"""An answer as a form of five fields, typed on a phone, and as a whole file; nothing is lost between them."""

from bot.teaching.form.compose import compose, decompose
from bot.teaching.form.fields import LONGEST, Field, Fields, NotInForm
from bot.teaching.form.places import InForm, in_form

__all__ = ["LONGEST", "Field", "Fields", "InForm", "NotInForm", "compose", "decompose", "in_form"]
