"""Webhooks: list, create, update, delete, with tokens in clear and events that come back."""

from collections.abc import Iterable
from uuid import UUID

from sandbox.aircall.company import API
from sandbox.aircall.errors import bad_request, not_found
from sandbox.aircall.events import EVENTS
from sandbox.aircall.paging import listed
from sandbox.answer import Answer, Json, Request, json_answer
from sandbox.moments import iso_millis
from sandbox.shapes import check_fields, check_query, check_strings, parse_object

MOST_WEBHOOKS = 100
NOTHING: frozenset[str] = frozenset()
SEEDED_ID = "c5b9c0f2-0000-4000-8000-00000000abcd"
SEEDED_TOKEN = "sandbox-webhook-token"  # noqa: S105 - fixed on purpose, opens nothing

Webhooks = dict[str, Json]


def webhook(id_: str, url: str, name: str, events: Iterable[str], token: str, at: str) -> Json:  # noqa: PLR0913, PLR0917 - its fields
    """Return a webhook as the API shows it."""
    return {
        "webhook_id": id_,
        "direct_link": f"{API}/v1/webhooks/{id_}",
        "created_at": at,
        "custom_name": name,
        "url": url,
        "active": True,
        "token": token,
        "events": list(events),
    }


def seeded_webhooks() -> Webhooks:
    """Return the one webhook that leads to the product's door."""
    url = "https://hooks.example.com/aircall/webhook"
    at = "2026-09-01T09:00:00.000Z"
    return {SEEDED_ID: webhook(SEEDED_ID, url, "Aircall – HubSpot", EVENTS, SEEDED_TOKEN, at)}


def list_webhooks(webhooks: Webhooks, request: Request) -> Answer:
    """Answer `GET /v1/webhooks`."""
    return json_answer(200, listed(request, "webhooks", webhooks.values()))


def read_webhook(webhooks: Webhooks, request: Request, id_: str) -> Answer:
    """Answer `GET /v1/webhooks/{id}`."""
    check_query(request.query, NOTHING)
    return json_answer(200, {"webhook": _get(webhooks, id_)})


def create_webhook(webhooks: Webhooks, request: Request) -> Answer:
    """Answer `POST /v1/webhooks`: https only, no events named means all of them."""
    check_query(request.query, NOTHING)
    given = check_fields(
        parse_object(request.body), "body", {}, {"url": str, "custom_name": str, "events": list}
    )
    if "url" not in given:
        raise bad_request("url is missing")
    _check_url(given["url"])
    if len(webhooks) >= MOST_WEBHOOKS:
        raise bad_request(f"at most {MOST_WEBHOOKS} webhooks")
    events = _known(given.get("events", [])) or list(EVENTS)
    at = len(webhooks) + 1
    id_ = str(UUID(int=int(request.time * 1_000_000) << 32 | at))
    name = given.get("custom_name", "Webhook")
    created = iso_millis(int(request.time * 1000))
    made = webhook(id_, given["url"], name, events, f"made-token-{id_[:8]}-{at}", created)
    webhooks[id_] = made
    return json_answer(201, {"webhook": made})


def update_webhook(webhooks: Webhooks, request: Request, id_: str) -> Answer:
    """Answer `PUT /v1/webhooks/{id}`: events left out are all events again, unless added to."""
    check_query(request.query, frozenset({"events_action"}))
    held = _get(webhooks, id_)
    optional = {"url": str, "custom_name": str, "events": list, "active": bool}
    given = check_fields(parse_object(request.body), "body", {}, optional)
    named = _known(given.get("events", []))
    match request.query.get("events_action"):
        case "add":
            events = [*held["events"], *(one for one in named if one not in held["events"])]
        case "remove":
            events = [one for one in held["events"] if one not in named]
        case None:
            events = named or list(EVENTS)
        case _:
            raise bad_request("events_action must be add or remove")
    if "url" in given:
        _check_url(given["url"])
    held.update({name: given[name] for name in ("url", "custom_name", "active") if name in given})
    held["events"] = events
    return json_answer(200, {"webhook": held})


def delete_webhook(webhooks: Webhooks, request: Request, id_: str) -> Answer:
    """Answer `DELETE /v1/webhooks/{id}`."""
    check_query(request.query, NOTHING)
    del webhooks[_get(webhooks, id_)["webhook_id"]]
    return Answer(204)


def _get(webhooks: Webhooks, id_: str) -> Json:
    if id_ not in webhooks:
        raise not_found("Webhook")
    return webhooks[id_]


def _check_url(url: str) -> None:
    if not url.startswith("https://"):
        raise bad_request("url must be https with a valid certificate")


def _known(events: list[str]) -> list[str]:
    check_strings(events, "events")
    unknown = [one for one in events if one not in EVENTS]
    if unknown:
        raise bad_request(f"unknown events {', '.join(unknown)}")
    return list(events)
