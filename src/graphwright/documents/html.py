"""Web pages: trafilatura finds the main text among menus and advertisements."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]
from trafilatura import bare_extraction

from graphwright.documents.dates import normalise
from graphwright.documents.decoding import decode, read_all
from graphwright.documents.record import Record
from graphwright.errors import DocumentError

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is reported as our own failure

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|hi|i|ins|kbd|label|mark|q|ref|s|samp|small|span|strike"
    "|strong|sub|sup|time|tt|u|var"
)
LONGEST = 25_000_000  # bytes; pages that have their pictures in them are long
_MOST_TAGS = 1_000_000
_MOST_ELEMENTS = 50_000  # trafilatura takes a second for 7,000
_MOST_ATTRIBUTES = 1_000  # libxml2 compares each with all others
_DOCTYPE = re.compile(r"<!doctype[^<>\[]*\[.*?\]\s*>", re.IGNORECASE | re.DOTALL)  # with entities of its own
_TAG = re.compile(r"""<[a-zA-Z](?:[^>"'=]+|=\s*"[^"]*"|=\s*'[^']*'|[="'])*""")
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_UNSEEN = ("script", "style", "template", "noscript", "svg", "iframe", "object", "select", "button")
_PUBLISHED = (
    "//meta[@property='article:published_time' or @property='og:published_time' or @itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='pubdate' or @name='DC.date' or @name='dc.date' or @name='dcterms.date'"
    " or @name='DC.date.issued' or @name='citation_publication_date' or @name='parsely-pub-date']/@content",
    "//time[@pubdate or @itemprop='datePublished' or contains(concat(' ', @class, ' '), ' published ')"
    " or contains(concat(' ', @class, ' '), ' entry-date ')]/@datetime",
)


def read_html(stream: BinaryIO, where: str) -> Iterator[Record]:
    """Yield the one record of a web page: main text, title, publication date, author, site and address.

    A page without a main text that trafilatura sees (a short one), and one of more than 50,000 elements, gives all of
    its text. Raises DocumentError.
    """
    yield page_record(read_all(stream, where, LONGEST), where)


def page_record(data: bytes, where: str, charset: str | None = None) -> Record:
    """Return the record of a web page; ``charset`` is what the server said of its encoding. Raises DocumentError."""
    declared = _CHARSET.search(data[:4096])
    page = decode(data, where, charset or (declared[1].decode("ascii", "replace") if declared else None))
    if page.count("<") > _MOST_TAGS:
        raise DocumentError(f"the page has more than {_MOST_TAGS:,} tags", where, "save its text as a .txt file")
    page = _TAG.sub(_lighter, _DOCTYPE.sub("", page, count=1))
    try:
        tree = _parse(page)
        small = tree is not None and sum(1 for _ in islice(tree.iter(), _MOST_ELEMENTS + 1)) <= _MOST_ELEMENTS
        found = bare_extraction(page, with_metadata=True, include_comments=False) if small else None
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
        raise DocumentError(f"the page cannot be parsed: {error}", where, "save its text as a .txt file") from None
    if tree is None:
        return Record("")
    fields: dict[str, Any] = {"date": _published(tree), "title": tree.findtext(".//title")}
    text = ""
    if found is not None and not isinstance(found, dict):
        fields["title"] = found.title or fields["title"]
        fields |= {"author": found.author, "site": found.sitename, "url": found.url, "description": found.description}
        text = _text(found.body) if found.body is not None else ""
    return Record(text or _text(tree), {key: value for key, value in fields.items() if value})


def text_of(markup: str) -> str:
    """Return the text of a piece of HTML, with an empty line between its blocks; "" where there is none."""
    tree = _parse(markup)
    return "" if tree is None else _text(tree)


def _parse(markup: str) -> etree._Element | None:
    # lxml refuses a text that is decoded already and yet names an encoding.
    markup = re.sub(r"^\s*<\?xml[^>]*>", "", markup)
    try:
        tree: etree._Element = document_fromstring(
            markup, parser=HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
        )
    except (etree.ParserError, ValueError):
        return None
    return tree


def _lighter(tag: re.Match[str]) -> str:
    """Return the start of a tag, without its attributes where they are too many to be written by people."""
    written = tag[0]
    if len(written) > 2 * _MOST_ATTRIBUTES and len(_VALUE.sub("", written).split()) > _MOST_ATTRIBUTES:
        return re.split(r"[\s/]", written, maxsplit=1)[0]
    return written


def _text(tree: etree._Element) -> str:
    """Join the blocks of a tree of HTML or TEI. White space within a block has no meaning in either."""
    tree = tree if tree.find("body") is None else tree.find("body")
    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    blocks = [[tree.text or ""]]
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element is tree:
            continue
        if not _INLINE.fullmatch(element.tag):
            blocks.append([])
        blocks[-1].append((element.text if event == "start" else element.tail) or "")
    return "\n\n".join(filter(None, (" ".join("".join(block).split()) for block in blocks)))


def _published(tree: etree._Element) -> str | None:
    """Return the date that a page declares as that of its publication.

    trafilatura's own date is not used: it searches the text, and completes a date without a day by the day of today.
    """
    written = [str(value) for path in _PUBLISHED for value in tree.xpath(path)]
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        written += _linked_data_dates(str(script))
    return next(filter(None, map(normalise, written)), None)


def _linked_data_dates(script: str) -> list[str]:
    try:
        data = json.loads(script)
    except (ValueError, RecursionError):
        return []
    nodes = data if isinstance(data, list) else [data]
    nodes = [inner for node in nodes if isinstance(node, dict) for inner in [node, *_graph(node)]]
    return [str(node["datePublished"]) for node in nodes if isinstance(node, dict) and node.get("datePublished")]


def _graph(node: dict[str, Any]) -> list[Any]:
    inner = node.get("@graph")
    return inner if isinstance(inner, list) else []
