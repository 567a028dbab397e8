"""What is written: results to standard output, as tables where people read them; all else to standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


def write(text: str | bytes) -> None:
    """Write a result to standard output, in UTF-8 and with a line end."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    rest = memoryview(data if data.endswith(b"\n") or not data else data + b"\n")
    sys.stdout.flush()
    while rest:  # under PYTHONUNBUFFERED a pipe takes only as much as it has room for
        rest = rest[sys.stdout.buffer.write(rest) or 0 :]
    sys.stdout.buffer.flush()


def tell(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr)


def show(*pieces: RenderableType) -> None:
    """Write tables and texts to standard output."""
    from rich.console import Console
    from rich.text import Text

    texts = [Text(piece) if isinstance(piece, str) else piece for piece in pieces]
    if sys.stdout.isatty():
        Console(highlight=False).print(*texts, sep="\n")
        return
    # In a file or pipe a row of a table is one line, however long, and has no blanks at its end.
    console = Console(width=10_000, highlight=False)
    with console.capture() as captured:
        console.print(*texts, sep="\n")
    write("\n".join(line.rstrip() for line in captured.get().splitlines()))


def heading(text: str) -> RenderableType:
    """Return the heading of a section, with a blank line before it."""
    from rich.text import Text

    return Text(f"\n{text}", style="bold")


def new_table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    """Return a table without rows; the columns that are numbers stand to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in numbers else "left")
    return table


def add_row(table: Table, *cells: str) -> None:
    """Add a row whose cells are shown as they are, without markup."""
    from rich.text import Text

    table.add_row(*map(Text, cells))


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, as "1 fact" and "1,200 facts"; the plural is given where it is not with -s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
