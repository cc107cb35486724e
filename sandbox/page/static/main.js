// Puts the page together: who one is and where stands in the address, all else is asked of the sandbox.

import { preparePhone, showArrivals, turnTo } from "./beside.js";
import { composeIn, prepare, say } from "./composer.js";
import { showHome, showMessages } from "./conversation.js";
import { act, look, poll, sentence, tellOfActs } from "./doors.js";
import { h } from "./dom.js";
import { showModals } from "./modals.js";
import { preparePipelines } from "./pipelines.js";
import { about, showSidebar } from "./sidebar.js";

const title = document.querySelector("#place");
const line = document.querySelector("#about");
const trouble = document.querySelector("#trouble");
const menu = document.querySelector("#menu");

let space = null;
let user = "";
let place = "";
let screen = null;
let arrived = null;
let reader = null;
let isFresh = true;
let isLost = false;
let sidebar = "";
const seen = new Map();

function complain(words) {
  trouble.replaceChildren();
  trouble.hidden = !words;
  if (!words) return;
  trouble.append(h("span", {}, words), h("button", { class: "icon", type: "button", "aria-label": "Dismiss", onclick: () => complain("") }, "×"));
}

/** Reads `#person/place`; whoever is not known becomes the first, wherever is not theirs their first channel. */
function fromAddress() {
  const [who, where] = decodeURIComponent(location.hash.slice(1)).split("/");
  user = space.people.some((one) => one.id === who) ? who : space.people[0].id;
  place = where ?? "";
  isFresh = true;
}

function go(where, who = user) {
  closeDrawer();
  view("chat");
  const hash = `#${who}/${where}`;
  if (hash === location.hash) return;
  history.pushState(null, "", hash);
  moved();
}

function closeDrawer() {
  document.body.classList.remove("drawer");
  menu.setAttribute("aria-expanded", "false");
}

function moved() {
  const before = user;
  fromAddress();
  if (user !== before) screen = null;
  complain("");
  soon();
}

function view(which) {
  document.body.dataset.view = which;
  for (const button of document.querySelectorAll("#views button")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === which));
  }
}

async function refresh() {
  const asked = user;
  try {
    const [newScreen, newArrived] = await Promise.all([
      look("screen", { user, tag: screen?.tag ?? "" }),
      look("arrived", { tag: arrived?.tag ?? "" }),
    ]);
    if (asked !== user) return;
    screen = newScreen ?? screen;
    arrived = newArrived ?? arrived;
  } catch (problem) {
    if (asked !== user) return;
    isLost = true;
    if (trouble.hidden) complain(sentence(problem));
    return;
  }
  if (isLost) complain("");
  isLost = false;
  render();
}

function readerOf() {
  const person = space.people.find((one) => one.id === user);
  const channels = screen.channels.filter((one) => one.isMine);
  const names = { ...space.names, ...Object.fromEntries(screen.channels.map((one) => [one.id, one.name])) };
  return { ...person, names, people: space.people, channels, bot: space.bot };
}

function messagesOf(id) {
  return screen.messages.filter((one) => one.channel === id);
}

/** How many messages somebody has not seen; all that was there when the page opened counts as seen. */
function unread(id) {
  const key = `${user}/${id}`;
  const last = messagesOf(id).at(-1)?.ts ?? "0";
  if (id === place || !seen.has(key)) seen.set(key, id === place || !opened.has(user) ? last : "0");
  return messagesOf(id).filter((one) => Number(one.ts) > Number(seen.get(key))).length;
}
const opened = new Set();

function render() {
  reader = readerOf();
  const mine = reader.channels.filter((one) => !one.isArchived);
  const isMine = place === "home" || place === screen.direct || mine.some((one) => one.id === place);
  if (!isMine) place = mine.find((one) => one.hasBot)?.id ?? screen.direct;
  if (isFresh && place === "home") act("open_home", { user });
  isFresh = false;
  const channel = screen.channels.find((one) => one.id === place);
  const name = channel?.name ?? space.bot.name;
  title.replaceChildren(channel?.isPrivate ? h("span", { class: "lock" }) : channel ? "# " : "", name);
  line.textContent = channel ? about(channel) : place === "home" ? "Home" : "Direct messages";
  document.title = `${name} · Sandbox`;
  const counts = [screen.direct, "home", ...mine.map((one) => one.id)].map((id) => [id, unread(id)]);
  opened.add(user);
  const signature = JSON.stringify([user, place, counts, mine, screen.bots]);
  if (sidebar !== signature) {
    showSidebar({ space, screen, reader, place, unread: (id) => Object.fromEntries(counts)[id], go, become: (who) => go(place === "home" ? "home" : "", who) });
  }
  sidebar = signature;
  if (place === "home") showHome(screen.home, reader, emptyHome);
  else showMessages(place, messagesOf(place), reader, empty);
  composeIn(place === "home" ? null : { user, channel: place });
  showModals(screen.stack, reader);
  showArrivals(arrived, reader);
}

function empty() {
  return h("div", { class: "empty" },
    h("span", { class: "face", "aria-hidden": "true" }),
    h("h2", {}, place === screen.direct ? `This is where ${space.bot.name} writes to you alone.` : "Nothing has been said here yet."),
    h("p", {}, "Type a command below, as in Slack, or begin with one of these:"),
    h("p", {}, ["status", "settings", "help"].map((each) => h("button", { class: "btn", type: "button", onclick: () => say(`${space.command.word} ${each}`) }, each))));
}

function emptyHome() {
  return h("div", { class: "empty" }, h("h2", {}, "The bot has not shown its Home tab yet."), h("p", {}, "It does so within a moment after you open it."));
}

menu.addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("drawer");
  menu.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) document.querySelector("#who")?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.classList.contains("drawer")) return;
  closeDrawer();
  menu.focus();
});
for (const button of document.querySelectorAll("#views button")) {
  button.addEventListener("click", () => view(button.dataset.view));
}
document.querySelector("#scrim").addEventListener("click", closeDrawer);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const host = link && new URL(link.href).hostname;
  if (!link || !/(^|\.)(hubspot\.com|aircall\.io)$/.test(host)) return;
  // nothing of the sandbox is on the internet: its HubSpot is on the right, its Aircall has no page
  event.preventDefault();
  const record = /\/record\/[\d-]+\/(\d+)/.exec(link.href)?.[1];
  view("beside");
  if (record && turnTo(record)) return;
  view("chat");
  complain(`In the sandbox there is nothing to open at ${host}.`);
});
addEventListener("popstate", moved);
addEventListener("hashchange", moved);

let soon = () => {};
space = await look("workspace");
prepare(space.command);
fromAddress();
await preparePhone(() => soon());
await preparePipelines(() => soon());
soon = poll(refresh);
tellOfActs(() => soon(), complain);
