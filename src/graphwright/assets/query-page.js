/* The query page: YASGUI with the prefixes, classes and properties of this graph, its own address to ask, and two more
   ways to look at a result: as a chart and as a graph. It asks no other host. */

import { make, mountGraph } from "./graph.js";

const { Yasqe, Yasr } = window.Yasgui;
const told = JSON.parse(document.getElementById("query-data").textContent);
const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const known = { classes: [], properties: [], labels: new Map() };

// -- completion --------------------------------------------------------------------------------------------------------

/** Declare the prefixes that a query uses and does not declare: so it can be taken elsewhere. */
function declared(query) {
  const bare = query.replace(/<[^>]*>|"[^"]*"|#.*$/gm, "");
  const used = new Set([...bare.matchAll(/(?<![\w:])([A-Za-z][\w-]*):/g)].map(([, prefix]) => prefix));
  const lines = Object.entries(told.prefixes)
    .filter(([prefix]) => used.has(prefix) && !new RegExp(`PREFIX\\s+${prefix}:`, "i").test(query))
    .map(([prefix, namespace]) => `PREFIX ${prefix}: <${namespace}>`);
  return lines.length ? `${lines.join("\n")}\n\n${query}` : query;
}

/** Return the terms whose IRI begins with what was typed, or whose name holds it. */
function proposed(kind, token) {
  const typed = (token?.autocompletionString ?? "").toLowerCase();
  const word = typed.split(/[#/:]/).pop();
  const fits = (term) => term.iri.toLowerCase().startsWith(typed) || (word && term.label.toLowerCase().includes(word) && typed.length <= term.iri.length);
  return known[kind].filter(fits).map((term) => term.iri);
}

function setUpCompletion() {
  // Those of YASGUI ask other hosts for vocabularies.
  Yasqe.forkAutocompleter("class", { name: "graph-classes", persistenceId: null, get: (_, token) => proposed("classes", token) });
  Yasqe.forkAutocompleter("property", { name: "graph-properties", persistenceId: null, get: (_, token) => proposed("properties", token) });
  Yasqe.forkAutocompleter("prefixes", {
    name: "graph-prefixes", persistenceId: null,
    get: () => Object.entries(told.prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`).sort(),
  });
  Yasqe.defaults.autocompleters = ["graph-prefixes", "variables", "graph-classes", "graph-properties"];
  Yasqe.defaults.prefixCcApi = null;
}

// -- results as a graph ------------------------------------------------------------------------------------------------

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Return what an IRI is called: its name in the ontology, else its end. */
function named(iri) {
  return known.labels.get(iri) ?? decodeURIComponent(iri.replace(/[#/]$/, "").split(/[#/]/).pop() || iri).replaceAll("-", " ");
}

/** Return the triples that a result can be read as: those of a CONSTRUCT, of ?s ?p ?o, or of pairs of IRIs. */
function triples(results) {
  if (!results) return [];
  const names = results.getVariables() ?? [];
  const bindings = results.getBindings() ?? [];
  const [s, p, o] = [/^s(ubject)?$/i, /^p(redicate|roperty)?$/i, /^o(bject)?$/i].map((pattern) => names.find((name) => pattern.test(name)));
  if (s && o) {
    return bindings.filter((row) => isNode(row[s]) && row[o]).map((row) => ({ from: row[s], by: (p && row[p]?.value) || "", to: row[o] }));
  }
  const found = [];
  for (const row of bindings) {
    const ends = names.filter((name) => isNode(row[name]));
    for (let one = 0; one + 1 < ends.length; one++) found.push({ from: row[ends[one]], by: ends[one + 1], to: row[ends[one + 1]] });
  }
  return found;
}

function isNode(term) {
  return term !== undefined && (term.type === "uri" || term.type === "bnode");
}

const HUES = ["#3f8fc9", "#c47a2c", "#9b62c4", "#3b9a5b", "#cf5560", "#2f9aa5", "#bd5a92", "#8f941f", "#6c75d6", "#9a7a66"];

/** Return the data of a picture. Types and labels belong to their node; other values are nodes of their own. */
function drawing(found) {
  const nodes = new Map();
  const edges = [];
  const node = (term) => {
    const literal = !isNode(term);
    const id = literal ? `"${term.value}"` : term.value;
    if (!nodes.has(id)) nodes.set(id, { id, label: literal ? term.value : named(term.value), class: literal ? "value" : "", class_label: literal ? "value" : "thing", literal });
    return nodes.get(id);
  };
  for (const { from, by, to } of found) {
    const source = node(from);
    if (by === RDF_TYPE && isNode(to)) Object.assign(source, { class: to.value, class_label: named(to.value) });
    else if (/[#/](label|prefLabel)$/.test(by) && !isNode(to)) source.label = to.value;
    else {
      const target = node(to);
      edges.push({ id: `${source.id} ${by} ${target.id}`, source: source.id, target: target.id, property: by, label: by ? named(by) : "" });
    }
  }
  const classes = [...new Set([...nodes.values()].map((one) => one.class))].sort();
  for (const one of nodes.values()) one.color = one.literal ? "#b9b9b9" : HUES[classes.indexOf(one.class) % HUES.length];
  return { nodes: [...nodes.values()], edges };
}

/** Return what the graph calls some of its things, and of which classes they are. */
async function called(ids) {
  const things = ids.filter((id) => told.base && id.startsWith(told.base) && !/[<>"{}|^`\\\s]/.test(id)).slice(0, 1000);
  if (!things.length) return [];
  const query = `SELECT ?x (MIN(?name) AS ?label) (MIN(?type) AS ?class) WHERE {
    VALUES ?x { ${things.map((id) => `<${id}>`).join(" ")} } ?x <http://www.w3.org/2000/01/rdf-schema#label> ?name
    OPTIONAL { GRAPH ?g { ?x a ?type } FILTER (?g != <https://w3id.org/graphwright/inferred>) } } GROUP BY ?x`;
  const answer = await fetch("/sparql", { method: "POST", body: new URLSearchParams({ query }), headers: { Accept: "application/sparql-results+json" } });
  const rows = (await answer.json()).results.bindings;
  const classes = [...new Set(rows.map((row) => row.class?.value ?? ""))].sort();
  return rows.map((row) => {
    const cls = row.class?.value ?? "";
    return { id: row.x.value, label: row.label.value, class: cls, class_label: cls ? named(cls) : "thing", color: HUES[classes.indexOf(cls) % HUES.length] };
  });
}

class GraphPlugin {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 1;
    this.label = "Graph";
  }
  getIcon() {
    return icon("M6 7l11 4M6 7l4 11m7-7l-7 7M6 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zm11.5 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10 15a3 3 0 1 0 0 6 3 3 0 0 0 0-6z");
  }
  canHandleResults() {
    return triples(this.yasr.results).length > 0;
  }
  draw() {
    this.destroy();
    const box = make("div", { class: "query-graph" });
    this.yasr.resultsEl.append(box);
    this.graph = mountGraph(box, drawing(triples(this.yasr.results)), { href: { node: (node) => (node.literal ? undefined : addressOf(node.id)) } });
    window.graphwright = { graph: this.graph };
    const graph = this.graph;
    called(graph.data().nodes.map((node) => node.id)).then((nodes) => this.graph === graph && graph.update({ nodes })).catch(() => {});
  }
  destroy() {
    this.graph?.destroy();
    this.graph = null;
  }
}

// -- results as a chart ------------------------------------------------------------------------------------------------

/** Return {label, values: [{name, numbers}], rows: [text]} of a result that has numbers, null of another. */
function series(results) {
  const names = results?.getVariables() ?? [];
  const bindings = results?.getBindings() ?? [];
  if (!bindings.length) return null;
  const isNumber = (name) => bindings.every((row) => !row[name] || (row[name].type !== "uri" && row[name].value.trim() !== "" && Number.isFinite(Number(row[name].value))));
  const isYear = (name) => bindings.every((row) => !row[name] || /^\d{4}$/.test(row[name].value));
  const numeric = names.filter((name) => bindings.some((row) => row[name]) && isNumber(name));
  const label = names.find((name) => !numeric.includes(name)) ?? (numeric.length > 1 ? numeric.find(isYear) ?? numeric[0] : null);
  const values = numeric.filter((name) => name !== label);
  if (!values.length) return null;
  const text = (term) => (!term ? "" : term.type === "uri" ? named(term.value) : term.value);
  return {
    label,
    rows: bindings.map((row, rank) => (label ? text(row[label]) : String(rank + 1))),
    values: values.map((name) => ({ name, numbers: bindings.map((row) => (row[name] ? Number(row[name].value) : null)) })),
  };
}

class ChartPlugin {
  constructor(yasr) {
    this.yasr = yasr;
    this.priority = 0;
    this.label = "Chart";
    this.kind = "bar";
  }
  getIcon() {
    return icon("M4 20V10h4v10zm6 0V4h4v16zm6 0v-7h4v7z");
  }
  canHandleResults() {
    return series(this.yasr.results) !== null;
  }
  draw() {
    const data = series(this.yasr.results);
    const box = make("div", { class: "query-chart" });
    const most = 60;
    const choice = (kind, name) =>
      make("label", {}, make("input", { type: "radio", name: "query-chart", checked: this.kind === kind, onchange: () => {
        this.kind = kind;
        show();
      } }), ` ${name}`);
    const picture = make("div", {});
    const show = () => picture.replaceChildren(chart({ ...data, rows: data.rows.slice(0, this.kind === "bar" ? most : 1000) }, this.kind));
    box.append(make("p", { class: "query-kinds" }, choice("bar", "Bars"), choice("line", "Line"),
      data.rows.length > most ? make("span", { class: "quiet" }, `Bars show the first ${most} of ${data.rows.length} rows.`) : null), picture);
    show();
    this.yasr.resultsEl.replaceChildren(box);
  }
}

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Return round numbers from 0, or below where some are, to the largest. */
function ticks(least, most) {
  const step = 10 ** Math.floor(Math.log10((most - least) / 4 || 1));
  const wide = [1, 2, 5, 10].map((factor) => factor * step).find((one) => (most - least) / one <= 5);
  const first = Math.floor(least / wide) * wide;
  return Array.from({ length: Math.ceil((most - first) / wide + 1e-9) + 1 }, (_, rank) => Number((first + rank * wide).toPrecision(12)));
}

/** Bars lie, so that their names can be read; a line goes from left to right. */
function chart({ label, rows, values }, kind) {
  const all = values.flatMap(({ numbers }) => numbers.slice(0, rows.length).filter((number) => number !== null));
  const marks = ticks(Math.min(0, ...all), Math.max(0, ...all) || 1);
  const [low, high] = [marks[0], marks.at(-1)];
  const short = (text) => (text.length > 28 ? `${text.slice(0, 27)}…` : text);
  const told = `${values.map(({ name }) => name).join(", ")}${label ? ` by ${label}` : ""}`;
  const [left, width] = [kind === "bar" ? 220 : 60, 860];
  const thick = 20 * values.length;
  const height = kind === "bar" ? rows.length * (thick + 8) : 320;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height + 50}`, role: "img", "aria-label": `Chart: ${told}`, class: "query-svg" });
  const along = (number) => (number - low) / (high - low);
  const plain = (number) => number.toLocaleString("en");
  if (kind === "bar") {
    const x = (number) => left + along(number) * (width - left - 50);
    for (const mark of marks) picture.append(svg("line", { x1: x(mark), x2: x(mark), y1: 0, y2: height, class: "query-grid" }), svg("text", { x: x(mark), y: height + 18, "text-anchor": "middle" }, plain(mark)));
    rows.forEach((row, rank) => {
      const top = rank * (thick + 8) + 4;
      picture.append(svg("text", { x: left - 8, y: top + thick / 2 + 4, "text-anchor": "end" }, svg("title", {}, row), short(row)));
      values.forEach(({ name, numbers }, number) => {
        const value = numbers[rank];
        if (value === null) return;
        const [from, to] = [x(Math.min(0, value)), x(Math.max(0, value))];
        picture.append(svg("rect", { x: from, y: top + 20 * number, width: Math.max(1, to - from), height: 18, rx: 2, class: `query-${number % 6}` }, svg("title", {}, `${row}: ${name} ${plain(value)}`)), svg("text", { x: to + 5, y: top + 20 * number + 13 }, plain(value)));
      });
    });
  } else {
    const x = (rank) => left + ((width - left - 20) * rank) / Math.max(1, rows.length - 1);
    const y = (number) => 10 + (1 - along(number)) * (height - 20);
    for (const mark of marks) picture.append(svg("line", { x1: left, x2: width - 20, y1: y(mark), y2: y(mark), class: "query-grid" }), svg("text", { x: left - 8, y: y(mark) + 4, "text-anchor": "end" }, plain(mark)));
    const every = Math.ceil(rows.length / 10);
    rows.forEach((row, rank) => rank % every || picture.append(svg("text", { x: x(rank), y: height + 18, "text-anchor": "middle" }, short(row).slice(0, 12))));
    values.forEach(({ name, numbers }, number) => {
      const points = rows.map((row, rank) => [rank, numbers[rank], row]).filter(([, value]) => value !== null);
      picture.append(svg("polyline", { points: points.map(([rank, value]) => `${x(rank)},${y(value)}`).join(" "), class: `query-line query-stroke-${number % 6}` }));
      for (const [rank, value, row] of points) picture.append(svg("circle", { cx: x(rank), cy: y(value), r: 3.5, class: `query-${number % 6}` }, svg("title", {}, `${row}: ${name} ${plain(value)}`)));
    });
  }
  values.forEach(({ name }, number) => picture.append(svg("rect", { x: left + number * 160, y: height + 32, width: 10, height: 10, class: `query-${number % 6}` }), svg("text", { x: left + number * 160 + 15, y: height + 41 }, name)));
  return picture;
}

// -- the page ----------------------------------------------------------------------------------------------------------

/** Return the page of this server that tells of an IRI, null where there is none. */
function addressOf(iri) {
  const query = `iri=${encodeURIComponent(iri)}`;
  if (known.labels.has(iri)) return `/term?${query}`;
  if (!told.base || !iri.startsWith(told.base)) return null;
  if (iri.includes("#statement-")) return `/fact?${query}`;
  if (iri.startsWith(`${told.base}document/`)) return iri.includes("#") ? null : `/document?${query}`;
  return `/entity?${query}`;
}

/** Lead the IRIs of a table to the pages that tell of them. */
function link(root) {
  for (const anchor of root.querySelectorAll("a.iri")) {
    const address = addressOf(anchor.getAttribute("href") ?? "");
    if (!address) continue;
    anchor.href = address;
    anchor.removeAttribute("target");
  }
}

function start() {
  setUpCompletion();
  Yasr.registerPlugin("chart", ChartPlugin);
  Yasr.registerPlugin("graph", GraphPlugin);
  for (const plugin of Object.values(Yasr.plugins)) if (plugin.defaults) plugin.defaults.openIriInNewWindow = false;
  const root = document.getElementById("yasgui");
  const examples = document.getElementById("examples");
  const first = declared(told.examples[0]?.query ?? "SELECT * WHERE { ?subject ?property ?object } LIMIT 20");
  Yasqe.defaults.value = first;
  const yasgui = new window.Yasgui(root, {
    requestConfig: { endpoint: "/sparql", method: "POST" },
    endpointCatalogueOptions: { getData: () => [], keys: [], renderItem: () => {} },
    copyEndpointOnNewTab: true,
    populateFromUrl: false,
    autofocus: false,
    persistenceId: "graphwright",
    yasqe: { value: first, resizeable: true },
    yasr: { prefixes: told.prefixes, pluginOrder: ["table", "chart", "graph", "response"], defaultPlugin: "table" },
  });
  // What others find in their browser must not send their queries to another server.
  for (const tab of Object.values(yasgui._tabs)) tab.setEndpoint("/sparql");
  new MutationObserver(() => link(root)).observe(root, { childList: true, subtree: true });
  link(root);
  const open = (query, name) => {
    const tab = yasgui.getTab();
    const untouched = tab.getQuery().trim() === "" || told.examples.some((one) => declared(one.query) === tab.getQuery());
    const used = untouched ? tab : yasgui.addTab(true, { name, yasqe: { value: declared(query) } });
    used.setQuery(declared(query));
    used.setEndpoint("/sparql");
    return used;
  };
  told.examples.forEach((one, rank) => examples.append(make("option", { value: String(rank) }, one.name)));
  examples.addEventListener("change", () => {
    const chosen = told.examples[Number(examples.value)];
    if (examples.value === "" || !chosen) return;
    open(chosen.query, chosen.name).query().catch(() => {});
    examples.value = "";
  });
  // The address holds what was asked, so that it can be shared.
  yasgui.on("query", (_, tab) => history.replaceState(null, "", `/query?query=${encodeURIComponent(tab.getQuery())}`));
  const given = new URLSearchParams(location.search).get("query");
  if (given) open(given, "Query");
  name(root);
  window.graphwrightQuery = yasgui;
}

/** Give names to what YASGUI leaves without one, for those who hear the page. */
function name(root) {
  const mend = () => {
    for (const editor of root.querySelectorAll(".CodeMirror textarea:not([aria-label])")) editor.setAttribute("aria-label", "Query in SPARQL");
    for (const size of root.querySelectorAll(".tableSizer:not([aria-label])")) size.setAttribute("aria-label", "Page size");
    for (const more of root.querySelectorAll(".tabsList .addTab:not([role])")) {
      more.setAttribute("role", "tab"); // a list of tabs holds nothing else
      more.setAttribute("aria-selected", "false");
    }
  };
  new MutationObserver(mend).observe(root, { childList: true, subtree: true });
  mend();
}

start();
fetch("/api/terms").then((answer) => answer.json()).then(({ classes, properties }) => {
  Object.assign(known, { classes, properties });
  for (const term of [...classes, ...properties]) known.labels.set(term.iri, term.label);
  link(document.getElementById("yasgui"));
}).catch(() => {}); // without them nothing is completed
