// What wink-nlp finds: parts of speech and entities; it has no relations.
// Usage: node wink.mjs TEXTS.json FOLDER     (a list of texts; the folder has node_modules; prints JSON)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpuUsage } from "node:process";

const load = createRequire(`${process.argv[3]}/package.json`);
const nlp = load("wink-nlp")(load("wink-eng-lite-web-model"));
const texts = JSON.parse(readFileSync(process.argv[2], "utf8"));
const read = (text) => {
  const doc = nlp.readDoc(text);
  doc.tokens().out(nlp.its.pos);
  return doc.entities().length();
};
texts.forEach(read); // warm
const start = cpuUsage();
const entities = texts.map(read).reduce((sum, one) => sum + one, 0);
const spent = cpuUsage(start);
const { version } = load("wink-nlp/package.json");
console.log(JSON.stringify({ version, seconds: (spent.user + spent.system) / 1e6, entities, triples: [] }));
