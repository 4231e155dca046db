"""The reader's guess, before the experiment: a slider in a live notebook, a drawn scale on a page."""

from __future__ import annotations

from typing import Any

from labkit.language import Language, Text
from labkit.measure.figure import figure
from labkit.show.scale import scale
from labkit.show.shown import Bundle, Shown, tag, written
from labkit.show.where import stage

__all__ = ["Prediction", "predict"]

_RANGE = Text("Guess before you read on: {low} to {high}. In the notebook this is a slider, and your guess is drawn into "
              "what is measured.",
              "先猜再往下讀：{low} 到 {high}。在筆記本裡這是一個滑桿，你的猜測會畫進量到的結果裡。")
_NOT_YET = Text("No guess yet: move the slider, with the mouse or the arrow keys.",
                "還沒有猜：用滑鼠或方向鍵移動滑桿。")
_GUESSED = Text("Your guess: {x}", "你的猜測：{x}")


class Prediction(Shown):
    """``value`` is None until the reader moves the slider; where nobody can, it stays None and nothing waits."""

    css = ("scale",)

    def __init__(self, question: Text, low: float, high: float, unit: str = "", step: float | None = None) -> None:
        if not low < high:
            raise ValueError(str(Text("A guess needs a range: low={low} must be less than high={high}.",
                                      "猜測需要一個範圍：low={low} 必須小於 high={high}。").format(low=low, high=high)))
        self.question, self.low, self.high, self.unit = question, low, high, unit
        self.step = step or (high - low) / 100
        self.value: float | None = None
        self._widget = self._slider() if stage() == "notebook" else None

    def body(self, language: Language) -> str:
        """The question, its scale and the range."""
        return (tag("p", tag("strong", written(self.question, language))) + scale(self.low, self.high, self.unit, language)
                + tag("p", written(self._range(), language)))

    def plain(self, language: Language) -> str:
        """The same in two lines."""
        return f"{self.question.to(language)}\n{self._range().to(language)}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[Bundle, dict[str, Bundle]]:
        """The slider for a live notebook and the question for every other page, in one bundle."""
        data, metadata = super()._repr_mimebundle_(include, exclude)
        if self._widget is not None:
            live = self._widget._repr_mimebundle_()
            data = {**(live[0] if live else {}), **data}
        return data, metadata

    def _range(self) -> Text:
        return _RANGE.format(low=figure(self.low, self.unit), high=figure(self.high, self.unit))

    def _slider(self) -> Any:
        from labkit.show.slider import Slider

        slider = Slider(question=str(self.question), min=self.low, max=self.high, step=self.step, said=str(_NOT_YET))

        def moved(change: dict[str, Any]) -> None:
            self.value = change["new"]
            slider.said = str(_GUESSED.format(x=figure(change["new"], self.unit)))

        slider.observe(moved, names="value")
        return slider


def predict(question: Text, low: float, high: float, unit: str = "", step: float | None = None) -> Prediction:
    """Ask the reader for a guess between ``low`` and ``high``; ``.value`` is the guess, None where none was made."""
    return Prediction(question, low, high, unit, step)
