// The search page: reads the question from the address, shows sections with what was found marked, says how many.

import { Engine, places } from "./search-engine.js";

const AT_ONCE = 20;
const AROUND = 70; // characters before the first word of an excerpt
const LONGEST = 220;

const root = document.querySelector("[data-find]");
const settings = JSON.parse(root.dataset.find);
const { words } = settings;
const [field, said, list, more] = ["input", ".find-said", ".find-found", ".find-more"].map((one) => root.querySelector(one));
let engine = null;
let shown = AT_ONCE;

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

function marked(text, asked) {
  const made = document.createDocumentFragment();
  let at = 0;
  for (const [from, to] of places(asked, text)) {
    made.append(text.slice(at, from), element("mark", {}, text.slice(from, to)));
    at = to;
  }
  made.append(text.slice(at));
  return made;
}

function excerpt(section, asked) {
  const inText = places(asked, section.text)[0];
  const text = inText || !places(asked, section.code).length ? section.text : section.code;
  const first = (inText ?? places(asked, text)[0] ?? [0])[0];
  let from = Math.max(0, first - AROUND);
  if (from > 0) from = Math.max(from, text.slice(0, first).search(/[^\s]*$/) - AROUND);
  const gap = from > 0 ? text.slice(from, first).search(/[\s，。；：、]/) : -1;
  from += gap + 1;
  const end = Math.min(text.length, from + LONGEST);
  return [from > 0 ? "… " : "", marked(text.slice(from, end), asked), end < text.length ? " …" : ""];
}

function address(section, asked) {
  const found = new Set([section.heading, section.text, section.code].flatMap((text) => places(asked, text).map(([from, to]) => text.slice(from, to))));
  const query = new URLSearchParams([...found].slice(0, 8).map((word) => ["found", word]));
  return `${section.url}?${query}#${section.address}`;
}

function result(section, asked) {
  const link = element("a", { href: address(section, asked) }, marked(section.heading || section.title, asked));
  const where = section.heading === section.title ? [] : [element("p", { className: "find-where" }, section.title)];
  return element("li", {}, element("h2", {}, link), ...where, element("p", {}, ...excerpt(section, asked)));
}

const number = (count) => (count === 1 ? words.one : words.many.replace("{n}", count));

function nothing(query) {
  const [before, after] = words.fewer.split("{glossary}");
  const parts = [element("p", {}, words.none.replace("{query}", query)),
    element("p", {}, before, element("a", { href: settings.glossary }, words.glossary), after)];
  const near = engine.near(query);
  if (near.length) {
    const links = near.flatMap((term, at) => [at ? (settings.language === "en" ? ", " : "、") : " ", element("a", { href: `?q=${encodeURIComponent(term)}` }, term)]);
    parts.splice(1, 0, element("p", {}, words.near, ...links, settings.language === "en" ? "?" : "？"));
  }
  parts.push(element("p", {}, element("a", { href: `${settings.other}?q=${encodeURIComponent(query)}` }, words.other)));
  return parts;
}

function show() {
  const query = field.value.trim();
  const asked = query ? engine.search(query) : { found: [], also: [], complete: true };
  list.replaceChildren(...asked.found.slice(0, shown).map((section) => result(section, asked)));
  more.hidden = asked.found.length <= shown;
  if (!query) return said.replaceChildren();
  if (!asked.found.length) return said.replaceChildren(...nothing(query));
  const also = asked.also.length ? ` · ${words.also.replace("{terms}", asked.also.join(settings.language === "en" ? ", " : "、"))}` : "";
  said.replaceChildren(element("p", {}, `${asked.complete ? "" : `${words.some} `}${number(asked.found.length)}${also}`));
}

function ask({ remember }) {
  shown = AT_ONCE;
  const there = new URL(location);
  there.searchParams.set("q", field.value.trim());
  if (remember) history.pushState(null, "", there);
  else history.replaceState(null, "", there);
  show();
}

let waiting = 0;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => engine && ask({ remember: false }), 150);
});
root.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  if (engine) ask({ remember: true });
});
more.addEventListener("click", () => {
  const first = shown;
  shown += AT_ONCE;
  show();
  list.children[first]?.querySelector("a").focus();
});
const fromAddress = () => {
  field.value = new URLSearchParams(location.search).get("q") ?? "";
};
window.addEventListener("popstate", () => {
  fromAddress();
  show();
});

fromAddress();
if (!field.value) field.focus();
said.textContent = field.value ? words.loading : "";
try {
  engine = new Engine(await (await fetch(settings.index)).json());
  show();
} catch {
  said.textContent = words.broken;
}
