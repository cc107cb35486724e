// The right side: the phone, which lets calls happen, and what arrives in HubSpot.

import { date, fully } from "./dates.js";
import { letHappen, look, sentence } from "./doors.js";
import { h, newId, replace } from "./dom.js";

const SIGNS = { inbound: "↙", outbound: "↗" };
const LINKED = { contacts: "contact", companies: "company", tickets: "ticket" };
const phone = document.querySelector("#phone");
const hubspot = document.querySelector("#hubspot");
const list = h("ol", { class: "arrivals" });
const count = h("span", { class: "count" });
const known = new Map();
let isFirst = true;

/** Builds the phone from what can happen. */
export async function preparePhone(soon) {
  const offer = await look("phone");
  const menu = (name, title, options) => {
    const id = newId("phone");
    const made = h("select", { id, name }, options.map((one) => h("option", { value: one.id }, one.name)));
    return h("p", {}, h("label", { for: id }, title), h("span", { class: "selecting" }, made));
  };
  const told = h("p", { class: "told", role: "status" });
  const form = h("form", {},
    menu("caller", "With whom", offer.callers), menu("line", "On our number", offer.lines),
    menu("tag", "Tagged", [{ id: "", name: "Without a tag" }, ...offer.tags]));
  const happen = async (kind, button) => {
    button.setAttribute("aria-busy", "true");
    const values = Object.fromEntries(new FormData(form));
    try {
      told.textContent = outcome(kind, await letHappen({ kind: kind.id, ...values }));
      told.classList.remove("wrong");
    } catch (problem) {
      told.textContent = sentence(problem);
      told.classList.add("wrong");
    }
    button.removeAttribute("aria-busy");
    soon();
  };
  const column = (way, title) => h("fieldset", {}, h("legend", {}, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[way]), title),
    offer.kinds.filter((kind) => kind.id.startsWith(way)).map((kind) => h("button", {
      class: "btn", type: "button", "aria-label": kind.name, onclick: (event) => happen(kind, event.currentTarget),
    }, kind.short)));
  phone.replaceChildren(
    h("h2", { id: "phone-title" }, "The phone"),
    h("p", { class: "lead" }, "Let a call or message happen. It goes to the product's real door, as Aircall would send it."),
    form, h("div", { class: "kinds" }, column("inbound", "They call or write"), column("outbound", "We call or write")), told);
  hubspot.replaceChildren(h("h2", { id: "hubspot-title" }, "Arrived in HubSpot ", count), list);
}

function outcome(kind, done) {
  const every = Object.entries(done.answers);
  const good = every.filter(([status]) => status.startsWith("2")).reduce((sum, [, n]) => sum + n, 0);
  const all = every.reduce((sum, [, n]) => sum + n, 0);
  if (!all) return `${kind.name}: Aircall has no active webhook that leads here, so nobody was told (id ${done.id}).`;
  if (good === all) return `${kind.name}: the door took all ${all} events (id ${done.id}).`;
  const words = every.map(([status, n]) => (status === "0" ? `${n} got no answer` : `${n} got ${status}`));
  return `${kind.name}: ${words.join(", ")}. Is the product running?`;
}

/** Shows the activities, newest first; those that came or changed since the last look stand out. */
export function showArrivals(arrived, reader) {
  count.textContent = String(arrived.count);
  const nodes = arrived.arrivals.map((one) => {
    const key = `${one.kind}/${one.id}`;
    const signature = JSON.stringify([one, reader.id]);
    const before = known.get(key);
    if (before?.signature === signature) return before.node;
    const node = before?.node ?? h("li", {});
    const isOpen = node.querySelector("details")?.open ?? false;
    replace(node, arrival(one, reader, isOpen, key));
    if (!isFirst && before?.about !== JSON.stringify(one)) flash(node);
    known.set(key, { node, signature, about: JSON.stringify(one) });
    return node;
  });
  if (!nodes.length) nodes.push(h("li", { class: "none" }, "Nothing yet."));
  if (nodes.length !== list.children.length || nodes.some((node, at) => node !== list.children[at])) {
    nodes.forEach((node, at) => list.children[at] !== node && list.insertBefore(node, list.children[at] ?? null));
    while (list.children.length > nodes.length) list.lastChild.remove();
  }
  isFirst = false;
}

/** Opens the activity that has or is this record; false where none is shown. */
export function turnTo(record) {
  const every = [...known.values()].map(({ node, about }) => ({ node, one: JSON.parse(about) }));
  const found = every.find(({ one }) => one.id === record)
    ?? every.find(({ one }) => Object.values(one.linked).flat().includes(record));
  if (!found?.node.isConnected) return false;
  found.node.querySelector("details").open = true;
  found.node.querySelector("summary").focus();
  found.node.scrollIntoView({ block: "nearest" });
  flash(found.node);
  return true;
}

function flash(node) {
  node.classList.remove("fresh");
  requestAnimationFrame(() => requestAnimationFrame(() => node.classList.add("fresh")));
}

/** Calls have a title; a message's text begins with one, and goes on with what was written. */
function title(one) {
  if (one.kind === "calls") return h("span", { class: "what" }, one.activity);
  const [first, ...rest] = one.body.split("\n");
  return h("span", { class: "what" }, first, rest.length > 0 && h("span", { class: "rest" }, ` ${rest[0]}`));
}

function arrival(one, reader, isOpen, key) {
  const at = new Date(one.time);
  const facts = [["Outcome", one.outcome], ["Owner", one.owner], ["Contact", one.contact], ["Ticket", one.stage || one.ticket]];
  return h("details", { open: isOpen },
    h("summary", { "data-key": key },
      h("time", { datetime: one.time, title: fully(at, reader) }, date(at / 1000, "{time}", reader)),
      title(one),
      h("span", { class: "facts" }, facts.map(([name, value]) => value && h("span", {}, h("b", {}, name), " ", value)))),
    h("p", { class: "whole" }, one.body || "No text."),
    one.ticket && h("p", { class: "whole" }, h("b", {}, "Ticket"), ` ${one.ticket}`),
    h("p", { class: "ids" }, `HubSpot ${one.kind === "calls" ? "call" : "communication"} ${one.id}`,
      Object.entries(one.linked).flatMap(([kind, ids]) => ids.map((id) => `, ${LINKED[kind]} ${id}`))));
}
