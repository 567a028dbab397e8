"""Archives: the members of tar and zip files, read where they are. Nothing is written to the disk."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from graphwright.documents.expansion import seekable
from graphwright.documents.record import Part, Record
from graphwright.documents.word import MAIN_PART, read_word
from graphwright.errors import DocumentError

_LONGEST_HEADER = 1_000_000  # bytes; headers of tar hold names and times, and are read into memory whole
_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_PACKAGES = {"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"}
"""What tells that a ZIP archive is one thing: an office document, a book or a program."""
_MEND = "make the archive anew, or unpack it yourself and pass the folder"


def read_tar(stream: BinaryIO, where: str) -> Iterator[Part]:
    """Yield the files in a tar archive, in its order; links, devices and sparse files are left out.

    Raises DocumentError where it is broken; the members before that were yielded.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Member) as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined] # it would keep all it has seen
                if member.isreg() and not member.issparse():
                    content = archive.extractfile(member)
                    if content is not None:
                        yield Part(content, member.name)  # type: ignore[arg-type]
    except tarfile.TarError as error:
        raise DocumentError(f"the tar archive is broken: {error}", where, _MEND) from None


class _Member(tarfile.TarInfo):
    """The header of a member; one that is broken is an error; tarfile takes it for the end of the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Member:
        try:
            member = super().frombuf(buf, encoding, errors)
        except (tarfile.EmptyHeaderError, tarfile.EOFHeaderError):  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from None
        if member.type in _HEADERS and member.size > _LONGEST_HEADER:
            raise tarfile.ReadError("a header has no end")
        return member


def read_zip(stream: BinaryIO, where: str) -> Iterator[Part | Record | DocumentError]:
    """Yield the files in a ZIP archive, in the order of its list, or the text of a Word document.

    Links are left out. An encrypted member, and one packed in an unusual way, is a DocumentError. Raises DocumentError
    where the archive is broken, and for other office documents.
    """
    stream = seekable(stream, where)
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            if MAIN_PART in names:
                stream.seek(0)
                yield from read_word(stream, where)
                return
            if names & _PACKAGES:
                raise DocumentError("this is an office document or a program", where, "convert it to plain text or PDF")
            for member in archive.infolist():
                if member.is_dir() or stat.S_ISLNK(member.external_attr >> 16):
                    continue
                if refusal := _refusal(member):
                    what, mend = refusal
                    yield DocumentError(what, f"{where}/{member.filename}", mend)
                    continue
                with archive.open(member) as content:
                    yield Part(content, member.filename, packed=True)  # type: ignore[arg-type]
    except zipfile.BadZipFile as error:
        raise DocumentError(f"the ZIP archive is broken: {error}", where, _MEND) from None


def _refusal(member: zipfile.ZipInfo) -> tuple[str, str] | None:
    """Why a member of a ZIP archive is not read, and how to mend it; None if it is."""
    if member.flag_bits & 1:
        return "the member of the archive is encrypted", "unpack it with its password and pass the files"
    # Other methods unpack whole pieces at once, and a piece of bzip2 may hold gigabytes.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        name = zipfile.compressor_names.get(member.compress_type, f"number {member.compress_type}")  # type: ignore[attr-defined]
        return f"the member of the archive is packed by a method that is not read ({name})", _MEND
    return None
