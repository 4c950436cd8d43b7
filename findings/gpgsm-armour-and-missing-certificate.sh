#!/bin/bash
# What gpgsm writes for a detached signature that other readers of CMS do not expect.
#
# Seen with gpgsm 2.2.40-1.1+deb12u2 and openssl 3.0.20-1~deb12u2 of Debian 12:
#  1. `gpgsm --armor --detach-sign` frames the CMS with the label "SIGNED MESSAGE". It is none of the
#     labels of RFC 7468, and `openssl cms -inform PEM` says "no start line" for it. With the label CMS in
#     its place the same base64 is read.
#  2. The signature has no certificate at all where the signer's is self-signed: the default of
#     --include-certs, -2, means "all but the root", and a self-signed signer is its own root. `openssl cms
#     -verify` then says "signer certificate not found", also where -CAfile holds that very certificate;
#     with -certfile it verifies.
#
# Installs the packages into a temporary folder and runs them there. Fails where any of this changes.
set -euo pipefail

work=$(mktemp -d)
export GNUPGHOME=$work/home
trap 'gpgconf --kill all 2>/dev/null || true; rm -rf "$work"' EXIT
gnupg=2.2.40-1.1+deb12u2
cd "$work"
apt-get -o APT::Sandbox::User=root download -qq gpgsm=$gnupg gpg-agent=$gnupg gpgconf=$gnupg libksba8=1.6.3-2 \
    libassuan0=2.5.5-5 libnpth0=1.6-3 openssl=3.0.20-1~deb12u2 libssl3=3.0.20-1~deb12u2 >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
PATH=$work/root/usr/bin:$PATH
LD_LIBRARY_PATH=$(find "$work/root" -type d -name '*-linux-*' | paste -sd:)
export PATH LD_LIBRARY_PATH

fail() { echo "changed: $*" >&2; exit 1; }
gpgsm_() {
    printf 'pass\n' | gpgsm --batch --quiet --agent-program "$work/root/usr/bin/gpg-agent" \
        --pinentry-mode loopback --passphrase-fd 0 --disable-crl-checks "$@" 2>/dev/null
}
cms() { openssl cms -verify -binary -content message -CAfile cert.pem -purpose any -out /dev/null "$@"; }

mkdir -m 700 "$GNUPGHOME"
echo allow-loopback-pinentry >"$GNUPGHOME/gpg-agent.conf"
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=maker -days 2 \
    -addext keyUsage=digitalSignature 2>/dev/null
openssl pkcs12 -export -inkey key.pem -in cert.pem -out key.p12 -passout pass:pass \
    -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
gpgsm_ --import key.p12
echo "$(openssl x509 -in cert.pem -noout -fingerprint -sha1 | cut -d= -f2) S" >"$GNUPGHOME/trustlist.txt"
echo 'what is signed' >message
gpgsm_ --armor --output message.asc --detach-sign message
gpgsm_ --output message.p7s --detach-sign message

gpgsm --version | head -1
openssl version

head -1 message.asc | grep -qx -- '-----BEGIN SIGNED MESSAGE-----' || fail "the label: $(head -1 message.asc)"
cms -inform PEM -in message.asc -certfile cert.pem 2>err && fail 'openssl reads the label'
grep -q 'no start line' err || fail "openssl says otherwise of the label: $(cat err)"
sed 's/SIGNED MESSAGE/CMS/' message.asc >message.pem
cms -inform PEM -in message.pem -certfile cert.pem 2>err || fail "openssl refuses it under the label CMS: $(cat err)"
echo 'seen: the label is "SIGNED MESSAGE", which openssl does not read; as "CMS" it does'

cms -inform DER -in message.p7s 2>err && fail 'a certificate came along'
grep -q 'signer certificate not found' err || fail "openssl says otherwise of the certificate: $(cat err)"
cms -inform DER -in message.p7s -certfile cert.pem 2>err || fail "openssl refuses it with -certfile: $(cat err)"
echo 'seen: a self-signed signer sends no certificate; openssl wants it by -certfile, -CAfile is not enough'
