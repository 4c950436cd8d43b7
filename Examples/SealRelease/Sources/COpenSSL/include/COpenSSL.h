/// What this package's own module of the name is about.
const char *COpenSSL_purpose(void);
