/* Whom a trust policy trusts for what (docs/trust-policy.md), as far as it goes without proofs of time: the time is
   that of this machine, as it is for the command. What only such a proof could say is left to the command. */
const EVERYDAY = ["requester", "retention", "hold", "risk-owner", "risk-approver", "delivery", "decider"];
const SEALING = ["release", "archive"];
const FORMAT_MEMBERS = {
  spki: ["algorithm"], ssh: ["algorithm", "namespaces"], minisign: ["legacy"], signify: [], note: [],
  openpgp: ["fingerprints", "sha1_binding", "key_expiry"],
  x509: ["subjects", "leaf_spki", "purposes", "revocation", "algorithms"],
  timestamp: ["policies", "revocation", "algorithms"],
};
const KEY_MEMBERS = ["id", "operator", "format", "key", "file", "sha256", "not_before", "not_after", "revoked"];
const POLICY_MEMBERS = ["kind", "version", "expires", "keys", "roles", "criteria", "earlier", "require_decision"];
const REASONS = ["compromised", "superseded", "ceased"];
const MINUTES = 60000;

/* The time of this machine, as an instant. */
function presentInstant() {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}

/* Why a signature that a key made does not count now, as far as can be told without proofs; null where it does. */
function doubtOf(key, { now, created }) {
  if (key.isSample) return "the key is a sample, and anybody can sign with it";
  if (key.weakness !== null) return `the key ${key.weakness}`;
  if (key.isInRing) return "the key is in an OpenPGP ring as well, which may say that it has ended";
  const { revoked, notBefore, notAfter } = key;
  if (revoked && (revoked.reason === "compromised" || now >= revoked.at)) {
    return `the key was revoked (${revoked.reason}) at ${revoked.at}`;
  }
  if (notBefore && now < notBefore) return `the key begins to count only at ${notBefore}`;
  /* Nothing proves a time that is more than five minutes before the seal was created. */
  if (notBefore && (created === null || Date.parse(notBefore) > Date.parse(created) - 5 * MINUTES)) {
    return `the key begins to count at ${notBefore}, and the signature may be proven to be older`;
  }
  if (notAfter && now > notAfter) return `the key ended at ${notAfter}, and nothing here proves that it signed before`;
  return null;
}

/* The operators that signed for a role, each once, against what the role needs. */
function tallyOf(role, threshold, results) {
  const operators = [...new Set(
    results.filter(({ counts, roles }) => counts && roles.includes(role)).map(({ key }) => key.operator))].sort();
  const needs = `needs signatures of ${threshold} ${threshold === 1 ? "person" : "people"}`;
  const named = operators.length > 0 ? `${operators.length} found here (${operators.join(", ")})` : "none found here";
  return { status: operators.length >= threshold ? "matches" : "unchecked", reason: `${needs}, ${named}` };
}

/* The rule by which the signatures of a checkpoint count: one operator where the policy has no role `log`. */
function logRule(rules) {
  if (rules.has("log")) return { role: "log", threshold: rules.get("log") };
  const role = SEALING.find((name) => rules.has(name));
  return role === undefined ? null : { role, threshold: 1 };
}

/* The roles that a key can serve, by its format. */
function rolesOfFormat(format, key) {
  if (format === "timestamp") return ["timestamp"];
  if (!Object.hasOwn(FORMAT_MEMBERS, format)) return [...SEALING, ...EVERYDAY, "log", "witness", "timestamp"];
  if (format === "note") return key ? [key.cosigns ? "witness" : "log"] : ["witness", "log"];
  if (format !== "spki") return SEALING;
  const signsLogs = !key || ["ed25519", "p256"].includes(key.type);
  return [...SEALING, ...EVERYDAY, ...(signsLogs ? ["log"] : [])];
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function demandMembers(object, known, place) {
  if (!isObject(object)) refuse(`${place} is not an object`);
  const stranger = Object.keys(object).find((name) => !known.includes(name));
  if (stranger !== undefined) refuse(`${place} has the unknown member ${stranger}`);
}

function areTexts(list, isRight) {
  return Array.isArray(list) && list.length > 0 && new Set(list).size === list.length
    && list.every((text) => typeof text === "string" && isRight(text));
}

/* The rules of the roles: of each the threshold, and the keys that serve it for a release. */
function rulesOf(policy, ids, release) {
  const [rules, served] = [new Map(), new Map([...ids].map((id) => [id, []]))];
  const known = [...SEALING, ...EVERYDAY, "log", "witness", "timestamp"];
  const part = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;
  for (const [role, rule] of Object.entries(policy.roles)) {
    if (!known.includes(role)) refuse(`has the unknown role ${role}`);
    demandMembers(rule, ["keys", "threshold", "releases"], `roles.${role}`);
    const { keys, threshold, releases } = rule;
    const isWhole = areTexts(keys, (id) => ids.has(id)) && isCount(threshold) && threshold >= 1 && threshold <= 256
      && (releases === undefined || areTexts(releases, (name) => name.split("/").every((text) => part.test(text))));
    if (!isWhole) refuse(`has a role ${role} that is not of its form`);
    rules.set(role, threshold);
    if (releases === undefined || releases.includes(release)) keys.forEach((id) => served.get(id).push(role));
  }
  return { rules, served };
}

/* The bytes within the one armour of OpenPGP, or the bytes themselves; null where it is something else. */
function bytesOfRing(bytes) {
  let text;
  try {
    text = textOf(bytes);
  } catch {
    return bytes;
  }
  if (text.split("-----BEGIN ").length !== 2) return null;
  const lines = text.split(/\r?\n/).filter((line) => /^[A-Za-z0-9+/]+={0,2}$/.test(line));
  try {
    return bytesOfBase64(lines.join(""));
  } catch {
    return null;
  }
}

/* Whether a key may also be in an OpenPGP ring, which can end it. */
function mayBeIn(ring, key) {
  if (ring === null) return true;
  const part = key.type === "rsa" ? numbersOfRSA(key.spki).modulus : key.spki.subarray(-32);
  for (let at = ring.indexOf(part[0]); at >= 0; at = ring.indexOf(part[0], at + 1)) {
    if (areSame(ring.subarray(at, at + part.length), part)) return true;
  }
  return false;
}

/* One entry of a policy: its key, or why there is none here. */
function entryOf(entry, place, files) {
  const isKnown = Object.hasOwn(FORMAT_MEMBERS, entry?.format);
  const members = isKnown ? [...KEY_MEMBERS, ...FORMAT_MEMBERS[entry.format]] : Object.keys(entry ?? {});
  demandMembers(entry, members, place);
  const { id, operator, format, key, file, algorithm, namespaces, legacy, revoked } = entry;
  if (![id, operator].every((name) => typeof name === "string" && NAME.test(name))) {
    refuse(`${place} has no id and operator of its own`);
  }
  if (revoked !== undefined) closed(revoked, "at", "reason");
  const dates = [entry.not_before, entry.not_after, revoked?.at].filter((date) => date !== undefined);
  const isText = (value) => value === undefined || typeof value === "string";
  const isNamespace = (name) => /^[!-~]{1,128}$/.test(name) && !/[,*?!"]/.test(name);
  const isWhole = typeof format === "string" && (isKnown || /^[a-z][a-z0-9-]{0,31}$/.test(format)) && [key, file, algorithm].every(isText)
    && (key === undefined) !== (file === undefined) && (file === undefined || DIGEST.test(entry.sha256))
    && (namespaces === undefined || (Array.isArray(namespaces) && areTexts([...new Set(namespaces)], isNamespace)))
    && (legacy === undefined || typeof legacy === "boolean")
    && (revoked === undefined || REASONS.includes(revoked.reason));
  if (!isWhole || !dates.every(isInstant) || (dates.length > 1 && entry.not_after < entry.not_before)) {
    refuse(`${place} has a value that is not of its form`);
  }
  const bytes = key === undefined ? files.get(entry.sha256) : bytesOf(key);
  if (!isKnown) return { unusable: `is of the format ${format}, which this page does not know` };
  if (bytes === undefined) return { unusable: `choose its file ${file} together with the policy` };
  if (["openpgp", "x509", "timestamp"].includes(format)) {
    return { bytes, unusable: `is of the format ${format}, which a browser cannot check` };
  }
  try {
    return {
      bytes,
      key: keyOfMaterial(format, bytes, {
        id, operator, format, algorithms: algorithm === undefined ? undefined : [algorithm],
        namespaces: namespaces ?? NAMESPACES, legacy: legacy ?? false, notBefore: entry.not_before ?? null,
        notAfter: entry.not_after ?? null, revoked: revoked ?? null,
      }),
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(`has a key ${id} that ${error.message}`);
  }
}

/* A policy of the reader's own, with the key files that it names, for a release.

   Returns its keys and rules, and what of it cannot be used here. Anything that is not of its form refuses all of it. */
function policyOf(bytes, files, release, samples) {
  if (bytes.length > 1048576) refuse("is larger than a policy may be");
  const policy = strictDocument(textOf(bytes));
  demandMembers(policy, POLICY_MEMBERS, "it");
  const isWhole = policy.kind === "closeout/trust/v1" && isCount(policy.version) && policy.version > 0
    && isObject(policy.roles) && (policy.expires === undefined || isInstant(policy.expires))
    && Array.isArray(policy.keys) && policy.keys.length > 0 && policy.keys.length <= 256
    && (policy.require_decision === undefined || typeof policy.require_decision === "boolean")
    && (policy.earlier === undefined || (Array.isArray(policy.earlier) && policy.earlier.length > 0));
  if (!isWhole) refuse("has a value that is not of its form");
  if (policy.criteria !== undefined && !DIGEST.test(closed(policy.criteria, "sha256").sha256)) {
    refuse("has criteria that are not of their form");
  }
  const [keys, unusable, rings, formats, ids] = [[], [], [], new Map(), new Map()];
  policy.keys.forEach((entry, index) => {
    const found = entryOf(entry, `keys[${index}]`, files);
    if (ids.has(entry.id)) refuse(`has the id ${entry.id} twice`);
    ids.set(entry.id, found.key);
    formats.set(entry.id, entry.format);
    if (entry.format === "openpgp" && found.bytes !== undefined) rings.push(bytesOfRing(found.bytes));
    if (found.key === undefined) unusable.push(`key ${entry.id}: ${found.unusable}`);
    else keys.push(found.key);
  });
  const { rules, served } = rulesOf(policy, new Set(ids.keys()), release);
  for (const [role, rule] of Object.entries(policy.roles)) {
    const wrong = rule.keys.find((id) => !rolesOfFormat(formats.get(id), ids.get(id)).includes(role));
    if (wrong !== undefined) refuse(`has the key ${wrong} in the role ${role}, which it cannot serve`);
  }
  const isAgreed = (left, right) => left.fingerprint !== right.fingerprint
    || (left.operator === right.operator && canonical(left.revoked) === canonical(right.revoked));
  if (!keys.every((left) => keys.every((right) => isAgreed(left, right)))) {
    refuse("has one key with two operators, or with two ends");
  }
  for (const key of keys) {
    key.roles = served.get(key.id);
    key.isSample = samples.includes(key.fingerprint);
    key.isInRing = rings.some((ring) => mayBeIn(ring, key));
  }
  return {
    keys, unusable, rules, digest: hexOf(digestOf(bytes)), expires: policy.expires ?? null,
    requiresDecision: policy.require_decision ?? false,
  };
}
