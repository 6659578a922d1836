// Loads the page again when the newsroom has changed since the server made it.
(() => {
  const { version } = document.currentScript.dataset;
  const bar = document.getElementById("communique-preview");
  const lost = bar.querySelector(".lost");
  let events;

  const listen = () => {
    events?.close();
    // A browser opens few connections to one server: a page that nobody sees gives up its own.
    if (document.hidden) return;
    events = new EventSource("/_preview/events");
    events.onmessage = (message) => {
      lost.textContent = "";
      if (message.data !== version) location.reload();
    };
    events.onerror = () => {
      lost.textContent = "No connection: is “communique serve” still at work?";
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
    };
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => events?.close());
  addEventListener("pageshow", listen);

  // The bar covers nothing: the page ends above it.
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--communique-bar", `${bar.offsetHeight}px`);
  }).observe(bar);

  // The panel stays as the officer left it.
  const details = bar.querySelector("details");
  const key = "communique-preview-panel";
  if (details && sessionStorage.getItem(key)) details.open = sessionStorage.getItem(key) === "open";
  details?.querySelector("summary").addEventListener("click", () => {
    sessionStorage.setItem(key, details.open ? "closed" : "open");
  });
})();
