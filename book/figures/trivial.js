// The least that a figure is: it stands in until there is a real one.
export const PRESETS = {
  calm: { rate: 10 },
  busy: { rate: 100 },
};


function render({ model, el }) {
  const button = document.createElement("button");
  const said = document.createElement("p");
  said.setAttribute("aria-live", "polite");
  const say = () => {
    const rate = model.get("parameters")?.rate ?? PRESETS[model.get("preset") ?? "calm"].rate;
    said.textContent = model.get("language") === "zh-Hant" ? `每秒 ${rate} 個` : `${rate} a second`;
    model.set("said", said.textContent);
    model.save_changes();
  };
  button.type = "button";
  button.textContent = "+1";
  button.addEventListener("click", () => {
    const rate = model.get("parameters")?.rate ?? PRESETS[model.get("preset") ?? "calm"].rate;
    model.set("parameters", { ...model.get("parameters"), rate: rate + 1 });
    model.save_changes();
  });
  model.on("change:parameters", say);
  el.append(button, said);
  el.dataset.at = "0";
  el.dataset.state = "paused";
  say();
  return () => model.off("change:parameters", say);
}

export default { render };
