/* BLAKE2b-512 (RFC 7693) of something short, which is what minisign signs. */
const BLAKE2B_ORDER = [
  "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
  "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0",
].map((line) => [...line].map((digit) => parseInt(digit, 16)));

/* Where the columns and then the diagonals of the state stand. */
const BLAKE2B_LINES = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
];

/* The first 64 bits of the fractions of the roots of the first eight primes. */
const BLAKE2B_START = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n].map((prime) => {
  const square = prime << 128n;
  let root = 1n << 67n;
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return BigInt.asUintN(64, root);
    root = next;
  }
});

function blake2b512(bytes) {
  const cut = (number) => BigInt.asUintN(64, number);
  const turned = (number, by) => cut((number >> by) | (number << (64n - by)));
  const size = Math.max(Math.ceil(bytes.length / 128), 1) * 128;
  const view = new DataView(joined(bytes, new Uint8Array(size - bytes.length)).buffer);
  const state = BLAKE2B_START.slice();
  state[0] ^= 0x01010040n;
  for (let at = 0; at < size; at += 128) {
    const isLast = at + 128 === size;
    const words = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i, true));
    const v = [...state, ...BLAKE2B_START];
    v[12] ^= BigInt(isLast ? bytes.length : at + 128);
    if (isLast) v[14] = cut(~v[14]);
    for (let round = 0; round < 12; round += 1) {
      const order = BLAKE2B_ORDER[round % 10];
      BLAKE2B_LINES.forEach(([a, b, c, d], i) => {
        v[a] = cut(v[a] + v[b] + words[order[2 * i]]);
        v[d] = turned(v[d] ^ v[a], 32n);
        v[c] = cut(v[c] + v[d]);
        v[b] = turned(v[b] ^ v[c], 24n);
        v[a] = cut(v[a] + v[b] + words[order[2 * i + 1]]);
        v[d] = turned(v[d] ^ v[a], 16n);
        v[c] = cut(v[c] + v[d]);
        v[b] = turned(v[b] ^ v[c], 63n);
      });
    }
    state.forEach((word, i) => { state[i] = word ^ v[i] ^ v[i + 8]; });
  }
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => digest.setBigUint64(8 * i, word, true));
  return new Uint8Array(digest.buffer);
}
