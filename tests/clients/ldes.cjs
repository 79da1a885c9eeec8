// Follows an event stream once with ldes-client. Standard input: JSON with `url`, `state` (folder; a later run goes on
// from there), `ordered`, `materialize`, `accept` (in place of what the client would ask for), `after`.
// Standard output: a member a line, as JSON: `id`, `isVersionOf`, `timestamp`, `quads` (N-Quads). Standard error: one
// line for each address asked, as "METHOD ADDRESS STATUS TYPE" (STATUS is "refused" where it is not of this machine).
// NPM_PEERS names the node_modules folder that the client is in.
"use strict";
const { createRequire } = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { text } = require("node:stream/consumers");

process.env.LOG_LEVEL = "error";

async function main() {
  const asked = JSON.parse(await text(process.stdin));
  const load = createRequire(path.join(process.env.NPM_PEERS, "here.cjs"));
  // Its CommonJS form cannot load its logger: the other one is loaded by its file.
  const module = path.join(process.env.NPM_PEERS, "ldes-client", "dist", "lib", "client.js");
  const { replicateLDES } = await import(pathToFileURL(module));
  const { Writer } = load("n3");

  async function localFetch(input, init) {
    const address = new URL(typeof input === "string" ? input : (input.url ?? input.href));
    if (!/^127\./.test(address.hostname)) {
      console.error(`GET ${address.href} refused`);
      throw new TypeError(`${address.hostname} is another machine`);
    }
    const headers = new Headers(init?.headers);
    if (asked.accept) headers.set("Accept", asked.accept);
    const response = await fetch(input, { ...init, headers });
    console.error(`GET ${address.href} ${response.status} ${response.headers.get("content-type")}`);
    return response;
  }

  const config = {
    url: asked.url,
    statePath: asked.state,
    materialize: asked.materialize ?? false,
    lastVersionOnly: asked.lastVersionOnly ?? false,
    fetch: localFetch,
  };
  if (asked.after) config.after = new Date(asked.after);
  const client = replicateLDES(config, asked.ordered ?? "none");
  const writer = new Writer({ format: "N-Quads" });
  let failed;
  client.on("error", (error) => (failed = error));
  const reader = client.stream({ highWaterMark: 10 }).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const { id, isVersionOf, timestamp, quads } = next.value;
    console.log(JSON.stringify({ id: id.value, isVersionOf, timestamp, quads: writer.quadsToString(quads) }));
  }
  if (failed) throw failed;
}

main().catch((error) => {
  console.error(`failed: ${error?.message ?? error}`);
  process.exitCode = 1;
});
