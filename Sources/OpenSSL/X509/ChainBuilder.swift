import CloseoutCOpenSSL

/// Builds and verifies chains of certificates up to one anchor (RFC 5280, 6).
///
/// libcrypto's strict checks at 112 bits of security, with no store but the one anchor: what a
/// signature brings along is never trusted, and the system's certificates are not looked at.
///
/// The anchor is forgiven what its certificate leaves out: key usage, key identifiers, critical marks.
/// What it states binds: that it is no authority, for what its key is, the length of paths, names, dates.
package struct ChainBuilder: Sendable {
    /// The result of building a chain.
    package enum Outcome: Equatable, Sendable {
        /// A chain that holds, from the leaf to the anchor.
        case chain([Certificate])
        /// Nothing leads from the leaf to the anchor.
        case notAnchored
        /// The chain breaks a rule, which is named.
        case refused(String)

        /// The rule that is broken; empty where none is.
        package var reason: String {
            if case .refused(let reason) = self { reason } else { "" }
        }
    }

    /// What the end of the chain is for.
    package enum Purpose: Sendable {
        /// Making signatures; the extended key usage is left to the caller.
        case signing
        /// Issuing time-stamps, with a critical extension that allows nothing else.
        case timeStamping
    }

    let anchor: Certificate
    let untrusted: [Certificate]

    /// Sets up for an anchor and for the certificates that may be between it and a leaf.
    package init(anchor: Certificate, untrusted: [Certificate]) {
        self.anchor = anchor
        self.untrusted = untrusted
    }

    /// Builds a chain that holds at an instant, in seconds since 1970; without one, times are not
    /// looked at.
    ///
    /// - Throws: Only when it could not be computed.
    package func chain(
        from leaf: Certificate, for purpose: Purpose, at instant: Int64?
    ) throws(OpenSSLError) -> Outcome {
        // Whoever is the anchor has a chain of one, whatever others claim to have issued it.
        let others = leaf == anchor ? [] : untrusted
        let outcome = try chain(from: leaf, among: others, for: purpose, at: instant, true)
        if case .chain = outcome { return outcome }
        // What is certified by no authority only serves to say why.
        return try chain(from: leaf, among: others, for: purpose, at: instant, false)
    }

    private func chain(
        from leaf: Certificate, among others: [Certificate], for purpose: Purpose,
        at instant: Int64?, _ isStrict: Bool
    ) throws(OpenSSLError) -> Outcome {
        let untrusted = CertifiedPool(anchor: anchor, among: [leaf] + others, isStrict: isStrict)
            .all(above: leaf).filter { $0 != anchor }
        let run = try ChainRun(leaf: leaf, anchor: anchor, untrusted: untrusted)
        try run.configure(purpose, at: instant)
        guard try run.verify() else { return run.refusal }
        let chain = run.chain(among: [leaf, anchor] + untrusted)
        if let refusal = run.policyRefusal(of: chain) { return .refused(refusal) }
        return .chain(chain)
    }

    /// How many certificates may be between leaf and anchor.
    static let depthLimit: CInt = 5
}

/// One run of `X509_verify_cert` and what it needs to stay alive.
struct ChainRun: ~Copyable {
    private let context: Owned<VerificationContext>
    private let store: Owned<TrustStore>
    private let untrusted: Owned<CertificateStack>

    init(
        leaf: Certificate, anchor: Certificate, untrusted: [Certificate]
    ) throws(OpenSSLError) {
        let library = try Library.shared()
        let store = try unsafe Owned<TrustStore>(owning: X509_STORE_new(), from: "X509_STORE_new")
        try unsafe require(
            X509_STORE_add_cert(store.pointer, anchor.certificate.pointer), "X509_STORE_add_cert")
        let stack = try unsafe Owned<CertificateStack>(
            owning: COpenSSL_sk_X509_new(), from: "sk_X509_new_null")
        for certificate in untrusted {
            try unsafe require(
                COpenSSL_sk_X509_push(stack.pointer, certificate.certificate.pointer),
                "sk_X509_push")
        }
        let context = try unsafe Owned<VerificationContext>(
            owning: X509_STORE_CTX_new_ex(library.context, nil), from: "X509_STORE_CTX_new_ex")
        try unsafe require(
            X509_STORE_CTX_init(
                context.pointer, store.pointer, leaf.certificate.pointer, stack.pointer),
            "X509_STORE_CTX_init")
        self.store = store
        self.untrusted = stack
        self.context = context
    }

    /// Sets the rules; every other parameter stays at libcrypto's default.
    func configure(_ purpose: ChainBuilder.Purpose, at instant: Int64?) throws(OpenSSLError) {
        let parameters = unsafe X509_STORE_CTX_get0_param(context.pointer)
        let rules = X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST
        try setFlags(UInt(rules))
        unsafe X509_VERIFY_PARAM_set_depth(parameters, ChainBuilder.depthLimit)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        unsafe COpenSSL_X509_STORE_CTX_forgive_anchor(context.pointer)
        if let instant {
            unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(instant))
        } else {
            try setFlags(UInt(X509_V_FLAG_NO_CHECK_TIME))
        }
        if purpose == .timeStamping {
            try unsafe require(
                X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_TIMESTAMP_SIGN),
                "X509_VERIFY_PARAM_set_purpose")
        }
    }

    /// Whether the chain holds.
    func verify() throws(OpenSSLError) -> Bool {
        let result = unsafe X509_verify_cert(context.pointer)
        let error = unsafe X509_STORE_CTX_get_error(context.pointer)
        guard result >= 0, error != X509_V_ERR_OUT_OF_MEM, error != X509_V_ERR_UNSPECIFIED else {
            throw .taken(after: "X509_verify_cert")
        }
        OpenSSLError.clearQueue()
        return result == 1
    }

    /// Why it does not.
    var refusal: ChainBuilder.Outcome {
        let error = unsafe X509_STORE_CTX_get_error(context.pointer)
        let strangers = [
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_CERT_SIGNATURE_FAILURE,
        ]
        guard !strangers.contains(error) else { return .notAnchored }
        let depth = unsafe X509_STORE_CTX_get_error_depth(context.pointer)
        let text = unsafe String(cString: X509_verify_cert_error_string(CLong(error)))
        return .refused("\(text) (certificate \(depth) of the chain)")
    }

    /// What the certificate policies of the chain that was built have against it (RFC 5280, 6.1).
    ///
    /// - Parameter chain: The same chain as ``chain(among:)`` returns it.
    /// - Returns: The reason; nil where any policy will do or none is demanded.
    func policyRefusal(of chain: [Certificate]) -> String? {
        // The anchor's own policies are no part of the path.
        let path = chain.dropLast()
        guard path.contains(where: \.hasPolicies) else { return nil }
        guard CertificatePolicies.canBeChecked else {
            return path.contains(where: \.hasCriticalPolicyRules)
                ? "this libcrypto cannot check the critical rules on certificate policies" : nil
        }
        let list = unsafe X509_STORE_CTX_get0_chain(context.pointer)
        return unsafe CertificatePolicies.Finding(of: list).refusal
    }

    /// The chain that was built, leaf first.
    func chain(among known: [Certificate]) -> [Certificate] {
        let list = unsafe X509_STORE_CTX_get0_chain(context.pointer)
        return unsafe (0..<COpenSSL_sk_X509_num(list)).compactMap { index in
            let pointer = unsafe COpenSSL_sk_X509_value(list, index)
            return known.first { unsafe $0.certificate.pointer == pointer }
        }
    }

    private func setFlags(_ flags: UInt) throws(OpenSSLError) {
        let parameters = unsafe X509_STORE_CTX_get0_param(context.pointer)
        try unsafe require(
            X509_VERIFY_PARAM_set_flags(parameters, flags), "X509_VERIFY_PARAM_set_flags")
    }
}

/// Names `X509_STORE_CTX`.
enum VerificationContext: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe X509_STORE_CTX_free(pointer) }
}

/// Names `X509_STORE`.
enum TrustStore: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe X509_STORE_free(pointer) }
}

/// Names a stack of `X509`, which it does not own.
enum CertificateStack: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe COpenSSL_sk_X509_free(pointer) }
}
