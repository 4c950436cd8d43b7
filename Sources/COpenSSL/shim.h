// What the Swift importer cannot see of libcrypto: macros and aliases become
// functions named COpenSSL_ and the C name.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// A macro that adds the file and line of its caller.
static inline void COpenSSL_OPENSSL_free(void *memory) { OPENSSL_free(memory); }

// A macro over BIO_ctrl. The bytes stay the BIO's own.
static inline long COpenSSL_BIO_get_mem_data(BIO *bio, const unsigned char **bytes) {
    return BIO_get_mem_data(bio, (char **)bytes);
}
