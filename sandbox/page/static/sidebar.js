// The left side: who one is, and the conversations that this person has.

import { h, replace } from "./dom.js";

const root = document.querySelector("#sidebar");

/** Shows the sidebar: `go` opens a conversation, `become` makes one somebody else. */
export function showSidebar({ space, screen, reader, place, unread, go, become }) {
  const person = space.people.find((one) => one.id === reader.id);
  const who = h("select", { id: "who", "data-key": "who", onchange: (event) => become(event.currentTarget.value) },
    space.people.map((one) => h("option", { value: one.id, selected: one.id === reader.id }, `${one.realName} – ${one.role}`)));
  const mine = screen.channels.filter((one) => one.isMine && !one.isArchived);
  const entry = (id, sign, name, about) => {
    const count = unread(id);
    return h("li", {}, h("button", {
      type: "button", "data-key": `go/${id}`, class: count ? "unread" : "", "aria-current": id === place ? "page" : null, title: about,
      onclick: () => go(id),
    }, h("span", { class: "sign", "aria-hidden": "true" }, sign), h("span", { class: "name" }, name),
    count > 0 && h("span", { class: "count" }, String(count), h("span", { class: "aloud" }, " new"))));
  };
  replace(root,
    h("p", { class: "team" }, h("span", { class: "logo", "aria-hidden": "true" }), h("strong", {}, "Sandbox"), h("small", {}, "nothing here is real")),
    h("div", { class: "who" },
      h("label", { for: "who" }, "You are"), h("span", { class: "selecting" }, who),
      h("p", {}, person ? `${city(person.zone)} time, reads ${language(person.locale)}` : "")),
    group("Channels", mine.map((one) => entry(one.id, one.isPrivate ? h("span", { class: "lock" }) : "#", one.name, about(one)))),
    group("Direct messages", [entry(screen.direct, "●", space.bot.name, "What the bot writes to you alone")]),
    group("Apps", [entry("home", "⌂", "Home", `The Home tab of ${space.bot.name}`)]),
    h("p", { class: `bot ${screen.bots ? "" : "away"}` }, screen.bots ? "The bot is connected" : "The bot is not connected"));
}

function group(title, entries) {
  return h("section", {}, h("h2", {}, title), entries.length ? h("ul", {}, entries) : h("p", {}, "None"));
}

/** A sentence about a channel. */
export function about(channel) {
  const words = [channel.isPrivate ? "Private channel" : "Channel"];
  if (channel.isShared) words.push("shared with another company");
  words.push(channel.hasBot ? "the bot is in it" : "the bot is not in it");
  return words.join(", ");
}

function city(zone) {
  return zone.split("/").at(-1).replaceAll("_", " ");
}

function language(locale) {
  return new Intl.DisplayNames("en", { type: "language", languageDisplay: "standard" }).of(locale.split("-")[0]);
}
