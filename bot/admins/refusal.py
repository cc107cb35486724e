"""What somebody is told who may not do something: whom to ask, and a button that asks."""

from __future__ import annotations

from bot.asking.asked import Asked
from bot.asking.standing import Right
from bot.blocks import Message, actions, button, section
from bot.channel.delivery import known_admins
from bot.markup import Markup, escape, join, mention

ASK = "access.ask"
MOST_NAMED = 5


def refusal(asked: Asked, right: Right) -> str:
    """Say in plain words why this person may not."""
    words = asked.words
    match asked.standing.why:
        case "stranger":
            return words("Only people of this workspace may use this integration.")
        case "unknown":
            return words(
                "Slack could not be asked who you are, so this was not done. Try again in a minute."
            )
        case _ if right == "members":
            return words("Only full members of this workspace may ask this.")
        case _:
            return words("Only admins of this integration may do this.")


def refuse(asked: Asked, right: Right) -> None:
    """Tell a person that they may not, and let a member ask the admins. Raises VendorErrors."""
    words, said = asked.words, refusal(asked, right)
    blocks = [section(Markup(f"{escape(said)} {whom_to_ask(asked)}".strip()))]
    if right == "admins" and asked.standing.why == "member":
        label = words("Ask the admins of the integration for access")
        blocks.append(actions(button(words("Ask for access"), ASK, label=label, style="primary")))
    asked.tell(Message(said, tuple(blocks)))


def whom_to_ask(asked: Asked) -> Markup:
    """Name the admins whom we know by name."""
    if asked.standing.why in {"stranger", "unknown"}:
        return Markup("")
    known = known_admins(asked.desk)[:MOST_NAMED]
    if known:
        return asked.words.md("You can ask {people}.", people=join(", ", map(mention, known)))
    if asked.desk.shop.file.slack.workspace_admins:
        return asked.words.md("You can ask an admin of this Slack workspace.")
    return Markup("")
