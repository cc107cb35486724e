"""What of the code the scenes have to reach: every route, every place where something is built."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bot.every.recording import BOT, BUILDERS, Recording


@dataclass(frozen=True, order=True)
class Site:
    """A call that builds a message or a view: where it stands, and in which function."""

    file: str
    function: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"bot/{self.file}:{self.first}, in {self.function}"

    def reached(self, recording: Recording) -> bool:
        """Tell whether something was built there."""
        return any(
            (self.file, line) in recording.sites for line in range(self.first, self.last + 1)
        )


def building_sites() -> list[Site]:
    """Find every call in bot/ that builds a message or a view."""
    return sorted(
        site
        for file in BOT.rglob("*.py")
        for site in _sites(str(file.relative_to(BOT)), ast.parse(file.read_text("utf-8")))
    )


def _sites(file: str, tree: ast.Module) -> Iterator[Site]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _called(node.func) in {"Message", *BUILDERS}:
                    yield Site(file, function.name, node.lineno, node.end_lineno or node.lineno)


def _called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""
