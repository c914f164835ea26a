"""Which servers were greeted: an empty file for each, so that nothing has to be read, merged or locked."""

from pathlib import Path


class Greeted:
    """The servers whose first steps were shown, across restarts.

    Args:
        folder: of this bot; it is made when the first server is noted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def first_time(self, guild: int) -> bool:
        """Note a server and tell whether it is new.

        Raises:
            OSError: nothing can be noted there.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            (self._folder / str(guild)).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def forget(self, guild: int) -> None:
        """Take a note back: nothing was shown."""
        (self._folder / str(guild)).unlink(missing_ok=True)
