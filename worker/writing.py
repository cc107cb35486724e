"""Create records with what an admin would do about a refusal: drop a gone owner, follow a merge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clients.errors import Rejected
from clients.hubspot import HubSpot
from clients.hubspot.records import Link, New
from store.directory import Directory
from worker.creating import Created, Finder, UniqueFinder, create_all
from worker.fallback import SearchFinder

OWNER = "hubspot_owner_id"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to one portal: by unique properties where it has them, else by searching."""

    hubspot: HubSpot
    finder: Callable[[str], Finder]
    unique: Mapping[str, bool]

    def create(
        self,
        object_type: str,
        inputs: Sequence[New],
        verify: frozenset[str],
        note: Callable[[str, str], None],
    ) -> Created:
        """Create each once; what is refused for its owner or a link is tried once more without.

        `note(key, sentence)` is told of each deviation. Raises Unavailable and LeaseLostError.
        """
        made = self._once(object_type, inputs, verify)
        self._complete_links(object_type, inputs, made)
        rescued = self._rescued(object_type, inputs, made, note)
        if rescued:
            again = self._once(object_type, rescued, frozenset())
            made.done.update(again.done)
            made.deleted.update(again.deleted)
            for each in rescued:
                if each.key not in again.refused:
                    made.refused.pop(each.key, None)
                else:
                    made.refused[each.key] = again.refused[each.key]
        return made

    def _once(self, object_type: str, inputs: Sequence[New], verify: frozenset[str]) -> Created:
        return create_all(
            self.hubspot,
            self.finder(object_type),
            object_type,
            inputs,
            unique=self.unique.get(object_type, False),
            verify=verify,
        )

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
            except Rejected:
                # Links to records that are gone: the record itself is there.
                continue

    def _rescued(
        self,
        object_type: str,
        inputs: Sequence[New],
        made: Created,
        note: Callable[[str, str], None],
    ) -> list[New]:
        refused = [each for each in inputs if each.key in made.refused]
        alive = self._alive([link for each in refused for link in each.links]) if refused else {}
        rescued = []
        for each in refused:
            better = each
            if OWNER in made.refused[each.key].properties and OWNER in each.properties:
                note(each.key, f"{object_type}: HubSpot refused the owner, written without")
                rest = {name: text for name, text in each.properties.items() if name != OWNER}
                better = replace(better, properties=rest)
            links = tuple(dict.fromkeys(alive[link] for link in each.links if alive.get(link)))
            if links != each.links:
                note(each.key, f"{object_type}: a linked record was merged or deleted")
                better = replace(better, links=tuple(link for link in links if link))
            if better != each:
                rescued.append(better)
        return rescued

    def _alive(self, links: Sequence[Link]) -> dict[Link, Link | None]:
        """Follow each link to the record it leads to now; None if that is gone."""
        alive: dict[Link, Link | None] = {}
        for to_type in {link.to_type for link in links}:
            ids = [link.to_id for link in links if link.to_type == to_type]
            there = self.hubspot.read(to_type, ids, ("hs_object_id",))
            for id_ in ids:
                now = there.get(id_)
                alive[Link(to_type, id_)] = Link(to_type, now.id) if now else None
        return alive


def writer_for(hubspot: HubSpot, directory: Directory) -> Writer:
    """Build a writer for what the portal allows."""
    unique = directory.unique or {}
    by_key, by_search = UniqueFinder(hubspot), SearchFinder(hubspot)
    return Writer(hubspot, lambda kind: by_key if unique.get(kind) else by_search, unique)
