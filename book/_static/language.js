// A reader who picks a language keeps it: the front page reads it back. The link leads to the same place on the page.
for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", () => {
    try {
      localStorage.setItem("language", link.dataset.language);
    } catch {
      // Storage can be forbidden; the link still works, only the choice is not kept.
    }
    link.hash = location.hash;
  });
}
