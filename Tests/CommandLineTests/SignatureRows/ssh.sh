# Signatures of ssh-keygen.
make_key() {
    quietly ssh-keygen -q -t "${1:-ed25519}" ${2:+-b "$2"} -N '' -C x -f k
    cp k.pub key
    { printf 'x '; cat k.pub; } >allowed
}
# ssh-keygen takes the namespace that the file names.
namespace=file
tool() { ssh-keygen -Y verify -f allowed -I x -n "$namespace" -s file.sig <file; }
sign() { quietly ssh-keygen -q -Y sign -f k -n "$namespace" "$@" file; }

case_ed25519() { make_key && sign; }
case_rsa() { make_key rsa 3072 && sign; }
case_ecdsa() { make_key ecdsa 384 && sign; }
case_sha256() { make_key && sign -O hashalg=sha256; }
case_namespace() { make_key && namespace=email && sign; }
case_changed() { make_key && sign && echo more >>file; }
case_damaged() {
    make_key && sign
    # The last letters stand in the signature itself.
    sed -e '$!N;s/.\{9\}\(=*\n-----END\)/AAAAAAAAA\1/;P;D' file.sig >damaged && mv damaged file.sig
}
case_stranger() {
    make_key && sign && rm k k.pub && quietly ssh-keygen -q -t ed25519 -N '' -C x -f k
    cp k.pub key && { printf 'x '; cat k.pub; } >allowed
}
case_other_key_named() {
    make_key && sign && mv k old && mv k.pub old.pub && make_key && mv file.sig theirs && sign
    # The one key's signature, in a file that names the other.
    python3 - <<'P'
import base64
def read(name):
    lines = open(name).read().split("\n")
    return base64.b64decode("".join(lines[1:-2]))
theirs, own = read("theirs"), read("file.sig")
blob = own[:-64] + theirs[-64:]
text = base64.b64encode(blob).decode()
lines = [text[i:i + 70] for i in range(0, len(text), 70)]
open("file.sig", "w").write("\n".join(["-----BEGIN SSH SIGNATURE-----"] + lines
                                      + ["-----END SSH SIGNATURE-----", ""]))
P
}
case_one_line() {
    make_key && sign
    { head -n 1 file.sig; sed '1d;$d' file.sig | tr -d '\n'; echo; tail -n 1 file.sig; } >wide
    mv wide file.sig
}
case_blank_line() { make_key && sign && echo >>file.sig; }
case_carriage_returns() { make_key && sign && sed 's/$/\r/' file.sig >windows && mv windows file.sig; }
case_text_before() { make_key && sign && { echo words; cat file.sig; } >more && mv more file.sig; }
case_weak_rsa() { make_key rsa 1024 && sign; }
