"""Where a request stands that needs several jobs."""

from collections.abc import Sequence

from bot.jobs.status import OnStatus, Queued, Running, Status


class Combined:
    """Makes one status of those of several jobs."""

    def __init__(self, seconds: Sequence[float], on_status: OnStatus) -> None:
        """Begin with none of them begun.

        Args:
            seconds: how long each is expected to take.
            on_status: is told.
        """
        self._seconds = [max(one, 1e-3) for one in seconds]
        self._parts: list[Status | None] = [None] * len(seconds)
        self._ended: set[int] = set()
        self._on_status = on_status

    def listener(self, number: int) -> OnStatus:
        """Return what one of the jobs tells where it stands."""

        def tell(status: Status) -> None:
            self._parts[number] = status
            self._on_status(self._status())

        return tell

    def end(self, number: int) -> None:
        """Note that one of the jobs has ended well."""
        self._ended.add(number)
        if len(self._ended) < len(self._parts):
            self._on_status(self._status())

    def _status(self) -> Status:
        waiting = [part for part in self._parts if isinstance(part, Queued)]
        running = [part for part in self._parts if isinstance(part, Running)]
        if waiting and not running and not self._ended:
            return Queued(
                ahead=min(one.ahead for one in waiting), seconds=min(one.seconds for one in waiting)
            )
        done = sum(self._fraction(number) * seconds for number, seconds in enumerate(self._seconds))
        text = running[-1].text if running else ""
        left = max((self._left(number) for number in range(len(self._parts))), default=0.0)
        return Running(fraction=done / sum(self._seconds), text=text, seconds=left)

    def _fraction(self, number: int) -> float:
        part = self._parts[number]
        if number in self._ended:
            return 1.0
        return part.fraction if isinstance(part, Running) else 0.0

    def _left(self, number: int) -> float:
        part = self._parts[number]
        if number in self._ended:
            return 0.0
        if isinstance(part, Running):
            return part.seconds
        return self._seconds[number] + (part.seconds if part else 0.0)
