"""How many requests a minute one caller may make: a bucket for each that fills evenly."""

import math
import time
from collections.abc import Callable
from threading import Lock

from api.errors import TooManyRequestsError

_MOST_BUCKETS = 10_000


class RateLimit:
    """Counts for one process. A bucket holds a minute's requests and fills again evenly."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, key: str) -> None:
        """Takes one request from the bucket of `key`.

        Raises:
            TooManyRequestsError: it is empty; says when there is one again.
        """
        now = self._clock()
        with self._lock:
            if len(self._buckets) > _MOST_BUCKETS:
                self._forget_full(now)
            left, since = self._buckets.get(key, (float(self._per_minute), now))
            left = min(float(self._per_minute), left + (now - since) * self._per_minute / 60)
            if left < 1:
                self._buckets[key] = (left, now)
                raise TooManyRequestsError(math.ceil((1 - left) * 60 / self._per_minute))
            self._buckets[key] = (left - 1, now)

    def _forget_full(self, now: float) -> None:
        minute_ago = now - 60
        self._buckets = {key: each for key, each in self._buckets.items() if each[1] > minute_ago}
