"""Create records with what an admin would do about a refusal: drop a gone owner, follow a merge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clients.errors import NotFound, Rejected
from clients.hubspot import HubSpot
from clients.hubspot.records import Link, New
from rules.records import Message
from worker.drain.creating import Created, Finder, KeyFinder, create_all, forbidden
from worker.drain.fallback import SearchFinder
from worker.drain.work import SPOKEN, WITHOUT, Work

OWNER = "hubspot_owner_id"
Regather = Callable[[Work, str], str | None]
"""Looks again for the contact of a work, now that the one of this id is gone."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to one portal: by unique properties where it has them, else by searching."""

    hubspot: HubSpot
    finder: Finder
    regather: Regather

    def create(
        self,
        object_type: str,
        inputs: Sequence[New],
        verify: frozenset[str],
        works: Mapping[str, Work],
    ) -> Created:
        """Create each once; what is refused for its owner or a link is tried once more without.

        Each deviation is noted in the work of that key, and its contacts are those really linked.
        Raises Unavailable and LeaseLostError.
        """
        made = self._once(object_type, inputs, verify)
        self._complete_links(object_type, inputs, made)
        rescued = self._rescued(object_type, inputs, made, works)
        if rescued:
            again = self._once(object_type, rescued, frozenset())
            made.done.update(again.done)
            made.found.update(again.found)
            made.taken.update(again.taken)
            made.deleted.update(again.deleted)
            made.ownerless.update(each.key for each in rescued if OWNER not in each.properties)
            for each in rescued:
                made.refused.pop(each.key, None)
            made.refused.update(again.refused)
        return made

    def _once(self, object_type: str, inputs: Sequence[New], verify: frozenset[str]) -> Created:
        return create_all(self.hubspot, self.finder, object_type, inputs, verify)

    def _complete_links(self, object_type: str, inputs: Sequence[New], made: Created) -> None:
        """A record that was there already may lack links that a former try did not come to."""
        pairs: dict[str, list[tuple[str, str]]] = {}
        for each in inputs:
            if each.key in made.found:
                for link in each.links:
                    pairs.setdefault(link.to_type, []).append((made.done[each.key].id, link.to_id))
        for to_type, those in pairs.items():
            try:
                self.hubspot.associate(object_type, to_type, those)
            except (Rejected, NotFound):
                # Links to records that are gone: the record itself is there.
                continue

    def _rescued(
        self,
        object_type: str,
        inputs: Sequence[New],
        made: Created,
        works: Mapping[str, Work],
    ) -> list[New]:
        """Return what is worth a second try: without the refused owner, with living links."""
        refused = [
            each
            for each in inputs
            if each.key in made.refused and not forbidden(made.refused[each.key])
        ]
        if not refused:
            return []
        alive = self._alive([link for each in refused for link in each.links])
        rescued = []
        for each in refused:
            better, work = each, works[each.key]
            spoken = SPOKEN[object_type]
            if OWNER in made.refused[each.key].properties and OWNER in each.properties:
                work.notes.append(f"{spoken}: HubSpot refused the owner, written without")
                work.owner_refused = True
                rest = {name: text for name, text in each.properties.items() if name != OWNER}
                better = replace(better, properties=rest)
            if any(alive[link] != link.to_id for link in each.links):
                work.notes.append(f"{spoken}: a linked record was merged or deleted")
                better = replace(better, links=self._relinked(object_type, work, each.links, alive))
            if better != each and not work.anew:
                rescued.append(better)
        return rescued

    def _relinked(
        self,
        object_type: str,
        work: Work,
        links: Sequence[Link],
        alive: Mapping[Link, str | None],
    ) -> tuple[Link, ...]:
        """Follow each link, gather a deleted contact again, and leave out what is gone."""
        now: dict[Link, None] = {}
        for link in links:
            id_ = alive[link]
            if id_ is None and link.to_type == "contacts":
                id_ = self.regather(work, link.to_id)
                if object_type != "tickets":
                    _contact_gone(work, id_)
            if id_ is not None:
                now[Link(link.to_type, id_)] = None
        work.contacts = tuple(link.to_id for link in now if link.to_type == "contacts")
        companies = [link.to_id for link in now if link.to_type == "companies"]
        work.company = companies[0] if companies else None
        return tuple(now)

    def _alive(self, links: Sequence[Link]) -> dict[Link, str | None]:
        """Follow each link to the id of the record it leads to now; None if that is gone."""
        alive: dict[Link, str | None] = {}
        for to_type in sorted({link.to_type for link in links}):
            ids = sorted({link.to_id for link in links if link.to_type == to_type})
            there = self.hubspot.read(to_type, ids, ("hs_object_id",))
            for id_ in ids:
                now = there.get(id_)
                alive[Link(to_type, id_)] = now.id if now else None
        return alive


def _contact_gone(work: Work, instead: str | None) -> None:
    """Tell what becomes of an activity, not yet made, whose contact was deleted.

    Where no other is found it is planned once more, for the rules may want one made; should that
    contact be gone as well, it is logged without.
    """
    in_group = isinstance(work.interaction, Message) and work.interaction.group
    if instead is not None:
        work.tell_contact("the contact was deleted in HubSpot: another one was found instead")
    elif in_group:
        work.tell_contact(f"{work.plan_.choices['contact']}; one of them was deleted in HubSpot")
    elif work.planned_anew:
        work.tell_contact(WITHOUT)
    else:
        work.anew = True


def writer_for(hubspot: HubSpot, regather: Regather) -> Writer:
    """Build a writer that finds records by their keys, and those without as well as may be."""
    finder = KeyFinder(hubspot, SearchFinder(hubspot))
    return Writer(hubspot, finder, regather)
