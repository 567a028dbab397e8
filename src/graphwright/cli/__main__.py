"""``python -m graphwright.cli`` is the command line as well."""

from graphwright.cli import main

main()
