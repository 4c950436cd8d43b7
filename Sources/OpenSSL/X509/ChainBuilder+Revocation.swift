import COpenSSL

/// One certificate's entry in a revocation list.
package struct Revocation: Equatable, Sendable {
    /// Who was revoked: the subject as in RFC 4514, in UTF-8.
    package let subject: [UInt8]
    /// When, in seconds since 1970.
    package let at: Int64
    /// Whether somebody else may have the key.
    package let isKeyCompromise: Bool
    /// Whether the list says that nobody else had the key: it is superseded, out of use, its holder's
    /// affiliation has changed, or the reason is told as unspecified; where none is told, nobody knows.
    package let isOrderly: Bool
    /// Since when the key was in doubt, in seconds since 1970, if the list says so.
    package let invalidSince: Int64?
}

extension ChainBuilder {
    /// What revocation lists say of the certificates of a chain below its anchor, in its order.
    ///
    /// Lists that are delta, indirect or weakly signed, or not signed by the certificate's own
    /// issuer, count for nothing. The anchor is not looked up: its policy can revoke it.
    ///
    /// - Parameters:
    ///   - chain: What `chain(from:for:at:)` built, leaf first.
    ///   - lists: The lists.
    /// - Returns: The entries.
    /// - Throws: Only when it could not be computed.
    package func revocations(
        in chain: [Certificate], by lists: [RevocationList]
    ) throws(OpenSSLError) -> [Revocation] {
        var entries: [Revocation] = []
        for (certificate, issuer) in zip(chain, chain.dropFirst()) {
            for list in lists
            where list.defect == nil && list.isSigned(by: issuer, for: certificate) {
                if let entry = try list.entry(of: certificate) { entries.append(entry) }
            }
        }
        return entries
    }

    /// Why lists, whose times the caller found fitting, do not cover a chain below its anchor.
    ///
    /// - Returns: The reason; nil if every certificate is covered by a list of its issuer.
    /// - Throws: Only when it could not be computed.
    package func gap(
        in chain: [Certificate], coveredBy lists: [RevocationList]
    ) throws(OpenSSLError) -> String? {
        guard let leaf = chain.first, chain.count > 1 else { return nil }
        let stack = try unsafe Owned<RevocationListStack>(
            owning: COpenSSL_sk_X509_CRL_new(), from: "sk_X509_CRL_new_null")
        for list in lists where list.defect == nil {
            try unsafe require(
                COpenSSL_sk_X509_CRL_push(stack.pointer, list.list.pointer), "sk_X509_CRL_push")
        }
        let run = try ChainRun(leaf: leaf, anchor: anchor, untrusted: chain)
        try run.configure(.signing, at: nil)
        try run.demand(stack)
        guard try !run.verify() else { return nil }
        if let defect = lists.compactMap(\.defect).first { return "a list was not used: \(defect)" }
        guard case .refused(let reason) = run.refusal else { return "the chain has no list" }
        return reason
    }
}

extension RevocationList {
    fileprivate func isSigned(by issuer: Certificate, for certificate: Certificate) -> Bool {
        let name = unsafe X509_CRL_get_issuer(list.pointer)
        let wanted = unsafe X509_get_issuer_name(certificate.certificate.pointer)
        guard unsafe X509_NAME_cmp(name, wanted) == 0,
            unsafe X509_get_key_usage(issuer.certificate.pointer) & UInt32(KU_CRL_SIGN) != 0
        else { return false }
        let key = unsafe X509_get0_pubkey(issuer.certificate.pointer)
        let isRight = unsafe X509_CRL_verify(list.pointer, key) == 1
        OpenSSLError.clearQueue()
        return isRight
    }

    fileprivate func entry(
        of certificate: Certificate
    ) throws(OpenSSLError) -> Revocation? {
        var found: OpaquePointer?
        let result = unsafe X509_CRL_get0_by_cert(
            list.pointer, &found, certificate.certificate.pointer)
        // Anything but 1 is no entry, or one that takes a revocation back.
        guard result == 1, let found = unsafe found else { return nil }
        let since = unsafe X509_REVOKED_get_ext_d2i(found, NID_invalidity_date, nil, nil)
            .map { OpaquePointer($0) }
        let invalidSince = try unsafe takenSeconds(since)
        let reason = unsafe takenInteger(
            X509_REVOKED_get_ext_d2i(found, NID_crl_reason, nil, nil).map { OpaquePointer($0) })
        return Revocation(
            subject: certificate.subject,
            at: try unsafe seconds(X509_REVOKED_get0_revocationDate(found)),
            isKeyCompromise: [1, 2].contains(reason), isOrderly: [0, 3, 4, 5].contains(reason),
            invalidSince: invalidSince)
    }
}

/// The seconds of an `ASN1_GENERALIZEDTIME`, which is freed.
private func takenSeconds(_ pointer: OpaquePointer?) throws(OpenSSLError) -> Int64? {
    guard let pointer = unsafe pointer else { return nil }
    let time = unsafe UnsafeMutablePointer<ASN1_STRING>(pointer)
    defer { unsafe ASN1_STRING_free(time) }
    return try unsafe seconds(time)
}

/// The value of an `ASN1_ENUMERATED`, which is freed.
private func takenInteger(_ pointer: OpaquePointer?) -> Int? {
    guard let pointer = unsafe pointer else { return nil }
    let number = unsafe UnsafeMutablePointer<ASN1_STRING>(pointer)
    defer { unsafe ASN1_STRING_free(number) }
    return unsafe Int(ASN1_ENUMERATED_get(number))
}

/// Names a stack of `X509_CRL`, which it does not own.
enum RevocationListStack: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe COpenSSL_sk_X509_CRL_free(pointer) }
}
