// The search field completes names and leads to things. Without this script it is a form that leads to what is found.

import { complete } from "./combobox.js";

document.querySelectorAll("form.search input").forEach((input) =>
  complete(input, (thing) => { location.href = `/entity?iri=${encodeURIComponent(thing.iri)}`; }));
