// "Correct…" on a fact or a thing: a dialog that notes what is wrong with it.

import { complete } from "./combobox.js";
import { ask, keep, token } from "./token.js";

const dialog = document.getElementById("correction");
const form = dialog.querySelector("form");
const other = form.querySelector("[data-other]");
const answer = form.querySelector(".answer");
let about = null; // {about, iri, label} of what is corrected
let chosen = null; // the thing that was chosen for "same as"

function choices() {
  const verdict = form.elements.verdict.value;
  other.hidden = verdict === "wrong";
  form.elements.other.required = verdict !== "wrong";
  const words = { same: "The same as", different: "Not the same as", should_say: about?.about === "fact" ? "It should say (a name or value)" : "Its name" };
  other.querySelector("label").textContent = words[verdict] ?? "";
  form.querySelector("[data-token]").hidden = Boolean(token());
  form.elements.token.required = !token();
}

function open(button) {
  about = { about: button.dataset.about, iri: button.dataset.iri, label: button.dataset.label };
  chosen = null;
  form.reset();
  say("", true);
  form.querySelector(".about bdi").textContent = about.label;
  form.querySelectorAll("[data-for]").forEach((label) => { label.hidden = !label.dataset.for.split(" ").includes(about.about); });
  choices();
  dialog.showModal();
}

function say(text, good) {
  answer.textContent = text;
  answer.classList.toggle("bad", !good);
}

async function note() {
  if (form.elements.token.value) keep(form.elements.token.value);
  const verdict = form.elements.verdict.value;
  const text = form.elements.other.value.trim();
  const thing = chosen !== null && chosen.label === text && verdict !== "should_say" ? chosen.iri : text;
  const { ok, told, words } = await ask("/api/corrections", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ about: about.about, iri: about.iri, verdict, other: verdict === "wrong" ? "" : thing, note: form.elements.note.value }),
  });
  form.elements.token.value = "";
  choices();
  say(ok ? `Noted. It takes effect ${told.effect ?? "at the next build"}.` : words, ok);
}

complete(form.elements.other, (thing) => {
  chosen = thing;
  form.elements.other.value = thing.label;
});
form.addEventListener("change", choices);
form.addEventListener("submit", (event) => { event.preventDefault(); note(); });
form.querySelector("[value=cancel]").addEventListener("click", () => dialog.close());
document.querySelectorAll(".correct").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => open(button));
});
