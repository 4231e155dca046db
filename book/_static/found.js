// Who comes from the search page (?found=WORD) sees the words marked that they looked for.
const words = new URLSearchParams(location.search).getAll("found").map((word) => word.toLowerCase()).filter(Boolean);
if (words.length && CSS.highlights) {
  const ranges = [];
  const texts = document.createTreeWalker(document.querySelector("article") ?? document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const text = node.data.toLowerCase();
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
  const style = new CSSStyleSheet();
  style.replaceSync("::highlight(found) { text-decoration: underline 2px; background-color: color-mix(in srgb, var(--mbe-waiting) 25%, transparent); }");
  document.adoptedStyleSheets.push(style);
}
