"""Shared contacts: list, search, create, update, phones and e-mails, with every trap of theirs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

from sandbox.aircall.company import API, CONTACTS
from sandbox.aircall.errors import bad_request, not_found
from sandbox.aircall.paging import listed
from sandbox.answer import Answer, Json, Misunderstood, Request, json_answer
from sandbox.shapes import check_fields, check_query, parse_object

TEXTS = {"first_name": str, "last_name": str, "company_name": str, "information": str}
DETAILS = {"phone_details": "phone_numbers", "email_details": "emails"}
MOST_DETAILS = 20
LONGEST = 255
PHONE = re.compile(r"\+?[\d\s().\-/]{3,30}")
EMOJI = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u20e3\u2122\u2139\u231a\u231b\u2600-\u27bf\u2b50\U0001f000-\U0001ffff]"
)
NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class Book:
    """All shared contacts by id, and the next ids of contacts and details."""

    contacts: dict[int, Json] = field(
        default_factory=lambda: {id_: copied(one) for id_, one in CONTACTS.items()}
    )
    next_contact: int = 711
    next_detail: int = 9200

    def get(self, id_: str) -> Json:
        """Return a contact; Refused (404) when there is none."""
        contact = self.contacts.get(int(id_)) if id_.isdigit() else None
        if contact is None:
            raise not_found("Contact")
        return contact

    def detail(self, given: Json) -> Json:
        """Return a checked phone or e-mail with an id of its own."""
        self.next_detail += 1
        return {"id": self.next_detail - 1, "label": given["label"], "value": shown(given["value"])}


def copied(contact: Json) -> Json:
    """Return a copy of a contact that may change without changing this one."""
    lists = {name: [dict(one) for one in contact[name]] for name in DETAILS.values()}
    return {**contact, **lists}


def digits(text: str) -> str:
    """Return only the digits of a phone; a leading 00 counts as the plus sign."""
    found = "".join(sign for sign in text if sign.isdigit())
    return found.removeprefix("00")


def shown(value: str) -> str:
    """Return a phone as Aircall displays it, with spaces; whatever else as it is."""
    try:
        number = parse(value, None)
    except NumberParseException:
        return value
    return format_number(number, PhoneNumberFormat.INTERNATIONAL)


def created_of(contact: Json) -> int:
    """Return when a contact was made (UNIX seconds)."""
    return int(contact["created_at"])


def ordering(request: Request) -> Callable[[Json], int]:
    """Return the time (UNIX seconds) by which a list is ordered and cut."""
    name = request.query.get("order_by", "created_at")
    if name not in ("created_at", "updated_at"):
        raise bad_request("order_by must be created_at or updated_at")
    return lambda contact: int(contact[name])


def list_contacts(book: Book, request: Request) -> Answer:
    """Answer `GET /v1/contacts`."""
    found = listed(
        request, "contacts", book.contacts.values(), ordering(request), frozenset({"order_by"})
    )
    return json_answer(200, found)


def search_contacts(book: Book, request: Request) -> Answer:
    """Answer `GET /v1/contacts/search?phone_number=&email=`; phones are compared by digits."""
    phone, email = request.query.get("phone_number", ""), request.query.get("email", "")
    if not phone and not email:
        raise bad_request("phone_number or email is needed")
    found = [
        contact
        for contact in book.contacts.values()
        if (
            not phone
            or any(digits(one["value"]) == digits(phone) for one in contact["phone_numbers"])
        )
        and (not email or any(one["value"].lower() == email.lower() for one in contact["emails"]))
    ]
    extra = frozenset({"phone_number", "email", "order_by"})
    return json_answer(200, listed(request, "contacts", found, ordering(request), extra))


def read_contact(book: Book, request: Request, id_: str) -> Answer:
    """Answer `GET /v1/contacts/{id}`."""
    check_query(request.query, NOTHING)
    return json_answer(200, {"contact": book.get(id_)})


def create_contact(book: Book, request: Request) -> Answer:
    """Answer `POST /v1/contacts`; the same again makes a second contact."""
    check_query(request.query, NOTHING)
    fields = {**TEXTS, "phone_numbers": list, "emails": list}
    given = check_fields(parse_object(request.body), "body", {}, fields)
    if not given.get("phone_numbers"):
        raise bad_request("phone_numbers is missing")
    texts = checked_texts(given)
    details = {
        name: [checked_detail(one, name) for one in given.get(name, [])]
        for name in DETAILS.values()
    }
    for name, entries in details.items():
        if len(entries) > MOST_DETAILS:
            raise bad_request(f"at most {MOST_DETAILS} {name}")
    id_ = book.next_contact
    book.next_contact += 1
    now = int(request.time)
    contact: Json = {
        "id": id_,
        "direct_link": f"{API}/v1/contacts/{id_}",
        **dict.fromkeys(TEXTS),
        **texts,
        "is_shared": True,
        "created_at": now,
        "updated_at": now,
        **{name: [book.detail(one) for one in entries] for name, entries in details.items()},
    }
    book.contacts[id_] = contact
    return json_answer(201, {"contact": contact})


def update_contact(book: Book, request: Request, id_: str) -> Answer:
    """Answer `POST /v1/contacts/{id}`: four texts only, none of them blank."""
    check_query(request.query, NOTHING)
    contact = book.get(id_)
    given = check_fields(parse_object(request.body), "body", {}, TEXTS)
    contact.update(checked_texts(given), updated_at=int(request.time))
    return json_answer(200, {"contact": contact})


def delete_contact(book: Book, request: Request, id_: str) -> Answer:
    """Answer `DELETE /v1/contacts/{id}`."""
    check_query(request.query, NOTHING)
    del book.contacts[book.get(id_)["id"]]
    return Answer(204)


def change_details(book: Book, request: Request, id_: str, rest: tuple[str, ...]) -> Answer:
    """Answer `POST .../phone_details`, `PUT|DELETE .../phone_details/{id}`, e-mails alike."""
    check_query(request.query, NOTHING)
    contact = book.get(id_)
    name = DETAILS[rest[0]]
    entries: list[Json] = contact[name]
    held = next((one for one in entries if [str(one["id"])] == list(rest[1:])), None)
    match (request.method, len(rest)):
        case ("POST", 1):
            given = checked_detail(parse_object(request.body), name)
            if len(entries) >= MOST_DETAILS:
                raise bad_request(f"at most {MOST_DETAILS} {name}")
            entries.append(book.detail(given))
            answer = json_answer(201, {"contact": contact})
        case ("PUT", 2) if held:
            given = checked_detail(parse_object(request.body), name)
            held.update(label=given["label"], value=shown(given["value"]))
            answer = json_answer(200, {"contact": contact})
        case ("DELETE", 2) if held:
            if name == "phone_numbers" and len(entries) == 1:
                raise bad_request("a contact needs a phone number")
            entries.remove(held)
            answer = Answer(204)
        case (("PUT" | "DELETE"), 2):
            raise not_found("Detail")
        case _:
            raise Misunderstood(f"nothing answers {request.method} {request.path}", 404)
    contact["updated_at"] = int(request.time)
    return answer


def checked_texts(given: Json) -> Json:
    """Return the four texts of a body; Refused when one is blank, too long or holds emoji."""
    texts = {name: given[name] for name in TEXTS if name in given}
    for name, text in texts.items():
        if not text.strip():
            raise bad_request(f"{name} must not be blank")
        check_text(name, text)
    return texts


def checked_detail(given: Any, name: str) -> Json:  # noqa: ANN401 - checked in the first line
    """Return one phone or e-mail with label and value; Refused when a value is none."""
    entry = check_fields(given, name, {"label": str, "value": str})
    for part in ("label", "value"):
        if not entry[part].strip():
            raise bad_request(f"{part} of {name} must not be blank")
        check_text(part, entry[part])
    value = entry["value"]
    if name == "phone_numbers" and not PHONE.fullmatch(value):
        raise bad_request(f"{value} is no valid phone number")
    if name == "emails" and value.count("@") != 1:
        raise bad_request(f"{value} is no valid e-mail address")
    return entry


def check_text(name: str, text: str) -> None:
    """Refuse what is longer than 255 signs or holds emoji."""
    if len(text) > LONGEST:
        raise bad_request(f"{name} is longer than {LONGEST} characters")
    if EMOJI.search(text):
        raise bad_request(f"{name} must not contain emoji")
