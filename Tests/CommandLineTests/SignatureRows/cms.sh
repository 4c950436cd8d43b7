# CMS signatures of openssl and gpgsm, by a certificate below an authority that the policy has.
make_key() {
    quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
        -subj /CN=authority -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.pem -out ca.crt.pem
    quietly openssl genpkey "$@" -out k
    quietly openssl req -new -key k -subj /CN=x -out request
    printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature \
        extendedKeyUsage="${usage:-codeSigning}" subjectKeyIdentifier=hash authorityKeyIdentifier=keyid >extensions
    quietly openssl x509 -req -in request -CA ca.crt.pem -CAkey ca.pem -CAcreateserial -days 3650 \
        -extfile extensions -out crt.pem
    quietly closeout trust init trust.json ca.crt.pem --operator x --role release --subject CN=x \
        --revocation none
}
make_p256() { make_key -algorithm EC -pkeyopt ec_paramgen_curve:P-256; }
make_rsa() { make_key -algorithm RSA -pkeyopt rsa_keygen_bits:3072; }
sign() {
    quietly openssl cms -sign -md sha256 -in file -signer crt.pem -inkey k -outform DER -out file.sig "$@"
}
# Also of a signature that carries its content.
tool() {
    openssl cms -verify -binary -inform "${form:-DER}" -in file.sig -content file -CAfile ca.crt.pem \
        -purpose any -out content ${certificates:-} && cmp content file
}

case_ecdsa() { make_p256 && sign -binary; }
case_rsa() { make_rsa && sign -binary; }
case_pss() { make_rsa && sign -binary -keyopt rsa_padding_mode:pss; }
case_pem() { make_p256 && sign -binary -outform PEM && form=PEM; }
case_certtool() {
    make_rsa && form=PEM
    quietly certtool --p7-detached-sign --load-privkey k --load-certificate crt.pem --infile file --outfile file.sig
}
case_no_attributes() { make_p256 && sign -binary -noattr; }
case_key_identifier() { make_p256 && sign -binary -keyid; }
case_changed() { make_p256 && sign -binary && echo more >>file; }
case_damaged() {
    make_p256 && sign -binary
    python3 -c 'b = bytearray(open("file.sig", "rb").read()); b[-1] ^= 1; open("file.sig", "wb").write(b)'
}
case_text_mode() {
    make_p256 && sign
    tool() {
        openssl cms -verify -inform DER -in file.sig -content file -CAfile ca.crt.pem -purpose any -out content
    }
}
case_carried() { make_p256 && sign -binary -nodetach; }
case_carried_other() { make_p256 && sign -binary -nodetach && echo more >>file; }
case_streamed() { make_p256 && sign -binary -nodetach -stream; }
case_no_certificate() { make_p256 && sign -binary -nocerts && certificates='-certfile crt.pem'; }
case_sha1() { make_p256 && sign -binary -md sha1; }
case_stranger() {
    make_p256 && sign -binary && mv ca.crt.pem theirs && rm trust.json && make_p256
}
case_mail() {
    make_p256 && quietly openssl cms -sign -binary -md sha256 -in file -signer crt.pem -inkey k \
        -outform SMIME -out file.sig
    form=SMIME
}
case_bare_base64() { make_p256 && sign -binary && openssl base64 -in file.sig -out text && mv text file.sig; form=PEM; }
# gpgsm needs the authority to be marked as trusted, and no revocation lists.
case_gpgsm() {
    usage=emailProtection make_rsa
    quietly openssl pkcs12 -export -in crt.pem -inkey k -passout pass: -out k.p12 -certpbe PBE-SHA1-3DES \
        -keypbe PBE-SHA1-3DES -macalg sha1
    home=$PWD/home
    mkdir -m 700 "$home"
    trap 'gpgconf --homedir "$home" --kill all' EXIT
    rm trust.json
    quietly closeout trust init trust.json ca.crt.pem --operator x --role release --subject CN=x \
        --purpose emailProtection --revocation none
    # The last command tells whether it signed.
    gpgsm="gpgsm --homedir $home --batch --quiet --pinentry-mode loopback --disable-crl-checks"
    openssl x509 -in ca.crt.pem -outform DER -out ca.der
    $gpgsm --import ca.der >log 2>&1
    openssl x509 -in ca.crt.pem -noout -fingerprint -sha1 | sed 's/.*=//; s/$/ S relax/' >"$home/trustlist.txt"
    # On a busy machine its agent failed to open the key once; so it is asked up to three times.
    for _ in 1 2 3; do
        printf '\n' | $gpgsm --passphrase-fd 0 --import k.p12 >>log 2>&1 && break
    done
    $gpgsm --passphrase-fd 0 --output file.sig --detach-sign file </dev/null >>log 2>&1 || {
        cat log >&2
        die 'gpgsm did not sign'
    }
    tool() { $gpgsm --verify file.sig file; }
}
