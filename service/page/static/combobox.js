// Suggestions while typing: an editable combobox with a list (ARIA APG), over GET /suggest.

const PAUSE = 120; // milliseconds without a key, before anything is asked
const FEWEST = 2; // letters

const field = document.getElementById("q");
const form = field.form;
const list = document.createElement("ul");
const told = document.createElement("div");
const answers = new Map();
let asking = null;
let timer = 0;
let options = [];
let active = -1;
let typed = field.value;

list.id = "suggerimenti";
list.className = "suggestions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Suggerimenti");
told.className = "unseen";
told.setAttribute("role", "status");
field.after(list, told);
field.setAttribute("role", "combobox");
field.setAttribute("aria-autocomplete", "list");
field.setAttribute("aria-controls", list.id);
field.setAttribute("aria-expanded", "false");

field.addEventListener("input", () => {
  typed = field.value;
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});

field.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  const open = !list.hidden;
  if (event.key === "ArrowDown" && event.altKey) ask();
  else if (event.key === "ArrowDown" && open) select(active + 1 < options.length ? active + 1 : -1);
  else if (event.key === "ArrowUp" && open) select(active < 0 ? options.length - 1 : active - 1);
  else if (event.key === "Escape" && open) close();
  else if (event.key === "Enter" && open && active >= 0) options[active].follow();
  else return;
  event.preventDefault();
});

field.addEventListener("blur", close);
list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", (event) => {
  const row = event.target.closest("[role=option]");
  if (row) options[[...list.children].indexOf(row)].follow();
});

async function ask() {
  const text = field.value;
  if (text.trim().length < FEWEST || text.length > 200) return close();
  asking?.abort();
  const own = (asking = new AbortController());
  try {
    if (!answers.has(text)) {
      const query = new URLSearchParams({ q: text, limit: 5 });
      const answer = await fetch(`/suggest?${query}`, { signal: own.signal });
      if (!answer.ok) return close();
      answers.set(text, await answer.json());
    }
    // Who has typed on, or left, no longer wants to know.
    if (field.value === text && document.activeElement === field) show(answers.get(text));
  } catch {
    if (asking === own) close(); // typing goes on without suggestions
  }
}

function show({ query, words, names, titles }) {
  const same = query.trim().toLowerCase();
  options = [
    ...words.filter(({ text }) => text.toLowerCase() !== same).map(({ text, count }) => ({ text, note: articles(count), follow: () => search(text) })),
    ...names.map(({ text, field: name, count }) => ({ text, note: `${name === "author" ? "autore" : "fonte"}, ${articles(count)}`, follow: () => go("/", { [name]: text }) })),
    ...titles.slice(0, 4).map(({ id, title }) => ({ text: title, note: "articolo", follow: () => go(`/articles/${encodeURIComponent(id)}`, { q: query }) })),
  ];
  list.replaceChildren(...options.map(row));
  list.hidden = options.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  told.textContent = options.length ? `${options.length} suggerimenti` : "";
  typed = field.value;
  mark(-1);
}

function row({ text, note }, number) {
  const element = document.createElement("li");
  const name = document.createElement("bdi");
  const beside = document.createElement("span");
  element.id = `suggerimento-${number}`;
  element.setAttribute("role", "option");
  name.textContent = text;
  beside.className = "note";
  beside.textContent = note;
  element.append(name, beside);
  return element;
}

function select(number) {
  mark(number);
  field.value = number < 0 ? typed : options[number].text;
}

function mark(number) {
  active = number;
  [...list.children].forEach((element, place) => element.setAttribute("aria-selected", String(place === number)));
  if (number < 0) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", list.children[number].id);
  list.children[number].scrollIntoView({ block: "nearest" });
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  if (active >= 0) field.value = typed;
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
  told.textContent = "";
  active = -1;
}

function search(text) {
  typed = field.value = text;
  form.requestSubmit();
}

function go(path, parameters) {
  location.assign(`${path}?${new URLSearchParams(parameters)}`);
}

function articles(count) {
  return `${count.toLocaleString("it", { useGrouping: "always" })} ${count === 1 ? "articolo" : "articoli"}`;
}
