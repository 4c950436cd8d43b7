# Signatures of signify.
make_key() { quietly signify-openbsd -G -n -p k.pub -s k.sec && cp k.pub key; }
sign() { quietly signify-openbsd -S -s k.sec -m "${1:-file}" -x file.sig; }
tool() { signify-openbsd -V -q -p k.pub -m file -x file.sig; }
list_tool() { signify-openbsd -C -q -p k.pub -x file.sig file; }
sign_list() { quietly signify-openbsd -S -e -s k.sec -m list -x file.sig; }

case_detached() { make_key && sign; }
case_changed() { make_key && sign && echo more >>file; }
case_comment() { make_key && sign && sed -i '1s/.*/untrusted comment: words/' file.sig; }
case_stranger() { make_key && sign && rm k.pub k.sec && make_key; }
case_list() { make_key && sha256sum --tag file >list && sign_list && tool() { list_tool; }; }
case_list_changed() { case_list && echo more >>file; }
case_list_of_others() {
    make_key && cp file other && sha256sum --tag other >list && sign_list && tool() { list_tool; }
}
case_message() {
    make_key && quietly signify-openbsd -S -e -s k.sec -m file -x file.sig
    tool() { signify-openbsd -V -e -q -p k.pub -m out -x file.sig && cmp out file; }
}
