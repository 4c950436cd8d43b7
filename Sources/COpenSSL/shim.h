// What the Swift importer cannot see of libcrypto: macros and aliases become
// functions named COpenSSL_ and the C name.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
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

// Stacks of certificates, which hold no reference of their own.

static inline STACK_OF(X509) *COpenSSL_sk_X509_new(void) { return sk_X509_new_null(); }
static inline int COpenSSL_sk_X509_push(STACK_OF(X509) *list, X509 *item) {
    return sk_X509_push(list, item) > 0;
}
static inline int COpenSSL_sk_X509_num(const STACK_OF(X509) *list) { return sk_X509_num(list); }
static inline X509 *COpenSSL_sk_X509_value(const STACK_OF(X509) *list, int index) {
    return sk_X509_value(list, index);
}
static inline void COpenSSL_sk_X509_free(STACK_OF(X509) *list) { sk_X509_free(list); }

// A name as in RFC 4514, in UTF-8.
static inline int COpenSSL_X509_NAME_print(BIO *output, const X509_NAME *name) {
    return X509_NAME_print_ex(output, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

// Forgives an anchor what its certificate leaves out, and a chain of one that its certificate is no
// authority: an anchor is trusted as it is. What it states binds.
static inline int COpenSSL_forgive_anchor(int passes, X509_STORE_CTX *context) {
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(context);
    int anchor = sk_X509_num(chain) - 1;
    int place = X509_STORE_CTX_get_error_depth(context);
    if (passes || anchor < 0 || X509_STORE_CTX_get_num_untrusted(context) > anchor)
        return passes;
    X509 *certificate = sk_X509_value(chain, anchor);
    int isForgiven = 0;
    if (place == anchor - 1)
        // What the anchor issued cannot name its key by an identifier that it has not.
        isForgiven = X509_get0_subject_key_id(certificate) == NULL
            && X509_STORE_CTX_get_error(context) == X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER;
    else if (place == anchor)
        switch (X509_STORE_CTX_get_error(context)) {
        case X509_V_ERR_CA_BCONS_NOT_CRITICAL:
        case X509_V_ERR_CA_CERT_MISSING_KEY_USAGE:
        case X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER:
        case X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL:
            isForgiven = 1;
            break;
        case X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN:
            isForgiven = X509_get_key_usage(certificate) == UINT32_MAX;
            break;
        case X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA:
        case X509_V_ERR_INVALID_CA:
        case X509_V_ERR_INVALID_PURPOSE:
            // 4 is a key usage for certificates without basic constraints.
            isForgiven = anchor > 0 ? X509_check_ca(certificate) == 4
                : X509_STORE_CTX_get_error(context) == X509_V_ERR_INVALID_CA;
            break;
        }
    if (isForgiven)
        X509_STORE_CTX_set_error(context, X509_V_OK);
    return isForgiven;
}
static inline void COpenSSL_X509_STORE_CTX_forgive_anchor(X509_STORE_CTX *context) {
    X509_STORE_CTX_set_verify_cb(context, COpenSSL_forgive_anchor);
}

// Whether the certificate policies of a chain, leaf first, leave a valid one where one is demanded, if
// any will do (RFC 5280, 6.1): 1 if so, below 0 if not, 0 where it was not computed, which may be
// because there are too many.
static inline int COpenSSL_X509_policy_check(STACK_OF(X509) *chain) {
    STACK_OF(ASN1_OBJECT) *wanted = sk_ASN1_OBJECT_new_null();
    X509_POLICY_TREE *tree = NULL;
    int isExplicit = 0, result = 0;
    if (wanted != NULL && sk_ASN1_OBJECT_push(wanted, OBJ_nid2obj(NID_any_policy)) > 0)
        result = X509_policy_check(&tree, &isExplicit, chain, wanted, 0);
    X509_policy_tree_free(tree);
    sk_ASN1_OBJECT_free(wanted);
    return result;
}

// The entries of a revocation list.

static inline int COpenSSL_X509_CRL_count(X509_CRL *list) {
    return sk_X509_REVOKED_num(X509_CRL_get_REVOKED(list));
}
static inline X509_REVOKED *COpenSSL_X509_CRL_entry(X509_CRL *list, int index) {
    return sk_X509_REVOKED_value(X509_CRL_get_REVOKED(list), index);
}

// The place of the first entry with a serial number, behind which all others with it follow; -1 if
// there is none. The list must be sorted, as X509_CRL_get0_by_serial leaves it.
static inline int COpenSSL_X509_CRL_first(X509_CRL *list, const ASN1_INTEGER *number) {
    int low = 0, high = COpenSSL_X509_CRL_count(list);
    int count = high;
    while (low < high) {
        int middle = low + (high - low) / 2;
        const ASN1_INTEGER *found = X509_REVOKED_get0_serialNumber(COpenSSL_X509_CRL_entry(list, middle));
        if (ASN1_STRING_cmp(found, number) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low >= count)
        return -1;
    const ASN1_INTEGER *found = X509_REVOKED_get0_serialNumber(COpenSSL_X509_CRL_entry(list, low));
    return ASN1_STRING_cmp(found, number) == 0 ? low : -1;
}

// Whether an entry has a critical extension that is not known here.
static inline int COpenSSL_X509_CRL_has_unknown_entries(X509_CRL *list) {
    for (int index = 0; index < COpenSSL_X509_CRL_count(list); index++) {
        const STACK_OF(X509_EXTENSION) *extensions =
            X509_REVOKED_get0_extensions(COpenSSL_X509_CRL_entry(list, index));
        for (int place = 0; place < sk_X509_EXTENSION_num(extensions); place++) {
            X509_EXTENSION *extension = sk_X509_EXTENSION_value(extensions, place);
            int identifier = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
            if (X509_EXTENSION_get_critical(extension) && identifier != NID_crl_reason
                && identifier != NID_invalidity_date)
                return 1;
        }
    }
    return 0;
}

// The reasons for which there may be lists, as bits.
enum { COpenSSL_ALL_REASONS = 0x807F };
static inline int COpenSSL_reasons(const ASN1_BIT_STRING *bits) {
    int reasons = 0;
    if (bits == NULL)
        return COpenSSL_ALL_REASONS;
    if (bits->length > 0)
        reasons = bits->data[0];
    if (bits->length > 1)
        reasons |= bits->data[1] << 8;
    return reasons & COpenSSL_ALL_REASONS;
}

static inline int COpenSSL_holds_name(const GENERAL_NAMES *names, const X509_NAME *name) {
    for (int index = 0; index < sk_GENERAL_NAME_num(names); index++) {
        const GENERAL_NAME *other = sk_GENERAL_NAME_value(names, index);
        if (other->type == GEN_DIRNAME && X509_NAME_cmp(other->d.directoryName, name) == 0)
            return 1;
    }
    return 0;
}

// Whether two distribution points, whose relative names have been made whole, have a name in common.
static inline int COpenSSL_meet(const DIST_POINT_NAME *one, const DIST_POINT_NAME *other) {
    if (one->type == 1 && other->type == 1)
        return one->dpname != NULL && other->dpname != NULL
            && X509_NAME_cmp(one->dpname, other->dpname) == 0;
    if (one->type == 1)
        return one->dpname != NULL && COpenSSL_holds_name(other->name.fullname, one->dpname);
    if (other->type == 1)
        return other->dpname != NULL && COpenSSL_holds_name(one->name.fullname, other->dpname);
    for (int index = 0; index < sk_GENERAL_NAME_num(one->name.fullname); index++)
        for (int place = 0; place < sk_GENERAL_NAME_num(other->name.fullname); place++)
            if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(one->name.fullname, index),
                    sk_GENERAL_NAME_value(other->name.fullname, place)) == 0)
                return 1;
    return 0;
}

// The reasons for which lists of a distribution point cover a certificate that names it; 0 where it
// names another.
static inline int COpenSSL_point_reasons(X509_CRL *list, DIST_POINT_NAME *name, X509 *certificate) {
    CRL_DIST_POINTS *points =
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    int reasons = 0;
    if (DIST_POINT_set_dpname(name, X509_CRL_get_issuer(list)) != 1)
        goto end;
    for (int index = 0; index < sk_DIST_POINT_num(points); index++) {
        DIST_POINT *point = sk_DIST_POINT_value(points, index);
        if (point->CRLissuer != NULL
            && !COpenSSL_holds_name(point->CRLissuer, X509_CRL_get_issuer(list)))
            continue;
        if (point->distpoint == NULL
            || DIST_POINT_set_dpname(point->distpoint, X509_CRL_get_issuer(list)) != 1)
            continue;
        if (COpenSSL_meet(name, point->distpoint))
            reasons |= COpenSSL_reasons(point->reasons);
    }
end:
    CRL_DIST_POINTS_free(points);
    return reasons;
}

// What a list is about: the reasons for which it covers a certificate of its issuer, or what keeps it
// from covering that (RFC 5280, 5.2.5 and 6.3.3).
enum {
    COpenSSL_SCOPE_UNREADABLE = -1,
    COpenSSL_SCOPE_INDIRECT = -2,
    COpenSSL_SCOPE_ATTRIBUTES = -3,
    COpenSSL_SCOPE_USERS = -4,
    COpenSSL_SCOPE_AUTHORITIES = -5,
    COpenSSL_SCOPE_OTHER_POINT = -6,
};
static inline int COpenSSL_X509_CRL_scope(X509_CRL *list, X509 *certificate) {
    int found = 0, result;
    ISSUING_DIST_POINT *point =
        X509_CRL_get_ext_d2i(list, NID_issuing_distribution_point, &found, NULL);
    if (point == NULL)
        return found == -1 ? COpenSSL_ALL_REASONS : COpenSSL_SCOPE_UNREADABLE;
    int isAuthority = (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
    if ((point->onlyuser > 0) + (point->onlyCA > 0) + (point->onlyattr > 0) > 1)
        result = COpenSSL_SCOPE_UNREADABLE;
    else if (point->indirectCRL > 0)
        result = COpenSSL_SCOPE_INDIRECT;
    else if (point->onlyattr > 0)
        result = COpenSSL_SCOPE_ATTRIBUTES;
    else if (point->onlyuser > 0 && isAuthority)
        result = COpenSSL_SCOPE_USERS;
    else if (point->onlyCA > 0 && !isAuthority)
        result = COpenSSL_SCOPE_AUTHORITIES;
    else {
        result = COpenSSL_reasons(point->onlysomereasons);
        if (point->distpoint != NULL) {
            int reasons = COpenSSL_point_reasons(list, point->distpoint, certificate);
            result = reasons == 0 ? COpenSSL_SCOPE_OTHER_POINT : result & reasons;
        }
    }
    ISSUING_DIST_POINT_free(point);
    return result;
}
