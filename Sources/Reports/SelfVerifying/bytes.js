/* Bytes and their spellings. Each decoder takes the one right spelling and refuses all others. */
class Refused extends Error {}

function refuse(reason) {
  throw new Refused(reason);
}

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("is not UTF-8");
  }
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function areSame(left, right) {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const DIGEST = /^[0-9a-f]{64}$/;

function bytesOfHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) refuse("is not hexadecimal");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function base64Of(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/* Padded standard base64. The browser's own decoder takes blanks, and bits behind the end. */
function bytesOfBase64(text) {
  const end = typeof text !== "string" ? 0 : text.endsWith("==") ? -2 : text.endsWith("=") ? -1 : text.length;
  const isWhole = typeof text === "string" && text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.slice(0, end));
  const hasZeroBits = isWhole && !/[^AQgw]==$|[^AEIMQUYcgkosw048=]=$/.test(text.slice(-3));
  if (!hasZeroBits) refuse("is not base64");
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

/* The standard or the URL-safe alphabet, padded or not, as envelopes have it. */
function bytesOfLooseBase64(text) {
  if (typeof text !== "string" || (/[-_]/.test(text) && /[+/]/.test(text))) refuse("is not base64");
  const standard = text.replace(/-/g, "+").replace(/_/g, "/");
  if (standard.includes("=")) return bytesOfBase64(standard);
  return bytesOfBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, "="));
}

/* Reads DER, whose lengths have one spelling. */
class DER {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd() {
    return this.#at === this.#bytes.length;
  }

  #byte() {
    if (this.isAtEnd) refuse("ends too early");
    this.#at += 1;
    return this.#bytes[this.#at - 1];
  }

  read(tag) {
    if (this.#byte() !== tag) refuse("is not the DER that belongs here");
    let length = this.#byte();
    if (length >= 0x80) {
      let count = length - 0x80;
      if (count < 1 || count > 3) refuse("has a length that is no DER");
      length = 0;
      for (; count > 0; count -= 1) {
        const byte = this.#byte();
        if (length === 0 && byte === 0) refuse("has a length that is no DER");
        length = length * 256 + byte;
      }
      if (length < 0x80) refuse("has a length that is no DER");
    }
    const content = this.#bytes.subarray(this.#at, this.#at + length);
    if (content.length < length) refuse("ends too early");
    this.#at += length;
    return content;
  }

  /* An element behind which nothing comes. */
  last(tag) {
    const content = this.read(tag);
    if (!this.isAtEnd) refuse("has more behind its end");
    return content;
  }

  /* A positive integer, without the byte that only keeps it positive. */
  integer() {
    const content = this.read(0x02);
    const isPadded = content.length > 1 && content[0] === 0;
    const isRight = content.length > 0 && content[0] < 0x80 && (!isPadded || content[1] >= 0x80)
      && content.some((byte) => byte !== 0);
    if (!isRight) refuse("has an integer that is no positive one in DER");
    return isPadded ? content.subarray(1) : content;
  }

  static element(tag, ...contents) {
    const content = joined(...contents);
    const length = content.length < 0x80 ? [content.length]
      : content.length < 0x100 ? [0x81, content.length]
      : [0x82, content.length >> 8, content.length & 255];
    return joined([tag], length, content);
  }
}
