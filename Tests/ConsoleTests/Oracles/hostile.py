"""Adds to a bundle, given by its path, what somebody else could have written into it, as who has no key can: records
with markup, control characters, changes of direction and marks behind quotes in each of their fields, a field of 10 MB,
deep JSON, bytes that are no text, and lines of the log with such names and types. Prints how many files it added.
"""
import glob
import hashlib
import json
import sys
from pathlib import Path

BUNDLE = Path(sys.argv[1])
MARKUP = ("<script>alert(1)</script><img src=x onerror=alert(2)> \"\u0301 onfocus=alert(3) '\u200d x <\ufe0fsvg onload=alert(4)> "
          "{{{x}}} {{>head}} &lt;b&gt; </code></td></table> ]]> --> " + "long" * 300)
CONTROLS = "\u202egpj.exe \u2066x\u2069 \x1b[31m \x07 \u2028 \ufeff \U000e0041 \x7f \x85 \n\n# x \r\n"


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def spoiled(record):
    """The record once for each of its texts, with another text there; then with what no record may have."""
    for key, value in record.items():
        for text in (MARKUP, MARKUP[:120], CONTROLS):
            if key not in ("release", "seal") and isinstance(value, str):
                yield {**record, key: text}
            if key == "links":
                yield {**record, key: [{**link, "kind": text} for link in value]}
    yield {**record, MARKUP: CONTROLS}
    yield {**record, "release": {"name": MARKUP, "version": CONTROLS}}
    yield {**record, "reason": "<b>" * 3500000}
    yield {**record, "reason": "<b>" * 1300}


files = [b'{"a":' * 100000 + b"1" + b"}" * 100000, b"[" * 1000000, b"\xff\xfe\x00<script>", b"", canonical(MARKUP)]
for path in sorted(glob.glob(str(BUNDLE / "evidence" / "*.json"))):
    files += [canonical(record) for record in spoiled(json.loads(Path(path).read_bytes()))]
log = BUNDLE / "log.jsonl"
lines = log.read_bytes()
number = lines.count(b"\n")
seen = {json.loads(line)["sha256"] for line in lines.splitlines()}
added = 0
with open(log, "ab") as out:
    def add(kind, media_type, path, content, digest):
        global number
        out.write(canonical({"at": "2026-11-30T12:00:00Z", "kind": kind, "media_type": media_type, "path": path,
                             "seq": number, "sha256": digest, "size": len(content)}) + b"\n")
        number += 1

    for content in files:
        digest = hashlib.sha256(content).hexdigest()
        if digest in seen:
            continue
        seen.add(digest)
        added += 1
        (BUNDLE / "evidence" / f"{digest}.json").write_bytes(content)
        add("evidence", "application/vnd.closeout.record.v1+json", f"evidence/{digest}.json", content, digest)
    for name in (MARKUP[:100], "a\"'\u0301b", "..%2f..%2fetc"):
        digest = hashlib.sha256(name.encode()).hexdigest()
        add("attachment", "text/html", f"attachments/{name}", b"x", digest)
        add(MARKUP[:60], MARKUP[:60].replace(" ", ""), f"attachments/{digest}.html", b"x", digest[::-1])
print(added)
