// The reader's guess: the browser's own slider with its question as label, for mouse, touch, keyboard and screen reader.
function render({ model, el }) {
  const label = document.createElement("label");
  const slider = document.createElement("input");
  const said = document.createElement("output");

  label.append(model.get("question"), slider);
  slider.type = "range";
  for (const name of ["min", "max", "step"]) slider[name] = model.get(name);
  slider.value = model.get("value") ?? (model.get("min") + model.get("max")) / 2;
  slider.addEventListener("input", () => {
    model.set("value", Number(slider.value));
    model.save_changes();
  });
  slider.addEventListener("keydown", (event) => event.stopPropagation()); // else JupyterLab takes the arrow keys

  const say = () => {
    said.textContent = model.get("said");
    slider.setAttribute("aria-valuetext", model.get("said"));
  };
  model.on("change:said", say);
  say();

  el.classList.add("mbe");
  el.append(label, said);
  return () => model.off("change:said", say);
}

export default { render };
