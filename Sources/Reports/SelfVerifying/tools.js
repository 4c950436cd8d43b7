/* Signatures of SSH, minisign and signify, and Sigstore bundles with a public key (docs/signatures.md). */
/* The lines of an armour, in which blanks at the ends mean nothing, nor do empty lines behind it. */
function armourLines(bytes) {
  const lines = textOf(bytes).split("\n");
  if (lines.at(-1) === "") lines.pop();
  const endsInCR = lines.length > 0 && lines[0].endsWith("\r");
  if (endsInCR && !lines.slice(0, -1).every((line) => line.endsWith("\r"))) refuse("mixes the ends of lines");
  const trimmed = lines.map((line) => (endsInCR ? line.replace(/\r$/, "") : line).replace(/[ \t]+$/, ""));
  while (trimmed.at(-1) === "") trimmed.pop();
  return trimmed;
}

const SSH_ALGORITHMS = {
  "ssh-ed25519": "ed25519", "ecdsa-sha2-nistp256": "ecdsa-p256-sha256", "ecdsa-sha2-nistp384": "ecdsa-p384-sha384",
  "ecdsa-sha2-nistp521": "ecdsa-p521-sha512", "rsa-sha2-256": "rsa-pkcs1-sha256", "rsa-sha2-512": "rsa-pkcs1-sha512",
};

async function sshSignature(bytes, seal) {
  const lines = armourLines(bytes);
  if (lines[0] !== "-----BEGIN SSH SIGNATURE-----" || lines.at(-1) !== "-----END SSH SIGNATURE-----") {
    refuse("is no armour of SSH");
  }
  const reader = new SSHReader(bytesOfBase64(lines.slice(1, -1).join("")));
  if (textOf(reader.bytes(6)) !== "SSHSIG" || reader.number() !== 1) refuse("is no signature of SSH");
  const spki = spkiOfSSH(reader.string());
  const namespace = reader.text();
  const [reserved, hash, inner] = [reader.string(), reader.text(), new SSHReader(reader.string())];
  reader.end();
  const name = inner.text();
  const algorithm = Object.hasOwn(SSH_ALGORITHMS, name) ? SSH_ALGORITHMS[name] : undefined;
  const isWhole = namespace !== "" && reserved.length === 0 && ["sha256", "sha512"].includes(hash)
    && algorithm !== undefined && webAlgorithm(algorithm).type === keyTypeOf(spki);
  if (!isWhole) refuse("has a field that is not accepted");
  let value = inner.string();
  inner.end();
  const { size } = webAlgorithm(algorithm);
  if (size !== undefined) {
    const numbers = new SSHReader(value);
    value = sides([numbers.integer(), numbers.integer()], size);
    numbers.end();
  }
  if (!globalThis.crypto?.subtle) return [{ unchecked: "this browser has no cryptography for pages" }];
  const digest = new Uint8Array(await crypto.subtle.digest(hash.toUpperCase().replace("SHA", "SHA-"), seal));
  const string = (content) => joined(Uint8Array.of(0, 0, content.length >> 8, content.length & 255), content);
  const message = joined(
    bytesOf("SSHSIG"), string(bytesOf(namespace)), string([]), string(bytesOf(hash)), string(digest));
  const fingerprint = hexOf(digestOf(spki));
  const fits = (key) => key.fingerprint === fingerprint && key.namespaces.includes(namespace)
    && ["ssh", "spki"].includes(key.format) && key.algorithms.includes(algorithm);
  return [{
    message, names: (key) => key.fingerprint === fingerprint,
    keys: (keys) => keys.filter(fits).map((key) => ({ key, algorithm, value })),
  }];
}

/* The lines of a file of minisign or signify, behind which only empty ones follow.

   All of them end in LF, or all in CR LF; the last may lack its end. */
function framedLines(bytes, count) {
  const parts = textOf(bytes).split("\n");
  const endsInCR = parts[0].endsWith("\r");
  const lines = parts.slice(0, count).map((line, index) => {
    if (endsInCR && line.endsWith("\r")) return line.slice(0, -1);
    if (endsInCR && index < parts.length - 1) refuse("mixes the ends of lines");
    return line;
  });
  const rest = parts.slice(count);
  const isEmpty = rest.length === 0 || (rest.at(-1) === "" && rest.every((line) => line === "" || line === "\r"));
  if (lines.length < count || !isEmpty) refuse(`has not exactly ${count} lines`);
  return lines;
}

/* A comment behind the words that must be there. */
function commentOf(line, words, most) {
  const comment = line.startsWith(words) ? line.slice(words.length) : refuse(`has no line that begins with ${words}`);
  const isShown = !/[\p{Cc}]/u.test(comment.replaceAll("\t", ""));
  if (!isShown || bytesOf(comment).length > most) refuse("has a comment that is too long or not shown as it is");
  return comment;
}

function numberedValue(line, algorithms) {
  const value = bytesOfBase64(line);
  const algorithm = value.length === 74 ? textOf(value.subarray(0, 2)) : "";
  if (!algorithms.includes(algorithm)) refuse("has not the value of such a signature");
  return { algorithm, number: hexOf(value.subarray(2, 10)), signature: value.subarray(10) };
}

/* A signature by the key of one format that has this number. */
function byNumber(format, number, message, value) {
  const names = (key) => key.format === format && key.number === number;
  return {
    message, names, keys: (keys) => keys.filter(names).map((key) => ({ key, algorithm: "ed25519", value })),
  };
}

function signifySignature(bytes, seal) {
  const [first, second] = framedLines(bytes, 2);
  commentOf(first, "untrusted comment: ", 1024);
  const { number, signature } = numberedValue(second, ["Ed"]);
  return [byNumber("signify", number, seal, signature)];
}

/* The first signature is over the seal or its BLAKE2b-512, the second over the first and the trusted comment. Where
   the second alone is right, the key signed something else. */
function minisignSignature(bytes, seal) {
  const [first, second, third, fourth] = framedLines(bytes, 4);
  commentOf(first, "untrusted comment: ", 1024);
  const comment = commentOf(third, "trusted comment: ", 8192);
  const value = bytesOfBase64(fourth);
  if (comment === "" || value.length !== 64) refuse("has not the second signature of minisign");
  const { algorithm, number, signature } = numberedValue(second, ["ED", "Ed"]);
  const isLegacy = algorithm === "Ed";
  return [{
    ...byNumber("minisign", number, isLegacy ? seal : blake2b512(seal), signature),
    isLegacy, binds: { message: joined(signature, bytesOf(comment)), value },
  }];
}

/* The members of an object of Sigstore, of which none is unknown; null is as if it were not there. */
function shaped(value, shape, place = "it") {
  if (typeof shape === "function") {
    shape(value);
    return value;
  }
  if (Array.isArray(shape)) {
    const [inner, most = value.length] = shape;
    if (!Array.isArray(value) || value.length > most) refuse(`${place} is no list, or too long`);
    return value.map((item) => shaped(item, inner, place));
  }
  demandMembers(value, Object.keys(shape), place);
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null)
    .map(([name, inner]) => [name, shaped(inner, shape[name], name)]));
}

const aText = (value) => { if (typeof value !== "string") refuse("has a value that is no text"); };
const aNumber = (value) => {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(value) || BigInt(value) >= 1n << 63n) refuse("has a number that is not of its form");
};
const someBytes = (value) => { if (bytesOfBase64(value).length === 0) refuse("has a value without bytes"); };
const aStamp = (value) => {
  if (shaped(value, { signedTimestamp: someBytes }).signedTimestamp === undefined) refuse("has no time-stamp in its place");
};
const SIGSTORE = {
  mediaType: aText,
  verificationMaterial: {
    publicKey: { hint: aText },
    tlogEntries: [{
      logIndex: aNumber, integratedTime: aNumber, canonicalizedBody: bytesOfBase64, logId: { keyId: bytesOfBase64 },
      kindVersion: { kind: aText, version: aText }, inclusionPromise: { signedEntryTimestamp: bytesOfBase64 },
      inclusionProof: {
        logIndex: aNumber, treeSize: aNumber, rootHash: bytesOfBase64, hashes: [bytesOfBase64],
        checkpoint: { envelope: aText },
      },
    }, 32],
    timestampVerificationData: { rfc3161Timestamps: [aStamp, 32] },
  },
  messageSignature: { messageDigest: { algorithm: aText, digest: bytesOfBase64 }, signature: someBytes },
  dsseEnvelope: { payload: bytesOfBase64, payloadType: aText, signatures: [{ sig: someBytes, keyid: aText }] },
};
const SIGSTORE_TYPE = "application/vnd.dev.sigstore.bundle";
const SIGSTORE_TYPES = [
  `${SIGSTORE_TYPE}.v0.3+json`, ...["0.1", "0.2", "0.3"].map((version) => `${SIGSTORE_TYPE}+json;version=${version}`),
];

/* The names by which clients call a key: its fingerprint, or the digest of its PEM. */
function sigstoreNames(key) {
  const lines = base64Of(key.spki).replace(/.{64}(?=.)/g, "$&\n");
  const pem = `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`;
  return [key.fingerprint, base64Of(bytesOfHex(key.fingerprint)), hexOf(digestOf(bytesOf(pem)))];
}

async function sigstoreBundle(bytes, seal) {
  const document = strictDocument(textOf(bytes));
  const { mediaType, verificationMaterial: material } = document ?? {};
  if ((material?.certificate ?? material?.x509CertificateChain ?? null) !== null) {
    return [{ unchecked: "is by a certificate, which this page does not check: run closeout verify" }];
  }
  if (typeof mediaType === "string" && mediaType.startsWith(SIGSTORE_TYPE) && !SIGSTORE_TYPES.includes(mediaType)) {
    return [{ unchecked: "is of a version that this page does not check: run closeout verify" }];
  }
  const bundle = shaped(document, SIGSTORE);
  const { messageSignature: message, dsseEnvelope: envelope } = bundle;
  const { publicKey } = bundle.verificationMaterial ?? {};
  if (!SIGSTORE_TYPES.includes(mediaType) || !publicKey || (message === undefined) === (envelope === undefined)) {
    refuse("is no bundle with a public key and one signature");
  }
  if (message) return [await sigstoreMessage(message, publicKey.hint ?? "", seal)];
  const { payload, payloadType, signatures } = envelope;
  if (signatures?.length !== 1 || payload === undefined || payloadType === undefined || !signatures[0].sig) {
    refuse("has not exactly one signature in its envelope");
  }
  const hints = new Set([publicKey.hint, signatures[0].keyid].filter((text) => text));
  if (hints.size > 1) refuse("has a key id that is not the hint of its key");
  const [content, [hint]] = [bytesOfBase64(payload), [...hints]];
  return [{
    ...plain(
      paeOf(bytesOf(payloadType), content), bytesOfBase64(signatures[0].sig),
      { names: (key) => key.format === "spki" && sigstoreNames(key).includes(hint) }),
    isOther: payloadType !== IN_TOTO || !areSame(content, seal),
  }];
}

/* A signature over the seal itself. That of Ed25519 may be over its digest, and the bundle does not say which. */
async function sigstoreMessage({ messageDigest: stated, signature }, hint, seal) {
  const value = signature === undefined ? refuse("has no signature") : bytesOfBase64(signature);
  if (value.length === 64 && value[0] !== 0x30) {
    return { unchecked: "is a message signature of Ed25519, which does not say what it is over" };
  }
  let isOther = false;
  if (stated) {
    const bits = /^SHA2_(256|384|512)$/.exec(stated.algorithm)?.[1] ?? refuse("states an unknown digest");
    const digest = stated.digest === undefined ? [] : bytesOfBase64(stated.digest);
    if (digest.length !== bits / 8) refuse("states a digest of another length");
    if (!globalThis.crypto?.subtle) return { unchecked: "this browser has no cryptography for pages" };
    isOther = !areSame(digest, new Uint8Array(await crypto.subtle.digest(`SHA-${bits}`, seal)));
  }
  const states = (algorithm) => algorithm !== "ed25519";
  return {
    ...plain(seal, value, { states, names: (key) => key.format === "spki" && sigstoreNames(key).includes(hint) }),
    isOther,
  };
}
