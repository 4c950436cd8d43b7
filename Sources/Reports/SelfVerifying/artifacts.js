/* The shipped files as a browser shows them, compared with the manifest. */
const WHOLE = 64 * 1024 * 1024;
const SMALL = 1024 * 1024;

/* Hashes in one worker, which is made of this script's own functions; without one, here. */
class Hashing {
  #worker = null;
  #waiting = new Map();
  #next = 0;

  constructor() {
    const source = `"use strict";
      ${[sha256Constants, sha256Source, sha256, treeOfLines].join("\n")}
      const Hasher = sha256(sha256Constants(), ${sha256Source()});
      (${serve})(Hasher);`;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try {
      this.#worker = new Worker(address);
      this.#worker.onmessage = ({ data }) => this.#answer(data);
      this.#worker.onerror = () => this.#abandon();
    } catch {
      this.#worker = null;
    }
  }

  #answer({ id, progress, failure, result }) {
    const { resolve, reject, tell } = this.#waiting.get(id);
    if (progress !== undefined) {
      tell?.(progress);
      return;
    }
    this.#waiting.delete(id);
    if (failure === undefined) resolve(result);
    else reject(new Error(failure));
  }

  #abandon() {
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error("the worker ended"));
    this.#waiting.clear();
  }

  #ask(request, tell) {
    if (!this.#worker) return Promise.reject(new Error("there is no worker"));
    return new Promise((resolve, reject) => {
      this.#next += 1;
      this.#waiting.set(this.#next, { resolve, reject, tell });
      this.#worker.postMessage({ id: this.#next, ...request });
    });
  }

  async tree(bytes, skipped, most) {
    if (!this.#worker) return treeOfLines(Hasher, bytes, skipped, most);
    return this.#ask({ kind: "tree", bytes, skipped, most });
  }

  /* The digest of a file, which is never in memory as a whole where it is large. */
  async file(file, tell) {
    if (file.size <= WHOLE && globalThis.crypto?.subtle) {
      const bytes = await file.arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      tell(bytes.byteLength);
      return { digest: hexOf(digest), size: bytes.byteLength };
    }
    const { digest, size } = await this.#ask({ kind: "file", file }, tell);
    return { digest: hexOf(digest), size };
  }
}

/* What the worker does: one request after another, so that no two files are read at once. */
function serve(Hasher) {
  let last = Promise.resolve();
  const work = async ({ id, kind, file, bytes, skipped, most }) => {
    if (kind === "tree") return treeOfLines(Hasher, bytes, skipped, most);
    const hasher = new Hasher();
    const reader = file.stream().getReader();
    let [size, told] = [0, 0];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      hasher.update(value);
      size += value.length;
      if (size - told >= 16 * 1024 * 1024) {
        postMessage({ id, progress: size - told });
        told = size;
      }
    }
    postMessage({ id, progress: size - told });
    return { digest: hasher.finish(), size };
  };
  onmessage = ({ data }) => {
    last = last.then(async () => {
      try {
        postMessage({ id: data.id, result: await work(data) });
      } catch (error) {
        postMessage({ id: data.id, failure: String(error) });
      }
    });
  };
}

/* Whether a browser may leave out a name of what is dropped, as it does with names that are unsafe elsewhere. */
function mayBeHidden(path) {
  const odd = /[\p{C}\p{Zl}\p{Zp}"*:<>?\\|~]|^\.\.|^\s|[\s.]$|\.(?:lnk|url|scf|local)$/iu;
  const reserved = /^(?:con|prn|aux|nul|clock\$|com\d|lpt\d|desktop\.ini|thumbs\.db)(?:\.|$)/i;
  return path.split("/").some((name) => odd.test(name) || reserved.test(name));
}

/* Files that were seen, by their paths, and what opens each.

   `showsFolders` is whether folders are seen too, also where links lead to them, and `showsNames` whether all names are. */
async function seenInHandles(handles) {
  const seen = { files: new Map(), directories: new Set(), showsFolders: true, showsNames: false };
  const walk = async (handle, path) => {
    if (handle.kind === "file") {
      seen.files.set(path, () => handle.getFile());
      return;
    }
    if (path !== "") seen.directories.add(path);
    for await (const [name, inner] of handle.entries()) await walk(inner, path === "" ? name : `${path}/${name}`);
  };
  const [only] = handles;
  if (handles.length === 1 && only.kind === "directory") await walk(only, "");
  else for (const handle of handles) await walk(handle, handle.name);
  return seen;
}

/* The same of entries, which older browsers give for what is dropped. */
async function seenInEntries(entries) {
  const seen = { files: new Map(), directories: new Set(), showsFolders: true, showsNames: false };
  const listed = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  /* An entry gives the same file again, and its folder the one that is there by now. */
  const opened = (entry, folder) => new Promise((resolve, reject) => {
    if (folder) folder.getFile(entry.name, {}, (found) => found.file(resolve, reject), reject);
    else entry.file(resolve, reject);
  });
  const walk = async (entry, path, folder = null) => {
    if (entry.isFile) {
      seen.files.set(path, () => opened(entry, folder));
      return;
    }
    if (path !== "") seen.directories.add(path);
    const reader = entry.createReader();
    for (let part = await listed(reader); part.length > 0; part = await listed(reader)) {
      for (const inner of part) await walk(inner, path === "" ? inner.name : `${path}/${inner.name}`, entry);
    }
  };
  const [only] = entries;
  if (entries.length === 1 && only.isDirectory) await walk(only, "");
  else for (const entry of entries) await walk(entry, entry.name);
  return seen;
}

/* The same of the files of an input; the first name of a path is that of the folder that was chosen. */
function seenInFiles(list) {
  const seen = { files: new Map(), directories: new Set(), showsFolders: false, showsNames: true };
  for (const file of list) {
    const path = file.webkitRelativePath ? file.webkitRelativePath.split("/").slice(1).join("/") : file.name;
    seen.files.set(path, async () => file);
  }
  return seen;
}

/* What was dropped. Handles come first: from file:// the entries of some browsers cannot be read. */
async function seenInDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const files = [...transfer.files];
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  if (items.length > 0 && items.every((item) => "getAsFileSystemHandle" in item)) {
    const handles = await Promise.all(items.map((item) => item.getAsFileSystemHandle()));
    if (handles.every(Boolean)) return seenInHandles(handles);
  }
  if (!entries.some((entry) => entry?.isDirectory)) return seenInFiles(files);
  return seenInEntries(entries.filter(Boolean));
}

/* Reads a file and looks at it again afterwards. */
async function readOnce({ open, opensAnew, entry: { size } }, hashing, tell) {
  const file = await open();
  if (file.size !== size) return { size: file.size };
  let found;
  try {
    found = await hashing.file(file, tell);
  } catch (error) {
    if (error?.name === "NotReadableError" || /NotReadable/.test(String(error))) return { changed: true };
    return { unreadable: String(error?.message ?? error) };
  }
  try {
    const again = await open();
    /* A file that was chosen is no longer readable once it has changed. */
    if (!opensAnew && file.size > 0) await file.slice(0, 1).arrayBuffer();
    const isSame = again.size === file.size && again.lastModified === file.lastModified && found.size === file.size;
    return isSame ? found : { changed: true };
  } catch {
    return { changed: true };
  }
}

/* Compares what was seen with the manifest, one row a difference. */
async function compareFiles(seen, manifest, hashing, progress) {
  const { entries, header } = manifest;
  const rows = [];
  const counts = { matches: 0, differs: 0, missing: 0, extra: 0, changed: 0, unread: 0, unseen: 0 };
  const row = (check, subject, kind, reason) => {
    counts[kind] += 1;
    rows.push({ check, subject, kind, reason });
  };
  const hasLinks = [...entries.values()].some((entry) => entry.type === "symlink");
  const throughLink = (path) => {
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
      if (entries.get(path.slice(0, end))?.type === "symlink") return true;
    }
    return false;
  };
  const jobs = [];
  for (const [path, open] of seen.files) {
    const entry = entries.get(path);
    if (entry && path.includes("\ufffd")) {
      row("artifact.name", path, "unseen", "a browser shows other names as this one");
    } else if (entry?.type === "file") jobs.push({ path, open, entry, opensAnew: seen.showsFolders });
    else if (entry?.type === "directory") row("artifact.type", path, "differs", "expected a directory, found a file");
    else if (entry === undefined && !throughLink(path)) {
      const excluded = header.excludes.length > 0 ? "; the manifest has exclude patterns, which may fit it" : "";
      row("artifact.unexpected", path, "extra", `the manifest has no such file${excluded}`);
    }
  }
  const folders = new Set(seen.directories);
  for (const path of seen.files.keys()) {
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) folders.add(path.slice(0, end));
  }
  for (const path of folders) {
    const entry = entries.get(path);
    if (entry?.type === "file") row("artifact.type", path, "differs", "expected a file, found a directory");
    if (entry === undefined && !throughLink(path)) {
      row("artifact.unexpected", path, "extra", "the manifest has no such directory");
    }
  }
  for (const [path, entry] of entries) {
    if (entry.type === "symlink") row("artifact.link-target", path, "unseen", "links are not seen by a browser");
    if (entry.type === "directory" && !folders.has(path) && !seen.files.has(path)) {
      row("artifact.missing", path, "unseen", "an empty directory may not be seen by a browser");
    }
    if (entry.type !== "file" || seen.files.has(path) || folders.has(path)) continue;
    if (!seen.showsFolders && hasLinks) {
      row("artifact.missing", path, "unseen",
        "a chosen folder with links is not shown whole: drop it in place of choosing it");
    } else if (seen.showsNames ? path.includes("\\") : mayBeHidden(path)) {
      row("artifact.missing", path, "unseen", seen.showsNames
        ? "a browser shows this name as another" : "a browser may hide this name: choose the folder in place of dropping it");
    } else {
      row("artifact.missing", path, "missing", "is not there");
    }
  }
  progress.begin(jobs.reduce((sum, job) => sum + job.entry.size, 0), jobs.length);
  const lane = async (queue) => {
    for (let job = queue.pop(); job; job = queue.pop()) {
      const { path, entry } = job;
      let found;
      try {
        found = await readOnce(job, hashing, (count) => progress.add(count));
      } catch (error) {
        found = { unreadable: String(error?.message ?? error) };
      }
      progress.next();
      if (found.changed) row("artifact.unstable", path, "changed", "give it again once nobody writes to it");
      else if (found.unreadable) row("artifact.unreadable", path, "unread", found.unreadable);
      else if (found.size !== entry.size) {
        row("artifact.size", path, "differs", `expected ${entry.size} bytes, found ${found.size}`);
      } else if (found.digest !== entry.sha256) {
        row("artifact.digest", path, "differs", `expected ${entry.sha256}, found ${found.digest}`);
      } else {
        counts.matches += 1;
      }
    }
  };
  /* Many small files at once, as opening one takes longer than reading it, and large ones one by one. What is
     there counts, and not what the manifest says: a file that is larger has another size, and is not read. */
  const isSmall = ({ entry }) => entry.size <= SMALL;
  const [small, large] = [jobs.filter(isSmall), jobs.filter((job) => !isSmall(job))];
  await Promise.all([lane(large), ...Array.from({ length: 16 }, () => lane(small))]);
  rows.sort((left, right) => (left.subject === right.subject ? 0 : precedes(left.subject, right.subject) ? -1 : 1));
  return { rows, counts };
}
