"""Steps of the tests of missing pipelines and stages."""

import json

from clients.http import Times
from sandbox.traffic import call_events
from store import keys
from tests.worker.product import KNOWN, START

STAGE_GONE = "stage missing 0/2"

PIPELINE_GONE = "pipeline missing 81234567"

OMAR = 113493

QUICK = Times(connect=0.5, read=0.12, total=0.5)


def missed(id_=1):
    return call_events(id_, "inbound_missed", start=START, phone=KNOWN)


def stages(product):
    return {
        kind: stage for kind, stage in product.shop.revisions.current().settings.tickets.stages
        if stage
    }  # fmt: skip


def number(product):
    return product.shop.revisions.current().number


def about(product, name):
    return next(each.about for each in product.shop.alerts.open() if each.name == name)


def waiting_jobs(product):
    return product.redis.lrange("rq:queue:background", 0, -1)


def age(product, seconds):
    """Let the open alerts be so much older."""
    for name, raw in product.redis.hgetall(keys.ALERTS).items():
        entry = json.loads(raw)
        entry["since"] -= seconds * 1000
        product.redis.hset(keys.ALERTS, name, json.dumps(entry))
