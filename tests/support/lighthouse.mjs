// One Chromium and one Lighthouse for many pages: reads {"url", "form"} a line, answers with that page's scores a line.
//
//   node lighthouse.mjs NODE_MODULES CHROMIUM FLAG...
//
// Audits that no score depends on are left out, which changes no score: see their weights.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const [packages, chromePath, ...chromeFlags] = process.argv.slice(2);
const from = (path) => import(pathToFileURL(`${packages}/${path}`));

const { launch } = await from("chrome-launcher/dist/index.js");
const { default: lighthouse, defaultConfig, desktopConfig } = await from("lighthouse/core/index.js");

const refs = CATEGORIES.flatMap((name) => defaultConfig.categories[name].auditRefs);
const weighed = new Set(refs.filter(({ weight }) => weight > 0).map(({ id }) => id));
const skipAudits = [...new Set(refs.map(({ id }) => id))].filter((id) => !weighed.has(id));

const chrome = await launch({ chromePath, chromeFlags });
try {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line))));
  }
} finally {
  await chrome.kill();
}

async function answer({ url, form }) {
  const flags = { port: chrome.port, logLevel: "error", onlyCategories: CATEGORIES, skipAudits, disableFullPageScreenshot: true };
  const { lhr } = await lighthouse(url, flags, form === "desktop" ? desktopConfig : defaultConfig);
  if (lhr.runtimeError) return { error: lhr.runtimeError.message };
  const categories = Object.entries(lhr.categories);
  const audits = categories.flatMap(([, { auditRefs }]) => auditRefs).filter(({ weight }) => weight).map(({ id }) => lhr.audits[id]);
  const lost = audits.filter(({ score }) => score !== null && score < 0.9)
    .map(({ id, title, displayValue, score }) => `${id}: ${title} (${displayValue ?? score})`);
  return { of: Object.fromEntries(categories.map(([name, { score }]) => [name, Math.round(100 * (score ?? 0))])), lost };
}
