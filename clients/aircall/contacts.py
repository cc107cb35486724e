"""Aircall's shared contacts: listed, searched by phone, made, changed part by part, removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from clients.aircall.paging import PER_PAGE, REACHABLE
from clients.aircall.records import inside, meta_of, rows_of
from clients.errors import Misunderstood
from clients.http import Http
from clients.refusals import items, mapping, text
from rules.aircall_contacts import TEXTS, AircallContact, Detail, Part, digits_of
from rules.scalars import whole

LISTS: Final[Mapping[Part, str]] = MappingProxyType({"phone": "phone_numbers", "email": "emails"})
"""How a contact names its phones and its e-mails."""

_PATH = "/v1/contacts/{contact}"
_DETAILS: Final[Mapping[Part, str]] = MappingProxyType(
    {"phone": f"{_PATH}/phone_details", "email": f"{_PATH}/email_details"}
)


@dataclass(frozen=True, slots=True)
class ContactPage:
    """One page of the shared contacts."""

    contacts: tuple[AircallContact, ...]
    total: int
    """Contacts matching in all, also those that paging does not reach."""
    more: bool


class Contacts:
    """One company's shared contacts; nothing is batched, each method is one request.

    Contacts that another integration brought into Aircall are not shown by its API.
    """

    def __init__(self, http: Http, limits: tuple[str, ...]) -> None:
        self._http = http
        self._limits = limits

    def page(
        self,
        number: int = 1,
        *,
        start: int | None = None,
        end: int | None = None,
        order: Literal["asc", "desc"] = "asc",
        order_by: Literal["created_at", "updated_at"] = "created_at",
    ) -> ContactPage:
        """Read one page of 50; `start` and `end` (UNIX seconds, both included) by `order_by`.

        https://developer.aircall.io/api-references/#list-all-contacts
        """
        params: dict[str, str | int] = {
            "page": number,
            "per_page": PER_PAGE,
            "order": order,
            "order_by": order_by,
        }
        params |= {} if start is None else {"from": start}
        params |= {} if end is None else {"to": end}
        return self._list("/v1/contacts", params, number)

    def search(self, phone: str) -> tuple[AircallContact, ...]:
        """Find the contacts that have this phone (E.164); each hit is verified by its digits.

        https://developer.aircall.io/api-references/#search-contacts
        """
        params: dict[str, str | int] = {"phone_number": phone, "per_page": PER_PAGE}
        found = self._list("/v1/contacts/search", params, 1).contacts
        return tuple(each for each in found if digits_of(phone) in each.digits)

    def read(self, contact: int) -> AircallContact:
        """Read one contact; NotFound if it is gone.

        https://developer.aircall.io/api-references/#retrieve-a-contact
        """
        return contact_of(inside(self._send("GET", _PATH, contact), "contact"))

    def create(
        self, texts: Mapping[str, str], phones: Iterable[Detail], emails: Iterable[Detail]
    ) -> AircallContact:
        """Make a contact, which needs a phone; the same again would make a second one.

        Raises Unavailable with `maybe_written` where its answer was lost: search before you try
        again.
        https://developer.aircall.io/api-references/#create-a-contact
        """
        sent: dict[str, Any] = dict(texts)
        for name, details in (("phone_numbers", phones), ("emails", emails)):
            given = [{"label": each.label, "value": each.value} for each in details]
            sent |= {name: given} if given else {}
        answer = self._http.request("POST", "/v1/contacts", json=sent, limits=self._limits)
        row = mapping(answer.json).get("contact")
        if not isinstance(row, dict) or whole(row.get("id")) is None:
            raise Misunderstood("aircall", "Aircall answered without the contact it made")
        return contact_of(row)

    def update(self, contact: int, texts: Mapping[str, str]) -> AircallContact | None:
        """Write some of the four texts, none of them blank; NotFound if the contact is gone.

        Returns it as it is now, if Aircall tells.
        https://developer.aircall.io/api-references/#update-a-contact
        """
        return _told(self._send("POST", _PATH, contact, dict(texts), safe=True))

    def delete(self, contact: int) -> None:
        """Remove a contact; NotFound if it is gone already.

        https://developer.aircall.io/api-references/#delete-a-contact
        """
        self._send("DELETE", _PATH, contact, safe=True)

    def add(self, contact: int, part: Part, label: str, value: str) -> AircallContact | None:
        """Add a phone or an e-mail; the same again would add it twice. Returns as `update` does.

        https://developer.aircall.io/api-references/#add-a-phone-number-to-a-contact
        """
        given = {"label": label, "value": value}
        return _told(self._send("POST", _DETAILS[part], contact, given))

    def change(
        self, contact: int, part: Part, detail: int, label: str, value: str
    ) -> AircallContact | None:
        """Put another phone or e-mail in the place of one; NotFound if that is gone.

        Returns as `update` does.
        https://developer.aircall.io/api-references/#update-a-phone-number-from-a-contact
        """
        given = {"label": label, "value": value}
        path = _DETAILS[part] + "/{detail}"
        return _told(self._send("PUT", path, contact, given, safe=True, detail=detail))

    def remove(self, contact: int, part: Part, detail: int) -> None:
        """Take a phone or an e-mail away; NotFound if it is gone already.

        https://developer.aircall.io/api-references/#delete-a-phone-number-from-a-contact
        """
        self._send("DELETE", _DETAILS[part] + "/{detail}", contact, safe=True, detail=detail)

    def _list(self, path: str, params: Mapping[str, str | int], number: int) -> ContactPage:
        answer = self._http.request("GET", path, params=params, limits=self._limits)
        body = mapping(answer.json)
        rows = rows_of(body, "contacts")
        meta = meta_of(body, len(rows), PER_PAGE)
        return ContactPage(
            contacts=tuple(map(contact_of, rows)),
            total=whole(meta.get("total")) or 0,
            more=bool(text(meta.get("next_page_link"))) and number * PER_PAGE < REACHABLE,
        )

    def _send(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        contact: int,
        json: Mapping[str, str] | None = None,
        *,
        safe: bool | None = None,
        detail: int = 0,
    ) -> object:
        at = {"contact": contact, "detail": detail}
        answer = self._http.request(method, path, at=at, json=json, limits=self._limits, safe=safe)
        return answer.json


def contact_of(row: Mapping[str, Any]) -> AircallContact:
    """Read a contact of an answer; Misunderstood without an id."""
    id_ = whole(row.get("id"))
    if id_ is None:
        raise Misunderstood("aircall", "Aircall told of a contact without id", maybe_written=False)
    return AircallContact(
        id=id_,
        texts=MappingProxyType({name: text(row.get(name)) for name in TEXTS}),
        phones=_details(row, "phone"),
        emails=_details(row, "email"),
        created=whole(row.get("created_at")) or 0,
    )


def _details(row: Mapping[str, Any], part: Part) -> tuple[Detail, ...]:
    told = [mapping(each) for each in items(row.get(LISTS[part]))]
    return tuple(
        Detail(text(each.get("label")), text(each.get("value")), whole(each.get("id")))
        for each in told
        if text(each.get("value"))
    )


def _told(body: object) -> AircallContact | None:
    row = mapping(body).get("contact")
    return contact_of(row) if isinstance(row, dict) and whole(row.get("id")) is not None else None
