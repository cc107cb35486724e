"""Hold what HubSpot holds in the end against the model: nothing lost, doubled, wrong, invented."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from tests.chaos.cast import FALLBACK
from tests.chaos.model import Expected
from tests.chaos.wishes import PIPELINE

Portal = Mapping[str, Mapping[str, Mapping[str, Any]]]
BODY = {"calls": "hs_call_body", "communications": "hs_communication_body"}
MARKER = re.compile(r"(Call|Message) ID: ([\w-]+)")


@dataclass
class Findings:
    """What is wrong, by interaction (or another record's name)."""

    wrong: dict[str, list[str]] = field(default_factory=dict)

    def say(self, about: str, sentence: str) -> None:
        self.wrong.setdefault(about, []).append(sentence)

    def expect(self, about: str, what: str, found: Any, wanted: Any) -> None:
        if found != wanted:
            self.say(about, f"{what}: is {found!r}, must be {wanted!r}")


def plain(body: str) -> str:
    """A body as a person reads it: no tags, no entities, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def compare(wanted: Iterable[Expected], portal: Portal, before: Portal) -> Findings:
    """Compare everything; `before` is the portal as it was when the run began."""
    findings = Findings()
    all_ = {one.id: one for one in wanted}
    found = activities(portal, before, findings, set(all_))
    for own, ids in found.items():
        if own not in all_:
            findings.say(own, f"invented: {ids}")
    strangers = new_contacts(portal, before, all_.values(), findings)
    tickets: Counter[str] = Counter()
    for one in all_.values():
        ids = found.get(one.id, [])
        if one.fate != "logged":
            findings.expect(one.id, f"activities ({one.fate})", ids, [])
            continue
        if len(ids) != 1:
            findings.say(one.id, f"lost: {one.kind}" if not ids else f"doubled: {ids}")
            continue
        kind, record = ids[0][0], portal[ids[0][0]][ids[0][1]]
        findings.expect(one.id, "type", kind, one.type)
        contacts = set(one.contacts)
        if one.new_contact and one.new_contact in strangers:
            contacts = {strangers[one.new_contact]}
        _check_activity(one, record, findings)
        _check_links(one, record, contacts, portal, findings)
        tickets.update(_check_ticket(one, ids[0][1], record, portal, findings))
    for id_, ticket in portal["tickets"].items():
        if id_ not in before["tickets"] and tickets[id_] != 1:
            text = plain(ticket["properties"].get("content", ""))[-80:]
            findings.say(f"ticket {id_}", f"belongs to {tickets[id_]} activities: {text}")
    _check_untouched(portal, before, findings)
    return findings


def activities(
    portal: Portal, before: Portal, findings: Findings, wanted: Container[str]
) -> dict[str, list[tuple[str, str]]]:
    """Every call and communication made in the run, by the id that its own text tells."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, body in BODY.items():
        for id_, record in portal[kind].items():
            if id_ in before[kind]:
                continue
            values = record["properties"]
            told = MARKER.findall(plain(values.get(body, "")))
            if not told:
                findings.say(f"{kind} {id_}", "has no line with its Aircall id")
                continue
            word, number = told[-1]
            own = f"call-{number}" if word == "Call" else f"message-{number}"
            if own not in wanted and f"group-{number}" in wanted:
                own = f"group-{number}"
            if "aircall_id" in values:
                findings.expect(own, "aircall_id", values["aircall_id"], own)
            found.setdefault(own, []).append((kind, id_))
    return found


def new_contacts(
    portal: Portal, before: Portal, wanted: Iterable[Expected], findings: Findings
) -> dict[str, str]:
    """The contact that each unknown phone made, by E.164; exactly one each and no other."""
    due = {one.new_contact: one for one in wanted if one.new_contact and one.fate == "logged"}
    made: dict[str, list[str]] = {}
    for id_, record in portal["contacts"].items():
        if id_ not in before["contacts"]:
            made.setdefault(record["properties"].get("phone", "no phone"), []).append(id_)
    for phone, ids in made.items():
        if phone not in due:
            findings.say(f"contact of {phone}", f"invented: {ids}")
        elif len(ids) > 1:
            findings.say(due[phone].id, f"contact of {phone} doubled: {ids}")
    for phone, one in due.items():
        if phone not in made:
            findings.say(one.id, f"contact of {phone} was not made")
            continue
        values = portal["contacts"][made[phone][0]]["properties"]
        of = one.person or {"first_name": phone, "last_name": "Aircall new contact", "emails": []}
        findings.expect(one.id, "first name", values.get("firstname"), of["first_name"])
        findings.expect(one.id, "last name", values.get("lastname"), of["last_name"])
        findings.expect(one.id, "aircall_phone", values.get("aircall_phone", phone), phone)
        if not values.get("hubspot_owner_id"):
            findings.say(one.id, f"contact of {phone} has no owner")
        emails = [each["value"] for each in of["emails"] if "@" in each["value"]]
        findings.expect(one.id, "e-mail", values.get("email", ""), "".join(emails))
    return {phone: ids[0] for phone, ids in made.items()}


def _check_activity(one: Expected, record: Mapping[str, Any], findings: Findings) -> None:
    """Its values: those that the kind decides, and a title and text that a person can use."""
    values = record["properties"]
    if record["archived"]:
        findings.say(one.id, "archived")
    for name, value in one.properties.items():
        held = values.get(name, "") or ""
        if name == "hs_timestamp" and held:
            held = str(int(datetime.fromisoformat(held).timestamp()))
        findings.expect(one.id, name, held, value)
    if one.type == "calls" and not values.get("hs_call_title", "").strip():
        findings.say(one.id, "has no title")
    body = values.get(BODY[one.type], "")
    read = plain(body)
    for text in one.says:
        if " ".join(text.split()).casefold() not in read.casefold():
            findings.say(one.id, f"does not say {text!r}: {read}")
    for text in one.hides:
        if text in body or text in read:
            findings.say(one.id, f"says {text!r}: {body}")
    if re.search(r"<b>tomorrow|< 4 offers", body):
        findings.say(one.id, "does not escape what a person typed")


def _check_links(
    one: Expected, record: Mapping[str, Any], contacts: set[str], portal: Portal, findings: Findings
) -> None:
    """Whom it belongs to: contacts, company, owner."""
    links, owner = record["associations"], record["properties"].get("hubspot_owner_id")
    findings.expect(one.id, "contacts", set(links.get("contacts", [])), contacts)
    if not one.id.startswith("group-"):
        companies = {one.company} if one.company else set()
        findings.expect(one.id, "companies", set(links.get("companies", [])), companies)
    owners = _owners(one, contacts, portal)
    if owner not in owners:
        findings.say(one.id, f"owner {owner} is none of {sorted(owners)}")


def _owners(one: Expected, contacts: Iterable[str], portal: Portal) -> set[str]:
    """Whom the activity may belong to; without an agent the contact's owner as well.

    A contact that the run itself made has its owner from whoever made it: both are right then.
    """
    if not one.takes_contact_owner:
        return set(one.owners)
    of = {portal["contacts"][id_]["properties"].get("hubspot_owner_id", "") for id_ in contacts}
    of.discard("")
    return of if of and not (one.new_contact or len(one.contacts) > 1) else of | set(one.owners)


def _check_ticket(
    one: Expected,
    activity: str,
    record: Mapping[str, Any],
    portal: Portal,
    findings: Findings,
) -> list[str]:
    """Exactly one ticket if the kind has a stage; answers the tickets found."""
    tickets = list(record["associations"].get("tickets", []))
    if len(tickets) != (1 if one.stage else 0):
        findings.say(one.id, f"{one.kind} has tickets {tickets}, stage {one.stage}")
        return tickets
    for id_ in tickets:
        values, links = portal["tickets"][id_]["properties"], portal["tickets"][id_]["associations"]
        findings.expect(one.id, "ticket's pipeline", values.get("hs_pipeline"), PIPELINE)
        findings.expect(one.id, "ticket's stage", values.get("hs_pipeline_stage"), one.stage)
        findings.expect(one.id, "ticket's source", values.get("source_type"), "PHONE")
        findings.expect(one.id, "ticket's links", links.get(one.type), [activity])
        contacts = record["associations"].get("contacts", [])
        findings.expect(
            one.id, "ticket's contacts", sorted(links.get("contacts", [])), sorted(contacts)
        )
        if not contacts:
            companies = record["associations"].get("companies", [])
            findings.expect(one.id, "ticket's companies", links.get("companies", []), companies)
        owners = _owners(one, contacts, portal) | {FALLBACK}
        if values.get("hubspot_owner_id") not in owners:
            findings.say(one.id, f"ticket's owner {values.get('hubspot_owner_id')}")
        if not values.get("subject", "").strip():
            findings.say(one.id, "ticket has no subject")
        if one.id.partition("-")[2] not in plain(values.get("content", "")):
            findings.say(one.id, f"ticket does not tell its id: {values.get('content')!r}")
    return tickets


def _check_untouched(portal: Portal, before: Portal, findings: Findings) -> None:
    """Whom HubSpot knew before keeps name, phones and owner; no firm comes or goes."""
    findings.expect("companies", "ids", set(portal["companies"]), set(before["companies"]))
    names = ("firstname", "lastname", "phone", "mobilephone", "email", "hubspot_owner_id")
    for id_, record in before["contacts"].items():
        now = portal["contacts"][id_]["properties"]
        for name in names:
            kept = record["properties"].get(name)
            findings.expect(f"contact {id_}", name, now.get(name), kept)
