#!/bin/bash
# A key whose owner moved its end no longer verifies what it signed before that, for sqv, and does for gpgv.
#
# Seen with gpg 2.2.40-1.1+deb12u2 and sqv 1.1.0-1+b5 of Debian 12:
#  1. A key is made, it signs a file, and later `gpg --quick-set-expire` moves its end. `gpg --export` then
#     holds one self-signature on the user id, the newest; the first one is gone.
#  2. For sqv the key was not valid before that self-signature, so it refuses the file's signature, which is
#     older (exit code 1), also where the end was moved to later. gpgv takes it (exit code 0).
#  3. With the first export in front of the second, sqv takes the signature again.
#
# Installs the packages into a temporary folder and runs them there. Fails where any of this changes.
set -euo pipefail

work=$(mktemp -d)
export GNUPGHOME=$work/home
trap 'gpgconf --kill all 2>/dev/null || true; rm -rf "$work"' EXIT
gnupg=2.2.40-1.1+deb12u2
cd "$work"
apt-get -o APT::Sandbox::User=root download -qq gpg=$gnupg gpgv=$gnupg gpg-agent=$gnupg \
    gpgconf=$gnupg sqv=1.1.0-1+b5 libassuan0=2.5.5-5 libnpth0=1.6-3 libnettle8=3.8.1-2 \
    libhogweed6=3.8.1-2 >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
PATH=$work/root/usr/bin:$PATH
LD_LIBRARY_PATH=$(find "$work/root" -type d -name '*-linux-*' | paste -sd:)
export PATH LD_LIBRARY_PATH

fail() { echo "changed: $*" >&2; exit 1; }
gpg_() {
    gpg --batch --quiet --no-tty --agent-program "$work/root/usr/bin/gpg-agent" \
        --pinentry-mode loopback --passphrase '' "$@" 2>/dev/null
}
selfs() { gpg_ --list-packets "$1" | grep -c '^:signature packet'; }

mkdir -m 700 "$GNUPGHOME"
gpg_ --faked-system-time 20240101T000000 --quick-gen-key 'maker <maker@example.org>' rsa2048 sign 2030-01-01
gpg_ --export >first.pgp
fingerprint=$(gpg_ --with-colons --list-keys | awk -F: '/^fpr/ { print $10; exit }')
echo 'what is signed' >file
gpg_ --faked-system-time 20240601T000000 --detach-sign --output file.sig file
gpg_ --faked-system-time 20250101T000000 --quick-set-expire "$fingerprint" 20y
gpg_ --export >second.pgp
cat first.pgp second.pgp >both.pgp

gpg --version | head -1
sqv --version 2>&1 | head -1

[ "$(selfs first.pgp) $(selfs second.pgp)" = '1 1' ] || fail "the exports hold other numbers of self-signatures"
cmp -s first.pgp second.pgp && fail 'the exports are the same'
echo 'seen: the export after the change holds the newest self-signature alone'

gpgv --keyring "$work/second.pgp" file.sig file 2>/dev/null || fail 'gpgv refuses the older signature'
sqv --keyring first.pgp file.sig file >/dev/null 2>&1 || fail 'sqv refuses it by the first export'
sqv --keyring second.pgp file.sig file >/dev/null 2>&1 && fail 'sqv takes it by the second export'
echo 'seen: by the second export gpgv takes the older signature and sqv refuses it'
sqv --keyring both.pgp file.sig file >/dev/null 2>&1 || fail 'sqv refuses it by both exports'
echo 'seen: with both exports in one keyring sqv takes it'
