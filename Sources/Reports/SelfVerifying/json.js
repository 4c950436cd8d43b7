/* JSON: canonical as Closeout's own formats are, or strict as other documents are read. */
const DEPTH = 64;

/* RFC 8785 without fractions. Loose halves of characters have no UTF-8, so that no document has them. */
function canonical(value, depth = 0) {
  if (depth > DEPTH) refuse("is too deep");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) refuse("has half a character");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) refuse("has a number that is no whole one");
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  const members = Object.keys(value).sort()
    .map((key) => `${canonical(key)}:${canonical(value[key], depth + 1)}`);
  return `{${members.join(",")}}`;
}

/* A document that is its own canonical form, but for how some characters are spelled: then no key is repeated in
   it either. */
function canonicalDocument(text, spelled = (canonicalText) => canonicalText) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse("is not JSON");
  }
  if (spelled(canonical(value)) !== text) refuse("is not canonical JSON");
  return value;
}

/* Any JSON document of whole numbers, in which no key is repeated. Its objects have no prototype. */
function strictDocument(text) {
  let at = 0;
  const pattern = (expression) => {
    expression.lastIndex = at;
    const found = expression.exec(text);
    if (found) at = expression.lastIndex;
    return found?.[0];
  };
  const blank = () => pattern(/[ \t\n\r]*/y);
  const takes = (character) => {
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const string = () => {
    const token = pattern(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (token === undefined) refuse(`is not JSON at character ${at}`);
    const value = JSON.parse(token);
    if (/\p{Surrogate}/u.test(value)) refuse("has half a character");
    return value;
  };
  const value = (depth) => {
    if (depth > DEPTH) refuse("is too deep");
    blank();
    if (takes("{")) {
      const object = Object.create(null);
      blank();
      if (takes("}")) return object;
      do {
        blank();
        const key = string();
        if (key in object) refuse(`has the key ${JSON.stringify(key)} twice`);
        blank();
        if (!takes(":")) refuse(`is not JSON at character ${at}`);
        object[key] = value(depth + 1);
        blank();
      } while (takes(","));
      if (!takes("}")) refuse(`is not JSON at character ${at}`);
      return object;
    }
    if (takes("[")) {
      const array = [];
      blank();
      if (takes("]")) return array;
      do {
        array.push(value(depth + 1));
        blank();
      } while (takes(","));
      if (!takes("]")) refuse(`is not JSON at character ${at}`);
      return array;
    }
    if (text[at] === "\"") return string();
    const word = pattern(/true|false|null|-?(?:0|[1-9][0-9]*)(?![.eE0-9])/y);
    if (word === undefined) refuse(`is not JSON of whole numbers at character ${at}`);
    const scalar = JSON.parse(word);
    if (typeof scalar === "number" && !Number.isSafeInteger(scalar)) refuse("has a number that is too large");
    return scalar;
  };
  const document = value(0);
  blank();
  if (at !== text.length) refuse("has more behind its end");
  return document;
}

/* Demands an object with exactly these members. */
function closed(value, ...names) {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject) refuse("is not an object");
  const found = Object.keys(value).sort().join();
  if (found !== names.sort().join()) refuse(`has the members ${found} in place of ${names.join()}`);
  return value;
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}
