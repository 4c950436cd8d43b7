# What signatures of openssl need that other formats carry.
pair() {
    quietly openssl genpkey "$@" -out k
    quietly openssl pkey -in k -pubout -out key
}
pair_p256() { pair -algorithm EC -pkeyopt ec_paramgen_curve:P-256; }
pair_rsa() { pair -algorithm RSA -pkeyopt rsa_keygen_bits:"${1:-3072}"; }
