/* SHA-256 of bytes that come in pieces. A worker is made of the text of these functions, so that they use nothing
   from outside of themselves. */
/* The constants of FIPS 180-4: fractions of the roots of the first primes. */
function sha256Constants() {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 0x100000000) | 0;
  return {
    rounds: Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
    start: Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
  };
}

/* The function that takes whole blocks into the state, written out: the words of the state change their names
   from round to round and not their places, and the schedule is sixteen variables. Twice as fast as loops. */
function sha256Source() {
  const turned = (x, ...by) => by.map((n) => `(${x} >>> ${n} | ${x} << ${32 - n})`).join(" ^ ");
  const w = (i) => `w${i % 16}`;
  const round = (r, key) => {
    const [a, b, c, d, e, f, g, h] = [..."abcdefgh"].map((_, i, names) => names[(i - r + 16) % 8]);
    return `
      ${h} = (${h} + (${turned(e, 6, 11, 25)}) + (${g} ^ ${e} & (${f} ^ ${g})) + ${key} + ${w(r)}) | 0;
      ${d} = (${d} + ${h}) | 0;
      ${h} = (${h} + (${turned(a, 2, 13, 22)}) + (${a} & ${b} ^ ${c} & (${a} ^ ${b}))) | 0;`;
  };
  const next = (r) => {
    const [x, y] = [w(r + 1), w(r + 14)];
    return `
      ${w(r)} = (${w(r)} + ${w(r + 9)} + (${turned(x, 7, 18)} ^ ${x} >>> 3)
        + (${turned(y, 17, 19)} ^ ${y} >>> 10)) | 0;`;
  };
  const all = [...Array(16).keys()];
  return `(K, state, bytes, from, end) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let [s0, s1, s2, s3, s4, s5, s6, s7] = state;
    for (let at = from; at < end; at += 64) {
      ${all.map((i) => `let ${w(i)} = view.getInt32(at + ${4 * i});`).join("\n")}
      let a = s0, b = s1, c = s2, d = s3, e = s4, f = s5, g = s6, h = s7;
      ${all.map((i) => round(i, `K[${i}]`)).join("")}
      for (let i = 16; i < 64; i += 16) {
        ${all.map((i) => next(i) + round(i, `K[i + ${i}]`)).join("")}
      }
      s0 = (s0 + a) | 0; s1 = (s1 + b) | 0; s2 = (s2 + c) | 0; s3 = (s3 + d) | 0;
      s4 = (s4 + e) | 0; s5 = (s5 + f) | 0; s6 = (s6 + g) | 0; s7 = (s7 + h) | 0;
    }
    state.set([s0, s1, s2, s3, s4, s5, s6, s7]);
  }`;
}

/* The same in loops, for the page itself, whose policy runs no text. */
function sha256Plain(K, state, bytes, from, end) {
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const w = new Int32Array(64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = from; at < end; at += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15];
      const y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3))
        + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (g ^ (e & (f ^ g))) + K[i] + w[i]) | 0;
      const u = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (c & (a ^ b)))) | 0;
      h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
  }
}

function sha256(constants, compress) {
  const BLOCK = 64;

  return class Hasher {
    #state = constants.start.slice();
    #rest = new Uint8Array(2 * BLOCK);
    #held = 0;
    #count = 0;

    update(bytes) {
      this.#count += bytes.length;
      let at = 0;
      if (this.#held > 0) {
        at = Math.min(BLOCK - this.#held, bytes.length);
        this.#rest.set(bytes.subarray(0, at), this.#held);
        this.#held += at;
        if (this.#held < BLOCK) return this;
        compress(constants.rounds, this.#state, this.#rest, 0, BLOCK);
        this.#held = 0;
      }
      const end = bytes.length - ((bytes.length - at) % BLOCK);
      compress(constants.rounds, this.#state, bytes, at, end);
      this.#rest.set(bytes.subarray(end), 0);
      this.#held = bytes.length - end;
      return this;
    }

    /* The digest; the hasher is of no use afterwards. */
    finish() {
      const size = this.#held < BLOCK - 8 ? BLOCK : 2 * BLOCK;
      this.#rest.fill(0, this.#held, size);
      this.#rest[this.#held] = 0x80;
      const bits = new DataView(this.#rest.buffer);
      bits.setUint32(size - 8, Math.floor(this.#count / 0x20000000));
      bits.setUint32(size - 4, (this.#count * 8) >>> 0);
      compress(constants.rounds, this.#state, this.#rest, 0, size);
      const digest = new Uint8Array(32);
      const view = new DataView(digest.buffer);
      this.#state.forEach((word, i) => view.setInt32(i * 4, word));
      return digest;
    }
  };
}

const Hasher = sha256(sha256Constants(), sha256Plain);

function digestOf(bytes) {
  return new Hasher().update(bytes).finish();
}

/* Digest and Merkle root (RFC 6962) of lines that end in LF; the first ones can be left out of the tree. The leaf
   that stands alone at the end of a level goes up as it is, which gives the tree that is split at powers of two. */
function treeOfLines(Hasher, bytes, skipped, most) {
  const digest = new Hasher().update(bytes).finish();
  let nodes = [];
  for (let at = 0, line = 0; at < bytes.length && nodes.length < most; line += 1) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    if (line >= skipped) {
      nodes.push(new Hasher().update(Uint8Array.of(0)).update(bytes.subarray(at, end)).finish());
    }
    at = end + 1;
  }
  if (nodes.length === 0) return { digest, root: new Hasher().finish() };
  const pair = new Uint8Array(65);
  pair[0] = 1;
  while (nodes.length > 1) {
    const above = [];
    for (let i = 0; i + 1 < nodes.length; i += 2) {
      pair.set(nodes[i], 1);
      pair.set(nodes[i + 1], 33);
      above.push(new Hasher().update(pair).finish());
    }
    if (nodes.length % 2 === 1) above.push(nodes[nodes.length - 1]);
    nodes = above;
  }
  return { digest, root: nodes[0] };
}
