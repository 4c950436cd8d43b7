/* The page: takes files and a policy, and writes what was found. Text of others becomes text, never markup. */
const MOST_ROWS = 1000;
const WORDS = {
  matches: ["matches", "pass"], differs: ["differs", "fail"], unchecked: ["not checked here", "unknown"],
  value: ["", "not_applicable"], missing: ["missing", "fail"], extra: ["extra", "fail"],
  changed: ["changed while reading", "fail"], unread: ["could not be read", "fail"], unseen: ["not seen", "unknown"],
};

const place = (id) => document.getElementById(id);

/* Control characters and those that change directions, as the command spells them. */
function printable(text) {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
}

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content.map((part) => (typeof part === "string" ? printable(part) : part)));
  return made;
}

function table(caption, titles, rows) {
  const head = element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)));
  const body = rows.slice(0, MOST_ROWS).map(({ check, subject, kind, reason, value }) => {
    const [word, style] = WORDS[kind];
    const status = word ? [element("span", { class: style }, word), ": "] : [];
    const found = value ? [element("br", {}), element("code", {}, value)] : [];
    return element(
      "tr", { "data-check": check, "data-kind": kind },
      element("th", { scope: "row" }, element("code", {}, check), element("br", {}), subject),
      element("td", {}, ...status, reason, ...found));
  });
  const more = rows.length > MOST_ROWS ? `, and ${rows.length - MOST_ROWS} more` : "";
  return element(
    "table", { class: "wide" }, element("caption", {}, `${caption}${more}`), element("thead", {}, head),
    element("tbody", {}, ...body));
}

/* Says how far the work is, at most once a second, so that it can be listened to. */
class Progress {
  #total = 0;
  #done = 0;
  #files = 0;
  #seen = 0;
  #last = 0;

  begin(total, files) {
    [this.#total, this.#files, this.#done, this.#seen] = [total, files, 0, 0];
    place("progress").hidden = false;
    this.#show();
  }

  add(count) {
    this.#done += count;
    this.#show();
  }

  next() {
    this.#seen += 1;
    this.#show();
  }

  #show() {
    place("progress").value = this.#total > 0 ? Math.min(this.#done / this.#total, 1) : 1;
    const now = performance.now();
    if (now - this.#last < 1000) return;
    this.#last = now;
    place("status").textContent = `Reading: ${this.#seen} of ${this.#files} files`;
  }
}

const state = {
  data: null, unusable: [], source: "", found: null, files: null, hashing: null, begun: null,
  running: 0, turns: { files: 0, policy: 0 },
};

function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/* The one sentence that sums up what was found; it never says more than that things fit together. */
function outcome() {
  const { found, files } = state;
  const wrong = found.rows.filter((row) => row.status === "differs").length;
  const open = found.rows.filter((row) => row.status === "unchecked").length;
  if (wrong > 0) return ["fail", `Does not fit together: ${counted(wrong, "value")} of this page differ.`];
  if (!files) {
    return ["unknown", "The data of this page fit together. Nothing was compared with it yet: drop the shipped files."];
  }
  const { counts } = files;
  const bad = ["differs", "missing", "extra", "changed", "unread"].filter((kind) => counts[kind] > 0);
  if (bad.length > 0) {
    return ["fail", `Does not match this file: ${bad.map((kind) => `${counts[kind]} ${WORDS[kind][0]}`).join(", ")}; `
      + `${counts.matches} matches.`];
  }
  const unseen = counts.unseen > 0 ? `; ${counts.unseen} not seen` : "";
  const gaps = open > 0 ? `; ${counted(open, "value")} not checked here` : "";
  const unsigned = found.isSigned ? "" : "; not signed by all whom the policy demands, as far as this page can tell";
  return [counts.unseen > 0 || open > 0 || !found.isSigned ? "unknown" : "pass",
    `${counted(counts.matches, "file")} ${counts.matches === 1 ? "matches" : "match"} this file`
      + `${unseen}${gaps}${unsigned}.`];
}

function show() {
  const { found, files } = state;
  const [style, sentence] = outcome();
  place("outcome").className = `outcome ${style}`;
  place("outcome").textContent = sentence;
  const rows = found.rows.map((row) => ({ ...row, kind: row.status }));
  place("values").replaceChildren(
    element("p", {}, `Keys: ${state.source}`),
    table(counted(rows.length, "value"), ["Check and subject", "What this page found"], rows));
  place("files").replaceChildren();
  if (files && files.rows.length > 0) {
    const order = ["differs", "missing", "extra", "changed", "unread", "unseen"];
    const sorted = [...files.rows].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    place("files").append(table(counted(sorted.length, "difference"), ["Check and file", "What this page found"], sorted));
  }
  const left = [
    ...state.unusable.map((reason) => element("li", {}, reason)),
    ...NOT_HERE.map(([check, words]) => element("li", {}, element("code", {}, check), ` ${words}`)),
  ];
  place("unchecked").replaceChildren(element("ul", {}, ...left));
}

/* Does one piece of work; a later one of its kind makes what it finds worthless. */
async function work(kind, words, action) {
  state.turns[kind] += 1;
  const turn = state.turns[kind];
  state.running += 1;
  document.body.dataset.state = "working";
  place("status").textContent = words;
  let last = "Done.";
  try {
    if (!await state.begun) refuse("The data of this page are not of their form, so that it can say nothing.");
    const apply = await action();
    if (turn === state.turns[kind]) {
      apply();
      show();
    }
  } catch (error) {
    last = fail(error);
  }
  ended(last);
}

function fail(error) {
  place("outcome").className = "outcome fail";
  place("outcome").textContent = "Nothing can be said: see below.";
  return error instanceof Refused ? error.message : `This browser could not do it: ${error?.message ?? error}`;
}

function ended(last) {
  state.running -= 1;
  place("status").textContent = printable(last);
  if (state.running > 0) return;
  place("progress").hidden = true;
  document.body.dataset.state = "done";
}

function takeFiles(gather) {
  const gathered = gather();
  state.files = null;
  return work("files", "Looking at the files", async () => {
    const seen = await gathered;
    if (!state.found.manifest) refuse("The manifest of this page is not of its form: nothing can be compared with it.");
    if (seen.files.size === 0) refuse("No file was found there.");
    const files = await compareFiles(seen, state.found.manifest, state.hashing, new Progress());
    return () => { state.files = files; };
  });
}

function takePolicy(list) {
  return work("policy", "Reading the policy", async () => {
    const contents = new Map();
    let policy = null;
    let refusal = "There is no trust policy among these files.";
    for (const file of list) {
      if (file.size > 4 * 1024 * 1024) refuse(`${file.name}: is larger than 4 MiB`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      contents.set(hexOf(digestOf(bytes)), bytes);
    }
    for (const bytes of contents.values()) {
      if (bytes[0] !== 0x7b && list.length > 1) continue;
      try {
        policy = policyOf(bytes, contents, state.found.seal?.release.name, state.data.samples);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refusal = `The policy ${error.message}. The keys are as they were.`;
      }
    }
    if (policy === null) refuse(refusal);
    const found = await recompute(state.data, policy, state.hashing);
    return () => {
      [state.unusable, state.found] = [policy.unusable, found];
      state.source = `those of your own policy, sha256:${policy.digest}, in place of this page's`;
    };
  });
}

function begin() {
  const drop = place("drop");
  place("folder").webkitdirectory = true;
  const whenChosen = (id, take) => place(id).addEventListener("change", ({ target }) => {
    const files = [...target.files];
    target.value = ""; // Else the same choice, once something there has changed, would be none.
    if (files.length > 0) take(files);
  });
  whenChosen("folder", (files) => takeFiles(() => Promise.resolve(seenInFiles(files))));
  whenChosen("policy", takePolicy);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    takeFiles(() => seenInDrop(event.dataTransfer));
  });
  state.begun = prepare();
}

/* Recomputes the page's own data; whether they are of their form. */
async function prepare() {
  state.running += 1;
  place("status").textContent = "Recomputing the data of this page";
  try {
    state.hashing = new Hashing();
    state.data = dataOf(place("data").textContent);
    const { policy: own } = state.data;
    state.found = await recompute(state.data, own, state.hashing);
    state.unusable = own.unusable;
    const policy = own.digest === null ? "" : `, from the policy sha256:${own.digest}`;
    state.source = `those that the maker of this page chose${policy}`;
    show();
    ended("Done.");
    return true;
  } catch (error) {
    ended(fail(error));
    return false;
  }
}

begin();
