"""A company's webhooks as tests make and read them, and what is said of ours."""

from rules.settings import Settings
from sandbox.aircall import webhooks as at_aircall
from settings.environment import load_environment
from store.tombstone import DELETED
from sync import slices
from sync.webhook.events import EVENTS
from sync.webhook.mending import REPAIR
from tests.worker.product import ADMIN, Product
from worker.nudge import BACKGROUND, queue
from worker.workshop import build_workshop

PUBLIC = "https://phone.example.com"
URL = f"{PUBLIC}/aircall/webhook"
NAME = "Aircall – HubSpot"


def settled(product: Product, monkeypatch, public_url: str | None) -> Product:
    """Let the product's jobs know this PUBLIC_URL."""
    variables = {**product.variables, **({"PUBLIC_URL": public_url} if public_url else {})}
    variables.pop("AIRCALL_WEBHOOK_TOKEN")
    product.environment = load_environment(variables, dotenv="")
    product.shop = build_workshop(product.environment, product.file)
    monkeypatch.setattr(slices, "workshop", lambda: product.shop)
    return product


def hooks(product) -> dict:
    """The webhooks with our address, by id."""
    every = product.aircall.office.webhooks
    return {id_: hook for id_, hook in every.items() if hook["url"] == URL}


def ours(product) -> dict:
    (hook,) = hooks(product).values()
    return hook


def add(product, url: str = URL, name: str = NAME, **values) -> dict:
    """Make a webhook as a person does."""
    every = product.aircall.office.webhooks
    id_ = f"{len(every):08}-0000-4000-8000-000000000000"
    at = "2026-09-01T09:00:00.000Z"
    every[id_] = at_aircall.webhook(id_, url, name, EVENTS, f"token-{id_}", at)
    every[id_].update(values)
    return every[id_]


def asked(product, since: int = 0) -> list[str]:
    return [each.method for each in product.aircall.requests[since:] if "/webhooks" in each.path]


def notices(product) -> dict[str, str]:
    return {each.name: each.sentence for each in product.shop.alerts.notices()}


def repairs(product) -> int:
    jobs = queue(product.redis, BACKGROUND)
    names = [jobs.fetch_job(id_).func_name for id_ in jobs.job_ids]
    return names.count(REPAIR)


def delete(product) -> None:
    revisions = product.shop.revisions
    number = revisions.current().number
    revisions.save(Settings(), ADMIN, number, DELETED, even_unchanged=True)
