// The moment of each figure that its still picture shows. tests/support/stills.py writes it down, in both languages.

import { PRESETS as SHOPS, TEXTS as SHOP_TEXTS, view } from "../avalanche.js";
import { HIGH, PRESETS as BREAKERS, TEXTS as BREAKER_TEXTS, described as breakerSaid, draw as drawBreaker } from "../breaker.js";
import { PRESETS as CACHES, TEXTS as CACHE_TEXTS, described as cacheSaid, draw as drawCache, high as cacheHigh } from "../cache.js";
import { words } from "../kit.js";
import { Calls, USUAL } from "../parts/calls.js";
import { GATE } from "../parts/lines.js";
import { Reads, USUAL as READS } from "../parts/reads.js";
import { SCENE, described, draw, high } from "../parts/scene.js";
import { Shop } from "../parts/shop.js";
import { SvgPen } from "../parts/svg.js";

const WIDE = 640;

export const MOMENTS = {
  // Stock hangs, and the home page is no longer answered.
  avalanche(language) {
    const say = words({ ...SCENE, ...SHOP_TEXTS }, language);
    const shop = new Shop(SHOPS.hang.parameters, 1);
    live(shop, SHOPS.hang.story, 5.5, (state) => shop.fault(state));
    const seen = { waiting: say("waiting"), ...view(shop, say, false) };
    const pen = new SvgPen();
    draw(pen, seen, WIDE);
    return pen.picture(WIDE, high(seen, WIDE), described(seen, say));
  },

  // Enough calls have failed: the breaker is open.
  breaker(language) {
    const say = words({ ...GATE, ...BREAKER_TEXTS }, language);
    const calls = new Calls({ ...USUAL, ...BREAKERS.fails.parameters }, 1);
    live(calls, BREAKERS.fails.story, 6.2, (state) => calls.become(state));
    const pen = new SvgPen();
    drawBreaker(pen, calls, say, WIDE);
    return pen.picture(WIDE, HIGH, breakerSaid(calls, say).join(". "));
  },

  // A tenth of the items is in the cache, and nearly half of the requests hit it.
  cache(language) {
    const say = words(CACHE_TEXTS, language);
    const reads = new Reads({ ...READS, ...CACHES.zipf.parameters }, 1);
    reads.advance(20);
    const pen = new SvgPen();
    drawCache(pen, reads, say, WIDE);
    return pen.picture(WIDE, cacheHigh(WIDE), cacheSaid(reads, say));
  },
};

function live(model, story, until, happen) {
  for (const [at, state] of story) {
    model.advance(at);
    happen(state);
  }
  model.advance(until);
}
