// The modals of a person: the one on top as a dialog, those below it kept until it closes.

import { blocks, showErrors } from "./blocks.js";
import { act } from "./doors.js";
import { h, replace } from "./dom.js";
import { flush } from "./elements.js";
import { read } from "./markup.js";

const dialog = h("dialog", { class: "modal", "aria-labelledby": "modal-title", closedby: "none" });
const form = h("form", { novalidate: true });
dialog.append(form);
document.body.append(dialog);

let shown = { id: "", hash: "", depth: 0, errors: "{}" };
let opener = null;
let user = "";
let isSubmitting = false;

dialog.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.preventDefault();
  close(false);
});
dialog.addEventListener("cancel", (event) => event.preventDefault());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (!button || isSubmitting) return;
  isSubmitting = true;
  button.setAttribute("aria-busy", "true");
  await flushAll();
  await act("submit", { user });
  isSubmitting = false;
  // the errors of this try are shown anew, even where they are those of the last
  shown.errors = "{}";
  form.querySelector("[type=submit]")?.removeAttribute("aria-busy");
});

function flushAll() {
  return Promise.all([...form.querySelectorAll("[data-sent]")].map(flush));
}

function close(everything) {
  return act("close", { user, everything });
}

/** Shows the stack of modals as it is now. */
export function showModals(stack, reader) {
  user = reader.id;
  const view = stack.at(-1);
  if (!view) return end();
  const isNew = view.id !== shown.id;
  if (!isNew && view.hash === shown.hash && stack.length === shown.depth) return say(view, shown.errors !== JSON.stringify(view.errors));
  const at = { where: "modal", values: view.state.values, reader };
  const parts = [head(view, stack), h("div", { class: "body", tabindex: "-1" }, blocks(view.blocks, at)), foot(view)];
  if (isNew) form.replaceChildren(...parts);
  else replaceBody(parts);
  shown = { id: view.id, hash: view.hash, depth: stack.length, errors: "{}" };
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  if (isNew) (focusable(view) ?? form.querySelector(".body")).focus({ preventScroll: true });
  say(view, true);
}

/** Fills the open dialog anew, scrolled as it was. */
function replaceBody(parts) {
  const { scrollTop } = form.querySelector(".body") ?? {};
  const hadFocus = dialog.contains(document.activeElement);
  const isKept = replace(form, ...parts);
  const body = form.querySelector(".body");
  body.scrollTop = scrollTop ?? 0;
  if (!isKept || hadFocus === false || document.activeElement === document.body) {
    (first(body) ?? body).focus({ preventScroll: true });
  }
}

function focusable(view) {
  const wanted = view.blocks.find((block) => (block.element ?? block.accessory)?.focus_on_load);
  const chosen = wanted && form.querySelector(`[data-block="${CSS.escape(wanted.block_id)}"]`);
  return first(chosen ?? form.querySelector(".body"));
}

function first(part) {
  return part.querySelector("input, select, textarea");
}

function say(view, isChanged) {
  if (!isChanged) return;
  shown.errors = JSON.stringify(view.errors);
  showErrors(form, view.errors)?.focus();
}

function end() {
  if (!shown.id) return;
  shown = { id: "", hash: "", depth: 0, errors: "{}" };
  dialog.close();
  form.replaceChildren();
  const back = opener?.isConnected && opener !== document.body ? opener : document.querySelector("#composer input, #conversation");
  back?.focus({ preventScroll: true });
}

function head(view, stack) {
  const isDeep = stack.length > 1;
  return h("header", {},
    isDeep && h("button", { class: "icon", type: "button", "aria-label": "Back", onclick: () => close(false) }, "‹"),
    h("h2", { id: "modal-title" }, read(view.title.text)),
    h("button", { class: "icon", type: "button", "aria-label": isDeep ? "Close all" : "Close", onclick: () => close(true) }, "×"));
}

function foot(view) {
  const closing = h("button", { class: "btn", type: "button", onclick: () => close(false) }, read(view.close?.text ?? "Cancel"));
  const sending = view.submit && h("button", { class: "btn primary", type: "submit" }, read(view.submit.text));
  return h("footer", {}, closing, sending);
}
