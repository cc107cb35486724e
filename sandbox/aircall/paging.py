"""Aircall's lists: page, per_page, from, to, order and the `meta` block."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

from sandbox.aircall.company import API
from sandbox.aircall.errors import bad_request
from sandbox.answer import Json, Misunderstood, Request

COMMON = frozenset({"page", "per_page", "from", "to", "order"})
MOST_REACHABLE = 10_000
NOT_KEPT = ("fetch_contact", "fetch_short_urls", "fetch_call_timeline", "fetch_aiva_conv")


def whole(query: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number of the query; Misunderstood when it is none."""
    text = query.get(name, str(default))
    if not text.isdigit():
        raise Misunderstood(f"{name}={text} is not a whole number")
    return int(text)


def listed(  # noqa: PLR0913, PLR0917 - a list is told apart by all of these
    request: Request,
    name: str,
    items: Iterable[Json],
    created: Callable[[Json], int] | None = None,
    extra: frozenset[str] = frozenset(),
    most: int = MOST_REACHABLE,
) -> Json:
    """Return one page of a list with its `meta`.

    `created` gives an item's time (UNIX seconds) for from, to and order. More than `most` items
    are counted but cannot be reached. Refused for per_page outside of 1-50, Misunderstood for
    unknown parameters.
    """
    query = request.query
    unknown = sorted(set(query) - COMMON - extra)
    if unknown:
        raise Misunderstood(f"Unknown query parameter {', '.join(unknown)}")
    page, per_page = whole(query, "page", 1), whole(query, "per_page", 20)
    if not 1 <= per_page <= 50 or page < 1:
        raise bad_request("per_page must lie between 1 and 50, page starts at 1")
    order = query.get("order", "asc")
    if order not in ("asc", "desc"):
        raise bad_request("order must be asc or desc")
    found = list(items)
    if created is not None:
        start, end = whole(query, "from", 0), whole(query, "to", 9_999_999_999)
        found = [one for one in found if start <= created(one) <= end]
        found.sort(key=created, reverse=order == "desc")
    first = (page - 1) * per_page
    shown = found[:most][first : first + per_page]
    has_next = first + per_page < min(len(found), most)
    meta = {
        "count": len(shown),
        "total": len(found),
        "current_page": page,
        "per_page": per_page,
        "next_page_link": _link(request, page + 1) if has_next else None,
        "previous_page_link": _link(request, page - 1) if page > 1 else None,
    }
    return {"meta": meta, name: shown}


def _link(request: Request, page: int) -> str:
    kept = {name: value for name, value in request.query.items() if name not in NOT_KEPT}
    return f"{API}{request.path}?{urlencode({**kept, 'page': page})}"
