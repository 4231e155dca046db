// node actionlint.cjs PATH-OF-ITS-MODULE WORKFLOW: what actionlint says of a workflow, as JSON.
globalThis.crypto ??= require("node:crypto").webcrypto; // Node 18 keeps it elsewhere
const { runLint } = require(process.argv[2]);
const source = require("node:fs").readFileSync(process.argv[3], "utf-8");
runLint(source, ".github/workflows/book.yml").then((said) => {
  process.stdout.write(JSON.stringify(said), () => process.exit(0));
});
