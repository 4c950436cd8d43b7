import COpenSSL

/// What revocation lists say of a chain that holds otherwise.
package struct ChainRevocation: Equatable, Sendable {
    /// Why the lists do not cover the whole chain below its anchor; nil if they do.
    package let gap: String?
    /// The entries about certificates of the chain, in its order.
    package let entries: [Entry]

    /// One certificate's revocation.
    package struct Entry: Equatable, Sendable {
        /// Who was revoked: the subject as in RFC 4514, in UTF-8.
        package let subject: [UInt8]
        /// When, in seconds since 1970.
        package let at: Int64
        /// Whether somebody else may have the key.
        package let isKeyCompromise: Bool
        /// Since when the key was in doubt, in seconds since 1970, if the list says so.
        package let invalidSince: Int64?
    }
}

extension ChainBuilder {
    /// Looks a chain up in lists whose times the caller found fitting.
    ///
    /// Lists that are delta, indirect or weakly signed, or not signed by the certificate's own
    /// issuer, count for nothing. The anchor is not looked up: its policy can revoke it.
    ///
    /// - Parameters:
    ///   - chain: What `chain(from:for:at:)` built, leaf first.
    ///   - lists: The lists.
    /// - Returns: What they say.
    /// - Throws: Only when it could not be computed.
    package func revocation(
        of chain: [Certificate], by lists: [RevocationList]
    ) throws(OpenSSLError) -> ChainRevocation {
        let usable = lists.filter { $0.defect == nil }
        var entries: [ChainRevocation.Entry] = []
        for (certificate, issuer) in zip(chain, chain.dropFirst()) {
            for list in usable where list.isSigned(by: issuer, for: certificate) {
                if let entry = try list.entry(of: certificate) { entries.append(entry) }
            }
        }
        return ChainRevocation(gap: try gap(in: chain, covered: usable), entries: entries)
    }

    private func gap(
        in chain: [Certificate], covered lists: [RevocationList]
    ) throws(OpenSSLError) -> String? {
        guard let leaf = chain.first, chain.count > 1 else { return nil }
        let stack = try unsafe Owned<RevocationListStack>(
            owning: COpenSSL_sk_X509_CRL_new(), from: "sk_X509_CRL_new_null")
        for list in lists {
            try unsafe require(
                COpenSSL_sk_X509_CRL_push(stack.pointer, list.list.pointer), "sk_X509_CRL_push")
        }
        let run = try ChainRun(leaf: leaf, anchor: anchor, untrusted: chain)
        try run.configure(.signing, at: nil)
        try run.demand(stack)
        guard try !run.verify() else { return nil }
        switch run.refusal {
        case .refused(let reason): return reason
        case .chain, .notAnchored: return "the chain cannot be looked up"
        }
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
    ) throws(OpenSSLError) -> ChainRevocation.Entry? {
        var found: OpaquePointer?
        let result = unsafe X509_CRL_get0_by_cert(
            list.pointer, &found, certificate.certificate.pointer)
        // Anything but 1 is no entry, or one that takes a revocation back.
        guard result == 1, let found = unsafe found else { return nil }
        let since = unsafe X509_REVOKED_get_ext_d2i(found, NID_invalidity_date, nil, nil)
            .map { OpaquePointer($0) }
        let invalidSince = try unsafe takenSeconds(since)
        let reason = unsafe X509_REVOKED_get_ext_d2i(found, NID_crl_reason, nil, nil)
            .map { OpaquePointer($0) }
        return ChainRevocation.Entry(
            subject: certificate.subject,
            at: try unsafe seconds(X509_REVOKED_get0_revocationDate(found)),
            isKeyCompromise: unsafe [1, 2].contains(takenInteger(reason)),
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
