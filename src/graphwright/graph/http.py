"""HTTP with SPARQL servers: passwords, waiting and trying again, answers that come whole or not at all."""

from __future__ import annotations

import os
import random
import re
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import IO, Any

import httpx

from graphwright.errors import QueryError, StoreError

_BUSY = frozenset({429, 502, 503, 504})
"""Statuses that tell that the server did not do what it was asked, and may later."""

_IN_MEMORY = 8 * 2**20  # bytes of an answer that are kept in memory; longer ones go to a temporary file
_LONGEST_TOLD = 300  # characters of what a server says that an error repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a server is waited for, and how often it is asked again. Times are in seconds.

    Before the n-th repetition one waits ``first`` × 2ⁿ⁻¹, at most ``longest``, and of that a random part of at least
    half: servers that come back are not asked by everybody at the same moment. A server that names a time (Retry-After)
    is waited for as long as it says, up to a minute. The default waits for half a minute in all, as long as a restart
    may take.
    """

    attempts: int = 8
    first: float = 0.25
    longest: float = 15.0
    connect: float = 10.0  # for a connection
    read: float = 600.0  # for the next bytes of an answer

    def pause(self, attempt: int, asked: float | None) -> float:
        """Return how long to wait after the attempt of this number, counted from 0."""
        if asked is not None:
            return min(asked, 60.0)
        return min(self.first * float(2**attempt), self.longest) * random.uniform(0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer. ``body`` is open at its start; ``headers`` have names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: IO[bytes]
    url: str

    @property
    def media_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def told(self) -> str:
        """Return the beginning of what the server says, in one line; "" for a page of HTML."""
        start = self.body.tell()
        text = self.body.read(4 * _LONGEST_TOLD).decode("utf-8", "replace")
        self.body.seek(start)
        if "html" in self.media_type:
            return ""
        line = " ".join(text.split())
        return line if len(line) <= _LONGEST_TOLD else f"{line[:_LONGEST_TOLD]} …"


class Http:
    """Sends requests to one server. Whatever fails for good is a StoreError that does not tell the password."""

    def __init__(self, *, user: str | None, password: str | None, token: str | None, patience: Patience) -> None:
        self.patience = patience
        headers = {"user-agent": "graphwright", **({"authorization": f"Bearer {token}"} if token else {})}
        self.known = bool(token or user)
        self._client = httpx.Client(
            headers=headers,
            auth=_Password(user, password or "") if user and not token else None,
            timeout=httpx.Timeout(patience.read, connect=patience.connect),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str | list[str]] | None = None,
        content: bytes | None = None,
        repeatable: bool = True,
        attempts: int | None = None,
    ) -> Response:
        """Return the whole answer, whatever its status, but for those that time may mend.

        These are asked again, and so is what broke off, unless it is not ``repeatable`` and may have been done.
        Raises StoreError where the server stays busy, cannot be reached, or does not answer in time.
        """
        attempts = attempts or self.patience.attempts
        for attempt in range(attempts):
            last, asked = attempt + 1 == attempts, None
            try:
                request = self._client.build_request(
                    method, url, params=params, headers=headers, data=form, content=content
                )
                response = self._whole(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if last:
                    raise _unreachable(url, error, attempts) from error
            except httpx.TimeoutException as error:
                raise StoreError(
                    f"the server did not answer within {self.patience.read:g} seconds",
                    url,
                    "ask for less at a time, or let the server look what it is busy with",
                ) from error
            except httpx.TransportError as error:
                if last or not repeatable:
                    raise _broken(url, error, repeatable) from error
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                raise StoreError(f"the request failed: {error}", url, "check the address") from error
            else:
                if not _may_pass(response):
                    return response
                if last:
                    raise StoreError(
                        f"the server is busy (HTTP {response.status}), and was still after {attempts} attempts",
                        url,
                        "try again later; what was acknowledged so far is kept",
                    )
                asked = _retry_after(response.headers.get("retry-after"))
            time.sleep(self.patience.pause(attempt, asked))
        raise AssertionError("the last attempt returns or raises")

    def _whole(self, request: httpx.Request) -> Response:
        response = self._client.send(request, stream=True)
        try:
            body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with the answer
            for chunk in response.iter_bytes():
                body.write(chunk)
            body.seek(0)
        finally:
            response.close()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Response(response.status_code, headers, body, str(response.url))


class _Password(httpx.DigestAuth):
    """Gives the password when the server asks for it: digest where it offers that, else basic."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(user, password)
        self._basic = httpx.BasicAuth(user, password)
        self._refused = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._refused:
            yield from self._basic.auth_flow(request)
            return
        flow = super().auth_flow(request)
        response = yield next(flow)
        # Some servers only forbid, and never ask.
        if response.status_code in (401, 403) and not _offers_digest(response):
            self._refused = True
            yield from self._basic.auth_flow(request)
            return
        try:
            while True:
                response = yield flow.send(response)
        except StopIteration:
            return


def _offers_digest(response: httpx.Response) -> bool:
    return any(offer.lower().startswith("digest") for offer in response.headers.get_list("www-authenticate"))


def _may_pass(response: Response) -> bool:
    """Whether the same request may succeed a little later: the server is busy, or two writers met (SQLSTATE 40001)."""
    return response.status in _BUSY or (response.status == 500 and " 40001 " in response.told())


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a server asks to wait for: RFC 9110, section 10.2.3."""
    if not value:
        return None
    if re.fullmatch(r"\s*\d+\s*", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _unreachable(url: str, error: Exception, attempts: int) -> StoreError:
    return StoreError(
        f"the server cannot be reached, in {attempts} attempts: {error}",
        url,
        "check the address, and whether the server runs",
    )


def _broken(url: str, error: Exception, repeatable: bool) -> StoreError:
    if repeatable:
        return StoreError(f"the connection keeps breaking: {error}", url, "look into the log of the server, try again")
    return StoreError(
        f"the connection broke, and it is not known whether the update was made: {error}",
        url,
        "look at the graph before you repeat the update",
    )


def refuse(response: Response, doing: str, where: str) -> StoreError | QueryError:
    """Return the error of an answer that is none: what the server says, and what its status asks for."""
    told = response.told()
    what = f"the server refused {doing}: HTTP {response.status}{f', {told}' if told else ''}"
    mends = {
        401: "give the password in GRAPHWRIGHT_USER and GRAPHWRIGHT_PASSWORD, or a GRAPHWRIGHT_TOKEN",
        403: "ask who runs the server for the right to do this, or give another user and password",
        404: "check the address, or give the addresses of its endpoints: URL#query=…&update=…&store=…",
        405: "give the addresses of its endpoints: URL#query=…&update=…&store=…",
        413: "let the server take longer requests",
    }
    error = QueryError if doing == "the query" and response.status == 400 else StoreError
    return error(what, where, mends.get(response.status, "look at what the server says"))


def environment() -> dict[str, Any]:
    """Return user, password and token of the environment: GRAPHWRIGHT_USER, …_PASSWORD and …_TOKEN."""
    return {name: os.environ.get(f"GRAPHWRIGHT_{name.upper()}") or None for name in ("user", "password", "token")}
