// Facts and text light each other: a fact its sentence, its arguments and its edge in the picture; a place of the text
// the facts that it states. Runs of text begin and end where any span does, so that a span is always whole runs.

import { picture } from "./picture.js";

const runs = [...document.querySelectorAll(".text .run")].map((element) => (
  { element, start: Number(element.dataset.start), end: Number(element.dataset.end) }));
const spans = (text) => text.trim().split(/\s+/).filter(Boolean).map((span) => span.split("-").map(Number));
const facts = [...document.querySelectorAll("aside .fact")].map((element) => ({
  element,
  iri: element.dataset.iri,
  lit: spans(element.dataset.spans),
  subject: spans(element.dataset.subject),
  object: spans(element.dataset.object),
}));
const graph = picture();
const within = (run, [start, end]) => start <= run.start && run.end <= end;
const first = facts.find(({ element }) => element.classList.contains("lit")) ?? null; // what the address asked for

function light(fact) {
  for (const run of runs) {
    for (const role of ["lit", "subject", "object"]) {
      run.element.classList.toggle(role, fact !== null && fact[role].some((span) => within(run, span)));
    }
  }
  for (const one of facts) one.element.classList.toggle("lit", one === fact);
  graph?.highlight(fact ? [fact.iri] : []);
}

function near(run) {
  for (const fact of facts) fact.element.classList.toggle("near", run !== null && fact.lit.some((span) => within(run, span)));
}

for (const fact of facts) {
  fact.element.addEventListener("mouseenter", () => light(fact));
  fact.element.addEventListener("mouseleave", () => light(first));
  fact.element.addEventListener("focusin", () => light(fact));
  fact.element.addEventListener("focusout", () => light(first));
}
for (const run of runs) {
  for (const [begin, end] of [["mouseenter", "mouseleave"], ["focus", "blur"]]) {
    run.element.addEventListener(begin, () => near(run));
    run.element.addEventListener(end, () => near(null));
  }
}
if (first) {
  graph?.highlight([first.iri]);
  if (!location.hash) document.querySelector(".text .run.lit")?.scrollIntoView({ block: "center" });
}
