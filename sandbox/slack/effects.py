"""What Slack makes of the app's acknowledgements: errors, other views, answers, options."""

from dataclasses import replace

from sandbox.answer import Json, Misunderstood, Refused
from sandbox.shapes import check_fields
from sandbox.slack.delivery.acted import Acted
from sandbox.slack.house import House
from sandbox.slack.inputs import FIELDS, WRITTEN, Spot, spots
from sandbox.slack.kit.compositions import SUGGESTED, SUGGESTED_GROUPS
from sandbox.slack.viewing import check_view, pushed, showing
from sandbox.slack.views import View
from sandbox.slack.web.responding import say
from sandbox.slack.writing import check_message

_MESSAGE = {
    "text": str,
    "blocks": list,
    "response_type": str,
    "unfurl_links": bool,
    "unfurl_media": bool,
    "mrkdwn": bool,
}
_VIEW_ANSWERS = {
    "errors": {"errors": dict},
    "update": {"view": dict},
    "push": {"view": dict},
    "clear": {},
}


def after_command(house: House, acted: Acted) -> Acted:
    """Show what a slash command was answered with."""
    given = {name: value for name, value in acted.answer.items() if value is not None}
    if not acted.acked or not given:
        return acted
    where = f"ack of {acted.payload['command']}"
    try:
        check_fields(given, where, {}, _MESSAGE)
        check_message(house, where, given)
    except Misunderstood as problem:
        house.surprises.append(f"{where}: {problem.sentence}")
        return replace(acted, trouble="invalid answer")
    except Refused as refused:
        return replace(acted, trouble=refused.payload["error"])
    say(house, acted.payload["user_id"], acted.payload["channel_id"], given, house.clock())
    return acted


def note_stray_answer(house: House, acted: Acted) -> None:
    """Note an answer where Slack reads none."""
    if acted.answer:
        kind = acted.payload.get("type", acted.kind)
        house.surprises.append(f"ack of {kind}: nobody reads {acted.answer!r:.100}")


def after_submission(house: House, view: View, acted: Acted) -> Acted:
    """Do what the answer to a submission says; a late or failed one leaves the modal open."""
    if not acted.acked:
        return acted
    where = "ack of view_submission"
    try:
        return _answered(house, where, view, acted)
    except Misunderstood as problem:
        house.surprises.append(f"{where}: {problem.sentence}")
        return replace(acted, trouble="invalid answer")
    except Refused as refused:
        return replace(acted, trouble=refused.payload["error"])


def _answered(house: House, where: str, view: View, acted: Acted) -> Acted:
    answer = acted.answer
    if not answer:
        house.views.close(view)
        return acted
    kind = answer.get("response_action")
    if kind not in _VIEW_ANSWERS:
        raise Misunderstood(f"response_action {kind!r} is not known")
    check_fields(answer, where, {"response_action": str, **_VIEW_ANSWERS[kind]})
    is_open = view in house.views.stack(view.user)
    match kind:
        case "errors":
            view.errors = _checked_errors(view, answer["errors"])
            return replace(acted, errors=dict(view.errors))
        case "clear":
            house.views.stacks[view.user] = []
        case "update" if is_open:
            check_view(house, where, "modal", answer["view"], itself=view)
            view.fill(showing(house, answer["view"]), house.hash())
        case "push" if is_open:
            check_view(house, where, "modal", answer["view"])
            pushed(house, view.user, answer["view"])
    return acted


def _checked_errors(view: View, errors: Json) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    unknown = sorted(set(errors) - inputs)
    if unknown or not errors:
        raise Misunderstood(f"errors name no input of the view: {', '.join(unknown) or 'none'}")
    for id_, sentence in errors.items():
        if not isinstance(sentence, str) or not sentence:
            raise Misunderstood(f"the error of {id_} is no sentence")
    return dict(errors)


def after_suggestion(house: House, acted: Acted) -> Acted:
    """Return the result of a search with the options that Slack shows for it."""
    if not acted.acked:
        return acted
    answer = acted.answer
    grouped = "option_groups" in answer
    name, check = ("option_groups", SUGGESTED_GROUPS) if grouped else ("options", SUGGESTED)
    found = [str(problem) for problem in check(answer.get(name), f"/{name}")]
    if set(answer) != {name}:
        found.append(f"an answer of {', '.join(answer) or 'nothing'}, and not of options")
    if found:
        house.surprises += [f"ack of block_suggestion: {problem}" for problem in found]
        return replace(acted, trouble="invalid answer")
    groups = answer[name] if grouped else [{"options": answer[name]}]
    return replace(acted, options=tuple(one for group in groups for one in group["options"]))


def complaints(view: View) -> dict[str, str]:
    """Return what Slack itself says under inputs before it sends anything, by block_id."""
    found = {}
    for spot in spots(view.blocks):
        if spot.block["type"] == "input":
            sentence = _complaint(spot, view.values[spot.key])
            if sentence:
                found[spot.key[0]] = sentence
    return found


def _complaint(spot: Spot, state: Json) -> str:
    value = state[FIELDS[spot.kind]]
    if value in (None, "", []):
        return "" if spot.block.get("optional") else "Please complete this required field."
    if spot.kind not in WRITTEN:
        return ""
    element, text = spot.element, str(value)
    if len(text) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(text) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    if spot.kind == "number_input":
        return _number_complaint(element, text)
    if spot.kind == "email_text_input" and text.count("@") != 1:
        return "Please enter a valid email address."
    if spot.kind == "url_text_input" and "://" not in text:
        return "Please enter a valid URL."
    return ""


def _number_complaint(element: Json, text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return "Please enter a valid number."
    if not element["is_decimal_allowed"] and number != int(number):
        return "Please enter a whole number."
    if number < float(element.get("min_value", number)):
        return f"Please enter a number of at least {element['min_value']}."
    if number > float(element.get("max_value", number)):
        return f"Please enter a number of at most {element['max_value']}."
    return ""
