// Slack's markup as elements: bold, code, quotes, links, names, dates. Nothing is ever read as HTML.

import { date } from "./dates.js";
import { h } from "./dom.js";

const EMOJI = {
  warning: "⚠️", white_check_mark: "✅", information_source: "ℹ️", x: "❌", tada: "🎉",
  grey_question: "❔", double_vertical_bar: "⏸️", arrow_down: "⬇️", telephone_receiver: "📞",
  bell: "🔔", no_bell: "🔕", rotating_light: "🚨", hourglass: "⏳", heavy_check_mark: "✔️",
};
const NEXT = new RegExp(
  [
    "```\\n?(?<fence>[\\s\\S]*?)\\n?```",
    "<(?<angle>[^<>]*)>",
    "(?<!\\w)`(?<code>[^`\\n]+)`(?!\\w)",
    "(?<![\\w*])\\*(?<bold>\\S|\\S[^\\n]*?\\S)\\*(?![\\w*])",
    "(?<![\\w])_(?<italic>\\S|\\S[^\\n]*?\\S)_(?![\\w])",
    "(?<![\\w~])~(?<strike>\\S|\\S[^\\n]*?\\S)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+-]+):",
  ].join("|"),
  "g",
);

/** The three signs that Slack escapes, as they are read. */
export function read(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A text object as nodes. */
export function words(text, reader) {
  return text.type === "mrkdwn" ? marked(text.text, reader) : [read(text.text)];
}

/** Markup as nodes: quotes as blocks, the rest inline. */
export function marked(text, reader) {
  const nodes = [];
  let quote = [];
  const close = () => {
    if (quote.length) nodes.push(h("blockquote", {}, inline(quote.join("\n"), reader)));
    quote = [];
  };
  let plain = [];
  const flush = () => {
    if (plain.length) nodes.push(...inline(plain.join("\n"), reader));
    plain = [];
  };
  for (const line of text.split("\n")) {
    const found = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (found) {
      flush();
      quote.push(found[1]);
    } else {
      close();
      plain.push(line);
    }
  }
  flush();
  close();
  return nodes;
}

function inline(text, reader) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(NEXT)) {
    const node = one(found.groups, reader);
    if (node === null) continue;
    nodes.push(read(text.slice(from, found.index)), node);
    from = found.index + found[0].length;
  }
  nodes.push(read(text.slice(from)));
  return nodes.filter((each) => each !== "");
}

function one(is, reader) {
  if (is.fence !== undefined) return h("pre", {}, literal(is.fence, reader));
  if (is.angle !== undefined) return angle(is.angle, reader);
  if (is.code !== undefined) return h("code", {}, literal(is.code, reader));
  if (is.bold !== undefined) return h("strong", {}, inline(is.bold, reader));
  if (is.italic !== undefined) return h("em", {}, inline(is.italic, reader));
  if (is.strike !== undefined) return h("s", {}, inline(is.strike, reader));
  const sign = EMOJI[is.emoji];
  return sign ? h("span", { role: "img", "aria-label": is.emoji.replaceAll("_", " ") }, sign) : null;
}

/** What stands in code: names and links are read, signs are not. */
function literal(text, reader) {
  return text.split(/(<[^<>]*>)/).map((part) => (/^<.*>$/s.test(part) ? angle(part.slice(1, -1), reader) : read(part)));
}

function angle(inside, reader) {
  const cut = inside.indexOf("|");
  const what = cut < 0 ? inside : inside.slice(0, cut);
  const label = cut < 0 ? "" : inside.slice(cut + 1);
  if (what.startsWith("@") || what.startsWith("#")) {
    const name = reader.names[what.slice(1)] ?? (read(label) || what.slice(1));
    return h("span", { class: "mention" }, `${what[0]}${name}`);
  }
  if (what.startsWith("!date^")) return dated(what, label, reader);
  if (what.startsWith("!")) return h("span", { class: "mention" }, `@${what.slice(1).split("^")[0]}`);
  return link(read(what), label ? inline(label, reader) : [read(what)]);
}

function dated(what, fallback, reader) {
  const [, seconds, form, address] = what.split("^");
  if (!/^\d+$/.test(seconds)) return read(fallback);
  const at = new Date(seconds * 1000).toISOString();
  const shown = h("time", { datetime: at, title: read(fallback) }, date(Number(seconds), form, reader));
  return address ? link(address, [shown]) : shown;
}

/** A link, only where it leads by http, mail or phone. */
export function link(address, children) {
  if (!/^(https?|mailto|tel):/i.test(address)) return h("span", {}, children);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children);
}
