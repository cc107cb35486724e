// The question that some buttons and menus ask first.

import { h, newId } from "./dom.js";
import { read, words } from "./markup.js";

/** Asks `question` over everything; answers whether the person said yes. Focus goes back to `opener`. */
export function asked(question, reader, opener) {
  return new Promise((resolve) => {
    const title = newId("title");
    const text = newId("text");
    const end = (said) => {
      dialog.close();
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(said);
    };
    const isDanger = question.style === "danger";
    const no = h("button", { class: "btn", type: "button", autofocus: isDanger, onclick: () => end(false) }, read(question.deny.text));
    const yes = h("button", { class: `btn ${isDanger ? "danger" : "primary"}`, type: "button", autofocus: !isDanger, onclick: () => end(true) }, read(question.confirm.text));
    const dialog = h("dialog", { class: "modal confirm", role: "alertdialog", "aria-labelledby": title, "aria-describedby": text },
      h("h2", { id: title }, read(question.title.text)),
      h("div", { class: "body", id: text }, words(question.text, reader)),
      h("footer", {}, no, yes));
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      end(false);
    });
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
  });
}
