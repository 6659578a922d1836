// Eleventy 3 with Nunjucks and its own markdown-it, as its starter project has them.
const formats = {};
for (const language of ["en", "es", "pt", "fr"]) {
  formats[language] = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
}

export default function (config) {
  config.addPassthroughCopy({ static: "." });
  config.amendLibrary("md", (markdown) => markdown.set({ html: false, typographer: true }));
  config.addFilter("longDate", (date, language) => formats[language].format(date));
  config.addFilter("isoDate", (date) => date.toISOString().slice(0, 10));
  config.addFilter("isoTime", (date) => date.toISOString());
  config.addFilter("rssDate", (date) => date.toUTCString());
  config.addFilter("json", (value) => JSON.stringify(value).replaceAll("<", "\\u003c"));
  config.addFilter("values", (names, table) => names.map((name) => table[name]));
  config.addFilter("absolute", (html) => html.replaceAll('href="/', 'href="https://press.example.org/'));
  config.addFilter("first", (list, count) => list.slice(0, count));

  const releases = (api) => api.getFilteredByTag("release").reverse(); // newest first
  config.addCollection("byLanguage", (api) => grouped(releases(api), (page) => [page.data.language]));
  config.addCollection("byYear", (api) =>
    grouped(releases(api), (page) => [`${page.data.language}/${page.date.getUTCFullYear()}`]).map(withMonths));
  config.addCollection("byTopic", (api) =>
    grouped(releases(api), (page) => page.data.topics.map((topic) => `${page.data.language}/${topic}`)));
  return { dir: { input: ".", includes: "_includes", data: "_data", output: "_site" } };
}

function grouped(pages, keysOf) {
  const groups = new Map();
  for (const page of pages) {
    for (const key of keysOf(page)) {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(page);
    }
  }
  return [...groups].map(([key, pages]) => {
    const [language, name] = key.split("/");
    return { language, name, pages };
  });
}

function withMonths(group) {
  return { ...group, months: grouped(group.pages, (page) => [`${group.language}/${page.date.toISOString().slice(0, 7)}`]) };
}
