// What compromise takes for subject, verb and the rest of each sentence.
// Usage: node compromise.mjs TEXTS.json FOLDER     (a list of texts; the folder has node_modules; prints JSON)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpuUsage } from "node:process";

const load = createRequire(`${process.argv[3]}/package.json`);
const nlp = load("compromise");
const texts = JSON.parse(readFileSync(process.argv[2], "utf8"));
nlp(texts[0]).sentences().json();
const start = cpuUsage();
const triples = [];
texts.forEach((text, number) => {
  for (const { text: sentence, sentence: parts } of nlp(text).sentences().json())
    if (parts?.subject && parts.verb && parts.predicate)
      triples.push([number, sentence.split(/\s+/).join(" ").trim(), parts.subject, parts.verb, parts.predicate]);
});
const spent = cpuUsage(start);
console.log(JSON.stringify({ version: nlp.version, seconds: (spent.user + spent.system) / 1e6, triples }));
