// Keys: «/» to the field, arrows from the field to the results and from one to the other.

const field = document.getElementById("q");
const results = [...document.querySelectorAll(".results h2 a")];
const choice = document.getElementById("tasti");
const KEPT = "ritaglio.tasti"; // single letters may be in the way of speech input: they can be turned off

document.getElementById("scorciatoie").hidden = false;
choice.checked = letters();
choice.addEventListener("change", () => {
  try {
    localStorage.setItem(KEPT, choice.checked ? "1" : "0");
  } catch {
    // Where nothing may be kept, the choice holds for this page.
  }
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = results.indexOf(document.activeElement);
  if (event.key === "/" && choice.checked && !typing()) {
    field.focus();
    field.select();
  } else if (event.key === "ArrowDown" && (at >= 0 || document.activeElement === field) && results[at + 1]) {
    results[at + 1].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    (results[at - 1] ?? field).focus();
  } else return;
  event.preventDefault();
});

function typing() {
  return document.activeElement?.matches("input:not([type=checkbox]), textarea, select, [contenteditable]") ?? false;
}

function letters() {
  try {
    return localStorage.getItem(KEPT) !== "0";
  } catch {
    return true;
  }
}
