# Bare signatures of openssl, and those that key services wrap.
. "$here/carried.sh"
digest=sha256 padding=
# The padding is options of openssl or nothing.
# shellcheck disable=SC2086
sign() { openssl dgst -$digest $padding -sign k -out file.sig file || die 'openssl did not sign'; }
# shellcheck disable=SC2086
tool() { openssl dgst -$digest $padding -verify key -signature "${plain:-file.sig}" file; }

case_ecdsa() { pair_p256 && sign; }
case_ecdsa_other_digest() { pair_p256 && digest=sha384 && sign; }
case_ecdsa_side_by_side() {
    pair_p256 && sign && cp file.sig der && plain=der
    openssl asn1parse -inform DER -in der |
        sed -n 's/.*INTEGER *:\(.*\)/\1/p' | while read -r number; do
            printf '%64s' "$number" | tr ' ' 0
        done | python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' >file.sig
}
case_ed25519() {
    pair -algorithm ED25519
    openssl pkeyutl -sign -rawin -inkey k -in file -out file.sig
    tool() { openssl pkeyutl -verify -rawin -pubin -inkey key -in file -sigfile file.sig; }
}
case_pkcs1() { pair_rsa && sign && options='--algorithm rsa-pkcs1-sha256'; }
case_pss() {
    pair_rsa && padding='-sigopt rsa_padding_mode:pss' && sign && options='--algorithm rsa-pss-sha256'
}
case_pss_taken_for_pkcs1() {
    pair_rsa && padding='-sigopt rsa_padding_mode:pss' && sign && options='--algorithm rsa-pkcs1-sha256'
}
case_sha1() { pair_p256 && digest=sha1 && sign; }
case_changed() { pair_p256 && sign && echo more >>file; }
case_short_rsa() { pair_rsa 1024 && sign && options='--algorithm rsa-pkcs1-sha256'; }
case_base64() { pair_p256 && sign && mv file.sig plain && plain=plain && openssl base64 -in plain -out file.sig; }
case_vault() {
    pair_p256 && sign && mv file.sig plain && plain=plain
    printf 'vault:v1:%s\n' "$(openssl base64 -A -in plain)" >file.sig
}
case_aws() {
    pair_p256 && sign && mv file.sig plain && plain=plain
    printf '{"KeyId":"k","Signature":"%s","SigningAlgorithm":"%s"}\n' \
        "$(openssl base64 -A -in plain)" "${1:-ECDSA_SHA_256}" >file.sig
}
case_aws_other_algorithm() { case_aws ECDSA_SHA_384; }
case_azure() {
    case_ecdsa_side_by_side
    openssl base64 -A -in file.sig | tr '+/' '-_' | tr -d = >carried && mv carried file.sig
    options='--type azure-keyvault'
}
