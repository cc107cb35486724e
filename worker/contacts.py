"""Make one contact for each unknown phone of a batch, whoever else is making it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clients.errors import Rejected, Unavailable
from clients.hubspot.records import Change, New
from rules.parties import Party
from rules.phones import parse_phone, same_phone
from rules.plan import NewContact
from store.directory import Directory
from worker.creating import UNIQUE, Created, create_all
from worker.gather import PHONES, match_parties, remember
from worker.work import Work
from worker.workshop import Workshop
from worker.writing import Writer

KEY = UNIQUE["contacts"]


def make_contacts(
    workshop: Workshop, writer: Writer, directory: Directory, works: Sequence[Work]
) -> None:
    """Give every work its contacts' ids; makes those that its plan wants made.

    Raises Unavailable and LeaseLostError.
    """
    for work in works:
        work.contacts, work.company = work.plan_.contacts, work.plan_.company
    wanting = [work for work in works if work.plan_.new_contact]
    wanted = {new.phone: new for work in wanting if (new := work.plan_.new_contact)}
    if not wanted:
        return
    doubtful = {w.plan_.new_contact.phone for w in wanting if w.verify and w.plan_.new_contact}
    ids = _found_anew(workshop, writer, directory, wanted, sorted(doubtful))
    made = _Making(workshop, writer).make([n for p, n in wanted.items() if p not in ids])
    for work in wanting:
        phone = work.plan_.new_contact.phone if work.plan_.new_contact else ""
        contact = ids.get(phone) or made.ids.get(phone)
        if contact:
            work.contacts = (*work.contacts, contact)
        else:
            work.notes.append("HubSpot refused the contact: logged without one")
            work.errors.append(made.words.get(phone, "the contact was deleted in HubSpot"))


def _found_anew(
    workshop: Workshop,
    writer: Writer,
    directory: Directory,
    wanted: Mapping[str, NewContact],
    doubtful: Sequence[str],
) -> dict[str, str]:
    """Find the contacts that a former try may have made: by key first, then by a fresh search."""
    if not doubtful:
        return {}
    inputs = [New(phone, wanted[phone].properties) for phone in doubtful]
    found = writer.finder("contacts").find("contacts", inputs)
    ids = {phone: record.id for phone, record in found.items()}
    parties = [Party(p, parse_phone(p, None), None) for p in doubtful if p not in ids]
    for party, match in match_parties(workshop, directory, parties).items():
        if match.contact.id:
            ids[party.raw] = match.contact.id
    return ids


class _Making:
    """One go at making a batch's contacts; `ids` by phone, `words` where HubSpot refused."""

    def __init__(self, workshop: Workshop, writer: Writer) -> None:
        self._workshop = workshop
        self._writer = writer
        self.ids: dict[str, str] = {}
        self.words: dict[str, str] = {}

    def make(self, contacts: Sequence[NewContact]) -> _Making:
        if contacts:
            made = self._create([New(each.phone, each.properties) for each in contacts])
            self._take_keys_back(contacts, made)
            self._use_existing(contacts, made)
            self._reduce([each for each in contacts if each.phone in made.refused])
            self._without_key([each for each in contacts if each.phone in made.deleted])
        for each in contacts:
            if each.phone in self.ids:
                owner = each.properties.get("hubspot_owner_id")
                remember(self._workshop, each.phone, self.ids[each.phone], owner)
        return self

    def _create(self, inputs: Sequence[New]) -> Created:
        made = create_all(
            self._writer.hubspot,
            self._writer.finder("contacts"),
            "contacts",
            inputs,
            unique=self._writer.unique.get("contacts", False),
        )
        self.ids.update({phone: record.id for phone, record in made.done.items()})
        return made

    def _take_keys_back(self, contacts: Sequence[NewContact], made: Created) -> None:
        """A contact that no longer carries the phone gives our key back; then there is room."""
        taken = {phone: made.done[phone].id for phone in made.found}
        if not taken:
            return
        there = self._writer.hubspot.read("contacts", taken.values(), PHONES["contacts"])
        moved = {
            phone: id_
            for phone, id_ in taken.items()
            if id_ in there and not _carries(phone, there[id_].properties)
        }
        if moved:
            changes = [Change(id_, {KEY: ""}, phone) for phone, id_ in moved.items()]
            batch = self._writer.hubspot.update("contacts", changes)
            if batch.unanswered:
                raise batch.trouble or Unavailable(
                    "hubspot", "HubSpot did not take a key back", reason="down", wait=5
                )
            for phone in moved:
                del self.ids[phone]
            self._create([New(c.phone, c.properties) for c in contacts if c.phone in moved])

    def _use_existing(self, contacts: Sequence[NewContact], made: Created) -> None:
        """HubSpot refuses a second contact of one e-mail: the first one is meant then."""
        emails = {
            email.lower(): each.phone
            for each in contacts
            if each.phone in made.refused and (email := each.properties.get("email"))
        }
        if not emails:
            return
        there = self._writer.hubspot.read("contacts", emails, ("email",), id_property="email")
        for email, record in there.items():
            phone = emails[email]
            self.ids[phone] = record.id
            made.refused.pop(phone, None)

    def _reduce(self, contacts: Sequence[NewContact]) -> None:
        """Try once more what HubSpot refused, with phone and names only."""
        if not contacts:
            return
        made = self._create([New(each.phone, each.reduced) for each in contacts])
        for phone, refusal in made.refused.items():
            self.words[phone] = refusal.message

    def _without_key(self, contacts: Sequence[NewContact]) -> None:
        """The key's owner lies in the recycle bin and keeps it: make the contact without."""
        for each in contacts:
            plain = {name: text for name, text in each.properties.items() if name != KEY}
            batch = self._writer.hubspot.create("contacts", [New(each.phone, plain)])
            if batch.unanswered:
                raise batch.trouble or Unavailable(
                    "hubspot", "HubSpot did not say what it created", reason="down", wait=5
                )
            if each.phone in batch.done:
                self.ids[each.phone] = batch.done[each.phone].id
            else:
                refusal = batch.refused.get(each.phone) or batch.whole
                self.words[each.phone] = _words(refusal)


def _carries(phone: str, properties: Mapping[str, str | None]) -> bool:
    parsed = parse_phone(phone, None)
    typed = [text for name in PHONES["contacts"] if (text := properties.get(name))]
    return parsed is None or any(same_phone(text, parsed, None) for text in typed)


def _words(refusal: Rejected | None) -> str:
    return refusal.message if refusal else "HubSpot refused the contact"
