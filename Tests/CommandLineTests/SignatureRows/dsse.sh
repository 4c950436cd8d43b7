# DSSE envelopes, whose signatures openssl makes and judges over the encoding of type and payload.
. "$here/carried.sh"
encode() {
    { printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c <file)"; cat file; } >encoding
}
sign() {
    encode
    openssl pkeyutl -sign -rawin ${hash:+-digest $hash} -inkey k -in encoding -out value || die 'not signed'
    printf '{"payloadType":"%s","payload":"%s","signatures":[{"keyid":"%s","sig":"%s"}]}' "$type" \
        "$(openssl base64 -A -in file)" "${keyid:-}" "$(openssl base64 -A -in value)" >file.sig
}
tool() {
    encode
    openssl pkeyutl -verify -rawin ${hash:+-digest $hash} -pubin -inkey key -in encoding -sigfile value
}
type=application/vnd.in-toto+json

case_ed25519() { pair -algorithm ED25519 && sign; }
case_ecdsa() { pair_p256 && hash=sha256 && sign; }
case_any_type() { pair -algorithm ED25519 && type=text/plain && sign; }
case_key_id() { pair -algorithm ED25519 && keyid=words && sign; }
case_changed() { pair -algorithm ED25519 && sign && echo more >>file; }
case_type_changed() {
    pair -algorithm ED25519 && sign && sed -i 's/in-toto/in_toto/' file.sig && type=application/vnd.in_toto+json
}
case_stranger() { pair -algorithm ED25519 && sign && pair -algorithm ED25519; }
