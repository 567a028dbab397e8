/* Draws by WebGL, with sigma.js over graphology: for large graphs on machines whose hardware has it. It has the same
   methods as the renderer of graph.js that draws on a canvas. */

export class WebglRenderer {
  static async create(stage, hooks, { assets, worker, still }) {
    await script(new URL("vendor/graphology.umd.min.js", assets).href);
    await script(new URL("vendor/sigma.min.js", assets).href);
    return new WebglRenderer(stage, hooks, worker, still);
  }

  name = "webgl";
  followed = true;

  constructor(stage, hooks, worker, still) {
    this.stage = stage;
    this.hooks = hooks;
    this.worker = worker;
    this.still = still;
    this.scene = { nodes: [], edges: [] };
    this.graph = new graphology.MultiDirectedGraph();
    this.sigma = new Sigma(this.graph, stage, {
      allowInvalidContainer: true,
      defaultEdgeType: "arrow",
      enableEdgeEvents: true,
      labelFont: getComputedStyle(stage).fontFamily,
      labelSize: 12,
      stagePadding: 60,
      labelDensity: 0.6,
      labelGridCellSize: 110,
      labelRenderedSizeThreshold: 5,
      hideEdgesOnMove: true,
      zIndex: true,
      nodeReducer: (_, data) => this.#node(data),
      edgeReducer: (_, data) => this.#edge(data),
      defaultDrawNodeHover: () => {}, // its box is white in every theme
    });
    this.#colours();
    this.#listen();
  }

  show(scene) {
    const { nodes, edges } = this.scene;
    this.scene = scene;
    if (nodes.length === scene.nodes.length && edges.length === scene.edges.length && nodes.every((node, rank) => node === scene.nodes[rank])) {
      this.redraw();
      return;
    }
    this.layout?.end();
    this.graph.clear();
    const near = scene.nodes.length > 1000 ? 0.45 : scene.nodes.length > 100 ? 0.7 : 1.2;
    for (const node of scene.nodes) this.graph.addNode(node.id, { ...at(node), thing: node, label: node.label, size: node.r * near, color: node.color });
    for (const edge of scene.edges) {
      this.graph.addEdgeWithKey(edge.id, edge.source.id, edge.target.id, { thing: edge, label: edge.label, size: scene.edges.length > 3000 ? 0.5 : 1.2 });
    }
    // What was laid out before, by this renderer or the other, stays where it is.
    const placed = scene.nodes.every((node) => node.placed || node.vx !== undefined);
    this.layout = placed ? null : (this.worker?.(scene, () => this.#moved()) ?? null);
    this.sigma.refresh();
  }

  redraw() {
    this.#colours();
    this.lit = attention(this.hooks.state());
    this.sigma.refresh({ skipIndexation: true });
  }

  fit() {
    this.sigma.getCamera().animatedReset({ duration: this.still ? 1 : 250 });
  }

  reset() {
    for (const node of this.scene.nodes) node.fx = node.fy = undefined;
    if (this.layout) this.layout.again();
    else this.layout = this.worker?.(this.scene, () => this.#moved()) ?? null;
    this.fit();
  }

  zoomBy(factor) {
    this.sigma.getCamera().animate({ ratio: this.sigma.getCamera().ratio / factor }, { duration: this.still ? 1 : 150 });
  }

  panBy(x, y) {
    const centre = this.sigma.framedGraphToViewport(this.sigma.getCamera());
    this.sigma.getCamera().setState(this.sigma.viewportToFramedGraph({ x: centre.x + x, y: centre.y + y }));
  }

  reveal(node) {
    const { x, y } = this.sigma.graphToViewport(at(node));
    if (x > 40 && y > 40 && x < this.stage.clientWidth - 40 && y < this.stage.clientHeight - 40) return;
    const place = this.sigma.viewportToFramedGraph({ x, y });
    this.sigma.getCamera().animate(place, { duration: this.still ? 1 : 300 });
  }

  view() {
    const { clientWidth, clientHeight } = this.stage;
    const start = this.sigma.viewportToGraph({ x: 0, y: 0 });
    const end = this.sigma.viewportToGraph({ x: clientWidth, y: clientHeight });
    return { scale: clientWidth / (end.x - start.x), left: start.x, top: -start.y, right: end.x, bottom: -end.y };
  }

  destroy() {
    this.layout?.end();
    this.sigma.kill();
    this.stage.replaceChildren();
  }

  #moved() {
    this.graph.updateEachNodeAttributes((_, data) => ({ ...data, ...at(data.thing) }), { attributes: ["x", "y"] });
  }

  #node(data) {
    const { selected, hovered } = this.hooks.state();
    const strong = data.thing === selected || data.thing === hovered;
    if (this.lit && !this.lit.has(data.thing.id)) return { ...data, color: this.theme.edge, label: "", zIndex: 0 };
    return { ...data, forceLabel: strong || Boolean(this.lit && this.lit.size < 60), size: strong ? data.size * 1.4 : data.size, zIndex: 1 };
  }

  #edge(data) {
    if (!this.lit) return { ...data, color: this.theme.edge };
    const strong = this.lit.has(data.thing.id);
    return { ...data, color: strong ? this.theme.strong : this.theme.dim, size: strong ? 1.6 : data.size, zIndex: strong ? 1 : 0 };
  }

  #colours() {
    const { edge, strong, ink, paper } = this.hooks.theme();
    this.theme = { edge, strong, dim: `color-mix(in srgb, ${edge} 20%, ${paper})` };
    this.theme = Object.fromEntries(Object.entries(this.theme).map(([name, colour]) => [name, solid(colour)]));
    this.sigma.setSetting("labelColor", { color: ink });
  }

  #listen() {
    const thing = (key, kind) => this.graph[kind](key, "thing");
    this.sigma.on("clickNode", ({ node }) => this.hooks.onClick(thing(node, "getNodeAttribute")));
    this.sigma.on("clickEdge", ({ edge }) => this.hooks.onClick(thing(edge, "getEdgeAttribute")));
    this.sigma.on("clickStage", () => this.hooks.onClick(null));
    this.sigma.on("enterNode", ({ node }) => this.hooks.onHover(thing(node, "getNodeAttribute")));
    this.sigma.on("enterEdge", ({ edge }) => this.hooks.onHover(thing(edge, "getEdgeAttribute")));
    this.sigma.on("leaveNode", () => this.hooks.onHover(null));
    this.sigma.on("leaveEdge", () => this.hooks.onHover(null));
    let held = null;
    this.sigma.on("downNode", ({ node }) => {
      held = thing(node, "getNodeAttribute");
      if (!this.sigma.getCustomBBox()) this.sigma.setCustomBBox(this.sigma.getBBox());
    });
    this.sigma.on("moveBody", ({ event }) => {
      if (!held) return;
      const { x, y } = this.sigma.viewportToGraph(event);
      Object.assign(held, { x, y: -y, fx: x, fy: -y });
      this.graph.mergeNodeAttributes(held.id, at(held));
      this.layout?.hold(held);
      event.preventSigmaDefault();
    });
    for (const name of ["upNode", "upStage"]) this.sigma.on(name, () => (held = null));
  }
}

/** The y of sigma goes up, that of a canvas down. */
function at({ x, y }) {
  return { x, y: -y };
}

function attention({ highlighted, selected, hovered }) {
  const lit = new Set(highlighted);
  for (const thing of [selected, hovered]) {
    if (!thing) continue;
    for (const edge of thing.edges ?? [thing]) lit.add(edge.id).add(edge.source.id).add(edge.target.id);
    lit.add(thing.id);
  }
  return lit.size ? lit : null;
}

/** Return a colour of CSS as sigma reads it. */
function solid(colour) {
  const context = solid.context ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  return `rgba(${r}, ${g}, ${b}, ${(a / 255).toFixed(3)})`;
}

const loaded = new Map();

function script(address) {
  if (!loaded.has(address)) {
    loaded.set(address, new Promise((done, failed) => {
      const element = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: () => failed(new Error(`${address} cannot be loaded`)) });
      document.head.append(element);
    }));
  }
  return loaded.get(address);
}
