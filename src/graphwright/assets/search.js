// Completion of the search field: a combobox as the ARIA Authoring Practices describe it (editable, with a list).
// Without this script the field is a form that leads to the page of results.

const PAUSE = 120; // milliseconds between the last key and the question

function complete(input) {
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

  let timer = 0, asked = 0, chosen = -1;

  const options = () => [...list.children];

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const all = options();
    if (!all.length) return;
    chosen = (index + all.length) % all.length;
    all.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    list.replaceChildren(...found.map((entity, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.iri = entity.iri;
      const name = document.createElement("bdi");
      name.textContent = entity.label;
      const kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = entity.class_label ?? "";
      option.append(name, kind);
      return option;
    }));
    chosen = -1;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? `${found.length} found` : "Nothing found";
  }

  async function ask() {
    const text = input.value.trim();
    const number = ++asked;
    if (!text) { close(); return; }
    try {
      const answer = await fetch(`/api/entities?limit=8&search=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
      if (answer.ok && number === asked) show(await answer.json());
    } catch { close(); } // the form still works
  }

  const open = (option) => { location.href = `/entity?iri=${encodeURIComponent(option.dataset.iri)}`; };

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !list.hidden) { choose(chosen + 1); event.preventDefault(); }
    else if (event.key === "ArrowUp" && !list.hidden) { choose(chosen < 0 ? -1 : chosen - 1); event.preventDefault(); }
    else if (event.key === "Enter" && !list.hidden && chosen >= 0) { open(options()[chosen]); event.preventDefault(); }
    else if (event.key === "Escape" && !list.hidden) { close(); event.preventDefault(); }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) open(option);
  });
  input.addEventListener("blur", close);
}

document.querySelectorAll(".search input").forEach(complete);
