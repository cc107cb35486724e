// Blocks as Slack lays them out: headers, paragraphs with something beside, fields, rows, inputs.

import { h, newId } from "./dom.js";
import { element, image } from "./elements.js";
import { link, marked, read, words } from "./markup.js";

/** The blocks of something shown; `at` is {where, values, reader}. */
export function blocks(list, at) {
  return list.map((block) => one(block, { ...at, block }));
}

function one(block, at) {
  switch (block.type) {
    case "header":
      return h("h3", { class: "header" }, read(block.text.text));
    case "divider":
      return h("hr", {});
    case "context":
      return h("div", { class: "context" }, block.elements.map((each) =>
        each.type === "image" ? image(each) : h("span", { class: "text" }, words(each, at.reader))));
    case "section":
      return section(block, at);
    case "actions":
      return h("div", { class: "actions" }, block.elements.map((each) => element(each, { ...at, name: nameOf(each) })));
    case "input":
      return input(block, at);
    case "image":
      return h("figure", {}, image(block), block.title && h("figcaption", {}, read(block.title.text)));
    case "rich_text":
      return h("div", { class: "text" }, block.elements.map((part) => rich(part, at.reader)));
    case "markdown":
      return h("div", { class: "text" }, marked(block.text, at.reader));
    default:
      return h("p", { class: "unknown" }, `(${block.type})`);
  }
}

function nameOf(each) {
  return read(each.accessibility_label ?? each.placeholder?.text ?? each.text?.text ?? "Choose");
}

function section(block, at) {
  const paragraph = block.text && h("div", { class: "text" }, words(block.text, at.reader));
  const fields = block.fields && h("ul", { class: "fields" }, block.fields.map((each) => h("li", { class: "text" }, words(each, at.reader))));
  const beside = block.accessory && element(block.accessory, { ...at, name: paragraph?.textContent || nameOf(block.accessory) });
  return h("div", { class: "section" }, h("div", {}, paragraph, fields), beside && h("div", { class: "accessory" }, beside));
}

function input(block, at) {
  const id = newId("input");
  const [title, hint, error] = [`${id}-title`, `${id}-hint`, `${id}-error`];
  const isGroup = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const made = element(block.element, {
    ...at, name: read(block.label.text), isRequired: false,
    labelled: { id, title, described: `${block.hint ? hint : ""} ${error}`.trim() },
  });
  return h("div", { class: "field", "data-block": block.block_id },
    h(isGroup ? "span" : "label", { class: "label", id: title, for: isGroup ? null : id }, read(block.label.text),
      block.optional && h("span", { class: "optional" }, " (optional)")),
    made,
    h("p", { class: "error", id: error, hidden: true }),
    block.hint && h("p", { class: "hint", id: hint }, read(block.hint.text)));
}

/** Puts the sentences under their fields; answers with the first field that has one. */
export function showErrors(root, errors) {
  let first = null;
  for (const field of root.querySelectorAll(".field")) {
    const sentence = errors[field.dataset.block];
    const slot = field.querySelector(".error");
    slot.hidden = !sentence;
    slot.textContent = sentence ?? "";
    const control = field.querySelector(".input, .ticks");
    if (sentence) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
    if (sentence) first ??= field.querySelector("input, select, textarea, button");
  }
  return first;
}

function rich(part, reader) {
  if (part.type === "rich_text_list") {
    return h(part.style === "ordered" ? "ol" : "ul", { start: (part.offset ?? 0) + 1 }, part.elements.map((item) => h("li", {}, pieces(item, reader))));
  }
  const tag = { rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[part.type] ?? "p";
  return h(tag, {}, pieces(part, reader));
}

function pieces(part, reader) {
  return part.elements.map((piece) => {
    const style = piece.style ?? {};
    let node = bare(piece, reader);
    for (const [flag, tag] of [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["code", "code"]]) {
      if (style[flag]) node = h(tag, {}, node);
    }
    return node;
  });
}

function bare(piece, reader) {
  switch (piece.type) {
    case "text":
      return piece.text;
    case "link":
      return link(piece.url, [piece.text || piece.url]);
    case "emoji":
      return h("span", {}, marked(`:${piece.name}:`, reader));
    case "user":
      return h("span", {}, marked(`<@${piece.user_id}>`, reader));
    case "channel":
      return h("span", {}, marked(`<#${piece.channel_id}>`, reader));
    case "date":
      return h("span", {}, marked(`<!date^${piece.timestamp}^${piece.format}|${piece.fallback ?? ""}>`, reader));
    default:
      return `@${piece.usergroup_id ?? piece.range ?? ""}`;
  }
}
