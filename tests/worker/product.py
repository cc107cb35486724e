"""The product in one process beside the sandbox, for tests: deliver, drain, look at HubSpot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import redis

from rules.events import interaction_id, is_ending
from rules.settings import with_values
from sandbox.server import Sandbox
from settings.environment import load_environment
from settings.file import SettingsFile
from store.records import read_record
from store.settings import Author
from worker.directory import refresh
from worker.drain import Drain
from worker.workshop import Workshop, build_workshop

ADMIN = Author("admin", "U1", "Ada")
PARTS = (
    "numbers", "users", "tags", "owners", "outcomes", "pipelines", "account", "properties", "unique",
)  # fmt: skip


class Product:
    """One worker, the store and both stand-ins; deliveries enter as through the door."""

    def __init__(
        self, url: str, data_dir: Path, sandbox: Sandbox, file: SettingsFile | None = None
    ) -> None:
        self.sandbox = sandbox
        self.hubspot = sandbox.hubspot.world
        self.aircall = sandbox.aircall.world
        self.environment = load_environment(
            {
                "SLACK_BOT_TOKEN": "xoxb-sandbox",
                "SLACK_APP_TOKEN": "xapp-sandbox",
                "AIRCALL_API_ID": "sandbox-id",
                "AIRCALL_API_TOKEN": "sandbox-token",
                "AIRCALL_WEBHOOK_TOKEN": "sandbox-webhook-token",
                "HUBSPOT_ACCESS_TOKEN": "sandbox-hubspot-token",
                "HUBSPOT_BASE_URL": sandbox.hubspot.url,
                "AIRCALL_BASE_URL": sandbox.aircall.url,
                "REDIS_URL": url,
                "DATA_DIR": str(data_dir),
            },
            dotenv="",
        )
        limits = {"hubspot_burst": 100_000, "hubspot_search": 100_000, "aircall": 100_000}
        self.file = file or SettingsFile.model_validate({"limits": limits})
        self.shop: Workshop = build_workshop(self.environment, self.file)

    @property
    def redis(self) -> redis.Redis:
        return self.shop.connection

    def start(self, **settings: object) -> None:
        """Save the first settings (enabled, all numbers) and read the directory."""
        from rules.settings import Settings

        chosen = {"enabled": True, "numbers": "all", **settings}
        self.shop.revisions.save(with_values(Settings(), chosen), ADMIN, 0)
        failed = refresh(self.shop.directory, self.shop.hubspot, self.shop.aircall, PARTS)
        assert not failed
        self.hubspot.requests.clear() if hasattr(self.hubspot, "requests") else None

    def set(self, **settings: object) -> None:
        """Save these settings as the next revision."""
        current = self.shop.revisions.current()
        wanted = {path.replace("__", "."): value for path, value in settings.items()}
        self.shop.revisions.save(with_values(current.settings, wanted), ADMIN, current.number)

    def deliver(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Hand events in as the door's script does."""
        for event in events:
            rest = {name: value for name, value in event.items() if name != "token"}
            self.shop.due.enter(
                interaction_id(rest), json.dumps(rest), ending=is_ending(rest["event"])
            )

    def drain(self) -> None:
        """Drain until nothing is due."""
        while Drain(self.shop).run():
            pass

    def log(self, events: Iterable[Mapping[str, Any]]) -> None:
        self.deliver(events)
        self.drain()

    def record(self, id_: str) -> Any:
        return read_record(self.redis.get(f"ah:record:{id_}"))

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return the records of a type that are not archived, as the stand-in holds them."""
        return [
            {"id": id_, **record}
            for id_, record in self.hubspot.dump()[kind].items()
            if not record["archived"]
        ]

    def one(self, kind: str, aircall_id: str) -> dict[str, Any]:
        """Return the one record of ours."""
        found = [r for r in self.all(kind) if r["properties"].get("aircall_id") == aircall_id]
        assert len(found) == 1, f"{len(found)} {kind} of {aircall_id}"
        return found[0]
