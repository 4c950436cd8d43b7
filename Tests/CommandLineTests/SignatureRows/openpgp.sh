# OpenPGP signatures of gpg, judged by gpgv, or by sqv where a case says so.
home=$PWD/home
mkdir -m 700 "$home"
trap 'gpgconf --homedir "$home" --kill all' EXIT
gpg() {
    command gpg --homedir "$home" --batch --yes --quiet --pinentry-mode loopback --passphrase '' "$@"
}
make_key() {
    user=${3:-x}
    quietly gpg --quick-generate-key "$user" "${1:-ed25519}" sign "${2:-never}"
    gpg --export >key || die 'gpg exported nothing'
}
sign() { quietly gpg -u "${user:-x}" "$@" --output file.sig --detach-sign file; }
tool() { gpgv --homedir "$home" --keyring "$PWD/key" file.sig file; }
by_sqv() { tool() { sqv --keyring key file.sig file; }; }
fingerprint() { gpg --list-keys --with-colons x | sed -n 's/^fpr:*\([0-9A-F]*\):$/\1/p' | head -n 1; }

case_ed25519() { make_key && sign; }
case_ed25519_sqv() { case_ed25519 && by_sqv; }
case_rsa() { make_key rsa3072 && sign; }
case_rsa_sqv() { case_rsa && by_sqv; }
case_sha256() { make_key && sign --digest-algo SHA256; }
case_p256() { make_key nistp256 && sign; }
case_p384() { make_key nistp384 && sign; }
case_p521() { make_key nistp521 && sign; }
case_p256_sqv() { case_p256 && by_sqv; }
case_brainpool() { make_key brainpoolP256r1 && sign; }
case_dsa() { make_key dsa2048 && sign; }
case_armoured() { make_key && sign --armor --comment words; }
case_carriage_returns() { case_armoured && sed -i 's/$/\r/' file.sig; }
case_blank_line() { case_armoured && echo >>file.sig; }
case_blanks() { case_armoured && sed -i '$s/$/  /' file.sig; }
case_no_checksum() { case_armoured && sed -i '/^=/d' file.sig; }
case_wrong_checksum() { case_armoured && sed -i 's/^=..../=AAAA/' file.sig; }
case_text_before() { case_armoured && { echo words; cat file.sig; } >more && mv more file.sig; }
case_changed() { make_key && sign && echo more >>file; }
case_changed_sqv() { case_changed && by_sqv; }
case_stranger() { make_key && sign && rm -f key && make_key ed25519 never y && gpg --export y >key; }
case_two() {
    make_key && user=y && make_key ed25519 never y
    quietly gpg -u x -u y --output file.sig --detach-sign file && gpg --export x y >key
}
case_one_known() { case_two && gpg --export x >key; }
case_text_mode() { make_key && sign --textmode; }
case_sha1() { make_key && sign --digest-algo SHA1; }
case_sha1_sqv() { case_sha1 && by_sqv; }
case_sha224() { make_key && sign --digest-algo SHA224; }
case_ends_by_itself() { make_key && sign --default-sig-expire 1y; }
case_notation() { make_key && sign --sig-notation p@example.org=v; }
case_critical_notation() { make_key && sign --sig-notation '!p@example.org=v'; }
case_key_ended_since() {
    quietly gpg --faked-system-time 20260101T000000 --quick-generate-key x ed25519 sign 2026-01-10
    sign --faked-system-time 20260105T000000
    gpg --export >key
}
case_key_ended_before() {
    quietly gpg --faked-system-time 20260101T000000 --quick-generate-key x ed25519 sign never
    sign
    quietly gpg --faked-system-time 20260102T000000 --quick-set-expire "$(fingerprint)" 2026-01-10
    gpg --export >key
}
case_key_ended_before_sqv() { case_key_ended_before && by_sqv; }
case_binding_by_sha1() {
    make_key ed25519 never && quietly gpg --cert-digest-algo SHA1 --quick-set-expire "$(fingerprint)" 10y
    gpg --export --export-options export-minimal >key && sign
}
case_binding_by_sha1_sqv() { case_binding_by_sha1 && by_sqv; }
case_revoked() {
    make_key && sign
    sed 's/^:---/---/' "$home/openpgp-revocs.d/$(fingerprint).rev" | quietly gpg --import
    gpg --export >key
}
case_subkey() {
    quietly gpg --quick-generate-key x ed25519 cert never
    quietly gpg --quick-add-key "$(fingerprint)" ed25519 sign never
    gpg --export >key && sign
}
case_holds_content() { make_key && quietly gpg -u x --output file.sig --sign file; }
case_cleartext_for_detached() { make_key && quietly gpg -u x --output file.sig --clear-sign file; }
case_cleartext() {
    make_key && printf 'one\n- two\nFrom three\n' >file
    quietly gpg -u x --digest-algo SHA256 --output file.sig --clear-sign file
    tool() {
        command gpg --homedir "$home" --batch --output text --decrypt file.sig && cmp text file
    }
}
case_cleartext_changed() { case_cleartext && sed -i 's/two/zwei/' file.sig; }
case_cleartext_of_other() { case_cleartext && echo more >>file; }
case_short_rsa() { make_key rsa1024 && sign; }
