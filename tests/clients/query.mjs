// Asks an endpoint with Comunica, and prints the solutions, one JSON object a line: query.mjs MODULES ENDPOINT QUERY
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, endpoint, query] = process.argv.slice(2);
const { QueryEngine } = createRequire(join(modules, "x.js"))("@comunica/query-sparql");
const bindings = await new QueryEngine().queryBindings(query, { sources: [{ type: "sparql", value: endpoint }] });
for await (const binding of bindings) {
  const row = {};
  for (const [variable, term] of binding) {
    row[variable.value] = term.language ? `${term.value}@${term.language}` : term.value;
  }
  console.log(JSON.stringify(row));
}
