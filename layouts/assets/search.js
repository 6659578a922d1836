// The search of one language, in the reader's browser. Pagefind finds what there is; this shows it.
// All words come from the page. Text of releases is set as text, never as HTML.

const form = document.querySelector("#search");
const field = form.elements.namedItem("q");
const order = form.elements.namedItem("order");
const found = document.querySelector("#found");
const results = document.querySelector("#results");
const more = document.querySelector("#more");
const whole = document.querySelector("#whole");
const language = document.documentElement.lang;
const NAMES = ["year", "topic", "country", "kind"];
const EVERY = "xqxqx"; // finds all releases; without any word, the whole index would be loaded
const SHOWN = 10;
const WAIT_MS = 250;

let engine = null;
let waiting = [];
let run = 0;

// What is asked, in the address: so that it can be linked to, and "back" works

function asked() {
  const words = field.value.trim();
  const chosen = {};
  for (const name of NAMES) {
    const values = [...form.querySelectorAll(`input[name=${name}]:checked`)].map((each) => each.value);
    if (values.length) chosen[name] = values;
  }
  return { words, chosen, byDate: order.value === "date" };
}

function addressOf({ words, chosen, byDate }) {
  const query = new URLSearchParams();
  if (words) query.set("q", words);
  for (const [name, values] of Object.entries(chosen)) values.forEach((each) => query.append(name, each));
  if (byDate) query.set("order", "date");
  return query.size ? `?${query}` : location.pathname;
}

function readAddress() {
  const query = new URLSearchParams(location.search);
  field.value = query.get("q") ?? "";
  order.value = query.get("order") === "date" ? "date" : "";
  for (const box of form.querySelectorAll("input[type=checkbox]")) {
    box.checked = query.getAll(box.name).includes(box.value);
  }
}

// A reference, however it is written, leads straight to its release

async function releaseOf(words) {
  const forms = JSON.parse(form.dataset.references || "{}");
  const match = forms.expression && new RegExp(forms.expression, "iu").exec(words);
  if (!match) return null;
  const { series, number, year, language: typed } = match.groups;
  const path = forms.template.replace(/\{(series|number|year)(?::(\d))?\}/g, (_, name, width) => {
    if (name === "series") return series.toUpperCase();
    if (name === "number") return number.padStart(Number(width ?? 1), "0");
    return width === "2" ? year.slice(-2) : year.length === 4 ? year : inFull(year);
  });
  const several = forms.several.includes(series.toUpperCase());
  const languages = several ? [typed?.toLowerCase(), language].filter(Boolean) : [];
  const paths = [...languages.map((each) => `${path}${each}/`), path];
  for (const each of paths) {
    const address = form.dataset.root + each;
    try {
      if ((await fetch(address, { method: "HEAD" })).ok) return address;
    } catch {
      return null; // no connection: the search says so
    }
  }
  return null;
}

function inFull(year) {
  const now = new Date().getFullYear();
  const near = now - (now % 100) + Number(year);
  return String(near > now + 1 ? near - 100 : near);
}

// Searching

async function load() {
  const index = new URL(form.dataset.index, location.href);
  engine = await import(`${index}pagefind.js`);
  await engine.options({ basePath: index.pathname, excerptLength: 32 });
  await engine.init();
  return engine.filters();
}

async function search({ goesThere = false, retries = 1 } = {}) {
  const mine = ++run;
  const wanted = asked();
  const isEmpty = !wanted.words && !Object.keys(wanted.chosen).length;
  whole.hidden = !isEmpty;
  form.querySelector(".order").hidden = isEmpty;
  if (isEmpty) {
    waiting = [];
    results.replaceChildren();
    more.hidden = true;
    found.textContent = "";
    count({}, {}, {});
    return;
  }
  found.textContent = form.dataset.searching;
  if (goesThere) {
    const address = await releaseOf(wanted.words);
    if (mine !== run) return;
    if (address) return void location.replace(address);
  }
  try {
    if (!engine) await load();
    const filters = {};
    for (const [name, values] of Object.entries(wanted.chosen)) filters[name] = { any: values };
    const sort = wanted.byDate || !wanted.words ? { sort: { date: "desc" } } : {};
    const answer = await engine.search(wanted.words || EVERY, { filters, ...sort });
    if (mine !== run) return;
    const first = await Promise.all(answer.results.slice(0, SHOWN).map((each) => each.data()));
    if (mine !== run) return;
    results.replaceChildren(...first.map(shown));
    waiting = answer.results.slice(SHOWN);
    more.hidden = !waiting.length;
    say(answer.results.length);
    count(wanted.chosen, answer.filters, answer.totalFilters);
  } catch (error) {
    if (mine !== run) return;
    // What was read of the index may have been replaced by a newer one meanwhile: begin again.
    if (retries && engine) {
      await engine.destroy().catch(() => {});
      engine = await load().then(() => engine, () => null);
      return search({ retries: retries - 1 });
    }
    console.error(error);
    engine = null;
    results.replaceChildren();
    more.hidden = true;
    found.textContent = form.dataset.failed;
    whole.hidden = false;
  }
}

function say(number) {
  const { foundNone, foundOne, found: several } = form.dataset;
  const count = new Intl.NumberFormat(language).format(number);
  found.textContent = number === 0 ? foundNone : number === 1 ? foundOne : several.replace("{count}", count);
}

// Beside each choice, how many there would be. Within one group any of those chosen will do: so where
// something is chosen, the numbers are those without the filters.
function count(chosen, filters, all) {
  for (const box of form.querySelectorAll("input[type=checkbox]")) {
    const numbers = (chosen[box.name] ? all : filters)?.[box.name];
    const number = numbers ? numbers[box.value] ?? 0 : "";
    const label = box.closest("label");
    label.querySelector(".count").textContent = number;
    label.classList.toggle("none", number === 0 && !box.checked);
  }
  for (const group of form.querySelectorAll(".choice")) {
    const number = group.querySelectorAll("input:checked").length;
    group.querySelector(".chosen").textContent = number || "";
  }
}

// Results

const day = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });

function shown(data) {
  const entry = document.querySelector("#result").content.cloneNode(true);
  const { title, reference, date } = data.meta;
  const iso = date.replace(/(\d{4})(\d\d)(\d\d)/, "$1-$2-$3");
  const [kind] = data.filters.kind;
  const [status] = data.filters.status;
  const name = document.querySelector("#kinds").content.querySelector(`[data-kind="${CSS.escape(kind)}"]`);
  entry.querySelector(".kind").textContent = name?.textContent ?? "";
  entry.querySelector(".reference").textContent = reference;
  entry.querySelector("time").dateTime = iso;
  entry.querySelector("time").textContent = day.format(new Date(iso));
  for (const badge of entry.querySelectorAll(".badge")) {
    if (!badge.classList.contains(status)) badge.remove();
  }
  entry.querySelector("a").href = data.url;
  entry.querySelector("a").textContent = title;
  entry.querySelector(".excerpt").append(...marked(data.excerpt));
  return entry;
}

// Pagefind's excerpt is HTML with <mark>: its words are taken, and marked anew.
function marked(excerpt) {
  return excerpt.split(/<mark>(.*?)<\/mark>/s).map((text, at) => {
    const words = text.replace(/&(lt|gt|amp|quot|#39|nbsp);/g, (_, name) => SIGNS[name]);
    if (at % 2 === 0) return words;
    const mark = document.createElement("mark");
    mark.textContent = words;
    return mark;
  });
}
const SIGNS = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'", nbsp: "\u00a0" };

// What readers do

let timer = 0;
function later() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    history.replaceState(null, "", addressOf(asked()));
    search();
  }, WAIT_MS);
}

function now(event) {
  event.preventDefault();
  clearTimeout(timer);
  const address = addressOf(asked());
  if (address !== location.search) history.pushState(null, "", address);
  search({ goesThere: event.type === "submit" });
}

field.addEventListener("input", later);
form.addEventListener("submit", now);
form.addEventListener("change", (event) => {
  if (event.target !== field) now(event);
});
document.querySelector("#clear").addEventListener("click", (event) => {
  for (const box of form.querySelectorAll("input:checked")) box.checked = false;
  field.value = "";
  order.value = "";
  now(event);
  field.focus();
});
more.addEventListener("click", async () => {
  const mine = run;
  const next = waiting.splice(0, SHOWN);
  more.hidden = !waiting.length;
  try {
    const entries = (await Promise.all(next.map((each) => each.data()))).map(shown);
    if (mine !== run) return;
    const [first] = entries[0].children;
    results.append(...entries);
    first.querySelector("a").focus(); // the button may be gone
  } catch {
    search(); // the index was replaced meanwhile
  }
});
addEventListener("popstate", () => {
  readAddress();
  search();
});

form.hidden = false;
readAddress();
search({ goesThere: true });
if (!field.value) field.focus({ preventScroll: true });
