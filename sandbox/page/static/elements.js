// The things in blocks that a person can press, choose in, tick or type into.

import { combobox } from "./combobox.js";
import { asked } from "./confirming.js";
import { act } from "./doors.js";
import { drop, h, newId } from "./dom.js";
import { read, words } from "./markup.js";

const TYPED = {
  plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "number",
};
const PICKED = { datepicker: "date", timepicker: "time" };

/** An element; `at` tells where it stands: {where, values, offered, reader, block}. */
export function element(one, at) {
  const spot = { ...at, one, what: `${at.block.block_id}/${one.action_id}`, key: `${at.where}/${at.block.block_id}/${one.action_id}` };
  spot.held = at.values?.[at.block.block_id]?.[one.action_id] ?? null;
  if (one.type === "image") return image(one);
  if (one.type === "button") return button(spot);
  if (one.type === "overflow") return overflow(spot);
  if (one.type in TYPED) return field(spot);
  if (one.type in PICKED) return picker(spot);
  if (one.type === "static_select") return select(spot);
  if (one.type === "radio_buttons" || one.type === "checkboxes") return ticks(spot);
  if (one.type.endsWith("select")) return combobox(spot);
  return h("span", { class: "unknown" }, `(${one.type})`);
}

/** Pictures are not fetched from anywhere: their words are shown. */
export function image(one) {
  return h("span", { class: "picture", role: "img", "aria-label": one.alt_text }, one.alt_text);
}

function label(spot) {
  return spot.labelled ? { id: spot.labelled.id, "aria-describedby": spot.labelled.described } : { "aria-label": spot.name };
}

function button(spot) {
  const { one } = spot;
  const given = {
    class: `btn ${one.style ?? ""}`,
    "aria-label": one.accessibility_label,
    "data-key": one.value ? `${spot.key}/${one.value}` : spot.key,
    onclick: async (event) => {
      const pressed = event.currentTarget;
      if (pressed.getAttribute("aria-busy")) return;
      if (one.confirm && !(await asked(one.confirm, spot.reader, pressed))) return;
      pressed.setAttribute("aria-busy", "true");
      await act("click", { user: spot.reader.id, where: spot.where, what: spot.what });
      pressed.removeAttribute("aria-busy");
    },
  };
  if (one.url) return h("a", { ...given, href: one.url, target: "_blank", rel: "noopener noreferrer" }, read(one.text.text));
  return h("button", { ...given, type: "button" }, read(one.text.text));
}

function overflow(spot) {
  const { one } = spot;
  const id = newId("menu");
  const menu = h("ul", { class: "drop menu", role: "menu", id, popover: "auto" });
  const opener = h("button", {
    class: "btn more", type: "button", "aria-label": "More actions", "aria-haspopup": "menu",
    "aria-expanded": "false", "aria-controls": id, "data-key": spot.key, popovertarget: id,
  }, "⋯");
  const choose = async (option) => {
    menu.hidePopover();
    if (one.confirm && !(await asked(one.confirm, spot.reader, opener))) return;
    act("click", { user: spot.reader.id, where: spot.where, what: spot.what, value: option.value });
  };
  for (const option of one.options) {
    menu.append(h("li", { role: "none" }, h("button", {
      type: "button", role: "menuitem", tabindex: "-1", onclick: () => choose(option),
    }, read(option.text.text), option.description && h("small", {}, read(option.description.text)))));
  }
  const open = () => {
    drop(menu, opener);
    menu.querySelector("button").focus();
  };
  menu.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen && !menu.contains(document.activeElement)) open();
  });
  opener.addEventListener("keydown", (event) => {
    if (!["Enter", " ", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    open(); // at once: the next key is already the menu's
  });
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button")];
    const now = items.indexOf(document.activeElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items.at(to % items.length).focus();
  });
  return h("span", { class: "holder" }, opener, menu);
}

/** Sends what stands in a text field, if it was not sent yet. */
export function flush(input) {
  if (input.value === input.dataset.sent) return Promise.resolve();
  input.dataset.sent = input.value;
  return act("type", { user: input.dataset.user, what: input.dataset.what, text: input.value, where: input.dataset.where });
}

function field(spot) {
  const { one, held } = spot;
  const isLong = one.multiline;
  const given = {
    ...label(spot),
    class: "input",
    "data-key": spot.key, "data-what": spot.what, "data-where": spot.where, "data-user": spot.reader.id,
    placeholder: one.placeholder && read(one.placeholder.text),
    maxlength: one.max_length,
    required: spot.isRequired,
    onchange: (event) => flush(event.currentTarget),
    onkeydown: (event) => {
      if (event.key !== "Enter" || isLong || !spot.block.dispatch_action) return;
      event.preventDefault();
      flush(event.currentTarget);
    },
  };
  // numbers and addresses are judged by Slack and the bot, whose sentences stand below the field
  const made = isLong
    ? h("textarea", { ...given, rows: "4" })
    : h("input", { ...given, type: "text", inputmode: one.type === "number_input" ? "decimal" : undefined });
  made.value = held?.value ?? "";
  made.dataset.sent = made.value;
  return made;
}

function picker(spot) {
  const value = spot.held?.selected_date ?? spot.held?.selected_time ?? "";
  return h("input", {
    ...label(spot), class: "input short", type: PICKED[spot.one.type], value, "data-key": spot.key,
    onchange: (event) => choose(spot, event.currentTarget.value || null),
  });
}

function choose(spot, choice) {
  return act("choose", { user: spot.reader.id, what: spot.what, choice, where: spot.where });
}

function select(spot) {
  const { one, held, reader } = spot;
  const option = (each) => h("option", { value: each.value, selected: each.value === held?.selected_option?.value }, read(each.text.text));
  const none = h("option", { value: "", disabled: !spot.block.optional }, one.placeholder ? read(one.placeholder.text) : "Choose …");
  const groups = (one.option_groups ?? []).map((group) => h("optgroup", { label: read(group.label.text) }, group.options.map(option)));
  const made = h("select", { ...label(spot), class: "input", "data-key": spot.key, required: spot.isRequired },
    none, (one.options ?? []).map(option), groups);
  made.value = held?.selected_option?.value ?? "";
  let before = made.value;
  made.addEventListener("change", async () => {
    if (one.confirm && !(await asked(one.confirm, reader, made))) {
      made.value = before;
      return;
    }
    before = made.value;
    choose(spot, before || null);
  });
  return h("span", { class: "selecting" }, made);
}

function ticks(spot) {
  const { one, held, reader } = spot;
  const isMany = one.type === "checkboxes";
  const chosen = (isMany ? held?.selected_options : [held?.selected_option])?.filter(Boolean).map((each) => each.value) ?? [];
  const name = newId("ticks");
  const changed = (event) => {
    const boxes = [...event.currentTarget.closest(".ticks").querySelectorAll("input")];
    const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
    if (isMany) act("check", { user: reader.id, what: spot.what, ticked, where: spot.where });
    else choose(spot, ticked[0]);
  };
  const boxes = one.options.map((option) => h("label", { class: "tick" },
    h("input", {
      type: isMany ? "checkbox" : "radio", name, value: option.value, checked: chosen.includes(option.value),
      "data-key": `${spot.key}/${option.value}`, onchange: changed,
    }),
    h("span", {}, words(option.text, reader), option.description && h("small", {}, words(option.description, reader)))));
  const named = spot.labelled
    ? { "aria-labelledby": spot.labelled.title, "aria-describedby": spot.labelled.described }
    : { "aria-label": spot.name };
  return h("div", { class: "ticks", role: isMany ? "group" : "radiogroup", ...named }, boxes);
}
