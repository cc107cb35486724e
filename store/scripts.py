"""The Lua scripts by name: what must happen at once happens inside Redis."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import redis

FOLDER = Path(__file__).parent / "lua"


@cache
def source(name: str) -> str:
    """Return the text of `store/lua/<name>.lua`."""
    return (FOLDER / f"{name}.lua").read_text(encoding="utf-8")


class Scripts:
    """Runs scripts by their digest; a server that forgot one is told it again."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._known: dict[str, Any] = {}

    def run(self, name: str, *args: str | bytes | float) -> Any:  # noqa: ANN401  a script's answer has a shape of its own
        """Run one script; raises redis-py's errors."""
        if name not in self._known:
            self._known[name] = self._connection.register_script(source(name))
        return self._known[name](args=args)
