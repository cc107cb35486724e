"""What a process assumes when no account is configured: the sandbox on this machine."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

HUBSPOT_PORT: Final = 8101
AIRCALL_PORT: Final = 8102
SLACK_PORT: Final = 8103

SANDBOX_VARIABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AIRCALL_HUBSPOT_SANDBOX": "1",
        "SLACK_BOT_TOKEN": "xoxb-sandbox-bot-token",
        "SLACK_APP_TOKEN": "xapp-sandbox-app-token",
        "SLACK_BASE_URL": f"http://127.0.0.1:{SLACK_PORT}/api/",
        "AIRCALL_API_ID": "sandbox-id",
        "AIRCALL_API_TOKEN": "sandbox-token",
        "AIRCALL_WEBHOOK_TOKEN": "sandbox-webhook-token",
        "AIRCALL_BASE_URL": f"http://127.0.0.1:{AIRCALL_PORT}",
        "HUBSPOT_ACCESS_TOKEN": "sandbox-hubspot-token",
        "HUBSPOT_BASE_URL": f"http://127.0.0.1:{HUBSPOT_PORT}",
        "SETTINGS_FILE": str(Path(__file__).with_name("sandbox.toml")),
    }
)
"""The stand-ins' credentials and addresses. None of these tokens opens anything real."""


def sandbox_data_dir(values: Mapping[str, str]) -> str:
    """The sandbox's own folder under `DATA_DIR`, so that trying it out never meets real data."""
    return str(Path(values.get("DATA_DIR", "data")) / "sandbox")
