"""Where a server's answers are read, written, published and carried around: all that a front needs."""

from bot.teaching.drafting import Drafting
from bot.teaching.in_use import InUse
from bot.teaching.office import Office
from bot.teaching.porting.porting import Porting
from bot.teaching.publishing import Publishing
from bot.teaching.reading import Reading


class Desk:
    """The work of instructors and their assistants; every method checks what the person may do."""

    def __init__(self, office: Office, glossary: str = "") -> None:
        self.office = office
        self.reading = Reading(office)
        self.drafting = Drafting(office)
        self.publishing = Publishing(office, self.drafting)
        self.porting = Porting(office, glossary)
        self.in_use = InUse(office)
