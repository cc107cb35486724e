"""The company of the sandbox: its lines, users, teams and tags, as the REST API shows them."""

from sandbox.answer import Json

API = "https://api.aircall.io"
MADE_AT = "2024-01-02T11:41:01.000Z"
_SOUNDS = (
    "welcome waiting ringing_tone unanswered_call after_hours ivr voicemail closed callback_later"
)
MESSAGES = {name: f"https://cdn.example.com/{name}.mp3" for name in _SOUNDS.split()}
# id, name, digits as shown, E.164, country, time zone, has an IVR, user
_NUMBERS = (
    (1001, "Sales France", "+33 1 99 00 01 23", "+33199000123", "FR", "Europe/Paris", True, 456),
    (1002, "Support US", "+1 202-555-0142", "+12025550142", "US", "America/New_York", False, 457),
    (1003, "Berlin", "+49 30 23125000", "+493023125000", "DE", "Europe/Berlin", False, 458),
)
# id, name, e-mail, time zone, language; the last two have no HubSpot owner
_USERS = (
    (456, "Jeanne Martin", "jeanne.martin@example.com", "Europe/Paris", "fr-FR"),
    (457, "Omar Haddad", "Omar.Haddad@example.com", "America/New_York", "en-US"),
    (458, "Sofia Lindqvist", "sofia.lindqvist@example.com", "Europe/Berlin", "de-DE"),
    (459, "Left Agent", "left.agent@example.com", "Europe/Paris", "en-US"),
    (460, "Nobody Known", "nobody.known@example.com", "Europe/Paris", "en-US"),
)
_TAGS = ((31, "Quote", "#00B388"), (32, "Hot lead", "#F00000"), (33, "VIP", "#FFC700"))


def number(row: tuple[int, str, str, str, str, str, bool, int]) -> Json:
    """Return a number as nested objects show it (without users and E.164)."""
    id_, name, digits, _, country, zone, has_ivr, _ = row
    return {
        "id": id_,
        "direct_link": f"{API}/v1/numbers/{id_}",
        "name": name,
        "digits": digits,
        "created_at": MADE_AT,
        "country": country,
        "time_zone": zone,
        "open": True,
        "availability_status": "custom",
        "is_ivr": has_ivr,
        "live_recording_activated": True,
        "priority": None,
        "messages": MESSAGES,
    }


def brief(user: Json) -> Json:
    """Return the few fields of a user that authors of tags and comments show."""
    shown = {name: user[name] for name in ("id", "name", "email")}
    return {**shown, "direct_link": f"{API}/v1/users/{user['id']}"}


def nested(user: Json) -> Json:
    """Return a user as calls show it, linked through v1 and without its settings."""
    kept = ("id", "name", "email", "available", "availability_status", "created_at")
    shown = {name: user[name] for name in (*kept, "time_zone", "language")}
    return {**shown, "direct_link": f"{API}/v1/users/{user['id']}"}


USERS: dict[int, Json] = {
    id_: {
        "id": id_,
        "direct_link": f"{API}/v2/users/{id_}",
        "name": name,
        "email": email,
        "created_at": "2024-02-18T20:52:22.000Z",
        "available": True,
        "availability_status": "available",
        "substatus": "always_open",
        "time_zone": zone,
        "language": language,
        "wrap_up_time": 0,
    }
    for id_, name, email, zone, language in _USERS
}
NUMBERS: dict[int, Json] = {row[0]: number(row) for row in _NUMBERS}
E164: dict[int, str] = {row[0]: row[3] for row in _NUMBERS}
NUMBER_USERS: dict[int, int] = {row[0]: row[7] for row in _NUMBERS}
TEAMS: dict[int, Json] = {
    678: {
        "id": 678,
        "direct_link": f"{API}/v1/teams/678",
        "name": "Sales",
        "created_at": MADE_AT,
    }
}
TAGS: dict[int, Json] = {
    id_: {"id": id_, "name": name, "color": color, "description": None}
    for id_, name, color in _TAGS
}
CONTACTS: dict[int, Json] = {
    710: {
        "id": 710,
        "direct_link": f"{API}/v1/contacts/710",
        "first_name": "Claire",
        "last_name": "Dubois",
        "company_name": "Atelier Dubois",
        "information": "external_custom_id:87123",
        "is_shared": True,
        "created_at": 1781360000,
        "updated_at": 1789913600,
        "phone_numbers": [{"id": 9001, "label": "Work", "value": "+33199004567"}],
        "emails": [{"id": 9101, "label": "Work", "value": "claire.dubois@example.com"}],
    }
}
