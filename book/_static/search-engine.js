// Looks through the whole text of the book, section by section. Chinese has no spaces between words, so nothing is cut
// into words: what a reader typed is looked for as it stands, and by the glossary's other terms for the same thing.

const LATIN = /[a-z0-9][a-z0-9_]*(?:\.[a-z0-9_]+)*/;
const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/u;
const PIECES = new RegExp(`${LATIN.source}|${HAN.source}`, "gu");
const SAME = { 臺: "台", "’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-" };
const FIELDS = { heading: 4, text: 2, code: 0.5 };

// Lower case, half width, one form of quotes and hyphens, 臺 as 台; as long as before, so that a place in the one is a place in the other.
export function fold(text) {
  return Array.from(text, (sign) => {
    const code = sign.codePointAt(0);
    const half = code > 0xff00 && code < 0xff5f ? String.fromCharCode(code - 0xfee0) : code === 0x3000 ? " " : sign;
    const low = half.toLowerCase();
    return low.length === sign.length ? (SAME[low] ?? low) : sign;
  }).join("");
}

const tight = (text) => fold(text).replace(/\s+/g, "");
const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

// A term as it may be written: `time-out` as timeout, `API 網關` as API網關, English in the plural.
function termPattern(term) {
  const parts = fold(term).split(/[\s-]+/).filter(Boolean).map(quoted);
  const latin = /[a-z]$/.test(term) ? "(?:e?s)?(?![a-z0-9]|[._][a-z])" : "";
  return (/^[a-z0-9]/.test(parts[0]) ? "(?<![a-z0-9._])" : "") + parts.join("[\\s-]*") + latin;
}

// An English word in its other forms: retry, retries, retried, retrying.
function wordPattern(word) {
  const stem = /[._\d]/.test(word) ? word : word.replace(/(?:ies|ied|y|ing|ed|es|e|s)$/, (end) => (word.length - end.length < 4 ? end : ""));
  return `(?<![a-z0-9])${quoted(stem)}`;
}

const any = (patterns) => new RegExp(patterns.join("|"), "gu");
const pairs = (run) => Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2));

// What to look for: each need is met by any of its ways, the reader's own words counting more than other terms.
export function understand(query, groups) {
  const needs = [];
  const also = [];
  const known = groups.flatMap((group) => group.map((term) => ({ group, pattern: termPattern(term), length: term.length })));
  known.sort((one, other) => other.length - one.length);
  let rest = fold(query).trim();
  for (const { group, pattern } of known) {
    const found = rest.match(new RegExp(pattern, "u"));
    if (!found) continue;
    const others = group.filter((term) => !new RegExp(`^(?:${termPattern(term)})$`, "u").test(found[0]));
    const loose = found[0].split(/[\s-]+/).filter((word) => /^[a-z]{3,}$/.test(word));
    needs.push({ names: group.map(tight), own: any([pattern]), other: others.length ? any(others.map(termPattern)) : null, loose: loose.length > 1 ? loose.map((word) => any([wordPattern(word)])) : [], least: 1 });
    also.push(...others);
    rest = rest.replace(found[0], " ");
  }
  for (const [piece] of rest.matchAll(PIECES)) {
    const han = HAN.test(piece);
    needs.push({ own: any([han ? quoted(piece) : wordPattern(piece)]), other: null, loose: han && piece.length > 2 ? pairs(piece).map((pair) => any([pair])) : [], least: 0.5 });
  }
  return { needs, also: [...new Set(also)], whole: fold(query).replace(/\s+/g, "") };
}

const count = (pattern, text) => (pattern && text ? (text.match(pattern) ?? []).length : 0);
const filled = (times) => times / (times + 1.5);

// How well one need is met by one section: 0 is not at all.
function met(need, section) {
  let sum = 0;
  for (const [field, weight] of Object.entries(FIELDS)) {
    const text = section.folded[field];
    sum += weight * (filled(count(need.own, text)) + 0.8 * filled(count(need.other, text)));
  }
  if (sum === 0 && need.loose.length) {
    const share = need.loose.filter((part) => count(part, section.folded.all)).length / need.loose.length;
    sum = share >= need.least ? 0.5 * share ** 2 : 0;
  }
  return sum || (count(need.own, section.folded.title) || count(need.other, section.folded.title) ? 0.3 : 0);
}

function score({ needs, whole }, section, weights) {
  const parts = needs.map((need) => met(need, section));
  const got = parts.filter(Boolean).length;
  let sum = parts.reduce((all, part, at) => all + part * weights[at], 0);
  if (section.address.startsWith("term-")) sum *= 1.2;
  const heading = tight(section.folded.heading);
  if (heading === whole || (needs.length === 1 && needs[0].names?.includes(heading))) sum *= 3;
  else if (needs.length > 1 && section.tight.includes(whole)) sum *= 1.6;
  return { section, got, score: sum };
}

export class Engine {
  constructor({ pages, sections, terms }) {
    this.terms = terms;
    this.sections = sections.map(([page, address, heading, text, code]) => {
      const [url, title] = pages[page];
      const folded = { heading: fold(heading), text: fold(text), code: fold(code), title: fold(title) };
      folded.all = `${folded.title} ${folded.heading} ${folded.text} ${folded.code}`;
      return { url, title, address, heading, text, code, folded, tight: `${folded.heading} ${folded.text}`.replace(/\s+/g, "") };
    });
  }

  // The sections that meet every need, best first; if there is none, those that meet some.
  search(query) {
    const asked = understand(query, this.terms);
    if (!asked.needs.length) return { ...asked, found: [], complete: true };
    const weights = asked.needs.map((need) => {
      const having = this.sections.filter((section) => met(need, section)).length;
      return Math.log(1 + this.sections.length / (1 + having));
    });
    const scored = this.sections.map((section) => score(asked, section, weights)).filter(({ got }) => got);
    const whole = scored.filter(({ got }) => got === asked.needs.length);
    const found = (whole.length ? whole : scored).sort((one, other) => other.got - one.got || other.score - one.score);
    const least = (found[0]?.score ?? 0) / 20;
    return { ...asked, found: found.filter(({ score: own }) => own >= least).map(({ section }) => section), complete: whole.length > 0 };
  }

  // The glossary's terms most like what was typed: for a reader whose words the book does not have.
  near(query) {
    const signs = (text) => {
      const tight = fold(text).replace(/\s+/g, "");
      return [...pairs(tight), ...Array.from(tight).filter((sign) => HAN.test(sign))];
    };
    const typed = new Set(signs(query));
    const like = (term) => (2 * signs(term).filter((sign) => typed.has(sign)).length) / (signs(term).length + typed.size);
    const best = this.terms.flat().map((term) => ({ term, like: like(term) })).filter((one) => one.like >= 0.3);
    return best.sort((one, other) => other.like - one.like).slice(0, 3).map(({ term }) => term);
  }
}

// Where in a text the words are, in order and without overlap.
export function places({ needs }, text) {
  const folded = fold(text);
  const patterns = needs.flatMap((need) => [need.own, need.other, ...need.loose]).filter(Boolean);
  const all = patterns.flatMap((pattern) => [...folded.matchAll(pattern)].map((one) => [one.index, one.index + wordEnd(folded, one)]));
  all.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  return all.reduce((kept, place) => (kept.length && place[0] < kept.at(-1)[1] ? kept : [...kept, place]), []);
}

// A stem was found: mark the whole word.
function wordEnd(text, found) {
  if (!/[a-z]$/.test(found[0])) return found[0].length;
  return found[0].length + text.slice(found.index + found[0].length).match(/^[a-z]*/)[0].length;
}
