/* The documents of a bundle, read as strictly as closeout reads them: docs/manifest.md, seal.md and log.md. */
const LIMITS = { entries: 200000, logLines: 100000, logLine: 1024, seal: 4096, note: 1 << 20, path: 4096, faults: 1000 };

function isInstant(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text.replace("Z", ".000Z");
}

/* Lines that end in LF, the last one too, as pieces of the bytes. */
function linesOf(bytes, most) {
  if (bytes.length === 0 || bytes[bytes.length - 1] !== 0x0a) refuse("does not end in a line feed");
  const lines = [];
  for (let at = 0; at < bytes.length;) {
    if (lines.length === most) refuse(`has more than ${most} lines`);
    const end = bytes.indexOf(0x0a, at);
    lines.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

function sealOf(bytes) {
  if (bytes.length > LIMITS.seal) refuse("is larger than a seal may be");
  const seal = closed(canonicalDocument(textOf(bytes)), "_type", "predicate", "predicateType", "subject");
  if (seal._type !== "https://in-toto.io/Statement/v1") refuse("is no statement of in-toto");
  if (seal.predicateType !== "urn:closeout:seal:v1") refuse("is no seal");
  const { artifacts, created, manifest, release } =
    closed(seal.predicate, "artifacts", "created", "manifest", "release");
  closed(artifacts, "bytes", "directories", "files", "symlinks");
  closed(manifest, "entries", "merkle_root");
  closed(release, "name", "version");
  if (!Array.isArray(seal.subject) || seal.subject.length !== 1) refuse("has not exactly one subject");
  const [subject] = seal.subject;
  closed(subject, "digest", "name");
  closed(subject.digest, "sha256");
  const part = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;
  const isRelease = [release.name, release.version].every((text) => typeof text === "string")
    && release.name.split("/").every((text) => part.test(text)) && release.name.length <= 1024
    && part.test(release.version);
  const counts = [artifacts.directories, artifacts.files, artifacts.symlinks, manifest.entries];
  const isWhole = isRelease && isInstant(created) && subject.name === "manifest.jsonl"
    && DIGEST.test(subject.digest.sha256) && DIGEST.test(manifest.merkle_root)
    && isCount(artifacts.bytes) && counts.every((count) => isCount(count) && count <= 10000000)
    && artifacts.directories + artifacts.files + artifacts.symlinks === manifest.entries;
  if (!isWhole) refuse("has a value that is not of its form");
  return {
    manifest: subject.digest.sha256, root: manifest.merkle_root, entries: manifest.entries,
    totals: artifacts, created, release,
  };
}

/* UTF-8 puts texts into another order than UTF-16 where one of them has a pair of halves. */
function precedes(left, right) {
  const end = Math.min(left.length, right.length);
  for (let i = 0; i < end; i += 1) {
    let [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    if (a === b) continue;
    if (a >= 0xd800 && b >= 0xd800) {
      a = a < 0xe000 ? a + 0x2000 : a - 0x800;
      b = b < 0xe000 ? b + 0x2000 : b - 0x800;
    }
    return a < b;
  }
  return left.length < right.length;
}

function isPath(text) {
  return typeof text === "string" && !text.includes("\0") && bytesOf(text).length <= LIMITS.path
    && text.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

const MODES = { executable: /^0(?:755|644)$/, exact: /^[0-7]{4}$/, ignore: null };

function manifestHeader(line) {
  const header = closed(
    canonicalDocument(textOf(line)), "algorithm", "excludes", "kind", "modes", "outside_links");
  const { excludes } = header;
  const isWhole = header.algorithm === "sha256" && header.kind === "closeout/manifest/v1"
    && Object.hasOwn(MODES, header.modes) && typeof header.outside_links === "boolean"
    && Array.isArray(excludes) && excludes.length <= 256
    && excludes.every((pattern) => typeof pattern === "string" && pattern !== "")
    && excludes.every((pattern, i) => i === 0 || precedes(excludes[i - 1], pattern));
  if (!isWhole) refuse("is no header of a manifest");
  return header;
}

function manifestEntry(line, modes) {
  const entry = canonicalDocument(textOf(line));
  if (entry?.type === "file") {
    closed(entry, ...(modes === "ignore" ? [] : ["mode"]), "path", "sha256", "size", "type");
    const isWhole = DIGEST.test(entry.sha256) && isCount(entry.size)
      && (modes === "ignore" || MODES[modes].test(entry.mode));
    if (!isWhole) refuse("has a value that is not of its form");
  } else if (entry?.type === "symlink") {
    closed(entry, "path", "target", "type");
    const isWhole = typeof entry.target === "string" && entry.target !== "" && !entry.target.includes("\0")
      && bytesOf(entry.target).length <= LIMITS.path;
    if (!isWhole) refuse("has a target that is not of its form");
  } else if (entry?.type === "directory") {
    closed(entry, "path", "type");
  } else {
    refuse("is no entry of a manifest");
  }
  if (typeof entry.path !== "string") refuse("has no path");
  return entry;
}

/* The manifest with all that is wrong with it, each fault under the check that reports it. */
function manifestOf(bytes) {
  const faults = [];
  const fault = (check, line, reason) => {
    if (faults.length < LIMITS.faults) faults.push({ check, reason: `line ${line}: ${reason}` });
  };
  const entries = new Map();
  let header = null;
  let last = null;
  const attempt = (line, action) => {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fault("manifest.format", line, error.message);
      return null;
    }
  };
  const lines = attempt(1, () => linesOf(bytes, LIMITS.entries + 1)) ?? [];
  lines.forEach((line, index) => {
    if (index === 0) {
      header = attempt(1, () => manifestHeader(line));
      return;
    }
    const entry = attempt(index + 1, () => manifestEntry(line, header?.modes ?? "exact"));
    if (entry === null) return;
    if (!isPath(entry.path)) fault("manifest.path", index + 1, "has a path that leads elsewhere");
    if (last !== null && !precedes(last, entry.path)) {
      fault("manifest.order", index + 1, "is not behind the line before it");
    }
    last = entry.path;
    entries.set(entry.path, entry);
  });
  if (faults.length === 0) {
    let line = 1;
    for (const path of entries.keys()) {
      line += 1;
      const end = path.lastIndexOf("/");
      if (end > 0 && entries.get(path.slice(0, end))?.type !== "directory") {
        fault("manifest.parent", line, "lies in no directory of the manifest");
      }
    }
    if (![...entries.values()].some((entry) => entry.type === "file")) {
      fault("manifest.not-empty", line, "there is no file");
    }
  }
  return { header, entries, faults, count: Math.max(lines.length - 1, 0) };
}

/* What SHA256SUMS holds for a manifest. */
function sumsOf(entries) {
  const lines = [];
  for (const entry of entries.values()) {
    if (entry.type !== "file") continue;
    const isEscaped = /[\\\n\r]/.test(entry.path);
    const path = entry.path.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\r/g, "\\r");
    lines.push(`${isEscaped ? "\\" : ""}${entry.sha256}  ${entry.path === "-" ? "./-" : path}\n`);
  }
  return bytesOf(lines.join(""));
}

const HEAD = [["seal", "seal.json"], ["manifest", "manifest.jsonl"], ["sums", "SHA256SUMS"], ["readme", "README.txt"]];
const FOLDERS = {
  signature: "signatures", timestamp: "timestamps", certificate: "certificates", evidence: "evidence",
  attachment: "attachments",
};

function logEntry(line) {
  if (line.length > LIMITS.logLine) refuse("is longer than a line may be");
  const entry = closed(
    canonicalDocument(textOf(line)), "at", "kind", "media_type", "path", "seq", "sha256", "size");
  const head = HEAD.find(([kind]) => kind === entry.kind);
  const folder = Object.hasOwn(FOLDERS, entry.kind) ? FOLDERS[entry.kind] : null;
  const isPlace = typeof entry.path === "string"
    && (head ? entry.path === head[1]
      : folder !== null && entry.path.startsWith(`${folder}/`)
        && /^[a-z0-9][a-z0-9._-]{0,127}$/.test(entry.path.slice(folder.length + 1)));
  const isWhole = isPlace && isInstant(entry.at) && /^[!-~]+$/.test(entry.media_type)
    && isCount(entry.seq) && DIGEST.test(entry.sha256) && isCount(entry.size);
  if (!isWhole) refuse("has a value that is not of its form");
  return entry;
}

function logOf(bytes) {
  const faults = [];
  const entries = [];
  const [paths, digests] = [new Set(), new Set()];
  const fault = (check, line, reason) => {
    if (faults.length < LIMITS.faults) faults.push({ check, reason: `line ${line}: ${reason}` });
  };
  let lines = [];
  try {
    lines = linesOf(bytes, LIMITS.logLines);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    fault("log.format", 1, error.message);
  }
  lines.forEach((line, index) => {
    let entry;
    try {
      entry = logEntry(line);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fault("log.format", index + 1, error.message);
      return;
    }
    if (entry.seq !== index) fault("log.sequence", index + 1, `says that it is number ${entry.seq}`);
    if (paths.has(entry.path) || digests.has(entry.sha256)) {
      fault("log.duplicate", index + 1, "names what an earlier line names already");
    }
    paths.add(entry.path);
    digests.add(entry.sha256);
    const isHead = HEAD[index]?.[0] === entry.kind;
    if (isHead !== HEAD.some(([kind]) => kind === entry.kind) || (index < HEAD.length && !isHead)) {
      fault("log.head", index + 1, "is not where seal, manifest, sums and readme belong");
    }
    entries.push(entry);
  });
  if (lines.length < HEAD.length) fault("log.head", lines.length, "the head is not whole");
  return { entries, faults, count: lines.length };
}

/* A signed note: its text, and lines of a name, a key id and a signature. */
function noteOf(bytes) {
  if (bytes.length > LIMITS.note) refuse("is larger than a note may be");
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x0a)) refuse("has control characters");
  const whole = textOf(bytes);
  const end = whole.lastIndexOf("\n\n");
  if (end < 0 || !whole.endsWith("\n") || end + 2 >= whole.length) refuse("is no signed note");
  const lines = whole.slice(end + 2, -1).split("\n");
  if (lines.length > 100) refuse("has too many signatures");
  const signatures = lines.map((line) => {
    const [, name, base64] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? refuse("has a line that is no signature");
    const value = bytesOfBase64(base64);
    if (value.length < 5) refuse("has a line that is no signature");
    return { name, id: value.subarray(0, 4), value: value.subarray(4) };
  });
  return { text: whole.slice(0, end + 1), signatures };
}

function checkpointOf(text) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] !== "" || lines[0] === "") refuse("has not the three lines of a checkpoint");
  const root = bytesOfBase64(lines[2]);
  if (!/^[1-9][0-9]{0,15}$/.test(lines[1]) || root.length !== 32) refuse("has no size or no root");
  return { origin: lines[0], size: Number(lines[1]), root: hexOf(root) };
}
