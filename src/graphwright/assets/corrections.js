// The list of corrections, for whoever has the token; each can be taken back, and all be had as a file.

import { ask, keep, token } from "./token.js";

const form = document.querySelector("form.token");
const answer = document.querySelector(".answer");
const listed = document.querySelector(".listed");

function row(one) {
  const item = document.createElement("li");
  item.className = "fact";
  const words = document.createElement("p");
  const name = document.createElement("bdi");
  const things = [one.name, one.property, one.other].filter(Boolean).join(" – ");
  name.textContent = things;
  const kind = document.createElement("span");
  kind.className = "flag warn";
  kind.textContent = one.decision === "instead" ? "should say" : one.decision;
  words.append(kind, " ", name);
  if (one.instead) {
    const instead = document.createElement("b");
    instead.textContent = one.instead;
    words.append(" → ", instead);
  }
  const more = document.createElement("p");
  more.className = "small quiet";
  more.textContent = [one.document, one.note].filter(Boolean).join(" · ") + " ";
  const back = document.createElement("button");
  back.type = "button";
  back.className = "correct";
  back.textContent = "Take it back";
  back.setAttribute("aria-label", `Take back: ${things}`);
  back.addEventListener("click", async () => {
    const { ok, words: wrong } = await ask(`/api/corrections?number=${one.number}`, { method: "DELETE" });
    if (ok) show();
    else say(wrong, false);
  });
  more.append(back);
  item.append(words, more);
  return item;
}

function say(text, good) {
  answer.textContent = text;
  answer.classList.toggle("bad", !good);
}

async function show() {
  const { ok, told, words } = await ask("/api/corrections");
  form.hidden = ok;
  listed.hidden = !ok;
  say(ok ? (told.length ? "" : "There are none.") : token() || words ? words : "", ok);
  if (ok) listed.querySelector("ol").replaceChildren(...told.map(row));
}

async function save(format) {
  const { ok, told, words } = await ask(`/api/corrections/export?format=${format}`);
  if (!ok) { say(words, false); return; }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(told);
  link.download = { decisions: "decisions.csv", gold: "gold.jsonl", test: "corrections.txt" }[format];
  link.click();
  URL.revokeObjectURL(link.href);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  keep(document.getElementById("token").value);
  document.getElementById("token").value = "";
  show();
});
listed.querySelectorAll("[data-format]").forEach((button) => button.addEventListener("click", () => save(button.dataset.format)));
if (token()) show();
else form.hidden = false;
