"""What every Aircall webhook delivery shares: the envelope and the line it speaks of."""

from sandbox.aircall import company
from sandbox.aircall.webhooks import SEEDED_TOKEN
from sandbox.answer import Json


def envelope(
    event: str, timestamp: int, data: Json, token: str = SEEDED_TOKEN, resource: str = ""
) -> Json:
    """Return one webhook delivery; `timestamp` in UNIX seconds."""
    return {
        "resource": resource or event.partition(".")[0],
        "event": event,
        "timestamp": timestamp,
        "token": token,
        "data": data,
    }


def webhook_number(number_id: int, *, is_open: bool = True) -> Json:
    """Return a line as webhooks of calls show it: with E.164, without users."""
    return {
        **company.NUMBERS[number_id],
        "e164_digits": company.E164[number_id],
        "open": is_open,
    }
