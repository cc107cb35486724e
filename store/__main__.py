"""`python -m store <command>`: what a shell may ask of the store."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from store import settings_command

COMMANDS = {"settings": settings_command.main}


def main(arguments: Sequence[str]) -> int:
    """Hand over to the named command; 2 for a name there is none of."""
    name, *rest = arguments or [""]
    if name not in COMMANDS:
        sys.stderr.write(f"usage: python -m store {{{','.join(COMMANDS)}}} ...\n")
        return 2
    return COMMANDS[name](rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
