// A reader who picks a language keeps it: the front page reads it back. The link leads to the same place on the page.
const sections = [...document.querySelectorAll("main section[id]")];

// The section being read: the last that begins above the middle of the window, once the reader has left the top.
function place() {
  if (scrollY < 100) return location.hash;
  const begun = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 2);
  return begun.length > 1 ? `#${begun.at(-1).id}` : location.hash;
}

for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", () => {
    try {
      localStorage.setItem("language", link.dataset.language);
    } catch {
      // Storage can be forbidden; the link still works, only the choice is not kept.
    }
    link.search = location.search;
    link.hash = place();
  });
}
