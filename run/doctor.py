"""`make doctor`: every check in one table, what is wrong and how to mend it, and an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

from settings.environment import Environment
from settings.file import SettingsFile
from sync.checks import look
from sync.checks.finding import Finding, State
from sync.checks.world import world_of

SIGNS: Final[dict[State, str]] = {
    "ok": "ok     ",
    "warning": "warning",
    "broken": "BROKEN ",
    "unknown": "unknown",
}
BROKEN: Final = 1
"""Exit code where something is broken, or could not be looked at."""


def doctor(environment: Environment, file: SettingsFile, *, as_json: bool) -> int:
    """Print what each check finds; 0 if nothing is broken or unknown, else 1."""
    findings = list(look(world_of(environment, file)))
    if as_json:
        told = {"well": is_well(findings), "findings": [asdict(each) for each in findings]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines(findings)))
    return 0 if is_well(findings) else BROKEN


def is_well(findings: Iterable[Finding]) -> bool:
    """Tell whether nothing is broken and everything could be looked at."""
    return all(each.state in ("ok", "warning") for each in findings)


def lines(findings: Sequence[Finding]) -> Iterable[str]:
    """Tell the findings to a person, what is to be done below each."""
    width = max((len(each.check) for each in findings), default=0)
    for each in findings:
        yield f"{SIGNS[each.state]}  {each.check:<{width}}  {each.sentence}"
        if each.mend:
            yield f"{'':<{width + 9}}  → {each.mend}"
    bad = sum(each.state in ("broken", "unknown") for each in findings)
    yield ""
    yield "All is well." if not bad else f"{bad} of {len(findings)} need a look."
