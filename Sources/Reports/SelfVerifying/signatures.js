/* The signatures over the seal and over the checkpoint (docs/signatures.md, docs/log.md).

   A file is read into signatures, each with the message that it signs and the keys that could have made it; what no
   browser can check is said to be so. */
const IN_TOTO = "application/vnd.in-toto+json";

/* r and s of an ECDSA signature in DER, side by side. */
function sidesOfDER(der, size) {
  const fields = new DER(new DER(der).last(0x30));
  const numbers = [fields.integer(), fields.integer()];
  if (!fields.isAtEnd) refuse("has more behind its end");
  return sides(numbers, size);
}

function sides(numbers, size) {
  if (numbers.some((number) => number.length > size)) refuse("has a number that is too long");
  return joined(...numbers.flatMap((number) => [new Uint8Array(size - number.length), number]));
}

/* Whether a key made a signature: true, false, or null where this browser cannot tell. */
async function isMadeBy(key, algorithm, message, value, anySalt = false) {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return null;
  const web = webAlgorithm(algorithm);
  let imported;
  try {
    imported = await subtle.importKey("spki", key.spki, web.key, false, ["verify"]);
  } catch {
    return null;
  }
  const verify = (use) => subtle.verify(use, imported, value, message);
  if (web.use.name !== "RSA-PSS") return verify(web.use);
  if (await verify({ ...web.use, saltLength: web.hashSize })) return true;
  if (!anySalt) return false;
  /* A file that does not state the salt may have one of any length; the browser has to be told which. */
  for (let saltLength = value.length - web.hashSize - 2; saltLength >= 0; saltLength -= 1) {
    if (await verify({ ...web.use, saltLength })) return true;
  }
  return false;
}

/* A bare signature over a message, which any plain key may have made.

   `names` tells the keys that it names, and `states` the algorithms that it can be of. */
function plain(message, value, { names = null, form = "der", states = null, anySalt = false } = {}) {
  const candidates = (key, algorithms) => algorithms.filter((name) => states === null || states(name))
    .flatMap((algorithm) => {
      const { size } = webAlgorithm(algorithm);
      if (size === undefined) return [{ key, algorithm, value }];
      if (form === "sides") return value.length === 2 * size ? [{ key, algorithm, value }] : [];
      try {
        return [{ key, algorithm, value: sidesOfDER(value, size) }];
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return [];
      }
    });
  return {
    message, anySalt, names,
    keys: (keys) => keys.filter((key) => key.format === "spki").flatMap((key) => candidates(key, key.algorithms)),
    others: (key) => (key.format === "spki" ? candidates(key, ALGORITHMS.filter(
      (name) => webAlgorithm(name).type === key.type)) : []),
  };
}

function paeOf(type, payload) {
  return joined(bytesOf(`DSSEv1 ${type.length} `), type, bytesOf(` ${payload.length} `), payload);
}

function envelope(bytes, seal) {
  const document = strictDocument(textOf(bytes));
  const { payloadType, signatures } = document ?? {};
  const isWhole = typeof payloadType === "string" && Array.isArray(signatures)
    && signatures.length > 0 && signatures.length <= 64;
  if (!isWhole) refuse("is no envelope");
  const payload = bytesOfLooseBase64(document.payload);
  const isOther = payloadType !== IN_TOTO || !areSame(payload, seal);
  return signatures.map((signature) => {
    const hint = signature?.keyid ?? "";
    if (typeof hint !== "string") refuse("has a key id that is no text");
    const found = plain(
      paeOf(bytesOf(payloadType), payload), bytesOfLooseBase64(signature.sig),
      { names: (key) => key.fingerprint === hint });
    return { ...found, isOther };
  });
}

/* The bytes of a signature that stands by itself, whose length one of the algorithms makes. */
function plausible(value) {
  const size = value.length;
  const isSequence = value[0] === 0x30 && (value[1] === size - 2 || (value[1] === 0x81 && value[2] === size - 3));
  const isPlausible = [64, 96, 2420, 3309, 4627].includes(size) || (size >= 128 && size <= 1024)
    || (size >= 8 && size < 128 && isSequence);
  return isPlausible ? value : refuse("has a length that no algorithm makes");
}

function kmsReply(bytes, seal) {
  const reply = strictDocument(textOf(bytes));
  const { SigningAlgorithm: name, KeyId: id } = reply ?? {};
  if (typeof name !== "string" || typeof id !== "string") refuse("is no reply of the service");
  const states = (algorithm) => {
    const web = webAlgorithm(algorithm);
    const hash = (web.use.hash ?? web.key.hash ?? "").replace("-", "_");
    const names = { ECDSA: "ECDSA", "RSA-PSS": "RSASSA_PSS", "RSASSA-PKCS1-v1_5": "RSASSA_PKCS1_V1_5" };
    if (algorithm === "ed25519") return name === "ED25519_SHA_512";
    return Object.hasOwn(names, web.use.name) ? name === `${names[web.use.name]}_${hash}` : name === "ML_DSA_SHAKE_256";
  };
  const value = bytesOfBase64(reply.Signature);
  if (!ALGORITHMS.some(states)) return [{ unchecked: `states the algorithm ${name}, which is not accepted` }];
  return [plain(seal, plausible(value), { states })];
}

function withoutLastLines(bytes) {
  return textOf(bytes).replace(/(?:\r?\n)+$/, "");
}

function vaultText(bytes, seal) {
  const [, base64] = /^vault:v[0-9]{1,10}:([A-Za-z0-9+/=]+)$/.exec(withoutLastLines(bytes))
    ?? refuse("is no signature of Vault");
  return [plain(seal, plausible(bytesOfBase64(base64)), { anySalt: true })];
}

function azureText(bytes, seal) {
  const text = withoutLastLines(bytes);
  if (!/^[A-Za-z0-9_-]+$/.test(text)) refuse("is no signature of Azure Key Vault");
  return [plain(seal, plausible(bytesOfLooseBase64(text)), { form: "sides", anySalt: true })];
}

const FORMATS = {
  "application/vnd.dsse.envelope.v1+json": envelope,
  "application/vnd.closeout.signature.raw": (bytes, seal) => [plain(seal, plausible(bytes), { anySalt: true })],
  "application/vnd.closeout.signature.raw+base64": (bytes, seal) =>
    [plain(seal, plausible(bytesOfBase64(textOf(bytes).replace(/[\r\n]/g, ""))), { anySalt: true })],
  "application/vnd.closeout.signature.aws-kms+json": kmsReply,
  "application/vnd.closeout.signature.vault": vaultText,
  "application/vnd.closeout.signature.azure-keyvault": azureText,
  "application/vnd.closeout.signature.ssh": sshSignature,
  "application/vnd.closeout.signature.signify": signifySignature,
  "application/vnd.closeout.signature.minisign": minisignSignature,
  "application/vnd.dev.sigstore.bundle+json": sigstoreBundle,
};

/* A valid signature, which does not count where something is against its key, or it serves none of the roles. */
function valid(key, roles, context, more = "") {
  const doubt = doubtOf(key, context)
    ?? (roles.some((role) => key.roles.includes(role)) ? null
      : `the policy gives the key no role for this (${roles.join(", ")})`);
  return {
    key, counts: doubt === null, roles: key.roles, status: doubt === null ? "matches" : "unchecked",
    reason: `valid, by key ${key.id} of ${key.operator}${more}${doubt === null ? "" : `; ${doubt}`}`,
  };
}

/* The first of the candidates that made a signature; null for none, and which algorithms could not be tried. */
async function makerAmong(candidates, { message, anySalt }) {
  const open = [];
  for (const candidate of candidates) {
    const made = await isMadeBy(candidate.key, candidate.algorithm, message, candidate.value, anySalt);
    if (made) return { maker: candidate, open };
    if (made === null) open.push(candidate.algorithm);
  }
  return { maker: null, open };
}

/* Whether a second signature of the same file binds what stands beside the first; true without one. */
async function isBound({ binds }, key) {
  return binds === undefined || isMadeBy(key, "ed25519", binds.message, binds.value);
}

/* What became of one signature: "matches" with the key, "differs", or "unchecked". */
async function judged(signature, keys, context) {
  if (signature.unchecked) return { status: "unchecked", reason: signature.unchecked };
  const named = signature.names ? keys.filter(signature.names) : [];
  const { maker, open } = await makerAmong(signature.keys(named.length > 0 ? named : keys), signature);
  if (maker !== null) {
    const { key, algorithm } = maker;
    if (!await isBound(signature, key)) {
      return { status: "differs", reason: "its trusted comment is not the one that was signed" };
    }
    if (signature.isOther) return { status: "differs", reason: `key ${key.id} signed something else` };
    if (signature.isLegacy && !key.legacy) {
      return { status: "unchecked", reason: `key ${key.id} made it, and the policy takes none of this kind of the key` };
    }
    return valid(key, SEALING, context, ` with ${algorithm}`);
  }
  if (open.length > 0) return { status: "unchecked", reason: `this browser cannot check ${open.join(", ")}` };
  if (named.length === 0) return { status: "unchecked", reason: "no key that is at hand here made it" };
  if (signature.keys(named).length === 0) {
    return { status: "unchecked", reason: `the policy takes no such signature of key ${named[0].id}` };
  }
  for (const key of signature.others ? named : []) {
    const other = await makerAmong(signature.others(key), { ...signature, anySalt: true });
    if (other.maker === null) continue;
    return {
      status: "unchecked", reason: `key ${key.id} made it with ${other.maker.algorithm} or another salt than it has to`,
    };
  }
  return { status: "differs", reason: `names key ${named[0].id}, which did not make it` };
}

/* The signatures of one file over the seal. */
async function sealSignatures(file, mediaType, seal, keys, context) {
  if (!Object.hasOwn(FORMATS, mediaType)) {
    return [{ status: "unchecked", reason: "this page does not check this format: run closeout verify" }];
  }
  let signatures;
  try {
    signatures = await FORMATS[mediaType](file, seal);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [{ status: "differs", reason: error.message }];
  }
  return Promise.all(signatures.map((signature) => judged(signature, keys, context)));
}

/* The key id by which a note names a key. */
function noteID(key, name, type) {
  const raw = key.spki.subarray(-32);
  const named = joined(bytesOf(name), Uint8Array.of(0x0a, type), raw);
  return digestOf(key.type === "ed25519" ? named : key.spki).subarray(0, 4);
}

/* The lines of a checkpoint by keys that are at hand. Lines of others are left alone, as C2SP has it. */
async function checkpointSignatures(note, origin, { keys, rules }, context) {
  const results = [];
  const role = logRule(rules)?.role ?? "log";
  for (const { name, id, value } of note.signatures) {
    const hasName = (key) => name === key.name || (!key.cosigns && name === origin);
    const fits = (key) => ["spki", "note"].includes(key.format) && ["ed25519", "p256"].includes(key.type)
      && hasName(key) && areSame(id, noteID(key, name, key.cosigns ? 4 : 1));
    for (const key of keys.filter(fits)) {
      let [message, signature, at] = [bytesOf(note.text), value, null];
      if (key.cosigns && value.length === 72) {
        const time = new DataView(value.buffer, value.byteOffset).getBigUint64(0);
        message = bytesOf(`cosignature/v1\ntime ${time}\n${note.text}`);
        signature = value.subarray(8);
        at = Number(time) * 1000;
      }
      let made = false;
      try {
        if (key.cosigns && at === null) refuse("is no cosignature");
        if (key.type === "p256") signature = sidesOfDER(signature, 32);
        made = await isMadeBy(key, key.algorithm, message, signature);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
      results.push(
        made ? (key.cosigns ? cosigned(key, at, context) : valid(key, [role], context))
          : made === null ? { key, status: "unchecked", reason: `this browser cannot check ${key.algorithm}` }
          : { key, status: "differs", reason: `key ${key.id} did not make it` });
    }
  }
  return results;
}

/* A witness vouches for a time, which must be one at which the bundle was there, and not yet to come. */
function cosigned(key, at, context) {
  const isPossible = at <= Date.parse(context.now) && context.created !== null
    && at >= Date.parse(context.created) - 5 * MINUTES;
  if (isPossible) return valid(key, ["witness"], context);
  return { key, status: "unchecked", reason: `valid, by key ${key.id}; its time cannot be right` };
}
