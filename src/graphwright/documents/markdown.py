"""Markdown: front matter says what the document is, and the marks leave the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, BinaryIO

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from graphwright.documents.decoding import decode, read_all
from graphwright.documents.html import text_of
from graphwright.documents.record import Record
from graphwright.errors import DocumentError

_LONGEST = 5_000_000  # bytes; a novel has one million
_LONGEST_FRONT_MATTER = 50_000  # characters
_MOST_MARKS = 300_000  # each takes some 40 microseconds

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def _count(state: StateInline, silent: bool) -> bool:
    """Count the places where the parser looks for a mark; no rule of Markdown. Raises DocumentError."""
    state.env["marks"] = state.env.get("marks", 0) + 1
    if state.env["marks"] > _MOST_MARKS:
        raise DocumentError(
            f"the text has more than {_MOST_MARKS:,} marks", state.env["where"], "save it as plain text"
        )
    return False


_PARSER.inline.ruler.before("text", "count", _count)


class _Loader(yaml.BaseLoader):
    """The base loader keeps each value as written: SafeLoader makes 2016 a number, and fails on the day 2016-02-30.

    What refers to another value is refused: some lines of such references can stand for gigabytes.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="it has an alias, which is not read", problem_mark=mark)
        return super().compose_node(parent, index)


def read_markdown(stream: BinaryIO, where: str) -> Iterator[Record]:
    """Yield the one record of a Markdown file. Raises DocumentError, also for broken front matter.

    Paragraphs, headings, list items and table cells become paragraphs with an empty line between them.
    """
    text = decode(read_all(stream, where, _LONGEST), where).replace("\r\n", "\n")
    fields, body = split_front_matter(text, where)
    tokens = _PARSER.parse(body, {"where": where})
    fields.setdefault("title", _first_heading(tokens))
    yield Record("\n\n".join(filter(None, map(_block, tokens))), fields)


def split_front_matter(text: str, where: str) -> tuple[dict[str, Any], str]:
    """Return the keys of the YAML block at the start and the text after it. Raises DocumentError for broken YAML."""
    block = _FRONT_MATTER.match(text)
    if block is None:
        return {}, text
    if block.end() > _LONGEST_FRONT_MATTER:
        what = f"the front matter has more than {_LONGEST_FRONT_MATTER:,} characters"
        raise DocumentError(what, where, "begin the file with an empty line if it is none")
    try:
        fields = yaml.load(block[1] or "", Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 2}" if mark else ""
        raise DocumentError(
            f"the front matter is not YAML: {getattr(error, 'problem', error)}",
            where + line,
            "mend it, or begin the file with an empty line if it is not front matter",
        ) from None
    if not isinstance(fields, dict):  # a thematic break, a text, and another break
        return {}, text
    return {str(key): value for key, value in fields.items()}, text[block.end() :]


def _block(token: Token) -> str:
    if token.type == "inline":
        return _inline(token.children or ()).strip()
    if token.type in ("fence", "code_block"):
        return token.content.strip("\n")
    return text_of(token.content) if token.type == "html_block" else ""


def _inline(tokens: Sequence[Token]) -> str:
    """Return the words of a run of text; marks, pictures and HTML tags are left out."""
    return "".join(
        _BREAKS.get(token.type) or (token.content if token.type in ("text", "code_inline") else "") for token in tokens
    )


def _first_heading(tokens: Sequence[Token]) -> str:
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h1":
            return _inline(content.children or ()).strip()
    return ""
