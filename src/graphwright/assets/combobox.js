// A field that completes the names of things: a combobox as the ARIA Authoring Practices describe it (editable, with a
// list). `chosen(thing)` is called with what was chosen: {iri, label, class_label}.

const PAUSE = 120; // milliseconds between the last key and the question

export function complete(input, chosen) {
  const list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Things found");
  list.hidden = true;
  const status = document.createElement("span");
  status.className = "hidden";
  status.setAttribute("role", "status");
  input.after(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let timer = 0, asked = 0, active = -1, things = [];

  function close() {
    clearTimeout(timer);
    asked += 1; // an answer that is still under way comes too late
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function move(index) {
    active = (index + things.length) % things.length;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === active)));
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    const thing = things[index];
    close();
    chosen(thing);
  }

  function show(found) {
    things = found;
    list.replaceChildren(...found.map((thing, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("bdi");
      name.textContent = thing.label;
      const kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = thing.class_label ?? "";
      option.append(name, kind);
      option.addEventListener("click", () => choose(number));
      return option;
    }));
    active = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? `${found.length} found` : "Nothing found";
  }

  async function ask() {
    const text = input.value.trim();
    if (!text) { close(); return; }
    const number = ++asked;
    try {
      const answer = await fetch(`/api/entities?limit=8&search=${encodeURIComponent(text)}`);
      const found = answer.ok ? await answer.json() : [];
      if (number === asked) show(found);
    } catch { close(); } // the form still works
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") move(active + 1);
    else if (event.key === "ArrowUp") move(active < 0 ? things.length - 1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Escape closes the list, and not the dialog around it
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the field
  input.addEventListener("blur", close);
}
