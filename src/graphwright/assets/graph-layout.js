/* Lays out a large graph beside the page: a module worker. It is sent {places, links} once and answers {places, done}
   as often as they have moved visibly; {hold, x, y} keeps one node where it was put, {again} starts anew. */

import { forceLink, forceManyBody, forceSimulation, forceX, forceY } from "./vendor/d3-force.min.js";

const SLICE = 200; // milliseconds between two answers
let simulation = null;
let waiting = null;

onmessage = ({ data }) => {
  if (data.places) begin(data);
  else if (data.again) {
    for (const node of simulation.nodes()) node.fx = node.fy = undefined;
    simulation.alpha(0.6);
    run();
  } else if (data.hold !== undefined) {
    const node = simulation.nodes()[data.hold];
    node.fx = data.x;
    node.fy = data.y;
  }
};

function begin({ places, links }) {
  const nodes = Array.from({ length: places.length / 2 }, (_, rank) => ({ x: places[2 * rank], y: places[2 * rank + 1] }));
  const edges = Array.from({ length: links.length / 2 }, (_, rank) => ({ source: links[2 * rank], target: links[2 * rank + 1] }));
  simulation = forceSimulation(nodes)
    .stop()
    .alphaDecay(1 - 0.001 ** (1 / 150))
    .force("link", forceLink(edges).distance(30))
    .force("charge", forceManyBody().strength(-60).theta(1.1))
    .force("x", forceX().strength(0.05)) // parts without a link would drift apart for ever
    .force("y", forceY().strength(0.05));
  run();
}

function run() {
  clearTimeout(waiting);
  const end = performance.now() + SLICE;
  do simulation.tick();
  while (performance.now() < end && simulation.alpha() > 0.005);
  const places = Float32Array.from(simulation.nodes().flatMap((node) => [node.x, node.y]));
  const done = simulation.alpha() <= 0.005;
  postMessage({ places, done }, [places.buffer]);
  if (!done) waiting = setTimeout(run, 0);
}
