/* Public keys: those of the page's data, and those of a policy that the reader brings. */
const KEY_TYPES = {
  "06032b6570": "ed25519",
  "06072a8648ce3d020106082a8648ce3d030107": "p256",
  "06072a8648ce3d020106052b81040022": "p384",
  "06072a8648ce3d020106052b81040023": "p521",
  "06092a864886f70d0101010500": "rsa",
  "0609608648016503040311": "ml-dsa-44",
  "0609608648016503040312": "ml-dsa-65",
  "0609608648016503040313": "ml-dsa-87",
};
const USUAL = {
  ed25519: "ed25519", p256: "ecdsa-p256-sha256", p384: "ecdsa-p384-sha384", p521: "ecdsa-p521-sha512",
  "ml-dsa-44": "ml-dsa-44", "ml-dsa-65": "ml-dsa-65", "ml-dsa-87": "ml-dsa-87",
};
const CURVES = {
  p256: { name: "P-256", size: 32 }, p384: { name: "P-384", size: 48 }, p521: { name: "P-521", size: 66 },
};
const NAMESPACES = ["closeout", "file"];
const NAME = /^[A-Za-z0-9][A-Za-z0-9._+@-]{0,63}$/;

function keyTypeOf(spki) {
  const fields = new DER(new DER(spki).last(0x30));
  const algorithm = hexOf(fields.read(0x30));
  const bits = fields.last(0x03);
  if (!Object.hasOwn(KEY_TYPES, algorithm) || bits[0] !== 0) refuse("is a key of a kind that is not known here");
  return KEY_TYPES[algorithm];
}

/* Keys of Ed25519 under which anybody can sign, or that are not written in their one way (RFC 8032, 5.1.3). */
function demandStrong(key) {
  const y = hexOf(key.slice(0, 31)) + (key[31] & 0x7f).toString(16).padStart(2, "0");
  const weak = [
    "00".repeat(32), `01${"00".repeat(31)}`, `ec${"ff".repeat(30)}7f`,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ];
  const isBeyond = key[0] >= 0xed && y.slice(2) === `${"ff".repeat(30)}7f`;
  if (key.length !== 32 || isBeyond || weak.includes(y)) refuse("is a key of Ed25519 that proves nothing");
}

function spkiOf(type, ...key) {
  const [algorithm] = Object.entries(KEY_TYPES).find(([, name]) => name === type);
  return DER.element(0x30, DER.element(0x30, bytesOfHex(algorithm)), DER.element(0x03, [0], ...key));
}

/* The algorithm as the browser wants it, to import a key and to verify with it. */
function webAlgorithm(name) {
  const hash = (bits) => `SHA-${bits}`;
  const curve = /^ecdsa-(p256|p384|p521)-sha(256|384|512)$/.exec(name);
  if (curve) {
    const { name: namedCurve, size } = CURVES[curve[1]];
    return { type: curve[1], size, key: { name: "ECDSA", namedCurve }, use: { name: "ECDSA", hash: hash(curve[2]) } };
  }
  const rsa = /^rsa-(pss|pkcs1)-sha(256|384|512)$/.exec(name);
  if (rsa) {
    const scheme = rsa[1] === "pss" ? "RSA-PSS" : "RSASSA-PKCS1-v1_5";
    return { type: "rsa", hashSize: rsa[2] / 8, key: { name: scheme, hash: hash(rsa[2]) }, use: { name: scheme } };
  }
  if (name === "ed25519") return { type: name, key: { name: "Ed25519" }, use: { name: "Ed25519" } };
  if (/^ml-dsa-(?:44|65|87)$/.test(name)) {
    return { type: name, key: { name: name.toUpperCase() }, use: { name: name.toUpperCase() } };
  }
  return refuse(`has the algorithm ${name}, which is not known here`);
}

function keyOf(fields, spki) {
  const type = keyTypeOf(spki);
  if (type === "ed25519") demandStrong(spki.subarray(12));
  const algorithm = fields.algorithm ?? USUAL[type];
  if (algorithm === undefined || webAlgorithm(algorithm).type !== type) {
    refuse("names no algorithm of its kind of key");
  }
  return {
    roles: [], notBefore: null, notAfter: null, revoked: null, name: null, cosigns: false, namespaces: NAMESPACES,
    ...fields, algorithm, type, spki, fingerprint: hexOf(digestOf(spki)),
  };
}

/* The keys of the page's data. */
function keysOfPage(list) {
  return list.map((entry) => {
    closed(
      entry, "algorithm", "cosigns", "format", "id", "name", "namespaces", "not_after", "not_before", "operator",
      "revoked", "roles", "spki");
    return keyOf({
      id: entry.id, operator: entry.operator, format: entry.format, algorithm: entry.algorithm, roles: entry.roles,
      name: entry.name, cosigns: entry.cosigns, namespaces: entry.namespaces ?? NAMESPACES,
      notBefore: entry.not_before, notAfter: entry.not_after, revoked: entry.revoked,
    }, bytesOfBase64(entry.spki));
  });
}

/* Strings of SSH: a length of four bytes, and the bytes. */
class SSHReader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd() {
    return this.#at === this.#bytes.length;
  }

  bytes(count) {
    const piece = this.#bytes.subarray(this.#at, this.#at + count);
    if (piece.length < count) refuse("ends too early");
    this.#at += count;
    return piece;
  }

  number() {
    return this.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  string() {
    return this.bytes(this.number());
  }

  text() {
    return textOf(this.string());
  }

  /* A positive integer without superfluous zeros. */
  integer() {
    const content = this.string();
    const isRight = content.length > 0 && content[0] < 0x80 && !(content[0] === 0 && !(content[1] >= 0x80));
    if (!isRight) refuse("has an integer that is not positive");
    return content[0] === 0 ? content.subarray(1) : content;
  }

  end() {
    if (!this.isAtEnd) refuse("has more behind its end");
  }
}

const SSH_CURVES = { "ecdsa-sha2-nistp256": "p256", "ecdsa-sha2-nistp384": "p384", "ecdsa-sha2-nistp521": "p521" };

/* The SubjectPublicKeyInfo of a key that SSH wrote. */
function spkiOfSSH(bytes) {
  const reader = new SSHReader(bytes);
  const name = reader.text();
  let spki;
  if (name === "ssh-ed25519") {
    const key = reader.string();
    if (key.length !== 32) refuse("is no key of SSH");
    spki = spkiOf("ed25519", key);
  } else if (name === "ssh-rsa") {
    const integer = (value) => DER.element(0x02, value[0] >= 0x80 ? [0] : [], value);
    const exponent = integer(reader.integer());
    spki = spkiOf("rsa", DER.element(0x30, integer(reader.integer()), exponent));
  } else if (Object.hasOwn(SSH_CURVES, name)) {
    if (`ecdsa-sha2-${reader.text()}` !== name) refuse("is no key of SSH");
    const point = reader.string();
    if (point[0] !== 4 || point.length !== 1 + 2 * CURVES[SSH_CURVES[name]].size) refuse("is no key of SSH");
    spki = spkiOf(SSH_CURVES[name], point);
  } else {
    refuse(`is a key of SSH of the kind ${name}, which is not known here`);
  }
  reader.end();
  return spki;
}

/* Reads one key as text or bytes, in a format whose signatures this page can check. */
function keyOfMaterial(format, bytes, fields) {
  const isDER = format === "spki" && bytes[0] === 0x30;
  const text = isDER ? "" : textOf(bytes).replace(/\r\n/g, "\n").trimEnd();
  if (isDER) return keyOf(fields, bytes);
  if (format === "spki") {
    const [, base64] = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END PUBLIC KEY-----$/.exec(text)
      ?? refuse("is no public key in PEM");
    return keyOf(fields, bytesOfBase64(base64.replace(/\n/g, "")));
  }
  if (format === "ssh") {
    const [, base64] = /^[a-z0-9-]+ ([A-Za-z0-9+/=]+)(?: [^\n]*)?$/.exec(text) ?? refuse("is no line of SSH");
    const spki = spkiOfSSH(bytesOfBase64(base64));
    const usual = keyTypeOf(spki) === "rsa" ? "rsa-pkcs1-sha512" : undefined;
    return keyOf({ ...fields, algorithm: fields.algorithm ?? usual }, spki);
  }
  if (format === "signify") {
    const value = bytesOfBase64(text.split("\n").pop());
    if (value.length !== 42 || value[0] !== 0x45 || value[1] !== 0x64) refuse("is no key of signify");
    return keyOf(fields, spkiOf("ed25519", value.subarray(10)));
  }
  if (format === "note") {
    const [, name, , base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text)
      ?? refuse("is no key of notes");
    const value = bytesOfBase64(base64);
    const spki = value[0] === 2 ? value.subarray(1) : spkiOf("ed25519", value.subarray(1));
    return keyOf({ ...fields, name, cosigns: value[0] === 4 }, spki);
  }
  return refuse(`is of the format ${format}, which a browser cannot check`);
}

const POLICY_MEMBERS = new Set(["kind", "version", "expires", "keys", "roles", "criteria", "earlier", "require_decision"]);
const KEY_FORMATS = new Set(["spki", "openpgp", "minisign", "signify", "ssh", "note", "x509", "timestamp"]);
const KEY_MEMBERS = new Set([
  "id", "operator", "format", "key", "file", "sha256", "algorithm", "namespaces", "sha1_binding", "key_expiry",
  "legacy", "not_before", "not_after", "revoked", "fingerprints", "subjects", "leaf_spki", "purposes", "revocation",
  "algorithms",
]);

/* A policy of the reader's own (docs/trust-policy.md), with the key files that it names, for a release.

   Returns its keys, and what of it cannot be used here. Anything that is not of its form refuses all of it. */
function policyOf(bytes, files, release) {
  if (bytes.length > 1048576) refuse("is larger than a policy may be");
  const policy = strictDocument(textOf(bytes));
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(policy) || policy.kind !== "closeout/trust/v1") refuse("is no trust policy");
  const unknown = (object, known) => Object.keys(object).find((name) => !known.has(name));
  const stranger = unknown(policy, POLICY_MEMBERS);
  if (stranger !== undefined) refuse(`has the unknown member ${stranger}`);
  const isWhole = isCount(policy.version) && policy.version > 0 && isObject(policy.roles)
    && (policy.expires === undefined || isInstant(policy.expires))
    && Array.isArray(policy.keys) && policy.keys.length > 0 && policy.keys.length <= 256;
  if (!isWhole) refuse("has a value that is not of its form");
  const roles = new Map();
  for (const [role, rule] of Object.entries(policy.roles)) {
    if (!isObject(rule) || !Array.isArray(rule.keys)) refuse(`has a role ${role} that is not of its form`);
    const isForIt = rule.releases === undefined || (Array.isArray(rule.releases) && rule.releases.includes(release));
    for (const id of rule.keys) roles.set(id, [...(roles.get(id) ?? []), ...(isForIt ? [role] : [])]);
  }
  const [keys, unusable, ids] = [[], [], new Set()];
  policy.keys.forEach((entry, index) => {
    const place = `keys[${index}]`;
    if (!isObject(entry)) refuse(`${place} is not an object`);
    const stranger = unknown(entry, KEY_MEMBERS);
    if (stranger !== undefined) refuse(`${place} has the unknown member ${stranger}`);
    const isNamed = [entry.id, entry.operator].every((name) => typeof name === "string" && NAME.test(name));
    if (!isNamed || ids.has(entry.id)) refuse(`${place} has no id and operator of its own`);
    ids.add(entry.id);
    const dates = [entry.not_before, entry.not_after, entry.revoked?.at].filter((date) => date !== undefined);
    if (!dates.every(isInstant)) refuse(`${place} has a date that is not of its form`);
    const { key, file, format, algorithm, namespaces } = entry;
    const isText = (value) => value === undefined || typeof value === "string";
    const isWhole = KEY_FORMATS.has(format) && [key, file, algorithm, entry.sha256].every(isText)
      && (key === undefined) !== (file === undefined)
      && (namespaces === undefined
        || (Array.isArray(namespaces) && namespaces.every((name) => typeof name === "string")));
    if (!isWhole) refuse(`${place} has a value that is not of its form`);
    const material = typeof entry.key === "string" ? bytesOf(entry.key) : files.get(entry.sha256);
    if (material === undefined) {
      unusable.push(`key ${entry.id}: choose its file ${entry.file ?? ""} together with the policy`);
      return;
    }
    try {
      keys.push(keyOfMaterial(entry.format, material, {
        id: entry.id, operator: entry.operator, format: entry.format, roles: roles.get(entry.id) ?? [],
        algorithm: entry.algorithm, namespaces: entry.namespaces ?? NAMESPACES,
        notBefore: entry.not_before ?? null, notAfter: entry.not_after ?? null, revoked: entry.revoked?.at ?? null,
      }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      unusable.push(`key ${entry.id}: ${error.message}`);
    }
  });
  for (const id of roles.keys()) if (!ids.has(id)) refuse(`has a role for the key ${id}, which it does not have`);
  return { keys, unusable, digest: hexOf(digestOf(bytes)) };
}
