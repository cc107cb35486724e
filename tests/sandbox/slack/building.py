"""Small blocks for tests, each with only what it needs."""


def plain(text):
    return {"type": "plain_text", "text": text}


def option(value, text):
    return {"text": plain(text), "value": value}


def button(text, action, **more):
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def actions(*elements, **more):
    return {"type": "actions", "elements": list(elements), **more}


def field(block_id, label, element, **more):
    element = {"action_id": "value", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


OUTCOMES = [option("c", "Connected"), option("n", "None")]
MENU = {"type": "static_select", "options": OUTCOMES, "initial_option": OUTCOMES[0]}
