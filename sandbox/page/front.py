"""What the page asks of the Slack stand-in's address: its files, and doors to all three worlds."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from sandbox.answer import Answer, Json, Misunderstood, json_answer
from sandbox.arrived import Names, arrivals
from sandbox.hubspot.world import HubSpotWorld
from sandbox.page import pipelines
from sandbox.page.files import file_at
from sandbox.page.phone import Phone
from sandbox.page.screen import screen, workspace
from sandbox.shapes import parse_object
from sandbox.slack.world import SlackWorld

DOORS = "/_sandbox/page/"
NEWEST = 200
"""More activities are not shown."""


class Front:
    """Answers for the page before the Slack world does; all else is None."""

    def __init__(self, slack: SlackWorld, hubspot: HubSpotWorld, phone: Phone) -> None:
        self.slack = slack
        self.hubspot = hubspot
        self.phone = phone

    def __call__(
        self, method: str, path: str, query: Mapping[str, str], body: bytes
    ) -> Answer | None:
        """Answer `GET /`, `/page/...`, `/_sandbox/page/...`; 400 with a sentence if it cannot.

        `workspace`, `screen?user=` and `arrived` are looked at; with the `tag` of an answer that
        is still true they answer 204. `phone` says what can happen, and lets it happen by POST;
        so do `pipelines` with what of them can be deleted and restored.
        """
        if not path.startswith(DOORS):
            return file_at(path) if method in ("GET", "HEAD") else None
        try:
            if method == "POST" and path == f"{DOORS}phone":
                return json_answer(200, self.phone.happen(parse_object(body)))
            if method == "POST" and path == f"{DOORS}pipelines":
                return json_answer(200, pipelines.change(self.hubspot, parse_object(body)))
            return tagged(self._look(path.removeprefix(DOORS), query), query.get("tag", ""))
        except Misunderstood as problem:
            return json_answer(400, {"message": problem.sentence})
        except (LookupError, ValueError) as problem:
            return json_answer(400, {"message": f"{type(problem).__name__}: {problem}"})

    def _look(self, what: str, query: Mapping[str, str]) -> Json:
        match what:
            case "workspace":
                return workspace(self.slack)
            case "screen":
                return screen(self.slack, query["user"])
            case "arrived":
                return arrived(self.hubspot)
            case "phone":
                return self.phone.offer()
            case "pipelines":
                return pipelines.shown(self.hubspot)
        raise Misunderstood(f"There is nothing to look at under {what}.")


def arrived(hubspot: HubSpotWorld) -> Json:
    """Return the newest activities in HubSpot, newest first, and how many there are in all."""
    with hubspot.lock:
        state = hubspot.state()
    stages = {
        stage["id"]: f"{pipeline['label']}: {stage['label']}"
        for pipeline in state["pipelines"]
        for stage in pipeline["stages"]
    }
    found = arrivals(state["objects"], Names(state["outcomes"], state["owners"], stages))
    newest = found[: -NEWEST - 1 : -1]
    return {"count": len(found), "arrivals": [asdict(one) for one in newest]}


def tagged(shown: Json, tag: str) -> Answer:
    """Return what is shown with its tag, or 204 when whoever asks has just that."""
    words = json.dumps(shown, sort_keys=True, ensure_ascii=False)
    now = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
    return Answer(204) if tag == now else json_answer(200, {**shown, "tag": now})
