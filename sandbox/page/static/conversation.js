// The middle: the messages of a channel or the direct ones, or the Home tab.

import { blocks } from "./blocks.js";
import { clock, date, fully } from "./dates.js";
import { h, replace } from "./dom.js";
import { marked } from "./markup.js";

const root = document.querySelector("#conversation");
const kept = new Map();
let place = "";
let isAtEnd = true;

root.addEventListener("scroll", () => {
  isAtEnd = Math.abs(root.scrollTop - end()) < 60;
});

/** Where one stands who follows: at the end, or at the head of a last message that is too long to see whole. */
function end() {
  const last = root.lastElementChild;
  const bottom = root.scrollHeight - root.clientHeight;
  return last ? Math.min(bottom, last.offsetTop - root.offsetTop) : bottom;
}

/** Shows the messages of a conversation; only what changed is built anew. */
export function showMessages(id, messages, reader, empty) {
  if (place !== `${reader.id}/${id}`) begin(`${reader.id}/${id}`, messages);
  const nodes = [];
  let day = "";
  for (const message of messages) {
    const today = date(Number(message.ts), "{day_divider_pretty}", reader);
    if (today !== day) nodes.push(divider(`${message.channel}/${today}`, today));
    day = today;
    nodes.push(article(message, reader));
  }
  if (!messages.length) nodes.push(piece("empty", empty));
  if (nodes.length !== root.children.length || nodes.some((node, at) => node !== root.children[at])) {
    arrange(nodes);
  }
  if (isAtEnd) root.scrollTop = end();
}

/** Puts nodes in order without touching those that stay, so that focus stays too. */
function arrange(nodes) {
  const wanted = new Set(nodes);
  for (const child of [...root.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (root.children[at] !== node) root.insertBefore(node, root.children[at] ?? null);
  });
}

function begin(now, messages) {
  place = now;
  isAtEnd = true;
  kept.clear();
  root.replaceChildren();
  root.className = messages ? "messages" : "home";
  if (messages) {
    root.setAttribute("role", "log");
  } else root.removeAttribute("role");
}

function piece(key, make) {
  if (!kept.has(key)) kept.set(key, { node: make() });
  return kept.get(key).node;
}

function divider(key, words) {
  return piece(key, () => h("div", { class: "day", role: "separator" }, h("span", {}, words)));
}

function article(message, reader) {
  const { ts, blocks: list, text, edits } = message;
  const signature = JSON.stringify([list, text, edits]);
  const before = kept.get(ts);
  if (before?.signature === signature) return before.node;
  const node = before?.node ?? h("article", { class: `message ${message.reader ? "private" : ""}`, "data-ts": ts });
  const at = new Date(Number(ts) * 1000);
  const at_ = { where: ts, values: message.state.values, reader };
  replace(node,
    h("span", { class: "face", "aria-hidden": "true" }),
    h("div", { class: "said" },
      message.reader && h("p", { class: "only" }, "Only visible to you"),
      h("p", { class: "by" }, h("strong", {}, reader.bot.name), h("span", { class: "app" }, "App"),
        h("time", { datetime: at.toISOString(), title: fully(at, reader) }, clock(at, reader)),
        edits > 0 && h("span", { class: "edited" }, "(edited)")),
      list?.length ? blocks(list, at_) : h("div", { class: "text" }, marked(text, reader))));
  // what a screen reader hears first: the full sentence that notifications show
  node.setAttribute("aria-label", marked(text, { ...reader }).map((each) => each.textContent ?? each).join("").slice(0, 300));
  kept.set(ts, { node, signature });
  return node;
}

/** Shows the Home tab, or that none was published yet. */
export function showHome(home, reader, empty) {
  if (place !== `${reader.id}/home`) begin(`${reader.id}/home`, null);
  const signature = home ? `${home.id}/${home.hash}` : "none";
  if (kept.get("home") === signature) return;
  kept.set("home", signature);
  const at = { where: "home", values: home?.state.values, reader };
  replace(root, home ? h("div", { class: "sheet" }, blocks(home.blocks, at)) : empty());
}
