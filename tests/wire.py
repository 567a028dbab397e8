"""Requests as they go over the wire, byte for byte: no client in between mends an address or adds a header."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from serving import TOKEN, Server


@dataclass(frozen=True)
class Answer:
    """What a server answered; the names of the headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def kind(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


def ask(server: Server, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
    """Send a request; "_" in the name of a header stands for "-"."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    try:
        sent = body.encode() if isinstance(body, str) else body
        connection.request(method, path, sent, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, response.read())
    finally:
        connection.close()


def write(server: Server, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
    """Send a request with the token of `serving.TOKEN`."""
    return ask(server, method, path, body, Authorization=f"Bearer {TOKEN}", **headers)
