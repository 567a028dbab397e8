"""What a running server counts, in the text format of Prometheus."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

_BOUNDS = (0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0)
"""The upper bounds, in seconds, between which answers are counted by how long they took."""


class Metrics:
    """Counts of requests by endpoint, method and status, and of how long they took."""

    def __init__(self) -> None:
        self._started = time.time()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._within: Counter[float] = Counter()
        self._seconds = 0.0
        self._sent = 0

    def count(self, endpoint: str, method: str, status: int, seconds: float, size: int) -> None:
        """Count one request that was answered; ``endpoint`` names what answered, so that their number is bounded."""
        self._requests[endpoint, method, status] += 1
        self._seconds += seconds
        self._sent += size
        self._within.update(bound for bound in _BOUNDS if seconds <= bound)

    def lines(self, **gauges: float) -> Iterator[str]:
        """Yield the lines of the exposition format, version 0.0.4; ``gauges`` are what else there is to tell."""
        yield "# TYPE graphwright_requests_total counter"
        for (endpoint, method, status), number in sorted(self._requests.items()):
            yield f'graphwright_requests_total{{endpoint="{endpoint}",method="{method}",status="{status}"}} {number}'
        total = sum(self._requests.values())
        yield "# TYPE graphwright_request_seconds histogram"
        for bound in _BOUNDS:
            yield f'graphwright_request_seconds_bucket{{le="{bound:g}"}} {self._within[bound]}'
        yield f'graphwright_request_seconds_bucket{{le="+Inf"}} {total}'
        yield f"graphwright_request_seconds_sum {self._seconds:.6f}"
        yield f"graphwright_request_seconds_count {total}"
        yield "# TYPE graphwright_sent_bytes_total counter"
        yield f"graphwright_sent_bytes_total {self._sent}"
        yield "# TYPE graphwright_started_seconds gauge"
        yield f"graphwright_started_seconds {self._started:.3f}"
        for name, value in gauges.items():
            yield f"# TYPE graphwright_{name} gauge"
            yield f"graphwright_{name} {value:g}"
