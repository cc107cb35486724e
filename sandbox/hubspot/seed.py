"""What the sandbox's portal holds at the start: owners, pipelines, companies, contacts."""

from sandbox.hubspot.associations import link
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Owner, Pipeline, Stage

SEEDED_AT = 1_756_000_000.0
OWNERS = (
    Owner("11349275740", "jeanne.martin@example.com", "Jeanne", "Martin", 113492),
    Owner("11349275741", "omar.haddad@example.com", "Omar", "Haddad", 113493),
    Owner("11349275742", "Sofia.Lindqvist@example.com", "Sofia", "Lindqvist", 113494),
    Owner("11349275750", "left.agent@example.com", "Left", "Agent", 113495, archived=True),
)
PIPELINES = (
    Pipeline(
        "0",
        "Support Pipeline",
        0,
        (
            Stage("1", "New", 0),
            Stage("2", "Waiting on contact", 1),
            Stage("3", "Waiting on us", 2),
            Stage("4", "Closed", 3, "CLOSED"),
        ),
    ),
    Pipeline(
        "81234567",
        "Call-backs",
        1,
        (Stage("158001", "To call back", 0), Stage("158002", "Done", 1, "CLOSED")),
        created="2026-02-01T00:00:00.000Z",
        updated="2026-08-01T00:00:00.000Z",
    ),
)
COMPANIES = (
    ("8001", {"name": "Atelier Dubois", "domain": "atelier-dubois.example", "country": "France"}),
    ("8002", {"name": "Nordlicht GmbH", "phone": "030 23125 014", "country": "Germany"}),
    ("8003", {"name": "Bright Harbor Inc.", "phone": "(202) 555-0190", "country": "United States"}),
    ("8004", {"name": "Maison Verte", "phone": "01 99 00 77 00"}),
    ("8005", {"name": "No Phone SA"}),
)
JEANNE, OMAR, GONE = "11349275740", "11349275741", "11349275750"
# id, first name, last name, e-mail, phone, mobile phone, owner, country
CONTACTS = (
    ("12345", "Claire", "Dubois", "claire.dubois@example.com", "01 99 00 45 67", "", JEANNE, ""),
    ("12346", "Marc", "Petit", "marc.petit@example.com", "+33 1 99 00 45 68", "", OMAR, ""),
    ("12347", "Lea", "Moreau", "lea.moreau@example.com", "", "06 39 98 00 12", "", ""),
    ("12348", "Hugo", "Bernard", "", "0033 1 99 00 45 70", "", "", ""),
    (
        "12349",
        "Ines",
        "Robert",
        "ines.robert@example.com",
        "01.99.00.45.71",
        "+33639980013",
        "",
        "",
    ),
    ("12350", "Paul", "Durand", "", "+33 (0)1 99 00 45 72", "", GONE, ""),
    ("12351", "Emma", "Shared", "emma.shared@example.com", "01 99 00 45 80", "", JEANNE, ""),
    ("12352", "Louis", "Shared", "louis.shared@example.com", "+33199004580", "", OMAR, ""),
    ("12353", "John", "Carter", "john.carter@example.com", "(202) 555-0177", "", "", "US"),
    ("12354", "Mary", "Stone", "mary.stone@example.com", "+1 202-555-0178", "", OMAR, ""),
    ("12355", "Bill", "Young", "", "202.555.0179", "", "", "United States"),
    ("12356", "Anna", "Schmidt", "anna.schmidt@example.com", "030 23125 017", "", "", "Germany"),
    ("12357", "Jonas", "Weber", "", "+49 30 23125018", "0171 39200 19", "", "DE"),
    ("12358", "Olivia", "Hill", "olivia.hill@example.com", "+44 20 7946 0018", "", "", ""),
    ("12359", "Noah", "Reed", "", "020 7946 0019", "", "", "United Kingdom"),
    ("12360", "Nina", "Mail", "nina.mail@example.com", "", "", JEANNE, ""),
    ("12361", "Odd", "Digits", "", "00004", "", "", ""),
    ("12362", "Ext", "Ension", "", "01 99 00 45 90 poste 12", "", "", ""),
    ("12363", "Two", "Numbers", "", "01 99 00 45 91", "06 39 98 00 14", OMAR, ""),
    ("12364", "Zoe", "Quiet", "zoe.quiet@example.com", "call me", "", "", ""),
)
NAMES = ("firstname", "lastname", "email", "phone", "mobilephone", "hubspot_owner_id", "country")


def seeded_portal() -> Portal:
    """Return the portal of the sandbox as it is at the start."""
    portal = Portal()
    portal.owners = {owner.id: owner for owner in OWNERS}
    portal.pipelines = {pipeline.id: pipeline for pipeline in PIPELINES}
    for id_, values in COMPANIES:
        portal.add("companies", values, SEEDED_AT, id_)
    for at, (id_, *texts) in enumerate(CONTACTS):
        values = {name: text for name, text in zip(NAMES, texts, strict=True) if text}
        portal.add("contacts", values, SEEDED_AT + at, id_)
    claire = portal.records["contacts"]["12345"]
    link(portal, claire, portal.records["companies"]["8001"], 1, SEEDED_AT)
    return portal
