# Signatures of minisign.
make_key() { quietly minisign -G -f -W -p key -s k; }
sign() { quietly minisign -S -s k -m file -x file.sig -t 'release 1' "$@"; }
tool() { minisign -V -q -p key -m file -x file.sig; }

case_prehashed() { make_key && sign; }
case_legacy() { make_key && sign -l; }
case_legacy_taken() {
    case_legacy
    quietly closeout trust init trust.json key --operator x --role release --legacy
}
case_changed() { make_key && sign && echo more >>file; }
case_trusted_comment() { make_key && sign && sed -i 's/release 1/release 2/' file.sig; }
case_untrusted_comment() { make_key && sign && sed -i '1s/.*/untrusted comment: words/' file.sig; }
case_stranger() { make_key && sign && make_key; }
case_last_line_end() { make_key && sign && printf %s "$(cat file.sig)" >short && mv short file.sig; }
case_line_behind() { make_key && sign && echo words >>file.sig; }
case_carriage_returns() { make_key && sign && sed -i 's/$/\r/' file.sig; }
