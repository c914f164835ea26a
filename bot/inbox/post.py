"""All that a front needs of the inbox: what is recorded, voted, looked at and decided."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.inbox.background import Background
from bot.inbox.deciding import Deciding
from bot.inbox.keeping import Keeper
from bot.inbox.looking import Looking
from bot.inbox.readings import Readings
from bot.inbox.recording import PATIENCE, Recorder
from bot.inbox.voting import Voting
from bot.inbox.writing import Writing
from bot.libraries import Libraries
from bot.storage.opening import Storage
from bot.teaching.drafting import Drafting


def _now() -> datetime:
    return datetime.now(UTC)


class Post:
    """The inboxes of all servers, from the question to what was made of it."""

    def __init__(
        self,
        storage: Storage,
        libraries: Libraries,
        drafting: Drafting,
        *,
        clock: Callable[[], datetime] = _now,
        patience: float = PATIENCE,
    ) -> None:
        self._background = Background()
        keeper = Keeper(storage=storage, libraries=libraries, readings=Readings())
        self.recorder = Recorder(keeper, self._background, clock=clock, patience=patience)
        self.voting = Voting(keeper, self._background, clock=clock)
        self.looking = Looking(storage, libraries, keeper.readings)
        self.deciding = Deciding(storage, libraries, self.looking, clock=clock)
        self.writing = Writing(storage, libraries, self.looking, drafting)

    async def aclose(self) -> None:
        """See to it that what was recorded is saved; call it before the storage is closed."""
        await self._background.aclose()
