#include "COpenSSL.h"

const char *COpenSSL_purpose(void) { return "a module of the example's own"; }
