"""Steps of the tests of tickets."""

from product import KNOWN, START, split

from sandbox.traffic import Story, call_events

JEANNE = "11349275740"

VOICEMAIL = Story(late_voicemail=True)


def with_tickets(product, **stages):
    product.set(
        tickets__pipeline="0", **{f"tickets__stages__{kind}": at for kind, at in stages.items()}
    )


def missed(id_=1, phone=KNOWN):
    return call_events(id_, "inbound_missed", start=START, phone=phone)


def late_voicemail():
    """Return the deliveries up to the missed call's end, and those from its voicemail on."""
    events = call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL)
    return split(events, "call.voicemail_left")


def stages(product):
    return dict(product.shop.revisions.current().settings.tickets.stages)


def linked(product, kind, id_):
    return {name: set(ids) for name, ids in product.one(kind, id_)["associations"].items()}
