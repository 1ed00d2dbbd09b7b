// The bars of the timeline are one stop of the Tab key; arrows go from bar to bar.

const bars = [...document.querySelectorAll(".plot a")];
const keys = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

bars.forEach((bar, place) => {
  bar.setAttribute("tabindex", place === bars.length - 1 ? "0" : "-1");
  bar.addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    const next = Math.min(Math.max(place + keys[event.key], 0), bars.length - 1);
    bar.setAttribute("tabindex", "-1");
    bars[next].setAttribute("tabindex", "0");
    bars[next].focus();
    event.preventDefault();
  });
});
