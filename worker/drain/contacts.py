"""Make one contact for each unknown phone of a batch, whoever else is making it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from clients.errors import Unavailable
from clients.hubspot.records import Change, New, Record
from rules.parties import Party
from rules.phones import home_country, parse_phone, same_phone
from rules.plan import NewContact
from store.directory import Directory
from worker.drain.creating import Created, create_all
from worker.drain.gather import PHONES, forget, match_parties, remember
from worker.drain.work import WITHOUT, Work
from worker.drain.writing import OWNER, Writer
from worker.setup import UNIQUE
from worker.workshop import Workshop

KEY: Final = UNIQUE["contacts"]
REFUSED: Final = "HubSpot refused the contact: logged without one"


def make_contacts(
    workshop: Workshop, writer: Writer, directory: Directory, works: Sequence[Work]
) -> None:
    """Give every work its contacts' ids; makes those that its plan wants made.

    Raises Unavailable and LeaseLostError.
    """
    for work in works:
        work.contacts, work.company = work.plan_.contacts, work.plan_.company
        if work.planned_anew and not (work.contacts or work.company or work.plan_.new_contact):
            work.tell_contact(f"{WITHOUT}; {work.plan_.choices['contact']}")
    wanting = [(work, new) for work in works if (new := work.plan_.new_contact)]
    wanted = {new.phone: new for _, new in wanting}
    if not wanted:
        return
    doubtful = {new.phone for work, new in wanting if work.verify}
    ids = _found_anew(workshop, writer, directory, wanted, sorted(doubtful))
    made = _Making(writer).make([n for p, n in wanted.items() if p not in ids])
    ids |= made.ids
    owners = _owners(writer, ids, {p: n for p, n in wanted.items() if p in made.created})
    remember(workshop, {p: (ids[p], owners.get(p)) for p in wanted if p in ids})
    for phone in wanted.keys() - ids.keys():
        # In a portal without keys others wait for who is making it.
        forget(workshop, phone)
    for work, new in wanting:
        contact = ids.get(new.phone)
        if contact:
            work.contacts = (*work.contacts, contact)
            if new.phone in made.ids and new.phone not in made.created:
                work.tell_contact("unknown phone: HubSpot had its contact already")
        else:
            work.tell_contact(REFUSED)
            work.notes.append(REFUSED)
            work.errors += filter(None, [made.words.get(new.phone)])


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
    found = writer.finder.find("contacts", inputs)
    ids = {phone: record.id for phone, record in found.items()}
    parties = [
        Party(p, parse_phone(p, None), home_country(p), _emails(wanted[p]))
        for p in doubtful
        if p not in ids
    ]
    for party, match in match_parties(workshop, directory, parties).items():
        if match.contact.id:
            ids[party.raw] = match.contact.id
    return ids


def _owners(
    writer: Writer, ids: Mapping[str, str], created: Mapping[str, NewContact]
) -> Mapping[str, str | None]:
    """Return each contact's owner by phone: as planned where we made it just now, else as it is."""
    owners = {phone: new.properties.get(OWNER) for phone, new in created.items()}
    others = {phone: id_ for phone, id_ in ids.items() if phone not in created}
    if others:
        there = writer.hubspot.read("contacts", others.values(), (OWNER,))
        owners |= {
            phone: there[id_].properties.get(OWNER) for phone, id_ in others.items() if id_ in there
        }
    return owners


def _emails(new: NewContact) -> tuple[str, ...]:
    email = new.properties.get("email")
    return (email,) if email else ()


class _Making:
    """One go at making a batch's contacts; `ids` by phone, `words` where refused."""

    def __init__(self, writer: Writer) -> None:
        self._hubspot = writer.hubspot
        self._writer = writer
        self.created: set[str] = set()
        self.ids: dict[str, str] = {}
        self.words: dict[str, str] = {}

    def make(self, contacts: Sequence[NewContact]) -> _Making:
        if not contacts:
            return self
        made = self._create([New(each.phone, each.properties) for each in contacts])
        moved = self._give_keys_back(made)
        again = self._create([New(c.phone, c.properties) for c in contacts if c.phone in moved])
        kept = again.found & moved
        for phone in kept:
            # HubSpot did not take the key from a contact that no longer carries the phone.
            del self.ids[phone]
        self._use_existing([each for each in contacts if each.phone in self.words], made)
        plain = self._create([New(c.phone, c.reduced) for c in contacts if c.phone in self.words])
        keyless = made.deleted | again.deleted | plain.deleted | kept
        self._without_key([each for each in contacts if each.phone in keyless])
        return self

    def _create(self, inputs: Sequence[New]) -> Created:
        """Create each, and note its id or HubSpot's words."""
        if not inputs:
            return Created()
        made = create_all(self._hubspot, self._writer.finder, "contacts", inputs)
        for each in inputs:
            self.words.pop(each.key, None)
        self.created |= made.done.keys() - made.found
        self.ids.update({phone: record.id for phone, record in made.done.items()})
        self.words.update({phone: refusal.message for phone, refusal in made.refused.items()})
        return made

    def _give_keys_back(self, made: Created) -> set[str]:
        """A contact that no longer carries the phone gives our key back; then there is room."""
        taken = {phone: made.done[phone].id for phone in made.found}
        if not taken:
            return set()
        there = self._hubspot.read("contacts", taken.values(), PHONES["contacts"])
        moved = {
            phone: id_
            for phone, id_ in taken.items()
            if id_ in there and not _carries(phone, there[id_].properties)
        }
        changes = [Change(id_, {KEY: ""}, phone) for phone, id_ in moved.items()]
        batch = self._hubspot.update("contacts", changes)
        if batch.unanswered:
            raise batch.trouble or Unavailable(
                "hubspot", "HubSpot did not give a key back", reason="down", wait=5
            )
        for phone in moved:
            del self.ids[phone]
        return set(moved)

    def _use_existing(self, contacts: Sequence[NewContact], made: Created) -> None:
        """HubSpot refuses a second contact of one e-mail: the first one is meant then.

        The refusal names it where the e-mail is only a further one of that contact.
        """
        with_email = [each for each in contacts if "email" in each.properties]
        if not with_email:
            return
        emails = {each.properties["email"].lower(): each.phone for each in with_email}
        there = self._hubspot.read("contacts", emails, ("email",), id_property="email")
        for each in with_email:
            self._use(each.phone, there.get(each.properties["email"].lower()))
        named = {
            phone: refusal.existing
            for phone, refusal in made.refused.items()
            if phone in self.words and refusal.existing
        }
        if named:
            alive = self._hubspot.read("contacts", named.values(), ("email",))
            for phone, id_ in named.items():
                self._use(phone, alive.get(id_))

    def _use(self, phone: str, found: Record | None) -> None:
        if found is not None:
            self.ids[phone] = found.id
            self.words.pop(phone, None)

    def _without_key(self, contacts: Sequence[NewContact]) -> None:
        """The key's owner lies in the recycle bin and keeps it: make the contact without."""
        for each in contacts:
            for properties in (each.properties, each.reduced):
                if each.phone not in self.ids:
                    self._create_plain(each.phone, properties)

    def _create_plain(self, phone: str, properties: Mapping[str, str]) -> None:
        plain = {name: text for name, text in properties.items() if name != KEY}
        batch = self._hubspot.create("contacts", [New(phone, plain)])
        if batch.unanswered:
            raise batch.trouble or Unavailable(
                "hubspot", "HubSpot did not say what it created", reason="down", wait=5
            )
        if phone in batch.done:
            self.ids[phone] = batch.done[phone].id
            self.created.add(phone)
            self.words.pop(phone, None)
        elif refusal := batch.refused.get(phone) or batch.whole:
            self.words[phone] = refusal.message


def _carries(phone: str, properties: Mapping[str, str | None]) -> bool:
    parsed, country = parse_phone(phone, None), home_country(phone)
    typed = [text for name in PHONES["contacts"] if (text := properties.get(name))]
    return parsed is None or any(same_phone(text, parsed, country) for text in typed)
