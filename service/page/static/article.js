// From one word found to the next, by buttons or by the keys n and p; back to the very results.

const marks = [...document.querySelectorAll("mark[id]")];
const back = document.getElementById("indietro");
let at = -1;

if (document.referrer && new URL(document.referrer).origin === location.origin && new URL(document.referrer).pathname === "/") {
  back.href = document.referrer;
}

if (marks.length) {
  const start = document.querySelector(".start");
  const found = /^#segno-(\d+)$/.exec(location.hash);
  if (found && found[1] <= marks.length) at = found[1] - 1;
  document.querySelector(".moves").hidden = false;
  document.getElementById("prima").addEventListener("click", () => step(-1));
  document.getElementById("dopo").addEventListener("click", () => step(1));
  start.addEventListener("click", (event) => {
    event.preventDefault();
    show(0);
  });
  document.addEventListener("keydown", (event) => {
    const elsewhere = document.activeElement?.matches("input:not([type=checkbox])");
    if (elsewhere || event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("tasti").checked) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
  });
  tell();
}

function step(by) {
  show(at < 0 && by < 0 ? marks.length - 1 : (at + by + marks.length) % marks.length);
}

function show(number) {
  at = number;
  marks[at].focus({ preventScroll: true });
  marks[at].scrollIntoView({ block: "center" });
  tell();
}

function tell() {
  document.getElementById("dove").textContent = at < 0 ? "" : `${at + 1} di ${marks.length}`;
}
