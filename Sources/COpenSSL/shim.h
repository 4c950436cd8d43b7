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
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// The reason in an error that says that memory was wanting.
static inline int COpenSSL_ERR_R_MALLOC_FAILURE(void) { return ERR_R_MALLOC_FAILURE; }

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

// Stacks of certificates and revocation lists, which hold no reference of their own.

static inline STACK_OF(X509) *COpenSSL_sk_X509_new(void) { return sk_X509_new_null(); }
static inline int COpenSSL_sk_X509_push(STACK_OF(X509) *list, X509 *item) {
    return sk_X509_push(list, item) > 0;
}
static inline int COpenSSL_sk_X509_num(const STACK_OF(X509) *list) { return sk_X509_num(list); }
static inline X509 *COpenSSL_sk_X509_value(const STACK_OF(X509) *list, int index) {
    return sk_X509_value(list, index);
}
static inline void COpenSSL_sk_X509_free(STACK_OF(X509) *list) { sk_X509_free(list); }

static inline STACK_OF(X509_CRL) *COpenSSL_sk_X509_CRL_new(void) { return sk_X509_CRL_new_null(); }
static inline int COpenSSL_sk_X509_CRL_push(STACK_OF(X509_CRL) *list, X509_CRL *item) {
    return sk_X509_CRL_push(list, item) > 0;
}
static inline void COpenSSL_sk_X509_CRL_free(STACK_OF(X509_CRL) *list) { sk_X509_CRL_free(list); }

// A name as in RFC 4514, in UTF-8.
static inline int COpenSSL_X509_NAME_print(BIO *output, const X509_NAME *name) {
    return X509_NAME_print_ex(output, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

// Lets a chain pass in which certificates are revoked, for the caller to weigh the dates, and asks
// for no list about the anchor, which nobody above it could revoke.
static inline int COpenSSL_leave_revocation(int passes, X509_STORE_CTX *context) {
    int error = X509_STORE_CTX_get_error(context);
    int anchor = sk_X509_num(X509_STORE_CTX_get0_chain(context)) - 1;
    if (passes || error == X509_V_ERR_CERT_REVOKED)
        return 1;
    return error == X509_V_ERR_UNABLE_TO_GET_CRL
        && X509_STORE_CTX_get_error_depth(context) == anchor;
}
static inline void COpenSSL_X509_STORE_CTX_leave_revocation(X509_STORE_CTX *context) {
    X509_STORE_CTX_set_verify_cb(context, COpenSSL_leave_revocation);
}
