"use strict";
// Says that the bundle was verified anew; the reader decides when the page is loaded again.
(() => {
  const news = document.getElementById("news");
  if (!news || !window.EventSource || document.querySelector("meta[http-equiv=refresh]")) return;
  let first = null;
  let source = null;
  const told = (event) => {
    if (first === null) { first = event.lastEventId; return; }
    if (event.lastEventId === first) return;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Load this page again";
    news.replaceChildren(document.createTextNode("The bundle was verified anew: " + event.data + ". "), link);
  };
  const listen = () => {
    if (document.hidden) { if (source) source.close(); source = null; return; }
    if (source) return;
    source = new EventSource("/events");
    source.addEventListener("state", told);
  };
  document.addEventListener("visibilitychange", listen);
  listen();
})();
