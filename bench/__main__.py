"""`python -m bench [SECTION ...] [--json FILE]`: measure, and print each figure by its target."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.figures import Figure, table

SECTIONS: Mapping[str, str] = {
    "requests": "bench.thrift",
    "drain": "bench.backlog",
    "intake": "bench.door",
    "latency": "bench.latency",
    "chat": "bench.chat",
    "watch": "bench.watch",
    "gaps": "bench.gaps",
    "contacts": "bench.contacts",
    "memory": "bench.memory",
    "recovery": "bench.recovery",
}


def main(arguments: list[str] | None = None) -> int:
    """Measure the sections asked for, or all; returns 0 also when a target is not reached."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("sections", nargs="*", help=", ".join(SECTIONS))
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--profile", action="store_true", help="show where a drain's time goes")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.sections) - set(SECTIONS):
        parser.error(f"there is no section {', '.join(sorted(unknown))}: {', '.join(SECTIONS)}")
    if asked.profile:
        import_module("bench.backlog").profile()
        return 0
    figures: list[Figure] = []
    for name in asked.sections or SECTIONS:
        measure: Callable[[], Iterable[Figure]] = import_module(SECTIONS[name]).measure
        began = time.monotonic()
        figures += measure()
        print(f"{name}: measured in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    about = machine()
    print("\n".join(f"{name}: {value}" for name, value in about.items()))
    print(table(figures))
    if asked.json:
        found = {"machine": about, "figures": [figure.as_json() for figure in figures]}
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def machine() -> dict[str, Any]:
    """Say what was measured on; the load tells whether others used it too."""
    return {
        "time": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


if __name__ == "__main__":
    sys.exit(main())
