// Where commands are typed, with what Slack says of the command while one types.

import { act } from "./doors.js";
import { h } from "./dom.js";

const root = document.querySelector("#composer");
const past = [];
let at = 0;
let command = null;
let place = null;

const input = h("input", { id: "typed", class: "input", type: "text", "aria-describedby": "hint", spellcheck: "false", enterkeyhint: "send" });
const send = h("button", { class: "btn primary", type: "submit" }, "Send");
const hint = h("p", { id: "hint" });
const quick = h("ul", { id: "quick", "aria-label": "Commands to begin with" });
const label = h("label", { for: "typed", class: "aloud" }, "Type a command");
root.append(quick, label, h("div", { class: "row" }, input, send), hint);

/** Tells of the command {word, description, hint} and offers a few of its uses. */
export function prepare(given) {
  command = given;
  input.placeholder = `Type ${command.word} …`;
  hint.replaceChildren(h("code", {}, command.word), " ", h("span", { class: "usage" }, command.hint), " ", command.description);
  quick.replaceChildren(...["status", "settings", "help"].map((each) => h("li", {}, h("button", {
    class: "btn", type: "button", onclick: () => say(`${command.word} ${each}`),
  }, `${command.word} ${each}`))));
}

/** Says where the typed command goes: {user, channel}, or null where nothing can be typed. */
export function composeIn(next) {
  place = next;
  root.hidden = next === null;
}

export async function say(text) {
  if (!place) return;
  past.push(text);
  at = past.length;
  send.setAttribute("aria-busy", "true");
  await act("command", { user: place.user, text, channel: place.channel });
  send.removeAttribute("aria-busy");
}

root.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  if (!text.startsWith("/")) {
    hint.classList.add("wrong");
    hint.replaceChildren("The bot hears its command only: begin with ", h("code", {}, command.word), ". Press Enter again to send it so.");
    input.value = `${command.word} ${text}`;
    return;
  }
  hint.classList.remove("wrong");
  prepare(command);
  input.value = "";
  say(text);
});

input.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && !event.shiftKey && isBeginning(input.value)) {
    event.preventDefault();
    input.value = `${command.word} `;
  }
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || !past.length) return;
  event.preventDefault();
  at = Math.max(0, Math.min(past.length, at + step));
  input.value = past[at] ?? "";
});

function isBeginning(text) {
  return text.length > 0 && text !== command.word && command.word.startsWith(text);
}
