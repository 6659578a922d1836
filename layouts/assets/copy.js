// Buttons on the page of a release that copy its title, text, citation and quotations.
// The page says everything without them: whatever they need, this script makes.
(() => {
  const tools = document.querySelector(".copying");
  // Browsers have a clipboard for pages only where these come by https, or from this machine.
  if (!tools || !navigator.clipboard) return;
  const words = tools.dataset;

  const status = document.createElement("span");
  status.className = "unseen";
  status.setAttribute("role", "status");

  // `text` may be on its way: Safari wants to be told at once that something will be copied.
  const write = (text) => {
    if (typeof text === "string") return navigator.clipboard.writeText(text);
    if (!self.ClipboardItem) return text.then((said) => navigator.clipboard.writeText(said));
    const data = text.then((said) => new Blob([said], { type: "text/plain" }));
    return navigator.clipboard.write([new ClipboardItem({ "text/plain": data })]);
  };

  const button = (label, text) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    let waiting;
    made.addEventListener("click", async () => {
      let said = words.copied;
      try {
        await write(text());
      } catch {
        said = words.failed;
      }
      clearTimeout(waiting);
      made.style.minInlineSize = `${made.offsetWidth}px`;
      made.textContent = said;
      // Said again, also when it was said just now.
      status.textContent = "";
      requestAnimationFrame(() => (status.textContent = said));
      waiting = setTimeout(() => {
        made.textContent = label;
        made.style.minInlineSize = "";
      }, 2500);
    });
    return made;
  };

  const read = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  };
  const said = (element) => element.innerText.trim();

  const sources = {
    title: () => document.querySelector("h1").textContent.trim(),
    text: ({ address }) => read(address),
    citation: ({ words }) => words,
  };
  // They take the place of their words, so that nothing moves.
  for (const label of tools.querySelectorAll("[data-copy]")) {
    const { copy, ...given } = label.dataset;
    label.replaceWith(button(label.textContent, () => sources[copy](given)));
  }
  tools.append(status);
  tools.hidden = false;

  for (const quotation of document.querySelectorAll(".prose blockquote")) {
    if (quotation.parentElement.closest("blockquote")) continue;
    const blocks = [...quotation.children];
    const copying = button(words.quotation, () => blocks.map(said).join("\n\n"));
    copying.className = "copy";
    quotation.append(copying);
  }
})();
