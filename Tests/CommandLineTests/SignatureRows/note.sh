# Signed notes, whose lines openssl makes and judges.
. "$here/carried.sh"
tool() { openssl pkeyutl -verify -rawin -pubin -inkey public -in file -sigfile value; }
sign() {
    pair -algorithm ED25519 && mv key public
    openssl pkeyutl -sign -rawin -inkey k -in file -out value
    openssl pkey -in public -pubin -outform DER | tail -c 32 >bytes
    python3 - <<'P'
import base64, hashlib
public, value = open("bytes", "rb").read(), open("value", "rb").read()
typed = b"\x01" + public
number = hashlib.sha256(b"example.org/log\n" + typed).digest()[:4]
open("key", "w").write(f"example.org/log+{number.hex()}+{base64.b64encode(typed).decode()}\n")
line = "\n\u2014 example.org/log " + base64.b64encode(number + value).decode() + "\n"
open("file.sig", "wb").write(open("file", "rb").read() + line.encode())
P
}

case_ed25519() { printf 'one\ntwo\n' >file && sign; }
case_changed() { printf 'one\ntwo\n' >file && sign && echo more >>file; }
case_stranger() { case_ed25519 && mv file.sig theirs && mv value their-value && sign && mv theirs file.sig && mv their-value value; }
