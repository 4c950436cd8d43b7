import CloseoutCOpenSSL

/// Certificate policies as libcrypto checks them, with any policy as the wanted one (RFC 5280, 6.1).
enum CertificatePolicies {
    /// What libcrypto finds of a chain.
    enum Finding {
        case valid
        case malformed
        case noneLeft
        case notComputed

        /// Checks a `STACK_OF(X509)` from leaf to anchor.
        init(of chain: OpaquePointer?) {
            self =
                switch unsafe COpenSSL_X509_policy_check(chain) {
                case 1: .valid
                case -1: .malformed
                case -2: .noneLeft
                default: .notComputed
                }
            OpenSSLError.clearQueue()
        }

        /// Why the chain is refused; nil if it is not.
        var refusal: String? {
            switch self {
            case .valid: nil
            case .malformed: "a certificate's policies are malformed"
            case .noneLeft:
                "a certificate policy is demanded, and none holds for the whole chain"
            case .notComputed: "the certificate policies are more than can be checked"
            }
        }
    }

    /// Whether this libcrypto gives the right answers about chains whose answer is known.
    ///
    /// Versions before 3.0.9 and 3.1.1 do not, and distributions change what a version is. Nobody pays
    /// for it before the first chain with policies.
    static let canBeChecked: Bool =
        finding([[], [policies(1), explicit]]) == .noneLeft
        && finding([[policies(2)], [policies(1), explicit]]) == .noneLeft
        && finding([[policies(1)], [policies(1), explicit]]) == .valid
        && finding([[anyPolicy], [anyPolicy, explicit]]) == .valid
        && finding([[anyPolicy], [policies(1), explicit, inhibitAny]]) == .noneLeft
        && finding([[policies(1, 1)], [policies(1)]]) == .malformed
        // Each level doubles what has to be kept, which has to end somewhere.
        && finding([[policies(1, 2)]] + Array(repeating: [policies(1, 2), mappings], count: 12))
            == .notComputed
}

// MARK: The chains whose answer is known

extension CertificatePolicies {
    /// What is found of a chain with these extensions, leaf first, below an anchor without any.
    private static func finding(_ extensions: [[[UInt8]]]) -> Finding? {
        let names = Array(UInt8(1)...UInt8(extensions.count + 1))
        let bodies = extensions + [[]]
        let certificates = zip(names, bodies).map { name, body in
            try? Certificate(
                der: certificate(name, by: min(name + 1, UInt8(bodies.count)), with: body))
        }
        guard
            let stack = try? unsafe Owned<CertificateStack>(
                owning: COpenSSL_sk_X509_new(), from: "sk_X509_new_null")
        else { return nil }
        for certificate in certificates {
            guard let pointer = unsafe certificate?.certificate.pointer,
                unsafe COpenSSL_sk_X509_push(stack.pointer, pointer) == 1
            else { return nil }
        }
        return withExtendedLifetime(certificates) { unsafe Finding(of: stack.pointer) }
    }

    /// A certificate whose signature nobody looks at.
    private static func certificate(
        _ name: UInt8, by issuer: UInt8, with extensions: [[UInt8]]
    ) -> [UInt8] {
        let algorithm = sequence([6, 3, 0x2B, 0x65, 0x70])
        let time = DER.element(0x17, Array("250101000000Z".utf8))
        var body = DER.element(0xA0, [2, 1, 2]) + [2, 1, name] + algorithm + self.name(issuer)
        body += sequence(time + time) + self.name(name)
        body += sequence(algorithm + DER.element(3, [UInt8](repeating: 0, count: 33)))
        if !extensions.isEmpty { body += DER.element(0xA3, sequence(extensions.flatMap(\.self))) }
        return sequence(
            sequence(body) + algorithm + DER.element(3, [UInt8](repeating: 0, count: 65)))
    }

    private static func name(_ number: UInt8) -> [UInt8] {
        let text = DER.element(0x0C, Array("\(number)".utf8))
        return sequence(DER.element(0x31, sequence([6, 3, 0x55, 4, 3] + text)))
    }

    private static func policies(_ numbers: UInt8...) -> [UInt8] {
        policies(numbers.map(policy))
    }

    private static func policies(_ identifiers: [[UInt8]]) -> [UInt8] {
        addition(32, sequence(identifiers.flatMap { sequence($0) }))
    }

    private static func policy(_ number: UInt8) -> [UInt8] { [6, 3, 0x2A, 3, number] }

    private static let anyPolicy = policies([[6, 4, 0x55, 0x1D, 32, 0]])
    private static let explicit = addition(36, sequence([0x80, 1, 0]), isCritical: true)
    private static let inhibitAny = addition(54, [2, 1, 0], isCritical: true)
    private static let mappings = addition(
        33,
        sequence(
            [UInt8(1), 2].flatMap { from in
                [UInt8(1), 2].flatMap { sequence(policy(from) + policy($0)) }
            }))

    /// An extension of the arc 2.5.29.
    private static func addition(
        _ number: UInt8, _ value: [UInt8], isCritical: Bool = false
    ) -> [UInt8] {
        sequence(
            [6, 3, 0x55, 0x1D, number] + (isCritical ? [1, 1, 0xFF] : []) + DER.element(4, value))
    }

    private static func sequence(_ content: [UInt8]) -> [UInt8] { DER.element(.sequence, content) }
}
