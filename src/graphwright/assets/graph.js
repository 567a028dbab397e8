/* The graph as a picture that can be asked: drawn on a canvas, with its parts listed in words beside it.

   mountGraph(container, data, options) draws data = {nodes, edges} into an element and returns what changes it:

     nodes    {id, label, class, class_label, color}
     edges    {id, source, target, property, label, modality, attributed_to, confidence, documents, dates, quotes}
              and, where it is known which sentence is from where, evidence: [{document, title, date, quote}]

   options (all may be missing):
     onNode(node), onEdge(edge)   called when one is chosen; null when none is any more
     expand(id)                   an async function that returns the data of a thing's neighbours
     onFilter(filter)             called when the filter changed: see FILTER
     filter                       the filter to start with
     href                         {node(node), edge(edge), document(id)}: functions that return an address
     highlight                    ids of nodes and edges to show before all others
     focus                        ids of the nodes that are never hidden by a filter of edges
     controls                     whether to show buttons, legend, filters, lists and details; true if missing
     renderer                     "canvas", "webgl", or "auto": WebGL for large graphs where hardware draws it
     layout                       "auto"; "still" for positions without movement
     assets                       the address of the folder this module is in, null where it has been put into a page
     ForceGraph                   the library, where it is no global

   The graph that is returned: update(data), replace(data), highlight(ids), select(id), filter(changes), remove(id),
   fit(), png(), svg(), gexf(), data(), destroy(). png() returns a promise of a Blob, svg() and gexf() a string. */

/** What is shown: classes and properties that are not; and what edges must have. */
export const FILTER = Object.freeze({
  classes: Object.freeze([]),
  properties: Object.freeze([]),
  confidence: 0,
  document: "",
  since: "",
  until: "",
  asserted: false,
});

const LIVE = 1500; // nodes that the page itself lays out while it draws; more of them are laid out by a worker
const DETAILED = 3000; // edges that are drawn with direction, certainty and as curves where there are several
const SWIFT = 5000; // nodes and edges that are painted anew for each frame of a movement; else the last picture moves
const LISTED = 100; // how many nodes or edges a list shows at first
const SVG = "http://www.w3.org/2000/svg";
const HERE = /\/graph[^/]*\.js$/.test(new URL(import.meta.url).pathname) ? new URL(".", import.meta.url).href : null;

export function mountGraph(container, data, options = {}) {
  return new Mounted(container, data, options).handle();
}

/** Whether WebGL 2 is there, and drawn by hardware. */
export function hasHardware() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    if (!context) return false;
    const told = context.getExtension("WEBGL_debug_renderer_info");
    const name = told ? context.getParameter(told.UNMASKED_RENDERER_WEBGL) : context.getParameter(context.RENDERER);
    context.getExtension("WEBGL_lose_context")?.loseContext();
    return !/swiftshader|llvmpipe|software|basic render/i.test(String(name));
  } catch {
    return false;
  }
}

// -- the graph ---------------------------------------------------------------------------------------------------------

class Model {
  constructor() {
    this.nodes = new Map();
    this.edges = new Map();
  }

  /** Take in nodes and edges; what is known already is brought up to date and keeps its place. */
  merge({ nodes = [], edges = [] }) {
    for (const node of nodes) {
      const known = this.nodes.get(node.id);
      if (known) Object.assign(known, node);
      else this.nodes.set(node.id, { ...node, label: String(node.label || node.id), edges: [] });
    }
    for (const edge of edges) {
      const source = this.nodes.get(edge.source);
      const target = this.nodes.get(edge.target);
      if (!source || !target) continue;
      const known = this.edges.get(edge.id);
      if (known) {
        Object.assign(known, edge, { source, target });
        continue;
      }
      const made = { documents: [], dates: [], quotes: [], ...edge, source, target, bend: 0 };
      this.edges.set(edge.id, made);
      source.edges.push(made);
      if (target !== source) target.edges.push(made);
    }
    this.#place();
    this.#bend();
  }

  remove(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    for (const edge of node.edges) {
      this.edges.delete(edge.id);
      const other = edge.source === node ? edge.target : edge.source;
      other.edges = other.edges.filter((one) => one !== edge);
    }
    this.nodes.delete(id);
  }

  /** Put new nodes beside a neighbour that has a place, or on a spiral with the most connected in its midst. */
  #place() {
    const fresh = [...this.nodes.values()].filter((node) => node.x === undefined);
    const settled = this.nodes.size > fresh.length;
    fresh.sort((one, other) => other.edges.length - one.edges.length);
    const step = fresh.length > LIVE ? 16 : 30;
    fresh.forEach((node, rank) => {
      const near = settled && node.edges.map((edge) => (edge.source === node ? edge.target : edge.source));
      const anchor = near && near.find((other) => other.x !== undefined);
      const angle = rank * 2.399963; // the golden angle: no two on one ray
      const distance = anchor ? 40 : step * Math.sqrt(rank + 0.5);
      node.x = (anchor ? anchor.x : 0) + distance * Math.cos(angle);
      node.y = (anchor ? anchor.y : 0) + distance * Math.sin(angle);
    });
    for (const node of this.nodes.values()) node.r = Math.min(16, 4 + 1.5 * Math.sqrt(node.edges.length));
  }

  /** Bend edges between the same two nodes away from each other. */
  #bend() {
    const pairs = new Map();
    for (const edge of this.edges.values()) {
      const ends = [edge.source.id, edge.target.id].sort().join(" ");
      if (pairs.has(ends)) pairs.get(ends).push(edge);
      else pairs.set(ends, [edge]);
    }
    for (const several of pairs.values()) {
      several.forEach((edge, rank) => {
        const side = edge.source.id < edge.target.id ? 1 : -1;
        edge.bend = edge.source === edge.target ? rank + 1 : side * (rank - (several.length - 1) / 2) * 0.28;
      });
    }
  }
}

/** Return the nodes and edges that a filter lets through. */
function shown(model, filter, focus) {
  const classes = new Set(filter.classes);
  const properties = new Set(filter.properties);
  const edges = [...model.edges.values()].filter(
    (edge) =>
      !properties.has(edge.property) &&
      !classes.has(edge.source.class) &&
      !classes.has(edge.target.class) &&
      (edge.confidence ?? 1) >= filter.confidence &&
      (!filter.asserted || isAsserted(edge)) &&
      (!filter.document || edge.documents.includes(filter.document)) &&
      ((!filter.since && !filter.until) || edge.dates.some((date) => isWithin(date, filter))),
  );
  const narrowed =
    filter.properties.length || filter.confidence || filter.asserted || filter.document || filter.since || filter.until;
  const linked = new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  const nodes = [...model.nodes.values()].filter(
    (node) => !classes.has(node.class) && (!narrowed || linked.has(node) || focus.has(node.id)),
  );
  // How many pixels the radius of a node has at least, however far away it is.
  const least = nodes.length < 150 ? 5 : nodes.length <= 1000 ? 3 : 1.4;
  return { nodes, edges, least };
}

function isAsserted(edge) {
  return (edge.modality || "asserted") === "asserted" && !edge.attributed_to;
}

/** Dates have the precision they were given with: 2016 is within 2016-05 and later, and within until 2016-05. */
function isWithin(date, { since, until }) {
  const text = String(date);
  return (!since || text >= since.slice(0, text.length)) && (!until || text.slice(0, until.length) <= until);
}

// -- painting ----------------------------------------------------------------------------------------------------------

/** Trace an edge with a pen, which is a context of a canvas or an SvgPath. Returns where its tip points, and its middle. */
function trace(pen, edge, curved) {
  const { source, target } = edge;
  if (source === target) {
    const size = source.r + 8 * edge.bend;
    pen.moveTo(source.x, source.y);
    pen.bezierCurveTo(
      source.x - size * 2, source.y - size * 2.4, source.x + size * 2, source.y - size * 2.4, source.x, source.y,
    );
    return { x: source.x, y: source.y - size * 1.8, from: { x: source.x + size, y: source.y - size * 1.2 } };
  }
  pen.moveTo(source.x, source.y);
  if (!curved || !edge.bend) {
    pen.lineTo(target.x, target.y);
    return { x: (source.x + target.x) / 2, y: (source.y + target.y) / 2, from: source };
  }
  const across = { x: (source.x + target.x) / 2, y: (source.y + target.y) / 2 };
  const control = {
    x: across.x + (target.y - source.y) * edge.bend,
    y: across.y - (target.x - source.x) * edge.bend,
  };
  pen.quadraticCurveTo(control.x, control.y, target.x, target.y);
  return { x: (across.x + control.x) / 2, y: (across.y + control.y) / 2, from: control };
}

/** Trace the head of an arrow that touches the rim of the target. */
function traceHead(pen, edge, from, size) {
  const { target } = edge;
  const angle = Math.atan2(target.y - from.y, target.x - from.x);
  const tip = { x: target.x - target.r * Math.cos(angle), y: target.y - target.r * Math.sin(angle) };
  pen.moveTo(tip.x, tip.y);
  for (const turn of [-0.42, 0.42]) {
    pen.lineTo(tip.x - size * Math.cos(angle + turn), tip.y - size * Math.sin(angle + turn));
  }
  pen.closePath();
}

/** A pen that writes the path of an SVG file. */
class SvgPath {
  constructor() {
    this.parts = [];
  }
  #add(letter, numbers) {
    this.parts.push(letter + numbers.map((number) => number.toFixed(1)).join(" "));
  }
  moveTo(...at) {
    this.#add("M", at);
  }
  lineTo(...at) {
    this.#add("L", at);
  }
  quadraticCurveTo(...at) {
    this.#add("Q", at);
  }
  bezierCurveTo(...at) {
    this.#add("C", at);
  }
  closePath() {
    this.parts.push("Z");
  }
  toString() {
    return this.parts.join("");
  }
}

/** What is in the middle of attention: the parts that are painted fully, or null where all are. */
function attention(scene, { highlighted, selected, hovered }) {
  const lit = new Set(highlighted);
  for (const thing of [selected, hovered]) {
    if (!thing) continue;
    if (thing.edges) {
      lit.add(thing.id);
      for (const edge of thing.edges) lit.add(edge.id).add(edge.source.id).add(edge.target.id);
    } else lit.add(thing.id).add(thing.source.id).add(thing.target.id);
  }
  for (const edge of highlighted.size ? scene.edges : []) {
    if (highlighted.has(edge.id)) lit.add(edge.source.id).add(edge.target.id);
  }
  return lit.size ? lit : null;
}

/** Paint a scene. ``view`` is {scale, left, top, right, bottom}: pixels per unit, and what of the plane is seen. */
function paint(context, scene, view, state, theme) {
  const lit = attention(scene, state);
  const detailed = scene.edges.length <= DETAILED;
  const seen = (node) =>
    node.x + node.r >= view.left && node.x - node.r <= view.right && node.y + node.r >= view.top && node.y - node.r <= view.bottom;
  const near = ({ source, target }) =>
    Math.max(source.x, target.x) >= view.left && Math.min(source.x, target.x) <= view.right &&
    Math.max(source.y, target.y) >= view.top && Math.min(source.y, target.y) <= view.bottom;
  const edges = scene.edges.filter(near);
  const nodes = scene.nodes.filter(seen);
  const passes = lit
    ? [[(thing) => !lit.has(thing.id), 0.16], [(thing) => lit.has(thing.id), 1]]
    : [[() => true, 1]];
  context.lineJoin = "round";
  for (const [wanted, alpha] of passes) {
    const strong = lit !== null && alpha === 1;
    context.globalAlpha = alpha;
    paintEdges(context, edges.filter(wanted), { detailed, strong, dense: scene.edges.length > 800 }, view, theme);
    paintNodes(context, nodes.filter(wanted), scene.least / view.scale, view, theme);
  }
  context.globalAlpha = 1;
  if (state.selected?.edges) ring(context, state.selected, view, theme.accent);
  paintLabels(context, { nodes, edges, least: scene.least }, lit, view, state, theme);
}

function paintEdges(context, edges, { detailed, strong, dense }, view, theme) {
  const alpha = context.globalAlpha;
  const width = strong ? 1.6 : dense ? 0.6 : 1.1;
  context.lineWidth = width / view.scale;
  context.strokeStyle = context.fillStyle = strong ? theme.strong : theme.edge;
  if (dense && !strong) context.globalAlpha = alpha * 0.7;
  const heads = [];
  for (const certain of [true, false]) {
    const some = detailed ? edges.filter((edge) => isAsserted(edge) === certain) : certain ? edges : [];
    if (!some.length) continue;
    context.setLineDash(certain ? [] : [5 / view.scale, 4 / view.scale]);
    context.beginPath();
    for (const edge of some) heads.push([edge, trace(context, edge, detailed).from]);
    context.stroke();
  }
  context.setLineDash([]);
  if (detailed && view.scale > 0.45) {
    const size = Math.min(9, 7 / Math.sqrt(view.scale));
    context.beginPath();
    for (const [edge, from] of heads) traceHead(context, edge, from, size);
    context.fill();
  }
  context.globalAlpha = alpha;
}

function paintNodes(context, nodes, least, view, theme) {
  const byColor = new Map();
  for (const node of nodes) {
    if (byColor.has(node.color)) byColor.get(node.color).push(node);
    else byColor.set(node.color, [node]);
  }
  const outlined = Math.max(4, least) * view.scale > 2.5;
  context.lineWidth = 1.2 / view.scale;
  context.strokeStyle = theme.outline;
  for (const [color, some] of byColor) {
    context.fillStyle = color || theme.edge;
    context.beginPath();
    for (const node of some) {
      const r = Math.max(node.r, least);
      if (r * view.scale < 2.5) context.rect(node.x - r, node.y - r, 2 * r, 2 * r);
      else {
        context.moveTo(node.x + r, node.y);
        context.arc(node.x, node.y, r, 0, 2 * Math.PI);
      }
    }
    context.fill();
    if (outlined) context.stroke();
  }
}

function ring(context, node, view, color) {
  context.beginPath();
  context.arc(node.x, node.y, node.r + 3 / view.scale, 0, 2 * Math.PI);
  context.lineWidth = 2.5 / view.scale;
  context.strokeStyle = color;
  context.stroke();
}

/** Return [text, x, y, pixels, kind] for the names that have room: first those attended to, then the most connected. */
function labels({ nodes, edges, least }, lit, view, state, measure) {
  const found = [];
  const taken = [];
  const most = nodes.length > 2000 ? 40 : 120;
  // A name stands below its node, or where that would hide something, above or beside it. What holds no node is tried
  // first; in a large picture nodes are too many to look at each.
  const dots = nodes.length > 400 ? [] : nodes;
  const hides = ([left, top, right, bottom], own) =>
    dots.some((node) => node !== own && node.x > left && node.x < right && node.y > top && node.y < bottom);
  const overlaps = (box) => taken.some(([a, b, c, d]) => box[2] > a && box[0] < c && box[3] > b && box[1] < d);
  const place = (text, spots, size, kind, wanted, own) => {
    const width = measure(text, size) / view.scale;
    const height = (size * 1.15) / view.scale;
    const boxes = spots.map(([x, y, across]) => {
      const margin = 4 / view.scale;
      const inside = Math.max(view.left + margin, Math.min(x + (across - 1) * 0.5 * width, view.right - margin - width));
      const left = Number.isFinite(inside) ? inside : x + (across - 1) * 0.5 * width;
      return [left, y, left + width, y + height];
    });
    const free = boxes.filter((box) => !overlaps(box));
    const box = free.find((one) => !hides(one, own)) ?? free[0] ?? (wanted ? boxes[0] : null);
    if (!box) return;
    taken.push(box);
    found.push([text, (box[0] + box[2]) / 2, box[1], size, kind]);
  };
  const ranked = lit ? nodes.filter((node) => lit.has(node.id)) : nodes.slice();
  const first = (node) => (node === state.hovered || node === state.selected ? 1e9 : node.edges.length);
  ranked.sort((one, other) => first(other) - first(one));
  const reach = lit || view.scale > 1.2 ? ranked.length : Math.ceil(30 + 300 * view.scale * view.scale);
  for (const node of ranked.slice(0, reach)) {
    if (found.length >= most) break;
    const wanted = node === state.hovered || node === state.selected;
    const size = node.r > 9 || wanted ? 13 : 12;
    const line = (size * 1.15) / view.scale;
    const gap = Math.max(node.r, least / view.scale) + 2 / view.scale;
    const spots = [
      [node.x, node.y + gap, 0], [node.x, node.y - gap - line, 0],
      [node.x + gap + 2 / view.scale, node.y - line / 2, 1], [node.x - gap - 2 / view.scale, node.y - line / 2, -1],
    ];
    place(short(node.label), spots, size, "node", wanted, node);
  }
  const named = lit ? edges.filter((edge) => lit.has(edge.id)) : edges;
  if (named.length <= 60 && view.scale > (lit ? 0.5 : 0.75)) {
    const nowhere = { moveTo() {}, lineTo() {}, quadraticCurveTo() {}, bezierCurveTo() {} };
    for (const edge of named) {
      const middle = trace(nowhere, edge, true);
      const wanted = edge === state.selected || edge === state.hovered;
      place(edge.label, [[middle.x, middle.y - 6 / view.scale, 0]], 10.5, "edge", wanted, null);
    }
  }
  return found;
}

function paintLabels(context, scene, lit, view, state, theme) {
  const measure = (text, size) => textWidth(context, text, size, theme);
  context.textAlign = "center";
  context.textBaseline = "top";
  context.strokeStyle = theme.paper;
  for (const [text, x, y, size, kind] of labels(scene, lit, view, state, measure)) {
    context.font = `${size / view.scale}px ${theme.font}`;
    context.lineWidth = 3.5 / view.scale;
    context.strokeText(text, x, y);
    context.fillStyle = kind === "node" ? theme.ink : theme.faint;
    context.fillText(text, x, y);
  }
}

const widths = new Map();

function textWidth(context, text, size, theme) {
  const key = `${size} ${text}`;
  if (!widths.has(key)) {
    if (widths.size > 20000) widths.clear();
    context.font = `${size}px ${theme.font}`;
    widths.set(key, context.measureText(text).width);
  }
  return widths.get(key);
}

function short(text) {
  return text.length > 34 ? `${text.slice(0, 32).trimEnd()}…` : text;
}

function themeOf(element) {
  const style = getComputedStyle(element);
  const named = (name) => style.getPropertyValue(`--graph-${name}`).trim();
  const names = ["paper", "ink", "faint", "edge", "strong", "outline", "accent"];
  return { ...Object.fromEntries(names.map((name) => [name, named(name)])), font: style.fontFamily || "sans-serif" };
}

// -- the canvas --------------------------------------------------------------------------------------------------------

/** Draws with force-graph, which holds the camera and moves the nodes of smaller graphs; the paint is ours. */
class CanvasRenderer {
  constructor(stage, hooks, { ForceGraph, still, worker }) {
    this.stage = stage;
    this.hooks = hooks;
    this.scene = { nodes: [], edges: [], least: 5 };
    this.moving = false;
    this.followed = true;
    this.still = still;
    this.worker = worker;
    this.graph = ForceGraph()(stage)
      .enablePointerInteraction(false) // it would paint all a second time, to find what is under the pointer
      .enablePanInteraction(() => !this.grabbed)
      .minZoom(0.02)
      .maxZoom(12)
      .nodeVisibility(false)
      .linkVisibility(false)
      .nodeLabel(null)
      .linkLabel(null)
      .onZoom(() => this.#moves())
      .onRenderFramePre((context, scale) => this.#frame(context, scale))
      .onEngineTick(() => this.followed && this.fit())
;
    this.graph.d3Force("charge").strength(-170).distanceMax(900);
    this.graph.d3Force("link").distance((edge) => 46 + 3 * Math.sqrt(edge.source.edges.length + edge.target.edges.length));
    this.graph.d3Force("center", null).d3Force("gravity", gravity(0.06));
    this.canvas = stage.querySelector("canvas");
    this.sizes = new ResizeObserver(() => this.#resize());
    this.sizes.observe(stage);
    this.#resize();
    this.#listen();
  }

  /** Draw other nodes and edges. Lay them out again where they are not those of before. */
  show(scene) {
    const same = scene.nodes.length === this.scene.nodes.length && scene.edges.length === this.scene.edges.length &&
      scene.nodes.every((node, rank) => node === this.scene.nodes[rank]);
    this.scene = scene;
    this.large = scene.nodes.length + scene.edges.length > SWIFT;
    if (same) {
      this.redraw();
      return;
    }
    this.layout?.end();
    this.layout = null;
    const count = scene.nodes.length;
    const moved = count > LIVE && this.worker ? this.worker(scene, () => this.#streamed()) : null;
    const budget = Math.ceil(40000 / (count + scene.edges.length + 1));
    const ticks = this.still ? Math.min(300, 6 * budget) : Math.min(80, budget);
    this.layout = moved;
    if (moved || count > 4 * LIVE) {
      this.graph.graphData({ nodes: [], links: [] });
    } else {
      this.graph
        .warmupTicks(ticks)
        .cooldownTicks(this.still ? 0 : Infinity)
        .cooldownTime(count > LIVE ? 12000 : 5000)
        .d3AlphaMin(0.01)
        .graphData({ nodes: scene.nodes, links: scene.edges });
    }
    if (this.followed) this.fit();
    this.redraw();
  }

  redraw() {
    this.snapshot = null;
    this.graph.nodeVisibility(this.graph.nodeVisibility()); // any setting asks for a frame
  }

  fit() {
    const box = bounds(this.scene.nodes);
    if (!box) return;
    const { clientWidth, clientHeight } = this.stage;
    const room = Math.min(60, clientWidth / 10);
    const scale = Math.min((clientWidth - 2 * room) / box.width, (clientHeight - 2 * room) / box.height, 2.2);
    this.programmed = true;
    this.graph.zoom(Math.max(scale, 0.02)).centerAt(box.x, box.y);
    this.programmed = false;
  }

  reset() {
    this.followed = true;
    for (const node of this.scene.nodes) node.fx = node.fy = undefined;
    this.#reheat();
    this.fit();
    this.redraw();
  }

  zoomBy(factor) {
    this.followed = false;
    this.graph.zoom(this.graph.zoom() * factor, this.still ? 0 : 150);
  }

  panBy(x, y) {
    this.followed = false;
    const centre = this.graph.centerAt();
    const scale = this.graph.zoom();
    this.graph.centerAt(centre.x + x / scale, centre.y + y / scale);
  }

  reveal(node) {
    const view = this.view();
    const margin = 40 / view.scale;
    const inside = node.x > view.left + margin && node.x < view.right - margin && node.y > view.top + margin && node.y < view.bottom - margin;
    if (inside) return;
    this.followed = false;
    this.graph.centerAt(node.x, node.y, this.still ? 0 : 300);
  }

  view() {
    const { clientWidth, clientHeight } = this.stage;
    const start = this.graph.screen2GraphCoords(0, 0);
    const end = this.graph.screen2GraphCoords(clientWidth, clientHeight);
    return { scale: this.graph.zoom(), left: start.x, top: start.y, right: end.x, bottom: end.y };
  }

  destroy() {
    this.layout?.end();
    this.sizes.disconnect();
    clearTimeout(this.rest);
    this.graph._destructor();
    this.stage.replaceChildren();
  }

  #reheat() {
    if (this.layout) this.layout.again();
    else if (!this.still && this.scene.nodes.length <= 4 * LIVE) this.graph.d3ReheatSimulation();
  }

  #streamed() {
    if (this.moving) return;
    if (this.followed) this.fit();
    this.redraw();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.stage;
    if (!clientWidth || !clientHeight) return;
    this.graph.width(clientWidth).height(clientHeight);
    if (this.followed) this.fit();
    this.redraw();
  }

  #moves() {
    if (this.programmed || !this.large) return;
    this.moving = true;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.moving = false;
      this.redraw();
    }, 160);
  }

  #frame(context, scale) {
    const view = { ...this.view(), scale };
    if (!this.large) {
      paint(context, this.scene, view, this.hooks.state(), this.hooks.theme());
      return;
    }
    if (!this.snapshot || !this.moving) {
      const copy = document.createElement("canvas");
      copy.width = this.canvas.width;
      copy.height = this.canvas.height;
      const other = copy.getContext("2d", { alpha: true });
      other.setTransform(context.getTransform());
      paint(other, this.scene, view, this.hooks.state(), this.hooks.theme());
      this.snapshot = { copy, view };
    }
    // The last picture, moved and scaled: cheap, and exact as soon as the movement rests.
    const { copy, view: before } = this.snapshot;
    context.drawImage(copy, before.left, before.top, before.right - before.left, before.bottom - before.top);
  }

  #listen() {
    const at = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return this.graph.screen2GraphCoords(event.clientX - box.left, event.clientY - box.top);
    };
    let start = null;
    this.stage.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const point = at(event);
      const reach = event.pointerType === "touch" ? 14 : 5;
      start = { x: event.clientX, y: event.clientY, thing: pick(this.scene, point, reach / this.graph.zoom()), moved: false };
      // Before d3-zoom hears of it: whoever takes hold of a node does not move the camera.
      this.grabbed = start.thing?.edges && event.pointerType !== "touch" ? start.thing : null;
    }, { capture: true });
    const moved = (event) => {
      if (!start || Math.hypot(event.clientX - start.x, event.clientY - start.y) < 4) return;
      if (!start.moved && this.grabbed) this.#reheat();
      start.moved = true;
      this.followed = false;
      if (!this.grabbed) return;
      const point = at(event);
      Object.assign(this.grabbed, { x: point.x, y: point.y, fx: point.x, fy: point.y });
      this.layout?.hold(this.grabbed);
      this.redraw();
    };
    const released = (event) => {
      const what = start;
      start = this.grabbed = null;
      if (what && !what.moved && event.type === "pointerup" && this.stage.contains(event.target)) this.hooks.onClick(what.thing);
    };
    this.listeners = [["pointermove", moved], ["pointerup", released], ["pointercancel", released]];
    for (const [name, listener] of this.listeners) addEventListener(name, listener);
    this.stage.addEventListener("wheel", () => (this.followed = false), { passive: true, capture: true });
    this.stage.addEventListener("pointermove", (event) => {
      if (start || event.pointerType === "touch") return;
      this.pointer = at(event);
      this.asked ??= requestAnimationFrame(() => {
        this.asked = null;
        this.hooks.onHover(pick(this.scene, this.pointer, 5 / this.graph.zoom()));
      });
    });
    this.stage.addEventListener("pointerleave", () => this.hooks.onHover(null));
  }
}

/** A force towards the middle: parts that nothing links would drift apart for ever. */
function gravity(strength) {
  let nodes = [];
  const force = (alpha) => {
    for (const node of nodes) {
      node.vx -= node.x * strength * alpha;
      node.vy -= node.y * strength * alpha;
    }
  };
  force.initialize = (all) => (nodes = all);
  return force;
}

/** Return the node at a point, else the edge, else null. Looking at each is quicker than painting a second canvas. */
function pick(scene, { x, y }, reach) {
  let best = null;
  let least = Infinity;
  for (const node of scene.nodes) {
    const away = Math.hypot(node.x - x, node.y - y) - Math.max(node.r, reach * 0.6);
    if (away < reach * 0.5 && away < least) [best, least] = [node, away];
  }
  if (best) return best;
  least = reach;
  const curved = scene.edges.length <= DETAILED;
  for (const edge of scene.edges) {
    const away = distance(edge, x, y, curved);
    if (away < least) [best, least] = [edge, away];
  }
  return best;
}

function distance(edge, x, y, curved) {
  const { source, target } = edge;
  if (source === target) {
    const size = source.r + 8 * edge.bend;
    return Math.abs(Math.hypot(source.x - x, source.y - size - y) - size * 0.8);
  }
  if (!curved || !edge.bend) return toSegment(source, target, x, y);
  const points = [];
  for (let step = 0; step <= 6; step++) {
    const t = step / 6;
    const bow = 2 * t * (1 - t) * edge.bend;
    points.push({
      x: source.x + (target.x - source.x) * t + (target.y - source.y) * bow,
      y: source.y + (target.y - source.y) * t - (target.x - source.x) * bow,
    });
  }
  return Math.min(...points.slice(1).map((point, rank) => toSegment(points[rank], point, x, y)));
}

function toSegment(one, other, x, y) {
  const dx = other.x - one.x;
  const dy = other.y - one.y;
  const t = Math.max(0, Math.min(1, ((x - one.x) * dx + (y - one.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(one.x + t * dx - x, one.y + t * dy - y);
}

function bounds(nodes) {
  if (!nodes.length) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, r } of nodes) {
    left = Math.min(left, x - r);
    top = Math.min(top, y - r);
    right = Math.max(right, x + r);
    bottom = Math.max(bottom, y + r);
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top, left, top };
}

/** Start the layout of a large graph beside the page; null where no worker can be had. */
export function layoutWorker(address, still) {
  return (scene, onMove) => {
    let worker;
    try {
      worker = new Worker(address, { type: "module" });
    } catch {
      return null;
    }
    const rank = new Map(scene.nodes.map((node, number) => [node, number]));
    const places = new Float32Array(scene.nodes.flatMap((node) => [node.x, node.y]));
    const links = new Uint32Array(scene.edges.flatMap((edge) => [rank.get(edge.source), rank.get(edge.target)]));
    worker.onmessage = ({ data: { places: found, done } }) => {
      if (still && !done) return; // who wants nothing to move sees the last of it alone
      scene.nodes.forEach((node, number) => {
        if (node.fx !== undefined) return;
        node.x = found[2 * number];
        node.y = found[2 * number + 1];
        node.placed = true;
      });
      onMove();
    };
    worker.postMessage({ places, links });
    return {
      again: () => worker.postMessage({ again: true }),
      hold: (node) => worker.postMessage({ hold: rank.get(node), x: node.x, y: node.y }),
      end: () => worker.terminate(),
    };
  };
}

// -- files -------------------------------------------------------------------------------------------------------------

// XML 1.0 allows no other characters; a name may hold any.
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function escaped(value) {
  return String(value ?? "")
    .replace(NOT_XML, "")
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function svgOf(scene, theme, state) {
  const box = bounds(scene.nodes) ?? { left: 0, top: 0, width: 100, height: 100 };
  const margin = 60;
  const view = { scale: 1, left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  const frame = [box.left - margin, box.top - margin, box.width + 2 * margin, box.height + 2 * margin];
  const measure = document.createElement("canvas").getContext("2d");
  const lines = scene.edges.map((edge) => {
    const [line, head] = [new SvgPath(), new SvgPath()];
    traceHead(head, edge, trace(line, edge, true).from, 7);
    const dash = isAsserted(edge) ? "" : ' stroke-dasharray="5 4"';
    const title = `${edge.source.label} – ${edge.label} – ${edge.target.label}`;
    return `<g><title>${escaped(title)}</title><path d="${line}" fill="none" stroke="${theme.edge}"${dash}/><path d="${head}" fill="${theme.edge}"/></g>`;
  });
  const dots = scene.nodes.map(
    (node) =>
      `<circle cx="${node.x.toFixed(1)}" cy="${node.y.toFixed(1)}" r="${node.r.toFixed(1)}" fill="${escaped(node.color || theme.edge)}" stroke="${theme.outline}"><title>${escaped(`${node.label} (${node.class_label || node.class || ""})`)}</title></circle>`,
  );
  const quiet = { highlighted: state.highlighted, selected: null, hovered: null };
  const words = labels(scene, null, view, quiet, (text, size) => textWidth(measure, text, size, theme)).map(
    ([text, x, y, size, kind]) =>
      `<text x="${x.toFixed(1)}" y="${(y + size * 0.85).toFixed(1)}" font-size="${size}" fill="${kind === "node" ? theme.ink : theme.faint}">${escaped(text)}</text>`,
  );
  return [
    `<svg xmlns="${SVG}" viewBox="${frame.map((number) => number.toFixed(1)).join(" ")}" width="${frame[2].toFixed(0)}" height="${frame[3].toFixed(0)}">`,
    `<rect x="${frame[0].toFixed(1)}" y="${frame[1].toFixed(1)}" width="100%" height="100%" fill="${theme.paper}"/>`,
    ...lines,
    ...dots,
    `<g text-anchor="middle" font-family="${escaped(theme.font)}" paint-order="stroke" stroke="${theme.paper}" stroke-width="3" stroke-linejoin="round">`,
    ...words,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** GEXF 1.2 (gexf.net) of what is shown, with the places that it has in the picture. */
function gexfOf(scene) {
  const rgb = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) || 0);
  const values = (pairs) =>
    `<attvalues>${pairs.filter(([, value]) => value !== "" && value != null).map(([name, value]) => `<attvalue for="${name}" value="${escaped(value)}"/>`).join("")}</attvalues>`;
  const nodes = scene.nodes.map((node) => {
    const [r, g, b] = rgb(node.color || "#999999");
    return `<node id="${escaped(node.id)}" label="${escaped(node.label)}">${values([["class", node.class], ["class_label", node.class_label]])}<viz:color r="${r}" g="${g}" b="${b}"/><viz:position x="${node.x.toFixed(2)}" y="${(-node.y).toFixed(2)}" z="0"/><viz:size value="${node.r.toFixed(2)}"/></node>`;
  });
  const edges = scene.edges.map((edge) => {
    const told = [
      ["property", edge.property], ["modality", edge.modality], ["attributed_to", edge.attributed_to],
      ["confidence", edge.confidence], ["document", edge.documents.join("; ")], ["date", edge.dates.join("; ")],
      ["quote", edge.quotes.join(" | ")],
    ];
    return `<edge id="${escaped(edge.id)}" source="${escaped(edge.source.id)}" target="${escaped(edge.target.id)}" label="${escaped(edge.label)}">${values(told)}</edge>`;
  });
  const declared = (names) =>
    names.map((name) => `<attribute id="${name}" title="${name}" type="${name === "confidence" ? "double" : "string"}"/>`).join("");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">',
    '<graph defaultedgetype="directed" mode="static">',
    `<attributes class="node" mode="static">${declared(["class", "class_label"])}</attributes>`,
    `<attributes class="edge" mode="static">${declared(["property", "modality", "attributed_to", "confidence", "document", "date", "quote"])}</attributes>`,
    "<nodes>", ...nodes, "</nodes>",
    "<edges>", ...edges, "</edges>",
    "</graph>", "</gexf>", "",
  ].join("\n");
}

function pngOf(scene, view, size, theme, state) {
  const canvas = document.createElement("canvas");
  const sharp = 2;
  canvas.width = size.width * sharp;
  canvas.height = size.height * sharp;
  const context = canvas.getContext("2d");
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(sharp * view.scale, sharp * view.scale);
  context.translate(-view.left, -view.top);
  paint(context, scene, view, state, theme);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function saveAs(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// -- the whole ---------------------------------------------------------------------------------------------------------

/** Make an element. Texts go in as texts: nothing of the graph is ever read as HTML. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else if (key in element && !key.startsWith("aria") && key !== "list" && key !== "role") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A name of any direction of writing, which leaves that of what is around it as it is. */
function apart(text) {
  return make("bdi", {}, text);
}

class Mounted {
  constructor(container, data, options) {
    this.options = { controls: true, renderer: "auto", href: {}, highlight: [], focus: [], ...options };
    this.container = container;
    this.assets = options.assets === undefined ? HERE : options.assets;
    this.still = options.layout === "still" || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.filters = { ...FILTER, ...options.filter };
    this.state = { highlighted: new Set(this.options.highlight), selected: null, hovered: null };
    this.focus = new Set(this.options.focus);
    this.model = new Model();
    this.model.merge(data);
    this.#build();
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.onTheme = () => {
      this.colours = null;
      this.renderer?.redraw();
    };
    this.dark.addEventListener("change", this.onTheme);
    this.ready = this.#draw();
  }

  handle() {
    const told = () => this.#refresh();
    return {
      ready: this.ready,
      update: (data) => {
        this.model.merge(data);
        told();
      },
      replace: (data) => {
        this.model = new Model();
        this.model.merge(data);
        this.state.selected = this.state.hovered = null;
        if (this.renderer) this.renderer.followed = true;
        told();
      },
      remove: (id) => {
        this.model.remove(id);
        this.#select(null);
        told();
      },
      highlight: (ids = []) => {
        this.state.highlighted = new Set(ids);
        this.renderer?.redraw();
      },
      select: (id) => this.#select(this.model.nodes.get(id) ?? this.model.edges.get(id) ?? null),
      filter: (changes) => this.#filter(changes),
      keep: (ids) => {
        this.focus = new Set(ids);
      },
      fit: () => this.renderer?.fit(),
      png: async () => {
        await this.ready;
        return pngOf(this.scene, this.#exportView(), this.#size(), this.#theme(), { ...this.state, hovered: null });
      },
      svg: () => svgOf(this.scene, this.#theme(), this.state),
      gexf: () => gexfOf(this.scene),
      data: () => ({
        nodes: this.scene.nodes.map(({ edges, fx, fy, vx, vy, index, ...node }) => node),
        edges: this.scene.edges.map(({ source, target, bend, index, ...edge }) => ({ ...edge, source: source.id, target: target.id })),
      }),
      rendererName: () => this.renderer?.name ?? "canvas",
      renderer: async (name) => {
        this.options.renderer = name;
        this.renderer?.destroy();
        this.renderer = null;
        await this.#draw();
      },
      where: (id) => {
        const node = this.model.nodes.get(id);
        const view = this.renderer.view();
        return { x: (node.x - view.left) * view.scale, y: (node.y - view.top) * view.scale };
      },
      destroy: () => {
        this.dark.removeEventListener("change", this.onTheme);
        this.renderer?.destroy();
        this.container.replaceChildren();
        this.container.classList.remove("graph", "graph-plain");
      },
    };
  }

  async #draw() {
    this.scene = shown(this.model, this.filters, this.focus);
    this.#lists();
    const wanted = this.options.renderer;
    const gl = wanted === "webgl" || (wanted === "auto" && this.model.nodes.size > LIVE && this.assets && hasHardware());
    const hooks = {
      state: () => this.state,
      theme: () => this.#theme(),
      onClick: (thing) => this.#select(thing),
      onHover: (thing) => this.#hover(thing),
    };
    const worker = this.assets ? layoutWorker(new URL("graph-layout.js", this.assets).href, this.still) : null;
    const choice = { still: this.still, worker };
    if (gl) {
      try {
        const { WebglRenderer } = await import(new URL("graph-webgl.js", this.assets).href);
        this.renderer = await WebglRenderer.create(this.stage, hooks, { ...choice, assets: this.assets });
      } catch (error) {
        console.warn("WebGL cannot draw here; the canvas does", error);
        this.stage.replaceChildren();
      }
    }
    if (!this.renderer) {
      const ForceGraph = this.options.ForceGraph ?? globalThis.ForceGraph;
      if (!ForceGraph) throw new Error("force-graph is missing: load vendor/force-graph.min.js, or give options.ForceGraph");
      this.renderer = new CanvasRenderer(this.stage, hooks, { ...choice, ForceGraph });
    }
    this.stage.querySelectorAll("canvas").forEach((canvas) => canvas.setAttribute("aria-hidden", "true"));
    this.renderer.show(this.scene);
  }

  #theme() {
    return (this.colours ??= themeOf(this.container));
  }

  #size() {
    return { width: this.stage.clientWidth || 800, height: this.stage.clientHeight || 600 };
  }

  #exportView() {
    if (this.renderer.name !== "webgl") return this.renderer.view();
    const box = bounds(this.scene.nodes) ?? { x: 0, y: 0, width: 100, height: 100 };
    const { width, height } = this.#size();
    const scale = Math.min((width - 80) / box.width, (height - 80) / box.height, 2);
    return {
      scale, left: box.x - width / 2 / scale, top: box.y - height / 2 / scale,
      right: box.x + width / 2 / scale, bottom: box.y + height / 2 / scale,
    };
  }

  #refresh() {
    this.scene = shown(this.model, this.filters, this.focus);
    if (this.state.selected && !this.#holds(this.state.selected)) this.state.selected = null;
    this.renderer?.show(this.scene);
    this.#lists();
    this.#details();
  }

  #holds(thing) {
    return thing.edges ? this.model.nodes.has(thing.id) : this.model.edges.has(thing.id);
  }

  #filter(changes) {
    this.filters = { ...this.filters, ...changes };
    this.#refresh();
    this.options.onFilter?.(this.filters);
    return this.filters;
  }

  #select(thing) {
    if (this.state.selected === thing) return;
    this.state.selected = thing;
    this.state.hovered = null;
    if (thing?.edges) this.renderer?.reveal(thing);
    this.renderer?.redraw();
    this.#details();
    if (!thing || thing.edges) this.options.onNode?.(thing);
    if (!thing || !thing.edges) this.options.onEdge?.(thing);
  }

  #hover(thing) {
    if (this.state.hovered === thing) return;
    this.state.hovered = thing;
    this.stage.classList.toggle("graph-points", thing !== null);
    this.tip.textContent = thing ? (thing.edges ? thing.label : `${thing.source.label} – ${thing.label} – ${thing.target.label}`) : "";
    // A large graph is not painted anew for each node that the pointer passes.
    if (this.scene.nodes.length + this.scene.edges.length <= SWIFT) this.renderer?.redraw();
  }

  async #expand(node) {
    this.#say(`Fetching the neighbours of ${node.label} …`);
    try {
      const before = this.model.nodes.size;
      this.model.merge(await this.options.expand(node.id));
      this.focus.add(node.id);
      this.#refresh();
      const more = this.model.nodes.size - before;
      this.#say(more ? `${more} more, next to ${node.label}.` : `No more is known next to ${node.label}.`);
    } catch (error) {
      this.#say(`That failed: ${error.message}`);
    }
  }

  #say(text) {
    this.status.textContent = text;
  }

  // -- what lies around the picture --

  #build() {
    const { controls } = this.options;
    this.container.classList.add("graph");
    this.container.classList.toggle("graph-plain", !controls);
    this.stage = make("div", { class: "graph-stage" });
    this.tip = make("div", { class: "graph-tip", "aria-hidden": "true", dir: "auto" });
    this.status = make("p", { class: "graph-status", role: "status" });
    const frame = make("div", { class: "graph-frame" }, this.stage, this.tip);
    if (!controls) {
      this.stage.setAttribute("role", "img");
      this.container.replaceChildren(frame);
      return;
    }
    Object.assign(this.stage, { tabIndex: 0 });
    this.stage.setAttribute("role", "application");
    this.stage.addEventListener("keydown", (event) => this.#key(event));
    frame.append(this.#buttons(), this.status);
    this.details = make("section", { class: "graph-details", "aria-label": "Details", "aria-live": "polite" });
    this.legend = make("fieldset", { class: "graph-legend" });
    this.sieve = make("div", { class: "graph-sieve" });
    this.listing = make("div", { class: "graph-listing" });
    const side = make(
      "div", { class: "graph-side" },
      this.details,
      this.legend,
      make("details", { class: "graph-fold graph-filters" }, make("summary", {}, "Filters"), this.sieve),
      make("details", { class: "graph-fold graph-lists" }, make("summary", {}, "Lists of things and facts"), this.listing),
    );
    this.side = side;
    this.container.replaceChildren(frame, side);
    this.#details();
  }

  #buttons() {
    const button = (text, title, act) =>
      make("button", { type: "button", class: "graph-button", title, "aria-label": title, onclick: act }, text);
    const save = (name, blob) => async () => {
      saveAs(await blob(), name);
      this.#say(`Saved as ${name}.`);
    };
    const handle = () => this.handle();
    return make(
      "div", { class: "graph-buttons", role: "toolbar", "aria-label": "Picture" },
      button("+", "Zoom in", () => this.renderer?.zoomBy(1.5)),
      button("−", "Zoom out", () => this.renderer?.zoomBy(1 / 1.5)),
      button("Fit", "Show all", () => this.renderer?.fit()),
      button("Lay out", "Lay out anew", () => this.renderer?.reset()),
      button("PNG", "Save as PNG", save("graph.png", () => handle().png())),
      button("SVG", "Save as SVG", save("graph.svg", async () => new Blob([handle().svg()], { type: "image/svg+xml" }))),
      button("GEXF", "Save as GEXF, for Gephi", save("graph.gexf", async () => new Blob([handle().gexf()], { type: "application/xml" }))),
    );
  }

  #key(event) {
    const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key]) this.renderer?.panBy(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.renderer?.zoomBy(1.4);
    else if (event.key === "-") this.renderer?.zoomBy(1 / 1.4);
    else if (event.key === "0") this.renderer?.fit();
    else if (event.key === "Escape") this.#select(null);
    else if (event.key === "Enter" && this.state.selected?.edges && this.options.expand) this.#expand(this.state.selected);
    else return;
    event.preventDefault();
  }

  /** Tell the picture in words: its name, the legend, the filters, the lists. */
  #lists() {
    const { nodes, edges } = this.scene;
    const told = `${count(nodes.length, "thing")} and ${count(edges.length, "fact")}`;
    const names = nodes.slice(0, 5).map((node) => node.label).join(", ");
    if (!this.options.controls) {
      this.stage.setAttribute("aria-label", nodes.length ? `Graph of ${told}: ${names}${nodes.length > 5 ? ", …" : ""}` : "An empty graph");
      return;
    }
    this.stage.setAttribute("aria-label", `Graph of ${told}. Arrow keys move it, plus and minus zoom, 0 shows all. The lists beside it hold the same.`);
    this.#say(nodes.length ? told : this.model.nodes.size ? "The filters leave nothing." : "Nothing to show.");
    this.#fillLegend();
    this.#fillFilters();
    this.#fillListing();
  }

  #fillLegend() {
    const classes = tally([...this.model.nodes.values()], (node) => node.class);
    const rows = classes.map(([name, some]) => {
      const { color, class_label: label } = some[0];
      const swatch = make("span", { class: "graph-swatch" });
      swatch.style.background = color;
      return this.#toggle("classes", name, `${label || name || "no class"}`, some.length, swatch);
    });
    this.legend.replaceChildren(make("legend", {}, "Classes"), ...rows);
  }

  #fillFilters() {
    const { filters } = this;
    const all = [...this.model.edges.values()];
    const properties = tally(all, (edge) => edge.property);
    const rows = properties.map(([name, some]) => this.#toggle("properties", name, some[0].label, some.length, null));
    const field = (label, properties) => make("label", { class: "graph-field" }, make("span", {}, label), make("input", properties));
    const documents = [...new Set(all.flatMap((edge) => edge.documents))].sort();
    const chosen = make(
      "select", { onchange: (event) => this.#filter({ document: event.target.value }) },
      make("option", { value: "" }, "all"),
      ...documents.slice(0, 500).map((id) => make("option", { value: id, selected: id === filters.document }, short(id))),
    );
    const least = make("output", {}, Number(filters.confidence).toFixed(2));
    const slider = make("input", {
      type: "range", min: "0", max: "1", step: "0.05", value: filters.confidence, "aria-label": "Confidence at least",
      oninput: (event) => (least.textContent = Number(event.target.value).toFixed(2)),
      onchange: (event) => this.#filter({ confidence: Number(event.target.value) }),
    });
    const opened = document.activeElement && this.sieve.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const date = (name, label) =>
      field(label, { type: "text", inputMode: "numeric", placeholder: "2016 or 2016-06-14", value: filters[name], size: 12,
        "data-key": name, onchange: (event) => this.#filter({ [name]: event.target.value.trim() }) });
    slider.dataset.key = "confidence";
    chosen.dataset.key = "document";
    const only = make("input", { type: "checkbox", checked: filters.asserted, onchange: (event) => this.#filter({ asserted: event.target.checked }) });
    only.dataset.key = "asserted";
    this.sieve.replaceChildren(
      make("p", { class: "graph-field" }, make("span", {}, "Confidence at least ", least)),
      slider,
      make("label", { class: "graph-field" }, make("span", {}, "Document"), chosen),
      date("since", "Since"),
      date("until", "Until"),
      make("label", { class: "graph-check" }, only, " Only what is asserted"),
      make("fieldset", { class: "graph-legend" }, make("legend", {}, "Properties"), ...rows),
    );
    if (opened) this.sieve.querySelector(`[data-key="${CSS.escape(opened)}"]`)?.focus();
  }

  #toggle(kind, name, label, number, mark) {
    const hidden = this.filters[kind].includes(name);
    const box = make("input", {
      type: "checkbox", checked: !hidden, "data-key": `${kind} ${name}`,
      onchange: (event) => {
        const others = this.filters[kind].filter((one) => one !== name);
        this.#filter({ [kind]: event.target.checked ? others : [...others, name] });
        this.side.querySelector(`[data-key="${CSS.escape(`${kind} ${name}`)}"]`)?.focus();
      },
    });
    return make("label", { class: "graph-check" }, box, mark, make("span", { class: "graph-name" }, label), make("span", { class: "graph-count" }, String(number)));
  }

  #fillListing() {
    const find = make("input", { type: "search", placeholder: "Find in the picture", "aria-label": "Find in the picture" });
    const things = make("ul", { class: "graph-list" });
    const facts = make("ul", { class: "graph-list" });
    const ranked = this.scene.nodes.slice().sort((one, other) => other.edges.length - one.edges.length);
    const fill = (most) => {
      const text = find.value.trim().toLowerCase();
      const holds = (...labels) => !text || labels.some((label) => label.toLowerCase().includes(text));
      const nodes = ranked.filter((node) => holds(node.label));
      const edges = this.scene.edges.filter((edge) => holds(edge.label, edge.source.label, edge.target.label));
      const more = (list, total) => total > most && list.append(make("li", {}, make("button", { type: "button", onclick: () => fill(total) }, `Show all ${total}`)));
      things.replaceChildren(...nodes.slice(0, most).map((node) => this.#nodeRow(node)));
      facts.replaceChildren(...edges.slice(0, most).map((edge) => this.#edgeRow(edge)));
      more(things, nodes.length);
      more(facts, edges.length);
    };
    find.addEventListener("input", () => fill(LISTED));
    const fold = this.side.querySelector(".graph-lists");
    // A closed list is not written: a large graph has many rows.
    const write = () => {
      if (fold.open) fill(LISTED);
    };
    fold.ontoggle = write;
    this.listing.replaceChildren(find, make("h3", {}, "Things"), things, make("h3", {}, "Facts"), facts);
    write();
  }

  #nodeRow(node) {
    return make(
      "li", {},
      make("button", { type: "button", class: "graph-link", onclick: () => this.#select(node) }, apart(node.label)),
      " ", make("span", { class: "graph-count" }, node.class_label || node.class || ""),
      this.options.expand && make("button", { type: "button", class: "graph-small", "aria-label": `Expand ${node.label}`, onclick: () => this.#expand(node) }, "Expand"),
    );
  }

  #edgeRow(edge) {
    const words = [apart(edge.source.label), ` – ${edge.label} – `, apart(edge.target.label)];
    return make("li", {}, make("button", { type: "button", class: "graph-link", onclick: () => this.#select(edge) }, ...words));
  }

  #details() {
    if (!this.options.controls) return;
    const { selected } = this.state;
    this.side.classList.toggle("graph-chosen", Boolean(selected));
    if (!selected) {
      this.details.replaceChildren(make("p", { class: "graph-hint" }, "Choose a thing or a fact in the picture to see what is known of it."));
      return;
    }
    const close = make("button", { type: "button", class: "graph-small graph-close", "aria-label": "Close the details", onclick: () => this.#select(null) }, "×");
    this.details.replaceChildren(close, ...(selected.edges ? this.#aboutNode(selected) : this.#aboutEdge(selected)));
  }

  #aboutNode(node) {
    const { href, expand } = this.options;
    const chip = make("span", { class: "graph-swatch" });
    chip.style.background = node.color;
    const edges = this.scene.edges.filter((edge) => edge.source === node || edge.target === node);
    const list = make("ul", { class: "graph-list" });
    const fill = (most) => {
      list.replaceChildren(...edges.slice(0, most).map((edge) => this.#edgeRow(edge)));
      if (edges.length > most) list.append(make("li", {}, make("button", { type: "button", onclick: () => fill(edges.length) }, `Show all ${edges.length}`)));
    };
    fill(30);
    return [
      make("h3", {}, href.node?.(node) ? make("a", { href: href.node(node) }, apart(node.label)) : apart(node.label)),
      make("p", { class: "graph-kind" }, chip, node.class_label || node.class || ""),
      make(
        "p", { class: "graph-acts" },
        expand && make("button", { type: "button", onclick: () => this.#expand(node) }, "Expand"),
        make("button", { type: "button", onclick: () => this.handle().remove(node.id) }, "Take out"),
        ...(this.options.actions?.(node) ?? []),
      ),
      list,
    ];
  }

  #aboutEdge(edge) {
    const { href } = this.options;
    const end = (node) => make("button", { type: "button", class: "graph-link", onclick: () => this.#select(node) }, apart(node.label));
    const told = edge.evidence ?? edge.quotes.map((quote, rank) => ({
      quote, document: edge.documents.length === 1 ? edge.documents[0] : edge.documents[rank], date: edge.dates.length === 1 ? edge.dates[0] : "",
    }));
    const notes = [
      !edge.modality || edge.modality === "asserted" ? "" : edge.modality,
      edge.attributed_to ? `as ${edge.attributed_to} says` : "",
      edge.confidence == null ? "" : `confidence ${Number(edge.confidence).toFixed(2)}`,
    ].filter(Boolean);
    return [
      make("h3", {}, end(edge.source), " ", make("span", { class: "graph-verb" }, href.edge ? make("a", { href: href.edge(edge) }, edge.label) : edge.label), " ", end(edge.target)),
      make("p", { class: "graph-kind" }, notes.join(" · ")),
      ...told.map(({ quote, document, title, date }) => {
        const name = title || document || "";
        return make(
          "figure", { class: "graph-quote" },
          make("blockquote", { dir: "auto" }, quote || ""),
          name && make("figcaption", {}, href.document ? make("a", { href: href.document(document, edge) }, apart(short(name))) : apart(short(name)), date ? `, ${date}` : ""),
        );
      }),
    ];
  }
}

function count(number, what) {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

/** Return [key, those that have it] for each key, the most frequent first. */
function tally(things, key) {
  const found = new Map();
  for (const thing of things) {
    const name = key(thing);
    if (found.has(name)) found.get(name).push(thing);
    else found.set(name, [thing]);
  }
  return [...found].sort(([one, some], [other, more]) => more.length - some.length || String(one).localeCompare(String(other)));
}
