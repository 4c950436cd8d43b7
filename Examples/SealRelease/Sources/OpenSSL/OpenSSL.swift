import COpenSSL

/// What the module of this name is for, which is not the one of the package `closeout`.
public func purpose() -> String { String(cString: COpenSSL_purpose()) }
