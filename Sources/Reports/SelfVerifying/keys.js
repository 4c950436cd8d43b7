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
const ALGORITHMS = [
  "ed25519", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87",
  ...["p256", "p384", "p521"].flatMap((curve) => ["sha256", "sha384", "sha512"].map((hash) => `ecdsa-${curve}-${hash}`)),
  ...["pss", "pkcs1"].flatMap((scheme) => ["sha256", "sha384", "sha512"].map((hash) => `rsa-${scheme}-${hash}`)),
];
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

/* The numbers of an RSA key. */
function numbersOfRSA(spki) {
  const fields = new DER(new DER(spki).last(0x30));
  fields.read(0x30);
  const numbers = new DER(new DER(fields.last(0x03).subarray(1)).last(0x30));
  const [modulus, exponent] = [numbers.integer(), numbers.integer()];
  if (!numbers.isAtEnd) refuse("has more behind its end");
  return { modulus, exponent };
}

/* Demands the one form of a key, and tells why what it signs cannot count; null for a strong one. */
function weaknessOf(type, spki, format) {
  if (type === "ed25519") demandStrong(spki.subarray(12));
  if (Object.hasOwn(CURVES, type)) {
    const point = 1 + 2 * CURVES[type].size;
    if (spki.length <= point || spki[spki.length - point] !== 4 || spki[spki.length - point - 1] !== 0) {
      refuse("is a key whose point is not written in full");
    }
  }
  if (type !== "rsa") return null;
  const { modulus, exponent } = numbersOfRSA(spki);
  const bits = modulus.length * 8 - Math.clz32(modulus[0]) + 24;
  const value = exponent.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const least = format === "ssh" ? 17n : 65537n;
  if (bits > 8192 || value < least || value % 2n === 0n || exponent.length > 8) {
    refuse("is a key of RSA with numbers that are not accepted");
  }
  return bits < 2048 ? `has ${bits} bits, which is too weak` : null;
}

function keyOf(fields, spki) {
  const type = keyTypeOf(spki);
  const weakness = weaknessOf(type, spki, fields.format);
  const algorithms = fields.algorithms ?? [USUAL[type]];
  const isOfItsKind = algorithms.every((name) => name !== undefined && webAlgorithm(name).type === type);
  if (algorithms.length === 0 || !isOfItsKind) refuse("names no algorithm of its kind of key");
  return {
    roles: [], notBefore: null, notAfter: null, revoked: null, name: null, cosigns: false, namespaces: NAMESPACES,
    number: null, legacy: false, isSample: false, isInRing: false,
    ...fields, algorithms, algorithm: algorithms[0], type, spki, weakness, fingerprint: hexOf(digestOf(spki)),
  };
}

/* The keys of the page's data. */
function keysOfPage(list) {
  return list.map((entry) => {
    closed(
      entry, "algorithms", "cosigns", "format", "id", "legacy", "name", "namespaces", "not_after", "not_before",
      "number", "operator", "revoked", "roles", "sample", "spki");
    if (entry.revoked !== null) closed(entry.revoked, "at", "reason");
    return keyOf({
      id: entry.id, operator: entry.operator, format: entry.format, algorithms: entry.algorithms, roles: entry.roles,
      name: entry.name, cosigns: entry.cosigns, namespaces: entry.namespaces ?? NAMESPACES, number: entry.number,
      legacy: entry.legacy, isSample: entry.sample,
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
    const all = keyTypeOf(spki) === "rsa" ? ["rsa-pkcs1-sha512", "rsa-pkcs1-sha256"] : [USUAL[keyTypeOf(spki)]];
    const algorithms = all.filter((name) => fields.algorithms === undefined || fields.algorithms[0] === name);
    return keyOf({ ...fields, algorithms }, spki);
  }
  if (format === "minisign" || format === "signify") {
    const lines = text.split("\n");
    const isBare = lines.length === 1;
    if (!isBare && (lines.length !== 2 || !lines[0].startsWith("untrusted comment: "))) {
      refuse(`is no key of ${format}`);
    }
    const value = bytesOfBase64(lines.at(-1));
    if (value.length !== 42 || value[0] !== 0x45 || value[1] !== 0x64) refuse(`is no key of ${format}`);
    return keyOf({ ...fields, number: hexOf(value.subarray(2, 10)) }, spkiOf("ed25519", value.subarray(10)));
  }
  if (format === "note") return keyOfNote(text, fields);
  return refuse(`is of the unknown format ${format}`);
}

/* A key of signed notes: its name, its id and the key, each of which must fit the others. */
function keyOfNote(text, fields) {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text)
    ?? refuse("is no key of notes");
  const value = bytesOfBase64(base64);
  if (![1, 2, 4].includes(value[0])) refuse("is no key of notes");
  const spki = value[0] === 2 ? value.subarray(1) : spkiOf("ed25519", value.subarray(1));
  const key = keyOf({ ...fields, name, cosigns: value[0] === 4 }, spki);
  if (hexOf(noteID(key, name, value[0])) !== id) refuse("has an id that is not its own");
  return key;
}
