// Shows what a term means beside it: on hover, on focus, and at the first touch (the second follows the link).
// Escape closes the card, and so does leaving both the term and the card.

const PATIENCE = 150; // ms: neither for a mouse that only passes, nor gone while it moves to the card
let shown = null; // the term whose card is open
let waiting;

const cardOf = (term) => document.getElementById(term.getAttribute("aria-describedby"));

function show(term) {
  clearTimeout(waiting);
  if (shown === term) return;
  hide();
  const card = cardOf(term);
  card.showPopover();
  place(card, term.getClientRects()[0]);
  shown = term;
}

function hide() {
  clearTimeout(waiting);
  if (shown) cardOf(shown).hidePopover();
  shown = null;
}

function soon(what) {
  clearTimeout(waiting);
  waiting = setTimeout(what, PATIENCE);
}

/** Under the term, or above it where there is no room; never beyond the window's edge. */
function place(card, at) {
  const { width, height } = card.getBoundingClientRect();
  const edge = document.documentElement.clientWidth - width - 12;
  const below = at.bottom + 8 + height < innerHeight || at.top < height + 8;
  card.style.left = `${Math.max(12, Math.min(at.left, edge)) + scrollX}px`;
  card.style.top = `${(below ? at.bottom + 8 : at.top - 8 - height) + scrollY}px`;
}

for (const term of document.querySelectorAll("a.term")) {
  const card = cardOf(term);
  let touched = false;
  for (const part of [term, card]) {
    part.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && soon(() => show(term)));
    part.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && soon(hide));
  }
  term.addEventListener("pointerdown", (event) => (touched = event.pointerType !== "mouse" && shown !== term));
  term.addEventListener("click", (event) => {
    if (!touched) return;
    touched = false;
    event.preventDefault();
    show(term);
  });
  term.addEventListener("focus", () => term.matches(":focus-visible") && show(term));
  term.addEventListener("blur", hide);
}

addEventListener("keydown", (event) => event.key === "Escape" && hide());
addEventListener("pointerdown", ({ target }) => shown && target !== shown && !cardOf(shown).contains(target) && hide());

// A link to a section of this page closes the contents that it stands in.
document.getElementById("contents")?.addEventListener("click", ({ target }) => {
  if (target.closest('a[href^="#"]')) document.getElementById("contents").hidePopover();
});
