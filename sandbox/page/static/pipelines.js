// What people of the company do in HubSpot's settings: they delete ticket stages, and bring them back.

import { changePipelines, look, sentence } from "./doors.js";
import { h, replace } from "./dom.js";

const root = document.querySelector("#pipelines");
const rows = h("div", { class: "rows" });
const told = h("p", { class: "told", role: "status" });

/** Builds the list of pipelines and stages; it is read anew whenever it is opened. */
export async function preparePipelines(soon) {
  const read = async () => show(await look("pipelines"), soon);
  const details = h("details", { ontoggle: (event) => event.currentTarget.open && read() },
    h("summary", {}, h("h2", { id: "pipelines-title" }, "HubSpot's ticket stages")),
    h("p", { class: "lead" }, "Delete a stage that tickets open in, or a whole pipeline, and see what the bot says; then restore it."),
    rows, told);
  root.replaceChildren(details);
  await read();
}

function show(offer, soon) {
  const button = (name, gone, what) => h("button", {
    class: "btn", type: "button", "aria-label": `${gone ? "Restore" : "Delete"} ${name}`,
    "data-key": `${what.pipeline}/${what.stage ?? ""}`,
    onclick: (event) => change({ ...what, gone: !gone }, name, event.currentTarget, soon),
  }, gone ? "Restore" : "Delete");
  const row = (name, gone, kind, what, whole) => h("div", { class: `row ${kind}` },
    h("span", { class: gone ? "gone" : "" }, name, gone && " (deleted)"), whole && button(`the ${kind} ${name}`, gone, what));
  replace(rows, ...offer.pipelines.flatMap((pipeline) => [
    row(pipeline.label, pipeline.gone, "pipeline", { pipeline: pipeline.id }, true),
    ...pipeline.stages.map((stage) => row(stage.label, stage.gone, "stage",
      { pipeline: pipeline.id, stage: stage.id }, !pipeline.gone)),
  ]));
}

async function change(what, name, button, soon) {
  button.setAttribute("aria-busy", "true");
  try {
    show(await changePipelines(what), soon);
    told.textContent = what.gone ? `Deleted ${name}. The product looks each minute, and with the next ticket.` : `Restored ${name}.`;
    told.classList.remove("wrong");
  } catch (problem) {
    told.textContent = sentence(problem);
    told.classList.add("wrong");
  }
  button.removeAttribute("aria-busy");
  soon();
}
