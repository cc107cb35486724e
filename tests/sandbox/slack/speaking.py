"""Bolt apps and small apps without Bolt, as the tests' other side of the sandbox's Slack."""

import json
import logging
from urllib.parse import parse_qsl

from slack_bolt import App
from slack_sdk.signature import SignatureVerifier


def new_app(client):
    return App(
        client=client,
        signing_secret="sandbox-signing-secret",
        token_verification_enabled=False,
        logger=logging.getLogger("bolt"),
    )


class Script:
    """An app without Bolt: it keeps what it is sent, verified, and answers what a test says."""

    def __init__(self, world):
        self.verifier = SignatureVerifier("sandbox-signing-secret")
        self.sent = []
        self.answer = None
        self.meanwhile = None
        world.listen_with(self)

    def __call__(self, body, headers):
        if not self.verifier.is_valid_request(body, dict(headers)):
            return 401, b""
        text = body.decode()
        if text.startswith("{"):
            payload = json.loads(text)
        else:
            fields = dict(parse_qsl(text, keep_blank_values=True))
            payload = json.loads(fields["payload"]) if "payload" in fields else fields
        self.sent.append(payload)
        if self.meanwhile is not None:
            self.meanwhile(payload)
        if isinstance(self.answer, int):
            return self.answer, b""
        if isinstance(self.answer, str):
            return 200, self.answer.encode()
        return 200, b"" if self.answer is None else json.dumps(self.answer).encode()

    @property
    def last(self):
        return self.sent[-1]
