"""Which path of Aircall's REST API leads where."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.aircall import calls, company, contacts, webhooks
from sandbox.aircall.errors import not_found
from sandbox.aircall.paging import listed
from sandbox.aircall.webhooks import Webhooks, seeded_webhooks
from sandbox.answer import Answer, Json, Misunderstood, Request, json_answer
from sandbox.shapes import check_query

NOTHING: frozenset[str] = frozenset()
Rest = tuple[str, ...]


def _copies(things: dict[int, Json]) -> dict[int, Json]:
    return {id_: dict(one) for id_, one in things.items()}


@dataclass(slots=True)
class Office:
    """All that one Aircall company holds; `messaging` is native or proxy per number."""

    numbers: dict[int, Json] = field(default_factory=lambda: _copies(company.NUMBERS))
    users: dict[int, Json] = field(default_factory=lambda: _copies(company.USERS))
    tags: dict[int, Json] = field(default_factory=lambda: _copies(company.TAGS))
    messaging: dict[int, str] = field(
        default_factory=lambda: dict.fromkeys(company.NUMBERS, "native")
    )
    webhooks: Webhooks = field(default_factory=seeded_webhooks)
    book: contacts.Book = field(default_factory=contacts.Book)
    calls: dict[int, Json] = field(default_factory=dict)


def route(office: Office, request: Request) -> Answer:
    """Answer a request by its path; Misunderstood (404) when nothing is there."""
    version, room, *rest = (*request.segments, "")[:2] + request.segments[2:]
    answers = ROOMS.get((version, room))
    if answers is None:
        raise lost(request)
    return answers(office, request, tuple(rest))


def lost(request: Request) -> Misunderstood:
    """Return the error of a path or method that nothing answers."""
    return Misunderstood(f"nothing answers {request.method} {request.path}", 404)


def _calls(office: Office, request: Request, rest: Rest) -> Answer:
    match (request.method, *rest):
        case ("GET",):
            return calls.list_calls(office.calls, request)
        case ("GET", id_):
            return calls.read_call(office.calls, request, id_)
    raise lost(request)


def _contacts(office: Office, request: Request, rest: Rest) -> Answer:
    book = office.book
    match (request.method, *rest):
        case ("GET",):
            return contacts.list_contacts(book, request)
        case ("GET", "search"):
            return contacts.search_contacts(book, request)
        case ("GET", id_):
            return contacts.read_contact(book, request, id_)
        case ("POST",):
            return contacts.create_contact(book, request)
        case ("POST", id_):
            return contacts.update_contact(book, request, id_)
        case ("DELETE", id_):
            return contacts.delete_contact(book, request, id_)
        case (_, id_, word, *more) if word in contacts.DETAILS and len(more) < 2:
            return contacts.change_details(book, request, id_, (word, *more))
    raise lost(request)


def _webhooks(office: Office, request: Request, rest: Rest) -> Answer:
    match (request.method, *rest):
        case ("GET",):
            return webhooks.list_webhooks(office.webhooks, request)
        case ("POST",):
            return webhooks.create_webhook(office.webhooks, request)
        case ("GET", id_):
            return webhooks.read_webhook(office.webhooks, request, id_)
        case ("PUT", id_):
            return webhooks.update_webhook(office.webhooks, request, id_)
        case ("DELETE", id_):
            return webhooks.delete_webhook(office.webhooks, request, id_)
    raise lost(request)


def _numbers(office: Office, request: Request, rest: Rest) -> Answer:
    match (request.method, *rest):
        case ("GET",):
            shown = [_shown_number(office, one) for one in office.numbers.values()]
            return json_answer(200, listed(request, "numbers", shown))
        case ("GET", id_):
            check_query(request.query, NOTHING)
            return json_answer(200, {"number": _shown_number(office, _number(office, id_))})
        case ("GET", id_, "messages", "configuration"):
            check_query(request.query, NOTHING)
            return json_answer(200, _messaging(office, _number(office, id_)["id"]))
    raise lost(request)


def _number(office: Office, id_: str) -> Json:
    number = office.numbers.get(int(id_)) if id_.isdigit() else None
    if number is None:
        raise not_found("Number")
    return number


def _shown_number(office: Office, number: Json) -> Json:
    user = office.users.get(company.NUMBER_USERS.get(number["id"], 0))
    return {**number, "users": [company.brief(user)] if user else []}


def _messaging(office: Office, number_id: int) -> Json:
    if office.messaging.get(number_id, "native") == "native":
        return {"type": "native"}
    return {"type": "proxy", "callbackUrl": "https://other.example.com/sms", "token": "hidden"}


def _users(office: Office, request: Request, rest: Rest) -> Answer:
    match (request.method, *rest):
        case ("GET",):
            return json_answer(200, listed(request, "users", office.users.values()))
        case ("GET", word):
            check_query(request.query, NOTHING)
            for id_, user in office.users.items():
                if word == str(id_) or word.lower() == user["email"].lower():
                    return json_answer(200, {"user": user})
            raise not_found("User")
    raise lost(request)


def _tags(office: Office, request: Request, rest: Rest) -> Answer:
    if request.method != "GET" or rest:
        raise lost(request)
    return json_answer(200, listed(request, "tags", office.tags.values()))


def _teams(office: Office, request: Request, rest: Rest) -> Answer:
    if request.method != "GET" or rest:
        raise lost(request)
    users = [company.brief(user) for user in office.users.values()]
    teams = [{**team, "users": users} for team in company.TEAMS.values()]
    return json_answer(200, listed(request, "teams", teams))


def _ping(office: Office, request: Request, rest: Rest) -> Answer:
    del office
    if request.method != "GET" or rest:
        raise lost(request)
    check_query(request.query, NOTHING)
    return json_answer(200, {"ping": "pong"})


def _company(office: Office, request: Request, rest: Rest) -> Answer:
    if request.method != "GET" or rest:
        raise lost(request)
    check_query(request.query, NOTHING)
    counts = {"users_count": len(office.users), "numbers_count": len(office.numbers)}
    return json_answer(200, {"company": {"name": "Example SAS", **counts}})


def _integrations(office: Office, request: Request, rest: Rest) -> Answer:
    if request.method != "GET" or rest != ("me",):
        raise lost(request)
    check_query(request.query, NOTHING)
    integration = {
        "name": "Public API",
        "custom_name": None,
        "logo": None,
        "company_id": 1,
        "status": "active",
        "active": True,
        "number_ids": list(office.numbers),
        "numbers_count": len(office.numbers),
        "user": next(map(company.brief, office.users.values()), None),
    }
    return json_answer(200, {"integration": integration})


ROOMS: dict[tuple[str, str], Callable[[Office, Request, Rest], Answer]] = {
    ("v1", "calls"): _calls,
    ("v1", "contacts"): _contacts,
    ("v1", "webhooks"): _webhooks,
    ("v1", "numbers"): _numbers,
    ("v2", "users"): _users,
    ("v1", "tags"): _tags,
    ("v1", "teams"): _teams,
    ("v1", "ping"): _ping,
    ("v1", "company"): _company,
    ("v1", "integrations"): _integrations,
}
