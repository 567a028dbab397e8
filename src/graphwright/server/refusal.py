"""What a server answers where it does not do as asked: a status, and an error that says what, where and how to mend."""

from __future__ import annotations

from collections.abc import Mapping

from graphwright.errors import GraphwrightError


class Refusal(GraphwrightError):
    """A request is not answered as asked. ``status`` is that of HTTP; ``headers`` go with it."""

    def __init__(self, status: int, what: str, where: str, mend: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(what, where, mend)
        self.status = status
        self.headers = dict(headers or {})

    def __reduce__(self) -> tuple[object, ...]:
        return (Refusal, (self.status, *self.args, self.headers))
