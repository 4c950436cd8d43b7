// What the Swift importer cannot see of libcrypto: macros and aliases become
// functions named COpenSSL_ and the C name.
#pragma once

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
