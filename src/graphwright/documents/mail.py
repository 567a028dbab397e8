"""Mails (EML, RFC 5322): the body is a document, and so is each attachment that is one."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO
from typing import BinaryIO, cast

from graphwright.documents import decoding
from graphwright.documents.html import text_of
from graphwright.documents.record import Part, Record
from graphwright.errors import DocumentError

_LONGEST_HEADER = 2_000  # characters; the parser of headers takes time by the square of their length
_MOST_LOOKS = 100_000_000  # the parser looks in each line for the boundary of each part that it is in
_BOUNDARY = re.compile(rb"boundary", re.IGNORECASE)
_LEFT_OUT = ("image", "audio", "video", "font", "text/calendar", "text/vcard", "text/x-vcard", "pgp-signature", "pkcs7")
_HEADERS = {"title": "subject", "date": "date", "author": "from"}
_SUFFIXES = {"message/rfc822": ".eml", "text/html": ".html", "text/plain": ".txt"}
_MEND = "save its text as a .txt file"


class _Policy(email.policy.EmailPolicy):
    """Headers as Unicode, each only as long as its parser can bear."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


def read_mail(stream: BinaryIO, where: str) -> Iterator[Record | Part | DocumentError]:
    """Yield the body of a mail with its subject, date and sender, and then its attachments.

    The plain text of the body is taken where there is one, else that of its HTML. Pictures, calendars and signatures
    are left out, and so is a body without text that comes with attachments. Raises DocumentError.
    """
    data = decoding.read_all(stream, where)
    if data.count(b"\n") * len(_BOUNDARY.findall(data)) > _MOST_LOOKS:
        raise DocumentError("the mail has too many parts within parts", where, _MEND)
    try:
        message = cast(EmailMessage, email.message_from_bytes(data, policy=_Policy()))
        body, attached = _body(message, where), []
        for part in _attachments(message):
            if part.get_content_type() == "text/plain" and not part.is_attachment() and part.get_filename() is None:
                body = f"{body}\n\n{_text(part, where)}"  # some programs write the body on after a picture
            elif not any(kind in part.get_content_type() for kind in _LEFT_OUT):
                attached.append(part)
        fields = {key: _header(message, name) for key, name in _HEADERS.items()}
    except DocumentError:
        raise
    except Exception as error:  # the parser of mails has errors that it does not foresee
        raise DocumentError(f"the mail cannot be read: {error}", where, _MEND) from None
    if body.strip() or not attached:
        yield Record(body, {key: value for key, value in fields.items() if value})
    for number, part in enumerate(attached, start=1):
        try:
            name, content = _name(part, number), _content(part)
        except Exception as error:
            yield DocumentError(f"the attachment cannot be read: {error}", f"{where}/attachment-{number}", _MEND)
        else:
            yield Part(BytesIO(content), name)


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as people read it, "" where it is so broken that its parser gives up."""
    try:
        return str(message[name] or "")
    except Exception:
        return ""


def _body(message: EmailMessage, where: str) -> str:
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        text = _text(cast(EmailMessage, part), where) if part is not None else ""
        if text.strip():
            return text_of(text) if kind == "html" else text
    return ""


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.iter_attachments():
        if part.get_content_maintype() == "multipart":
            yield from _attachments(part)
        else:
            yield part


def _text(part: EmailMessage, where: str) -> str:
    return decoding.decode(_content(part), where, part.get_content_charset())


def _content(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return cast(EmailMessage, inner).as_bytes(policy=email.policy.compat32)
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: EmailMessage, number: int) -> str:
    return part.get_filename() or f"attachment-{number}{_SUFFIXES.get(part.get_content_type(), '')}"
