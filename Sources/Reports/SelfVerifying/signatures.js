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

/* A bare signature over a message, which any plain key may have made. */
function plain(message, value, { hint = null, form = "der", states = null, named = false, anySalt = false } = {}) {
  return {
    hint, message, anySalt, named,
    keys: (keys) => keys.filter((key) => key.format === "spki" && (states === null || states(key.algorithm)))
      .flatMap((key) => {
        const { size } = webAlgorithm(key.algorithm);
        if (size === undefined) return [{ key, algorithm: key.algorithm, value }];
        if (form === "sides") return value.length === 2 * size ? [{ key, algorithm: key.algorithm, value }] : [];
        try {
          return [{ key, algorithm: key.algorithm, value: sidesOfDER(value, size) }];
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          return [];
        }
      }),
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
      { hint, named: DIGEST.test(hint) });
    return { ...found, isOther };
  });
}

function kmsReply(bytes, seal) {
  const reply = strictDocument(textOf(bytes));
  const name = reply?.SigningAlgorithm;
  const states = (algorithm) => {
    const web = webAlgorithm(algorithm);
    const hash = (web.use.hash ?? web.key.hash ?? "").replace("-", "_");
    const names = { ECDSA: "ECDSA", "RSA-PSS": "RSASSA_PSS", "RSASSA-PKCS1-v1_5": "RSASSA_PKCS1_V1_5" };
    if (algorithm === "ed25519") return name === "ED25519_SHA_512";
    return Object.hasOwn(names, web.use.name) ? name === `${names[web.use.name]}_${hash}` : name === "ML_DSA_SHAKE_256";
  };
  return [plain(seal, bytesOfBase64(reply?.Signature), { hint: reply?.KeyId, states })];
}

function withoutLastLines(bytes) {
  return textOf(bytes).replace(/(?:\r?\n)+$/, "");
}

function vaultText(bytes, seal) {
  const [, version, base64] = /^vault:v([0-9]{1,10}):([A-Za-z0-9+/=]+)$/.exec(withoutLastLines(bytes))
    ?? refuse("is no signature of Vault");
  return [plain(seal, bytesOfBase64(base64), { hint: `vault:v${version}`, anySalt: true })];
}

function azureText(bytes, seal) {
  const text = withoutLastLines(bytes);
  if (!/^[A-Za-z0-9_-]+$/.test(text)) refuse("is no signature of Azure Key Vault");
  return [plain(seal, bytesOfLooseBase64(text), { form: "sides", anySalt: true })];
}

const SSH_ALGORITHMS = {
  "ssh-ed25519": "ed25519", "ecdsa-sha2-nistp256": "ecdsa-p256-sha256", "ecdsa-sha2-nistp384": "ecdsa-p384-sha384",
  "ecdsa-sha2-nistp521": "ecdsa-p521-sha512", "rsa-sha2-256": "rsa-pkcs1-sha256", "rsa-sha2-512": "rsa-pkcs1-sha512",
};

async function sshSignature(bytes, seal) {
  const lines = withoutLastLines(bytes).split(/\r?\n/).map((line) => line.trimEnd());
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
    && (key.format === "ssh" ? key.type === "rsa" || key.algorithm === algorithm
      : key.format === "spki" && key.algorithm === algorithm);
  return [{
    hint: fingerprint, message, named: true,
    keys: (keys) => keys.filter(fits).map((key) => ({ key, algorithm, value })),
  }];
}

function signifySignature(bytes, seal) {
  const lines = withoutLastLines(bytes).split(/\r?\n/);
  if (lines.length !== 2 || !lines[0].startsWith("untrusted comment: ")) refuse("is no signature of signify");
  const value = bytesOfBase64(lines[1]);
  if (value.length !== 74 || value[0] !== 0x45 || value[1] !== 0x64) refuse("is no signature of signify");
  return [{
    hint: hexOf(value.subarray(2, 10).toReversed()), message: seal,
    keys: (keys) => keys.filter((key) => key.format === "signify")
      .map((key) => ({ key, algorithm: "ed25519", value: value.subarray(10) })),
  }];
}

const FORMATS = {
  "application/vnd.dsse.envelope.v1+json": envelope,
  "application/vnd.closeout.signature.raw": (bytes, seal) => [plain(seal, bytes, { anySalt: true })],
  "application/vnd.closeout.signature.raw+base64": (bytes, seal) =>
    [plain(seal, bytesOfBase64(withoutLastLines(bytes)), { anySalt: true })],
  "application/vnd.closeout.signature.aws-kms+json": kmsReply,
  "application/vnd.closeout.signature.vault": vaultText,
  "application/vnd.closeout.signature.azure-keyvault": azureText,
  "application/vnd.closeout.signature.ssh": sshSignature,
  "application/vnd.closeout.signature.signify": signifySignature,
};

/* A valid signature, which cannot count where its key was revoked or serves none of the roles. */
function valid(key, roles, more = "") {
  const doubt = key.revoked ? `; the key was revoked at ${key.revoked}`
    : roles.some((role) => key.roles.includes(role)) ? ""
    : `; the policy gives the key no role for this (${roles.join(", ")})`;
  return {
    key, status: doubt ? "unchecked" : "matches",
    reason: `valid, by key ${key.id} of ${key.operator}${more}${doubt}`,
  };
}

/* What became of one signature: "matches" with the key, "differs", or "unchecked". */
async function judged(signature, keys) {
  if (signature.unchecked) return { status: "unchecked", reason: signature.unchecked };
  const named = signature.named ? keys.filter((key) => key.fingerprint === signature.hint) : [];
  const candidates = signature.keys(named.length > 0 ? named : keys);
  const open = [];
  for (const { key, algorithm, value } of candidates) {
    const made = await isMadeBy(key, algorithm, signature.message, value, signature.anySalt);
    if (made === null) open.push(algorithm);
    if (!made) continue;
    if (signature.isOther) return { status: "differs", reason: `key ${key.id} signed something else` };
    return valid(key, ["release", "archive"], ` with ${algorithm}`);
  }
  if (open.length > 0) return { status: "unchecked", reason: `this browser cannot check ${open.join(", ")}` };
  if (named.length > 0) return { status: "differs", reason: `names key ${named[0].id}, which did not make it` };
  return { status: "unchecked", reason: "no key that is at hand here made it" };
}

/* The signatures of one file over the seal. */
async function sealSignatures(file, mediaType, seal, keys) {
  if (!Object.hasOwn(FORMATS, mediaType)) {
    return [{ status: "unchecked", reason: "a browser cannot check this format" }];
  }
  let signatures;
  try {
    signatures = await FORMATS[mediaType](file, seal);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [{ status: "differs", reason: error.message }];
  }
  return Promise.all(signatures.map((signature) => judged(signature, keys)));
}

/* The key id by which a note names a key. */
function noteID(key, name, type) {
  const raw = key.spki.subarray(-32);
  const named = joined(bytesOf(name), Uint8Array.of(0x0a, type), raw);
  return digestOf(key.type === "ed25519" ? named : key.spki).subarray(0, 4);
}

/* The lines of a checkpoint by keys that are at hand. Lines of others are left alone, as C2SP has it. */
async function checkpointSignatures(note, origin, keys) {
  const results = [];
  const logRole = ["log", "release", "archive"].find((role) => keys.some((key) => key.roles.includes(role))) ?? "log";
  for (const { name, id, value } of note.signatures) {
    const fits = (key) => ["spki", "note"].includes(key.format) && ["ed25519", "p256"].includes(key.type)
      && name === (key.name ?? origin) && areSame(id, noteID(key, name, key.cosigns ? 4 : 1));
    for (const key of keys.filter(fits)) {
      let [message, signature] = [bytesOf(note.text), value];
      if (key.cosigns && value.length === 72) {
        const time = new DataView(value.buffer, value.byteOffset).getBigUint64(0);
        message = bytesOf(`cosignature/v1\ntime ${time}\n${note.text}`);
        signature = value.subarray(8);
      }
      let made = false;
      try {
        if (key.cosigns && value.length !== 72) refuse("is no cosignature");
        if (key.type === "p256") signature = sidesOfDER(signature, 32);
        made = await isMadeBy(key, key.algorithm, message, signature);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
      results.push(
        made ? valid(key, [key.cosigns ? "witness" : logRole])
          : made === null ? { key, status: "unchecked", reason: `this browser cannot check ${key.algorithm}` }
          : { key, status: "differs", reason: `key ${key.id} did not make it` });
    }
  }
  return results;
}
