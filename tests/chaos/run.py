"""One run of the chaos from its seed to its findings."""

import time
from dataclasses import dataclass, replace

import redis

from sandbox.faults import KINDS
from sandbox.server import Sandbox
from tests.chaos.cast import cast
from tests.chaos.compare import Findings, compare
from tests.chaos.history import check_history
from tests.chaos.model import Expected, expected
from tests.chaos.nemesis import Nemesis, all_struck, arm, timetable, until
from tests.chaos.seeding import seed as seed_hubspot
from tests.chaos.sender import Sender
from tests.chaos.traffic import Interaction, deliveries, interactions
from tests.chaos.wishes import SETTINGS
from tests.chaos.world import World

AT_REST = ("ah:owner", "ah:tries", "ah:failures", "ah:draining", "ah:mark:*", "ah:new:*")
EXPLAINED = 12


@dataclass(frozen=True)
class Plan:
    """How a run goes; all times in seconds."""

    seed: int
    count: int = 1000
    sending: float = 70.0
    stop_for: float | None = 60.0
    strike: float = 150.0
    """At most, after everything was sent, until each armed fault has happened."""
    settle: float = 150.0
    """At most, without faults, until nothing waits."""
    unique: bool = True
    apart: int = 1
    """Creates from one that is not plainly answered to the next."""


def run(plan: Plan) -> str:
    """Run it all; answer what is wrong, in words, or nothing."""
    began = time.monotonic()
    with Sandbox() as sandbox:
        hubspot = sandbox.hubspot.world
        people = cast(plan.seed)
        book = seed_hubspot(hubspot, people)
        if not plan.unique:
            hubspot.switches.no_unique_on = frozenset(
                ("contacts", "calls", "communications", "tickets")
            )
        hubspot.switches.search_lag = 1.0
        hubspot.limits(burst=100, search=5)
        before = hubspot.dump()
        made = interactions(people, plan.count, int(time.time()) - 5 * 3600, plan.seed)
        wanted = [expected(one.events, one.id, book) for one in made]
        world = World(sandbox, SETTINGS)
        try:
            world.start()
            arm(hubspot, plan.seed, apart=plan.apart)
            sender = Sender(
                f"{world.url}/aircall/webhook", deliveries(made, plan.sending, plan.seed)
            )
            nemesis = Nemesis(world, timetable(plan.sending, plan.seed, stop_for=plan.stop_for))
            sender.start()
            nemesis.start()
            findings = Findings()
            if not until(lambda: sender.done and nemesis.over, plan.sending + 30):
                findings.say("delivery", f"not all was answered: {sender.answers}")
            until(lambda: all_struck(hubspot), plan.strike)
            hubspot.faults.clear()
            calm = time.monotonic()
            if not until(lambda: world.metric("aircall_hubspot_waiting") == 0, plan.settle, 0.25):
                waiting = world.metric("aircall_hubspot_waiting")
                findings.say("waiting", f"{waiting} after {plan.settle} s without faults")
            settled = time.monotonic()
            _check_rest(world, findings)
            portal = hubspot.dump()
            world.keep("hubspot.json", {"requests": hubspot.log(), "portal": portal})
            findings.wrong.update(compare(wanted, portal, before).wrong)
            check_history(wanted, portal, before, hubspot.history, findings)
            _check_run(sandbox, world, sender, nemesis, findings)
            _check_counts(world, wanted, findings)
            print(  # noqa: T201 - shown by pytest -s and on failure
                f"seed {plan.seed}: {len(made)} interactions, answers {sender.answers}, slowest "
                f"{sender.slowest:.2f} s, longest outage {sender.outage:.1f} s, HubSpot "
                f"{hubspot.count()} requests, deeds {dict(nemesis.done)}, "
                f"calm at {calm - began:.0f} s, settled "
                f"{settled - calm:.0f} s later, {time.monotonic() - began:.0f} s in all"
            )
            return _told(findings, made, wanted, world, plan)
        finally:
            world.close()


def _check_rest(world: World, findings: Findings) -> None:
    """Nothing is left in Redis that only belongs to work on its way."""
    with redis.Redis.from_url(world.redis_url) as client:

        def left() -> list[bytes]:
            return [key for pattern in AT_REST for key in client.keys(pattern)]

        if not until(lambda: not left(), 8.0, 0.2):
            for key in left()[:20]:
                findings.say("Redis at rest", f"{key!r}: {_content(client, key)[:500]}")


def _content(client: redis.Redis, key: bytes) -> str:
    kind = client.type(key)
    if kind == b"hash":
        return str(client.hgetall(key))
    if kind == b"zset":
        return str(client.zrange(key, 0, 20, withscores=True))
    return str(client.lrange(key, 0, 5) if kind == b"list" else client.get(key))


def _check_run(
    sandbox: Sandbox,
    world: World,
    sender: Sender,
    nemesis: Nemesis,
    findings: Findings,
) -> None:
    """The run itself: everything planned went wrong, and nothing else did."""
    for side in (sandbox.hubspot.world, sandbox.aircall.world):
        for surprise in side.surprises[:20]:
            findings.say("surprises", surprise)
    if sandbox.hubspot.world.too_many:
        findings.say("limits", f"{sandbox.hubspot.world.too_many} answers of 429 by our making")
    for sentence in sender.wrong:
        findings.say("answers", sentence)
    struck = {kind for _, _, kind in sandbox.hubspot.world.faults.struck}
    findings.expect("faults", "kinds that happened", struck, set(KINDS))
    findings.expect("deeds", "done", nemesis.done.total(), nemesis.planned)
    for kept in world.kept.values():
        for death in kept.died:
            findings.say("died", death)


def _check_counts(world: World, wanted: list[Expected], findings: Findings) -> None:
    """Each interaction was counted once, by its result."""
    fates = [one.fate for one in wanted]
    with redis.Redis.from_url(world.redis_url, decode_responses=True) as client:
        totals = {name: int(number) for name, number in client.hgetall("ah:totals").items()}
    ignored = len(fates) - fates.count("logged") - fates.count("pending")
    for result, number in (("logged", fates.count("logged")), ("ignored", ignored), ("failed", 0)):
        counted = sum(many for name, many in totals.items() if name.startswith(f"{result}|"))
        findings.expect("counts", result, counted, number)


def _told(
    findings: Findings,
    made: list[Interaction],
    wanted: list[Expected],
    world: World,
    plan: Plan,
) -> str:
    """Everything a person needs to look into what is wrong: events, the model's word, ours."""
    if not findings.wrong:
        return ""
    kinds = {one.id: one for one in made}
    model = {one.id: replace(one, outcomes=()) for one in wanted}
    lines = [f"seed {plan.seed}, unique {plan.unique}: {len(findings.wrong)} are wrong"]
    ordered = sorted(findings.wrong, key=lambda about: about in kinds)
    for n, about in enumerate(ordered[:40]):
        lines.append(f"\n{about}: " + "\n    ".join(findings.wrong[about][:10]))
        if about in kinds and n < EXPLAINED:
            one = kinds[about]
            lines.append(f"  role {one.party.role}, kind {one.kind}, {one.party.raw}")
            peers = [each for each in made if each.party.raw == one.party.raw and each is not one]
            lines += [f"  same phone {each.id} {each.kind}" for each in peers[:6]]
            lines += [f"  sent {event['timestamp']} {event['event']}" for event in one.events]
            lines.append(f"  model {model[about]}")
            lines.append(f"  product {world.explain(about)}")
    return "\n".join(lines)
