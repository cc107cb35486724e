"""The files of the page, sent with a policy that lets nothing in from elsewhere."""

import re
from collections.abc import Mapping
from pathlib import Path

from sandbox.answer import Answer

FOLDER = Path(__file__).with_name("static")
TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PATH = re.compile(r"/page/([a-z]+\.[a-z]+)")


def file_at(path: str) -> Answer | None:
    """Return the file at `/` or `/page/<name>`; None where there is none."""
    found = _PATH.fullmatch("/page/index.html" if path == "/" else path)
    file = FOLDER / found[1] if found else None
    if file is None or file.suffix not in TYPES or not file.is_file():
        return None
    return Answer(200, {**HEADERS, "Content-Type": TYPES[file.suffix]}, file.read_bytes())
