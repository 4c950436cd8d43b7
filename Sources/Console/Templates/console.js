"use strict";
// Says that the bundle was verified anew; the reader decides when the page is loaded again.
(() => {
  const news = document.getElementById("news");
  const words = document.currentScript.dataset;
  if (!news || !window.EventSource || document.querySelector("meta[http-equiv=refresh]")) return;
  let first = null;
  let source = null;
  const told = (event) => {
    if (first === null) { first = event.lastEventId; return; }
    if (event.lastEventId === first) return;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Load this page again";
    news.replaceChildren(document.createTextNode(words.news + ": " + event.data + ". "), link);
  };
  const listen = () => {
    if (document.hidden) { if (source) source.close(); source = null; return; }
    if (source) return;
    source = new EventSource(words.events);
    source.addEventListener("state", told);
  };
  document.addEventListener("visibilitychange", listen);
  listen();
})();
// Computes the digest of a file that is chosen or dropped, in place of writing it.
(() => {
  const part = document.getElementById("file-part");
  if (!part || !window.crypto || !crypto.subtle) return;
  const file = document.getElementById("file");
  const digest = document.getElementById("digest");
  const state = document.getElementById("file-state");
  const largest = 1024 * 1024 * 1024;
  part.hidden = false;
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    if (chosen.size > largest) { state.textContent = "Too large for this page: use sha256sum, and give its line."; return; }
    state.textContent = "The digest is being computed.";
    try {
      const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer()));
      digest.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      state.textContent = "The digest is there: press Search.";
    } catch { state.textContent = "The file cannot be read."; }
  });
})();
