# Sigstore bundles, whose signatures openssl makes and judges over the message or the encoding of an envelope.
. "$here/dsse.sh"
over=file
tool() { openssl dgst -sha256 -verify key -signature value "$over"; }
bundle() {
    printf '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":%s,%s}' \
        "${material:-{\"publicKey\":\{\"hint\":\"k\"\},\"tlogEntries\":[]\}}" "$1" | tr -d '\\' >file.sig
}
message() {
    openssl dgst -sha256 -sign k -out value file
    bundle "$(printf '"messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":"%s"},"signature":"%s"}' \
        "$(openssl dgst -sha256 -binary "${digested:-file}" | openssl base64 -A)" "$(openssl base64 -A -in value)")"
}

case_message() { pair_p256 && message; }
case_envelope() {
    pair_p256 && hash=sha256 && sign && over=encoding
    bundle "\"dsseEnvelope\":$(sed 's/"keyid":"",//' file.sig)"
}
case_changed() { pair_p256 && message && echo more >>file; }
case_other_digest() { pair_p256 && echo other >other && digested=other && message; }
case_stranger() { pair_p256 && message && pair_p256; }
case_ed25519_message() {
    pair -algorithm ED25519 && hash= && openssl pkeyutl -sign -rawin -inkey k -in file -out value
    bundle "$(printf '"messageSignature":{"signature":"%s"}' "$(openssl base64 -A -in value)")"
    tool() { openssl pkeyutl -verify -rawin -pubin -inkey key -in file -sigfile value; }
}
case_certificate() {
    material='{"certificate":{"rawBytes":"AAAA"},"tlogEntries":[]}'
    pair_p256 && message
}
