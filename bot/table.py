"""The table of routes: every command, button, form and list there is, in one place."""

from __future__ import annotations

from collections.abc import Iterator

from bot.admins.access_requests import VERDICTS, ask, decide
from bot.admins.refusal import ASK
from bot.alerts.acting import ALERTS
from bot.asking.routes import Action, Choices, Command, Form, Routes, routes
from bot.blocks import VALUE
from bot.channel.choosing import choose_channel
from bot.commands.backfill import BACKFILL
from bot.commands.check import CHECK
from bot.commands.delete import DELETE
from bot.commands.enable import DISABLE, ENABLE
from bot.commands.explain import explain_entries
from bot.commands.failures import FAILURES
from bot.commands.help import help_command
from bot.commands.settings import SETTINGS
from bot.commands.status import status_actions, status_command
from bot.commands.sync import SYNC
from bot.commands.undo import REST, undo, undo_rest
from bot.history.undo_button import UNDO
from bot.modals.admins import CALLBACK as ADMINS
from bot.modals.admins import REVOKE, open_admins, revoke_here
from bot.modals.admins import submit as change_right
from bot.modals.form import Section
from bot.modals.general import GENERAL
from bot.modals.history import PAGE, open_history, turn_page
from bot.modals.numbers import NUMBERS
from bot.modals.opening import open_section, reshape, search
from bot.modals.outcomes import OUTCOMES
from bot.modals.saving import submit
from bot.modals.tickets import TICKETS
from bot.numbers.connect import CONNECTING
from bot.operations.stopping import STOPPING
from bot.status.home import CHOOSE_CHANNEL
from bot.tickets.creating import CREATING
from bot.tickets.restoring import RESTORING
from bot.words import N_
from settings.file import SettingsFile

SECTIONS = (NUMBERS, OUTCOMES, TICKETS, GENERAL)


def build_routes(file: SettingsFile) -> Routes:
    """Build the table for what settings.toml says."""
    table = routes(
        help_command(lambda: table),
        status_command(),
        *status_actions(lambda: table),
        Action(CHOOSE_CHANNEL, "admins", choose_channel),
        *ENABLE,
        *DISABLE,
        *SETTINGS,
        *(entry for section in SECTIONS for entry in _of_section(section)),
        *explain_entries(file.slack.explain_for, lambda: table),
        Command(
            "history",
            N_("Show the last changes of the settings, with undo."),
            "admins",
            lambda asked, _: open_history(asked),
        ),
        Action("history", "admins", open_history),
        Action(PAGE, "admins", turn_page),
        Action(UNDO, "admins", undo),
        Action(REST, "admins", undo_rest),
        CHECK,
        CONNECTING,
        *FAILURES,
        CREATING,
        RESTORING,
        *BACKFILL,
        *ALERTS,
        STOPPING,
        *SYNC,
        Command(
            "admins",
            N_("Show who may change the settings, and why; grant and revoke the right."),
            "admins",
            lambda asked, _: open_admins(asked),
        ),
        Action(REVOKE, "admins", revoke_here),
        Form(ADMINS, "admins", change_right),
        Action(ASK, "members", ask),
        *(Action(each, "admins", decide) for each in VERDICTS),
        *DELETE,
    )
    return table


def _of_section(section: Section) -> Iterator[Command | Action | Form | Choices]:
    yield Command(
        section.name, section.does, "admins", lambda asked, _: open_section(asked, section)
    )
    yield Action(f"edit.{section.name}", "admins", lambda asked: open_section(asked, section))
    yield Form(section.callback, "admins", lambda asked: submit(asked, section))
    for path in section.choices:
        yield Choices(path, "admins", lambda asked: search(asked, section))
    for path in section.live:
        yield Action(f"{VALUE}:{path}", "admins", lambda asked: reshape(asked, section))
