/* Everything that follows from the page's data alone, by the ids of the command's checks. */

/* The data of the page; anything that is not of its form refuses all of it. */
function dataOf(text) {
  const spelled = (json) => json.replace(
    /[<\u2028\u2029]/g, (character) => `\\u${character.codePointAt(0).toString(16).padStart(4, "0")}`);
  const data = closed(
    canonicalDocument(text, spelled), "checkpoint", "expires", "keys", "kind", "left_out", "log", "manifest", "policy",
    "requires_decision", "rules", "samples", "seal", "signatures", "version");
  if (data.kind !== "closeout/self-verifying/v1") refuse("is no data of such a page");
  const signatures = new Map();
  for (const file of data.signatures) {
    closed(file, "bytes", "path");
    signatures.set(file.path, bytesOfBase64(file.bytes));
  }
  return {
    policy: {
      keys: keysOfPage(data.keys), digest: data.policy, expires: data.expires, requiresDecision: data.requires_decision,
      rules: new Map(data.rules.map((rule) => closed(rule, "role", "threshold")).map((rule) => [rule.role, rule.threshold])),
      unusable: data.left_out.map((key) => closed(key, "format", "id"))
        .map(({ id, format }) => `key ${id}: is of the format ${format}, which a browser cannot check`),
    },
    samples: data.samples, signatures, seal: bytesOfBase64(data.seal),
    manifest: bytesOfBase64(data.manifest), log: bytesOfBase64(data.log),
    checkpoint: data.checkpoint === null ? null : bytesOfBase64(data.checkpoint),
  };
}

/* Rows of what was recomputed under a policy, and the manifest's entries where they can be relied on. */
async function recompute(data, policy, hashing) {
  const { keys, rules } = policy;
  const rows = [];
  const row = (check, subject, status, reason, value = null) => rows.push({ check, subject, status, reason, value });
  const compare = (check, subject, found, expected) => row(
    check, subject, found === expected ? "matches" : "differs",
    found === expected ? "as it says" : `expected ${expected}, found ${found}`, found);
  const read = (check, subject, action) => {
    try {
      const value = action();
      row(check, subject, "matches", "is of its form");
      return value;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      row(check, subject, "differs", error.message);
      return null;
    }
  };
  const conclude = (checks, subject, faults) => {
    for (const check of checks) {
      const own = faults.filter((fault) => fault.check === check);
      const more = own.length > 1 ? `, and ${own.length - 1} more` : "";
      row(check, subject, own.length > 0 ? "differs" : "matches",
        own.length > 0 ? `${own[0].reason}${more}` : "is as it must be");
    }
  };

  const sealDigest = hexOf(digestOf(data.seal));
  const seal = read("seal.format", "seal.json", () => sealOf(data.seal));
  const log = logOf(data.log);
  conclude(["log.format", "log.sequence", "log.head", "log.duplicate"], "log.jsonl", log.faults);
  const logged = new Map(log.entries.map((entry) => [entry.path, entry]));
  const inLog = (path, digest, size) => {
    const entry = logged.get(path);
    const found = `${digest}, ${size} bytes`;
    const expected = entry ? `${entry.sha256}, ${entry.size} bytes` : "no such file";
    row("bundle.digest", path, found === expected ? "matches" : "differs",
      found === expected ? "is what the log names" : `expected ${expected}, found ${found}`, digest);
  };
  inLog("seal.json", sealDigest, data.seal.length);

  const { digest, root } = await hashing.tree(data.manifest, 1, LIMITS.entries);
  const manifestDigest = hexOf(digest);
  inLog("manifest.jsonl", manifestDigest, data.manifest.length);
  const manifest = manifestOf(data.manifest);
  conclude(
    ["manifest.format", "manifest.order", "manifest.path", "manifest.parent", "manifest.not-empty"],
    "manifest.jsonl", manifest.faults);
  const isInOrder = manifest.faults.length === 0;
  if (seal) {
    compare("manifest.digest", "manifest.jsonl", manifestDigest, seal.manifest);
    compare("manifest.merkle-root", "manifest.jsonl", hexOf(root), seal.root);
    const entries = [...manifest.entries.values()];
    const count = (type) => entries.filter((entry) => entry.type === type).length;
    const bytes = entries.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
    const words = (files, directories, symlinks, size) =>
      `${files} files, ${directories} directories, ${symlinks} links, ${size} bytes`;
    const { totals } = seal;
    compare(
      "manifest.totals", "manifest.jsonl", words(count("file"), count("directory"), count("symlink"), bytes),
      words(totals.files, totals.directories, totals.symlinks, totals.bytes));
  }
  if (isInOrder) {
    const sums = sumsOf(manifest.entries);
    const entry = logged.get("SHA256SUMS");
    compare("manifest.sums", "SHA256SUMS", hexOf(digestOf(sums)), entry?.sha256 ?? "no such file");
  }

  for (const [path, bytes] of data.signatures) inLog(path, hexOf(digestOf(bytes)), bytes.length);
  const context = { now: presentInstant(), created: seal?.created ?? null };
  if (policy.expires !== null) {
    const isOver = context.now > policy.expires;
    row("trust.expires", "policy", isOver ? "unchecked" : "matches",
      `${isOver ? "ended" : "ends"} at ${policy.expires}, by the clock of this machine`, policy.expires);
  }
  const signatures = [];
  for (const [path, bytes] of data.signatures) {
    const results = await sealSignatures(bytes, logged.get(path)?.media_type, data.seal, keys, context);
    results.forEach((result, index) => {
      signatures.push(result);
      row("signature.valid", index > 0 ? `${path} #${index}` : path, result.status, result.reason,
        result.key?.fingerprint ?? null);
    });
  }

  const sealing = SEALING.filter((role) => rules.has(role));
  const tallies = sealing.map((role) => [role, tallyOf(role, rules.get(role), signatures)]);
  for (const [role, { status, reason }] of tallies) row("signature.threshold", `role ${role}`, status, reason);
  if (sealing.length === 0) row("signature.threshold", "roles", "unchecked", "nobody is trusted to sign a seal");
  if (policy.requiresDecision) {
    row("decision.required", "decisions", "unchecked", "the policy demands a decision, which is for the command");
  }

  const checked = data.checkpoint && read("log.checkpoint", "checkpoint", () => {
    const note = noteOf(data.checkpoint);
    const checkpoint = checkpointOf(note.text);
    if (checkpoint.origin !== `closeout/v1/${sealDigest}`) refuse("is of another bundle");
    if (checkpoint.size > log.count) refuse(`commits ${checkpoint.size} entries, and the log has ${log.count}`);
    return { note, checkpoint };
  });
  if (checked) {
    const { note, checkpoint } = checked;
    const committed = await hashing.tree(data.log, 0, checkpoint.size);
    compare("log.root", "checkpoint", hexOf(committed.root), checkpoint.root);
    row("log.uncommitted", "log.jsonl", checkpoint.size === log.count ? "matches" : "unchecked",
      `the checkpoint commits ${checkpoint.size} of ${log.count} entries`, String(log.count));
    const lines = await checkpointSignatures(note, checkpoint.origin, policy, context);
    for (const line of lines) {
      row("log.checkpoint-signature", "checkpoint", line.status, line.reason, line.key.fingerprint);
    }
    const rule = logRule(rules);
    const { status, reason } = rule ? tallyOf(rule.role, rule.threshold, lines)
      : { status: "unchecked", reason: "nobody is trusted to sign it" };
    row("log.checkpoint-signature", "role log", status, reason);
  } else if (!data.checkpoint) {
    row("log.checkpoint", "checkpoint", "unchecked", "there is none");
  }
  for (const key of keys) {
    const window = [key.notBefore && `from ${key.notBefore}`, key.notAfter && `until ${key.notAfter}`,
      key.revoked && `revoked (${key.revoked.reason}) at ${key.revoked.at}`].filter(Boolean).join(", ");
    const roles = key.roles.length > 0 ? key.roles.join(", ") : "no role";
    row("key", `${key.id} of ${key.operator}`, "value", `${roles}${window ? `; ${window}` : ""}`, key.fingerprint);
  }
  return {
    rows, manifest: isInOrder ? manifest : null, seal, sealDigest,
    isSigned: tallies.length > 0 && tallies.every(([, tally]) => tally.status === "matches"),
  };
}

/* What verifying takes that this page does not do. */
const NOT_HERE = [
  ["signature.key-window", "whether something proves that a signature is older than the end of its key, or than its beginning"],
  ["artifact.unexpected", "files with names that this browser does not show when they are dropped"],
  ["artifact.mode", "modes of files, which no browser tells"],
  ["artifact.link-target", "symbolic links, which no browser shows"],
  ["manifest.link-escape", "whether links lead out of the release"],
  ["timestamp.valid", "time-stamps and certificates"],
  ["record.signature", "records, risks, retention and decisions"],
  ["log.rollback", "whether this is the newest state of the log"],
];
