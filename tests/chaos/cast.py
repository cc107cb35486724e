"""Who takes part in the chaos: our lines and agents, people and firms that HubSpot knows."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

JEANNE, OMAR = "11349275740", "11349275741"
"""HubSpot owners of the sandbox."""
FALLBACK = OMAR


@dataclass(frozen=True)
class Line:
    """One Aircall number of ours."""

    id: int
    name: str
    digits: str
    country: str
    time_zone: str


FRANCE = Line(1001, "Sales France", "+33 1 99 00 01 23", "FR", "Europe/Paris")
AMERICA = Line(1002, "Support US", "+1 202-555-0142", "US", "America/New_York")
BERLIN = Line(1003, "Berlin", "+49 30 23125000", "DE", "Europe/Berlin")
UNCONNECTED = Line(1099, "Reception", "+33 1 99 00 09 99", "FR", "Europe/Paris")
LINES = {line.country: line for line in (FRANCE, AMERICA, BERLIN)}


@dataclass(frozen=True)
class Agent:
    """An Aircall user, and the HubSpot owner that this e-mail belongs to."""

    id: int
    name: str
    email: str
    owner: str | None


AGENTS = (
    Agent(456, "Jeanne Martin", "jeanne.martin@example.com", JEANNE),
    Agent(456, "Jeanne Martin", "Jeanne.MARTIN@Example.com", JEANNE),
    Agent(457, "Omar Haddad", "omar.haddad@example.com", OMAR),
    Agent(498, "Nora Nowhere", "nora.nowhere@example.com", None),
    Agent(459, "Left Agent", "left.agent@example.com", None),
)


@dataclass(frozen=True)
class Party:
    """The other side of an interaction: what Aircall sends of it."""

    role: str
    raw: str
    country: str = "FR"
    person: dict[str, Any] | None = None
    """Aircall's own contact, as in a payload."""


@dataclass(frozen=True)
class Seed:
    """A contact that HubSpot has before the first event."""

    key: str
    properties: dict[str, str]
    company: str | None = None
    newest: bool = False
    """Edited last of those who share its phone."""


@dataclass(frozen=True)
class Cast:
    """Everybody, from one seed of chance."""

    contacts: tuple[Seed, ...]
    companies: dict[str, dict[str, str]]
    phones: dict[str, str]
    """Digits that exactly one contact must be found by -> its key."""
    emails: dict[str, str]
    company_phones: dict[str, str]
    parties: dict[str, list[Party]] = field(default_factory=dict)


def shown(digits: str, dice: Random) -> str:
    """E.164 as Aircall displays it: mostly with spaces."""
    country = "+1" if digits.startswith("+1") else digits[:3]
    rest = digits[len(country) :]
    if country == "+1":
        pretty = f"+1 {rest[:3]}-{rest[3:6]}-{rest[6:]}"
    elif country == "+33":
        pretty = f"+33 {rest[0]} " + " ".join(rest[i : i + 2] for i in range(1, 9, 2))
    else:
        pretty = f"{country} {rest[:2]} {rest[2:]}"
    return pretty if dice.random() < 0.8 else digits


def typed(digits: str, dice: Random) -> str:
    """The same phone as somebody may have typed it into HubSpot."""
    if digits.startswith("+33"):
        national = "0" + digits[3:]
        pairs = [national[i : i + 2] for i in range(0, 10, 2)]
        return dice.choice(
            [
                *(digits, " ".join(pairs), ".".join(pairs), "-".join(pairs), national),
                *(f"+33 (0){digits[3]} {digits[4:]}", "0033" + digits[3:], " " + digits + " "),
            ]
        )
    if digits.startswith("+49"):
        return dice.choice([digits, f"0{digits[3:5]} / {digits[5:]}", f"+49 (0){digits[3:]}"])
    local = digits[2:]
    return dice.choice(
        [digits, f"({local[:3]}) {local[3:6]}-{local[6:]}", f"{local[:3]}.{local[3:6]}.{local[6:]}"]
    )


def person(number: int, first: str, last: str, phone: str, email: str | None) -> dict[str, Any]:
    """An Aircall contact as payloads carry it."""
    emails = [{"id": number + 1, "label": "Work", "value": email}] if email else []
    return {
        "id": number,
        "direct_link": f"https://api.aircall.io/v1/contacts/{number}",
        "first_name": first,
        "last_name": last,
        "company_name": None,
        "information": None,
        "is_shared": True,
        "phone_numbers": [{"id": number + 2, "label": "Work", "value": phone}],
        "emails": emails,
    }


_BLOCKS = {"FR": "+331992{:05d}", "US": "+120255{:05d}", "DE": "+494066{:05d}"}
_COUNTRIES = {"FR": "France", "US": "United States", "DE": "Germany"}


def cast(seed: int) -> Cast:
    """Cast everybody: known in odd spellings, sharing a phone, firms, known by e-mail, unknown."""
    dice = Random(seed)
    made = Cast((), {f"firm{n}": {"name": f"Chaos Firm {n}"} for n in range(10)}, {}, {}, {}, {})
    contacts: list[Seed] = []

    def enter(role: str, digits: str, country: str, of: dict[str, Any] | None) -> None:
        party = Party(role, shown(digits, dice), country, of)
        made.parties.setdefault(role, []).append(party)

    def seeded(key: str, digits: str, country: str, **more: Any) -> None:
        name = "mobilephone" if dice.random() < 0.3 else "phone"
        properties = {
            "firstname": "Known",
            "lastname": key,
            "country": _COUNTRIES[country],
            name: typed(digits, dice),
        }
        if dice.random() < 0.5:
            properties["hubspot_owner_id"] = dice.choice((JEANNE, OMAR))
        contacts.append(Seed(key, properties, **more))

    for n in range(140):
        country = dice.choice(("FR", "FR", "FR", "US", "DE"))
        digits = _BLOCKS[country].format(10_000 + n)
        firm = f"firm{n % 10}" if dice.random() < 0.3 else None
        seeded(f"known{n}", digits, country, company=firm)
        made.phones[digits] = f"known{n}"
        known = person(50_000 + 9 * n, "Known", f"Caller {n}", digits, None)
        enter("known", digits, country, known if n % 2 else None)
    for n in range(12):
        digits = _BLOCKS["FR"].format(20_000 + n)
        seeded(f"shared{n}a", digits, "FR", newest=n % 2 == 0)
        seeded(f"shared{n}b", digits, "FR", newest=n % 2 == 1)
        made.phones[digits] = f"shared{n}{'a' if n % 2 == 0 else 'b'}"
        enter("shared", digits, "FR", None)
    for n in range(12):
        digits = _BLOCKS["FR"].format(30_000 + n)
        made.companies[f"desk{n}"] = {"name": f"Desk {n}", "phone": typed(digits, dice)}
        made.company_phones[digits] = f"desk{n}"
        enter("company", digits, "FR", None)
    for n in range(16):
        digits = _BLOCKS["FR"].format(40_000 + n)
        email = f"by.mail{n}@example.org"
        contacts.append(Seed(f"mail{n}", {"firstname": "Mail", "lastname": str(n), "email": email}))
        made.emails[email] = f"mail{n}"
        enter("mail", digits, "FR", person(60_000 + 9 * n, "Mail", str(n), digits, email))
    for n in range(210):
        country = dice.choice(("FR", "FR", "US", "DE"))
        digits = _BLOCKS[country].format(53_000 + n)
        enter("unknown", digits, country, _stranger(n, digits, dice))
    for n in range(40):
        # whoever is ignored, or only one of a group, is never made a contact
        enter("untold", _BLOCKS["FR"].format(60_000 + n), "FR", None)
    made.parties["own line"] = [Party("own line", FRANCE.digits), Party("own line", AMERICA.digits)]
    made.parties["anonymous"] = [Party("anonymous", "anonymous")]
    made.parties["short"] = [Party("short", "112"), Party("short", "3631")]
    return Cast(
        tuple(contacts),
        made.companies,
        made.phones,
        made.emails,
        made.company_phones,
        made.parties,
    )


def _stranger(n: int, digits: str, dice: Random) -> dict[str, Any] | None:
    """Half of the unknown phones have an Aircall contact; some of those an impossible e-mail."""
    if n % 2:
        return None
    email = dice.choice((f"stranger{n}@example.org", None, "not an e-mail"))
    return person(70_000 + 9 * n, f"Stranger{n}", "O'Neil <b>", digits, email)
