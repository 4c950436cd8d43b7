// What the Swift importer cannot see of libcrypto: macros and aliases become
// functions named COpenSSL_ and the C name.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// Lists of OSSL_PARAM point at names and values, which a C scope keeps alive for the call.

// A public key of any algorithm whose key is a string of bytes; the group names a curve or is NULL.
static inline int COpenSSL_EVP_PKEY_from_public_bytes(
    EVP_PKEY_CTX *context, EVP_PKEY **key, const char *group, const unsigned char *bytes, size_t count) {
    OSSL_PARAM list[3] = {OSSL_PARAM_END, OSSL_PARAM_END, OSSL_PARAM_END};
    list[0] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)bytes, count);
    if (group != NULL)
        list[1] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)group, 0);
    return EVP_PKEY_fromdata(context, key, EVP_PKEY_PUBLIC_KEY, list);
}

// An RSA public key from unsigned integers in the byte order of the machine.
static inline int COpenSSL_EVP_PKEY_from_public_integers(
    EVP_PKEY_CTX *context, EVP_PKEY **key, const unsigned char *modulus, size_t modulus_count,
    const unsigned char *exponent, size_t exponent_count) {
    OSSL_PARAM list[3] = {OSSL_PARAM_END, OSSL_PARAM_END, OSSL_PARAM_END};
    list[0] = OSSL_PARAM_construct_BN(
        OSSL_PKEY_PARAM_RSA_N, (unsigned char *)modulus, modulus_count);
    list[1] = OSSL_PARAM_construct_BN(
        OSSL_PKEY_PARAM_RSA_E, (unsigned char *)exponent, exponent_count);
    return EVP_PKEY_fromdata(context, key, EVP_PKEY_PUBLIC_KEY, list);
}

// An RSA private key from unsigned integers in the byte order of the machine, without its factors.
static inline int COpenSSL_EVP_PKEY_from_private_integers(
    EVP_PKEY_CTX *context, EVP_PKEY **key, const unsigned char *modulus, size_t modulus_count,
    const unsigned char *exponent, size_t exponent_count, const unsigned char *secret,
    size_t secret_count) {
    OSSL_PARAM list[4] = {OSSL_PARAM_END, OSSL_PARAM_END, OSSL_PARAM_END, OSSL_PARAM_END};
    list[0] = OSSL_PARAM_construct_BN(
        OSSL_PKEY_PARAM_RSA_N, (unsigned char *)modulus, modulus_count);
    list[1] = OSSL_PARAM_construct_BN(
        OSSL_PKEY_PARAM_RSA_E, (unsigned char *)exponent, exponent_count);
    list[2] = OSSL_PARAM_construct_BN(
        OSSL_PKEY_PARAM_RSA_D, (unsigned char *)secret, secret_count);
    return EVP_PKEY_fromdata(context, key, EVP_PKEY_KEYPAIR, list);
}
