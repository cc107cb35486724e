// Menus that are searched while typing, for one choice or several: WAI-ARIA's combobox with a list.

import { asked } from "./confirming.js";
import { act, search } from "./doors.js";
import { drop, h, newId } from "./dom.js";
import { read } from "./markup.js";

const PAUSE = 150;

/** A menu of `spot.one`: external, static with several choices, or of people and channels. */
export function combobox(spot) {
  const { one, reader } = spot;
  const isMany = one.type.startsWith("multi_");
  let chosen = held(spot, isMany);
  let options = [];
  let active = -1;
  let asking = 0;
  let timer = 0;

  const listId = newId("list");
  const list = h("ul", { class: "drop list", role: "listbox", id: listId, popover: "manual", "aria-label": spot.name, "aria-multiselectable": isMany ? "true" : null });
  const named = spot.labelled ? { id: spot.labelled.id, "aria-describedby": spot.labelled.described } : { "aria-label": spot.name };
  const input = h("input", {
    ...named, class: "input", type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": listId, "data-key": spot.key,
    placeholder: one.placeholder ? read(one.placeholder.text) : "Choose …",
  });
  const chips = h("ul", { class: "chips", "aria-label": "Chosen" });
  const clear = h("button", { class: "icon clear", type: "button", "aria-label": "Choose nothing", onclick: () => take([]) }, "×");
  const root = h("div", { class: `combobox ${isMany ? "many" : ""}` }, isMany && chips, h("span", { class: "selecting" }, input, !isMany && clear), list);

  function show() {
    if (!isMany && document.activeElement !== input) input.value = chosen[0]?.text ?? "";
    clear.hidden = isMany || !chosen.length || !spot.block.optional;
    chips.replaceChildren(...chosen.map((each) => h("li", {}, h("span", {}, each.text),
      h("button", { class: "icon", type: "button", "aria-label": `Remove ${each.text}`, onclick: () => remove(each) }, "×"))));
    chips.hidden = !chosen.length;
  }

  function remove(option) {
    take(chosen.filter((each) => each.value !== option.value));
    input.focus();
  }

  async function take(next) {
    const before = chosen;
    if (one.confirm && !(await asked(one.confirm, reader, input))) return;
    chosen = next;
    if (!isMany) {
      input.value = next[0]?.text ?? "";
      close();
    }
    show();
    mark();
    const choice = isMany ? next.map((each) => each.value) : (next[0]?.value ?? null);
    const acted = await act("choose", { user: reader.id, what: spot.what, choice, where: spot.where });
    if (acted === null) {
      chosen = before;
      show();
    }
  }

  function pick(option) {
    if (!isMany) return take([option]);
    const is = chosen.some((each) => each.value === option.value);
    return take(is ? chosen.filter((each) => each.value !== option.value) : [...chosen, option]);
  }

  async function open(typed = "") {
    asking += 1;
    const mine = asking;
    const found = await offers(spot, typed);
    if (mine !== asking || document.activeElement !== input) return;
    options = found.options;
    active = options.length ? Math.max(0, options.findIndex((each) => each.value === chosen[0]?.value && !typed)) : -1;
    const items = options.map((each, at) => h("li", {
      role: "option", id: `${listId}-${at}`,
      onmousedown: (event) => event.preventDefault(),
      onclick: () => pick(each),
    }, h("span", {}, each.text), each.description && h("small", {}, each.description)));
    list.replaceChildren(...(items.length ? items : [h("li", { class: "nothing", role: "option", "aria-disabled": "true" }, found.why)]));
    drop(list, input);
    input.setAttribute("aria-expanded", "true");
    mark();
  }

  function mark() {
    options.forEach((each, at) => {
      const item = list.children[at];
      item?.setAttribute("aria-selected", String(chosen.some((its) => its.value === each.value)));
      item?.classList.toggle("active", at === active);
    });
    const on = list.children[active];
    if (options.length && on) {
      input.setAttribute("aria-activedescendant", on.id);
      on.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    asking += 1;
    clearTimeout(timer);
    if (list.matches(":popover-open")) list.hidePopover();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  const isOpen = () => input.getAttribute("aria-expanded") === "true";
  input.addEventListener("click", () => !isOpen() && open());
  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => open(input.value), PAUSE);
  });
  input.addEventListener("blur", () => {
    close();
    input.value = isMany ? "" : (chosen[0]?.text ?? "");
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen()) open();
      else if (options.length) active = (active + step + options.length) % options.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen() && options[active]) pick(options[active]);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && isMany && !input.value && chosen.length) {
      take(chosen.slice(0, -1));
    }
  });
  show();
  return root;
}

function option(given) {
  return { text: read(given.text.text), value: given.value, description: given.description && read(given.description.text) };
}

function held(spot, isMany) {
  const { held: state, one } = spot;
  if (!state) return [];
  const [value] = Object.entries(state).filter(([name]) => name.startsWith("selected_")).map(([, its]) => its);
  const every = (isMany ? value : [value]).filter(Boolean);
  if (/(users|conversations|channels)_select$/.test(one.type)) return every.map((id) => ({ text: spot.reader.names[id] ?? id, value: id }));
  return every.map(option);
}

/** What a menu offers for what was typed, or in `why` why it offers nothing. */
async function offers(spot, typed) {
  const { one, reader } = spot;
  const none = typed ? `Nothing found for “${typed}”.` : "There is nothing to choose from.";
  if (one.type.endsWith("external_select")) {
    const least = one.min_query_length ?? 3;
    if (typed.length < least) return { options: [], why: `Type at least ${least} characters.` };
    try {
      const acted = await search({ user: reader.id, what: spot.what, typed, where: spot.where });
      const why = acted.trouble ? "The bot did not answer. Try again." : none;
      return { options: acted.options.map(option), why };
    } catch {
      return { options: [], why: "The list could not be loaded. Try again." };
    }
  }
  const every = one.type.endsWith("users_select") ? people(reader)
    : one.type.endsWith("static_select") ? [...(one.options ?? []), ...(one.option_groups ?? []).flatMap((group) => group.options)].map(option)
    : channels(reader);
  const wanted = typed.toLowerCase();
  return { options: every.filter((each) => each.text.toLowerCase().includes(wanted)), why: none };
}

function people(reader) {
  return reader.people.map((one) => ({ text: one.name, value: one.id, description: one.realName }));
}

function channels(reader) {
  return reader.channels.filter((one) => !one.isArchived).map((one) => ({ text: one.name, value: one.id, description: one.isPrivate ? "private" : "" }));
}
