import CloseoutCOpenSSL

/// The kinds of thing that a certified key is for (RFC 5280, 4.2.1.12).
package struct ExtendedKeyUsage: Equatable, Sendable {
    /// The object identifiers, in dotted decimals, in the certificate's order.
    package let purposes: [String]
    /// Whether whoever does not know the extension must refuse the certificate.
    package let isCritical: Bool

    /// Whether the key is for issuing time-stamps and nothing else, as RFC 3161 demands.
    package var isTimeStampingAlone: Bool {
        purposes == [Self.timeStamping] && isCritical
    }

    /// The identifier of any purpose.
    package static let any = "2.5.29.37.0"
    /// The identifier for signing programs.
    package static let codeSigning = "1.3.6.1.5.5.7.3.3"
    /// The identifier for signing and encrypting mail.
    package static let emailProtection = "1.3.6.1.5.5.7.3.4"
    /// The identifier for issuing time-stamps.
    package static let timeStamping = "1.3.6.1.5.5.7.3.8"
    /// The identifier for clients of TLS.
    package static let clientAuthentication = "1.3.6.1.5.5.7.3.2"
}

extension Certificate {
    /// Whether the key may make signatures, as far as the extension for it says.
    package var allowsSigning: Bool {
        let usage = unsafe X509_get_key_usage(certificate.pointer)
        return usage & UInt32(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION) != 0
    }

    /// Whether it states that its key may sign revocation lists.
    var statesListSigning: Bool {
        let usage = unsafe X509_get_key_usage(certificate.pointer)
        return usage != UInt32.max && usage & UInt32(KU_CRL_SIGN) != 0
    }

    /// Whether it says nothing of what its key is for.
    var leavesOutKeyUsage: Bool {
        unsafe X509_get_key_usage(certificate.pointer) == UInt32.max
    }

    /// Whether it says anything of certificate policies.
    var hasPolicies: Bool {
        ([NID_certificate_policies] + Self.policyRules).contains { identifier in
            unsafe X509_get_ext_by_NID(certificate.pointer, identifier, -1) >= 0
        }
    }

    /// Whether it limits certificate policies, and whoever does not know how must refuse it.
    var hasCriticalPolicyRules: Bool {
        Self.policyRules.contains { identifier in
            let index = unsafe X509_get_ext_by_NID(certificate.pointer, identifier, -1)
            guard index >= 0 else { return false }
            return unsafe Self.isCritical(X509_get_ext(certificate.pointer, index))
        }
    }

    private static let policyRules = [
        NID_policy_constraints, NID_inhibit_any_policy, NID_policy_mappings,
    ]

    static func issuer(of certificate: borrowing Owned<CertificateObject>) -> [UInt8] {
        let name = unsafe X509_get_issuer_name(certificate.pointer)
        return unsafe encoded { unsafe i2d_X509_NAME(name, $0) } ?? []
    }

    static func serialNumber(of certificate: borrowing Owned<CertificateObject>) -> [UInt8] {
        let number = unsafe X509_get0_serialNumber(certificate.pointer)
        let der = unsafe encoded { unsafe i2d_ASN1_INTEGER(number, $0) } ?? []
        var reader = DERReader(der[...])
        return Array(reader.read(.integer) ?? [])
    }

    static func subjectKeyIdentifier(
        of certificate: borrowing Owned<CertificateObject>
    ) -> [UInt8]? {
        guard
            let (value, _) = try? content(ofExtension: NID_subject_key_identifier, certificate)
        else { return nil }
        var reader = DERReader(value[...])
        return reader.readLast(.octetString).map { Array($0) }
    }

    static func extendedKeyUsage(
        of certificate: borrowing Owned<CertificateObject>
    ) throws(CertificateError) -> ExtendedKeyUsage? {
        guard let (value, isCritical) = try content(ofExtension: NID_ext_key_usage, certificate)
        else { return nil }
        var outer = DERReader(value[...])
        guard let content = outer.readLast(.sequence) else {
            throw .notACertificate("with a malformed extended key usage")
        }
        var list = DERReader(content)
        var purposes: [String] = []
        while !list.isAtEnd {
            guard let identifier = list.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted)
            else { throw .notACertificate("with a malformed extended key usage") }
            purposes.append(identifier)
        }
        return ExtendedKeyUsage(purposes: purposes, isCritical: isCritical)
    }

    static func alternativeNames(
        of certificate: borrowing Owned<CertificateObject>
    ) throws(CertificateError) -> [[UInt8]] {
        guard let (value, _) = try content(ofExtension: NID_subject_alt_name, certificate) else {
            return []
        }
        var outer = DERReader(value[...])
        var list = DERReader(outer.readLast(.sequence) ?? [])
        var names: [[UInt8]] = []
        while let (tag, content) = list.readAny() {
            switch tag {
            case 0x81: names.append(Array("email:".utf8) + content)
            case 0x82: names.append(Array("DNS:".utf8) + content)
            case 0x86: names.append(Array("URI:".utf8) + content)
            default: continue
            }
        }
        return names
    }

    /// The bytes inside an extension and whether it is critical; one that appears twice is refused.
    private static func content(
        ofExtension identifier: CInt, _ certificate: borrowing Owned<CertificateObject>
    ) throws(CertificateError) -> ([UInt8], Bool)? {
        let index = unsafe X509_get_ext_by_NID(certificate.pointer, identifier, -1)
        guard index >= 0 else { return nil }
        guard unsafe X509_get_ext_by_NID(certificate.pointer, identifier, index) < 0 else {
            throw .notACertificate("with a duplicate extension")
        }
        let found = unsafe X509_get_ext(certificate.pointer, index)
        return (unsafe bytes(of: X509_EXTENSION_get_data(found)), unsafe isCritical(found))
    }

    private static func isCritical(_ found: OpaquePointer?) -> Bool {
        unsafe X509_EXTENSION_get_critical(found) == 1
    }
}

/// The bytes of an `ASN1_STRING`.
func bytes(of string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
    guard let string = unsafe string, let start = unsafe ASN1_STRING_get0_data(string) else {
        return []
    }
    let count = unsafe Int(ASN1_STRING_length(string))
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
}

/// Writes object identifiers as dotted decimals.
enum ObjectIdentifier {
    /// The dotted decimals of an identifier's content; nil unless it is DER of a sensible length.
    static func dotted(_ content: ArraySlice<UInt8>) -> String? {
        guard !content.isEmpty, content.count <= 64, content.last.map({ $0 < 0x80 }) == true else {
            return nil
        }
        var arcs: [UInt64] = []
        var arc: UInt64 = 0
        var isFirst = true
        for byte in content {
            guard !(isFirst && byte == 0x80), arc < 1 << 56 else { return nil }
            arc = arc << 7 | UInt64(byte & 0x7F)
            isFirst = byte < 0x80
            guard isFirst else { continue }
            arcs += arcs.isEmpty ? [min(arc / 40, 2), arc - 40 * min(arc / 40, 2)] : [arc]
            arc = 0
        }
        return arcs.map(String.init).joined(separator: ".")
    }
}
