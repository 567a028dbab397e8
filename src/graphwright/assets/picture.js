// The small picture of a page: its facts as a graph. It grows by the graph's own answers where one expands a thing.

import { mountGraph } from "./graph.js";

/** Draw the picture of this page, and return what changes it; null where there is nothing to draw. */
export function picture() {
  const container = document.querySelector(".picture");
  const source = document.getElementById("graph-data");
  if (!container || !source) return null;
  container.hidden = false;
  const section = container.closest(".around");
  if (section) section.hidden = false;
  const graph = mountGraph(container, JSON.parse(source.textContent), {
    controls: false,
    focus: [container.dataset.graphIri],
    href: {
      node: (node) => `/entity?iri=${encodeURIComponent(node.id)}`,
      edge: (edge) => `/fact?iri=${encodeURIComponent(edge.id)}`,
      document: (id) => `/document?id=${encodeURIComponent(id)}`,
    },
    onNode: (node) => { if (node && node.id !== container.dataset.graphIri) location.href = `/entity?iri=${encodeURIComponent(node.id)}`; },
  });
  return graph;
}

if (document.querySelector(".around .picture")) picture();
