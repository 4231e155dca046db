"""A figure's module: all that it imports in one text, once each, and nothing left to import."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.show.module import FIGURES, FigureError, bundle, names, presets, sources, still

FIGURE = '''import { a } from "./kit.js";
import { b } from "./parts/b.js";
export const PRESETS = {
  calm: { story: [] },
  "stock-hangs": {
    rate: 3,
  },
};
export default { render: () => a + b };
'''
PART = '''import { a } from "../kit.js";
export function twice() { return 2 * a; }
export const b = twice();
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    (tmp_path / "kit.js").write_text("export const a = 1;\n")
    (tmp_path / "parts" / "b.js").write_text(PART)
    (tmp_path / "figure.js").write_text(FIGURE)
    return tmp_path


def test_what_it_needs_stands_before_it_once_and_only_the_figure_exports(folder: Path) -> None:
    text = bundle("figure", folder)
    assert "import" not in text
    assert text.count("let a=1;") == 1
    assert text.index("let a=") < text.index("function twice") < text.index("export default")
    assert text.count("export ") == 1


def test_the_files_of_a_figure_are_known_with_its_pictures(folder: Path) -> None:
    (folder / "stills").mkdir()
    (folder / "stills" / "figure.en.svg").write_text("<svg/>\n")
    assert [str(file.relative_to(folder)) for file in sources("figure", folder)] == [
        "kit.js", "parts/b.js", "figure.js", "stills/figure.en.svg"]
    assert (still("figure", "en", folder), still("figure", "zh-Hant", folder)) == ("<svg/>", "")


def test_presets_are_the_keys_that_begin_a_line(folder: Path) -> None:
    assert presets("figure", folder) == ["calm", "stock-hangs"]
    (folder / "plain.js").write_text("export default {};\n")
    assert presets("plain", folder) == []


@pytest.mark.parametrize(("text", "said"), [
    ('import x from "elsewhere";\n', "cannot bundle"), ('import { x } from "./gone.js";\n', "imports ./gone.js, which is not in"),
    ('import { x } from "../outside.js";\n', "is not in"), ('import { a } from "./kit.js";\nconst a = 2;\n', "both have a a"),
    ('import { x } from "./wrong.js";\n', "imports itself"), ('const x = import("./kit.js");\n', "cannot bundle")])
def test_what_cannot_be_bundled_is_told(folder: Path, text: str, said: str) -> None:
    (folder / "wrong.js").write_text(text)
    with pytest.raises(FigureError, match=said):
        bundle("wrong", folder)


def test_the_books_own_figures_can_all_be_made() -> None:
    assert names()
    for name in names():
        assert bundle(name).rstrip().endswith("export default{render};")
        assert presets(name) or name == "replay"  # which shows what was recorded
        assert FIGURES / f"{name}.js" in sources(name)
