// Asks one question with Comunica. Standard input: JSON with `engine` (npm package), `query`, `sources`, `lenient`,
// `form` (media type of the answer). Standard output: the answer. Standard error: one line for each address asked, as
// "METHOD ADDRESS STATUS" (STATUS is "refused" where the address is not of this machine: nothing is sent there).
// NPM_PEERS names the node_modules folder that Comunica is in.
"use strict";
const { createRequire } = require("node:module");
const path = require("node:path");
const { text } = require("node:stream/consumers");

async function localFetch(input, init) {
  const address = new URL(typeof input === "string" ? input : (input.url ?? input.href));
  const method = init?.method ?? input.method ?? "GET";
  if (!/^127\./.test(address.hostname)) {
    console.error(`${method} ${address.href} refused`);
    throw new TypeError(`${address.hostname} is another machine`);
  }
  const response = await fetch(input, init);
  console.error(`${method} ${address.href} ${response.status}${response.redirected ? ` ${response.url}` : ""}`);
  return response;
}

async function main() {
  const asked = JSON.parse(await text(process.stdin));
  const load = createRequire(path.join(process.env.NPM_PEERS, "here.cjs"));
  const { QueryEngine } = load(asked.engine);
  const engine = new QueryEngine();
  const context = { sources: asked.sources, lenient: asked.lenient ?? false, fetch: localFetch };
  const answer = await engine.query(asked.query, context);
  const { data } = await engine.resultToString(answer, asked.form ?? "application/sparql-results+json");
  process.stdout.write(await text(data));
}

main().catch((error) => {
  console.error(`failed: ${error.message}`);
  process.exitCode = 1;
});
