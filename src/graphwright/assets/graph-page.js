/* The graph page: asks the server for parts of the graph, and keeps in the address what is shown, so that it can be
   shared. `part` is what the server is asked for (the parameters of /api/graph, or from and to of /api/path), `more`
   what was expanded, `view` how it is looked at. */

import { complete } from "./combobox.js";
import { FILTER, make, mountGraph } from "./graph.js";

const MULTIPLE = ["iri", "class", "property", "document"];
const PART = [...MULTIPLE, "hops", "limit", "since", "until", "min_confidence", "flagged", "from", "to"];
const form = document.getElementById("ask");
const told = document.getElementById("told");
const container = document.getElementById("graph");
const renderer = document.getElementById("renderer");
const ends = { from: document.getElementById("from"), to: document.getElementById("to") };

let state = read();
let graph = null;
let asked = 0;

/** Return the state that the address tells. */
function read() {
  const given = new URLSearchParams(location.search);
  const part = new URLSearchParams([...given].filter(([name, value]) => PART.includes(name) && value));
  let filter = {};
  try {
    filter = JSON.parse(given.get("filter") ?? "{}");
  } catch {
    // An address may hold anything.
  }
  return {
    part,
    more: given.getAll("more"),
    filter: Object.fromEntries(Object.entries(filter).filter(([name, value]) => name in FILTER && typeof value === typeof FILTER[name] && Array.isArray(value) === Array.isArray(FILTER[name]))),
    renderer: ["canvas", "webgl"].includes(given.get("renderer")) ? given.get("renderer") : "auto",
    chosen: given.get("chosen") ?? "",
  };
}

function write(anew) {
  const address = new URLSearchParams(state.part);
  for (const id of state.more) address.append("more", id);
  const filter = Object.entries(state.filter).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(FILTER[name]));
  if (filter.length) address.set("filter", JSON.stringify(Object.fromEntries(filter)));
  if (state.renderer !== "auto") address.set("renderer", state.renderer);
  if (state.chosen) address.set("chosen", state.chosen);
  const text = address.toString() ? `/graph?${address}` : "/graph";
  if (text === location.pathname + location.search) return;
  if (anew) history.pushState(null, "", text);
  else history.replaceState(null, "", text);
}

async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const data = await answer.json();
  if (!answer.ok) throw new Error(`${data.error}; ${data.mend}`);
  return data;
}

function around(id) {
  const address = new URLSearchParams({ iri: id, limit: 100 });
  for (const name of ["since", "until", "min_confidence", "flagged"]) {
    if (state.part.get(name)) address.set(name, state.part.get(name));
  }
  return ask(`/api/graph?${address}`);
}

async function expand(id) {
  const data = await around(id);
  if (!state.more.includes(id)) state.more.push(id);
  write(false);
  return data;
}

/** Ask for what the state tells, and draw it. */
async function load() {
  const number = ++asked;
  const isPath = state.part.has("from") && state.part.has("to");
  told.textContent = "Fetching …";
  try {
    const data = await ask(`${isPath ? "/api/path" : "/api/graph"}?${state.part}`);
    const more = await Promise.all(state.more.map((id) => around(id).catch(() => ({ nodes: [], edges: [] }))));
    if (number !== asked) return; // something else was asked for meanwhile
    for (const { nodes, edges } of more) {
      data.nodes.push(...nodes);
      data.edges.push(...edges);
    }
    draw(data);
    told.textContent = remark(data, isPath);
  } catch (error) {
    if (number === asked) told.textContent = error.message;
  }
}

function remark(data, isPath) {
  if (isPath && data.length === null) return data.truncated ? "No path was found within the bounds of the search." : "No path of asserted facts leads from one to the other.";
  if (isPath) return `${data.length} ${data.length === 1 ? "fact leads" : "facts lead"} from one to the other${data.paths.length > 1 ? `, in ${data.paths.length} ways` : ""}.`;
  return data.truncated ? "This is not all: the most linked are shown." : "";
}

function draw(data) {
  const focus = [...state.part.getAll("iri"), ...state.more, state.part.get("from"), state.part.get("to")].filter(Boolean);
  if (graph) {
    graph.keep(focus);
    graph.filter({ ...FILTER, ...state.filter });
    graph.replace(data);
  } else {
    graph = mountGraph(container, data, {
      expand,
      focus,
      filter: state.filter,
      renderer: state.renderer,
      href: {
        node: (node) => `/entity?iri=${encodeURIComponent(node.id)}`,
        edge: (edge) => `/fact?iri=${encodeURIComponent(edge.id)}`,
        document: (id, edge) => `/document?${new URLSearchParams({ id, fact: edge.id })}`,
      },
      actions: (node) => [
        make("button", { type: "button", onclick: () => setEnd("from", node.id, node.label) }, "Path from here"),
        make("button", { type: "button", onclick: () => setEnd("to", node.id, node.label) }, "Path to here"),
        make("button", { type: "button", onclick: () => go({ iri: [node.id] }) }, "Only around this"),
      ],
      onFilter: (filter) => {
        state.filter = filter;
        write(false);
      },
      onNode: (node) => {
        state.chosen = node?.id ?? "";
        write(false);
      },
    });
    // For whoever looks at the page with the tools of the browser, and for tests.
    window.graphwright = { graph };
  }
  if (state.chosen) graph.select(state.chosen);
  fill();
}

/** Show another part of the graph. */
function go(part) {
  state.part = new URLSearchParams(Object.entries(part).flatMap(([name, value]) => [value].flat().filter(Boolean).map((one) => [name, String(one)])));
  state.more = [];
  state.chosen = "";
  write(true);
  return load();
}

/** Show in the form what the state tells. */
function fill() {
  for (const field of form.elements) {
    if (!PART.includes(field.name)) continue;
    if (field.type === "checkbox") field.checked = state.part.get(field.name) === "true";
    else field.value = state.part.get(field.name) ?? (field.name === "hops" ? "1" : field.name === "limit" ? "200" : "");
  }
  renderer.value = state.renderer;
}

function setEnd(which, iri, label) {
  ends[which].value = label;
  ends[which].dataset.iri = iri;
  document.getElementById("way").open = true;
  if (ends.from.dataset.iri && ends.to.dataset.iri) findPath();
  else told.textContent = which === "from" ? `From ${label} to …` : `From … to ${label}`;
}

function findPath() {
  const [from, to] = [ends.from.dataset.iri, ends.to.dataset.iri];
  if (!from || !to) {
    told.textContent = "Choose both things from what the fields propose.";
    return;
  }
  document.getElementById("way").open = false;
  go({ from, to, flagged: state.part.get("flagged") });
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const part = { iri: state.part.getAll("iri") };
    for (const [name, value] of new FormData(form)) if (PART.includes(name)) part[name] = value;
    if (part.hops === "1") delete part.hops;
    if (part.limit === "200") delete part.limit;
    document.getElementById("part").open = false;
    go(part);
  });
  document.getElementById("everything").addEventListener("click", () => {
    document.getElementById("part").open = false;
    go({});
  });
  const field = document.getElementById("add");
  complete(field, (thing) => {
    field.value = "";
    const there = state.part.has("from") ? [] : state.part.getAll("iri");
    const part = Object.fromEntries([...state.part].filter(([name]) => !["iri", "from", "to"].includes(name)));
    go({ ...part, iri: [...new Set([...there, thing.iri])] }).then(() => graph?.select(thing.iri));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented) return;
    event.preventDefault();
    told.textContent = field.value.trim() ? "Choose one of the things that the field proposes." : "";
  });
  for (const [which, input] of Object.entries(ends)) {
    complete(input, (thing) => setEnd(which, thing.iri, thing.label));
    input.addEventListener("input", () => delete input.dataset.iri);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.defaultPrevented) return;
      event.preventDefault(); // it would send the other part of the form
      findPath();
    });
  }
  document.getElementById("find-path").addEventListener("click", findPath);
  renderer.addEventListener("change", () => {
    state.renderer = renderer.value;
    write(false);
    graph?.renderer(renderer.value);
  });
  // A menu that lies over the picture closes when one turns to something else.
  document.addEventListener("click", (event) => {
    for (const menu of form.querySelectorAll("details[open]")) if (!menu.contains(event.target) && container.contains(event.target) && !event.target.closest(".graph-acts")) menu.open = false;
  });
  form.addEventListener("keydown", (event) => {
    const menu = event.target.closest("details[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  addEventListener("popstate", () => {
    state = read();
    load();
  });
}

/** Offer the classes and properties that there are. */
async function offer() {
  const terms = await ask("/api/terms");
  for (const [name, kind] of [["class", "classes"], ["property", "properties"]]) {
    const options = terms[kind].filter((term) => term.count).map((term) => make("option", { value: term.iri }, `${term.label} (${term.count.toLocaleString("en")})`));
    form.elements[name].append(...options);
  }
  fill();
}

listen();
load();
offer().catch(() => {}); // without them the fields offer nothing but all
