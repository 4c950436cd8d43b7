import CloseoutCOpenSSL

/// One extension of a certificate as it is written (RFC 5280, 4.1.2.9).
package struct CertificateExtension: Equatable, Sendable {
    /// What it is, in dotted decimals.
    package let identifier: String
    /// Whether whoever does not know it must refuse the certificate.
    package let isCritical: Bool
    /// The content of its OCTET STRING.
    package let value: [UInt8]
    /// The whole element.
    let der: [UInt8]

    /// The content of the one UTF8String that the value is; nil for anything else.
    package var utf8String: [UInt8]? {
        var reader = DERReader(value[...])
        return reader.readLast(.utf8String).map { Array($0) }
    }

    /// The content of the one OCTET STRING that the value is; nil for anything else.
    package var octetString: [UInt8]? {
        var reader = DERReader(value[...])
        return reader.readLast(.octetString).map { Array($0) }
    }

    /// The names that the value is, of a subject's alternative names; nil for anything else.
    package var generalNames: [GeneralName]? {
        var outer = DERReader(value[...])
        guard let content = outer.readLast(.sequence) else { return nil }
        var list = DERReader(content)
        var names: [GeneralName] = []
        while !list.isAtEnd {
            guard let (tag, content) = list.readAny() else { return nil }
            names.append(GeneralName(tag: tag, content: content))
        }
        return names
    }
}

/// One of a certificate's alternative names (RFC 5280, 4.2.1.6), byte for byte.
package enum GeneralName: Equatable, Sendable {
    /// A mail address.
    case email([UInt8])
    /// A URI.
    case uri([UInt8])
    /// A name of a type of its own, in dotted decimals, as UTF-8.
    case other(type: String, [UInt8])
    /// A name of another kind, by its tag.
    case unread(UInt8)

    init(tag: UInt8, content: ArraySlice<UInt8>) {
        switch tag {
        case 0x81: self = .email(Array(content))
        case 0x86: self = .uri(Array(content))
        case DERTag.constructed0.rawValue:
            var fields = DERReader(content)
            guard let type = fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted),
                let wrapped = fields.readLast(.constructed0)
            else {
                self = .unread(tag)
                return
            }
            var inner = DERReader(wrapped)
            self = inner.readLast(.utf8String).map { .other(type: type, Array($0)) } ?? .unread(tag)
        default: self = .unread(tag)
        }
    }
}

extension Certificate {
    /// The extensions in their order; nil where they are not written as RFC 5280 has them.
    package var extensions: [CertificateExtension]? { parts?.extensions }

    /// What was to be signed, with one extension taken out and all lengths made to fit: what a log
    /// signed of a certificate before its time-stamps were put in (RFC 6962, 3.2).
    ///
    /// - Returns: Nil where there is not exactly one such extension and another beside it.
    package func toBeSigned(without identifier: String) -> [UInt8]? {
        guard let parts else { return nil }
        let kept = parts.extensions.filter { $0.identifier != identifier }
        guard kept.count + 1 == parts.extensions.count, !kept.isEmpty else { return nil }
        let list = DER.element(.sequence, kept.flatMap(\.der))
        return DER.element(.sequence, parts.before + DER.element(.constructed3, list))
    }

    /// Whether it states that its key is for signatures of data.
    package var statesDigitalSignature: Bool {
        let usage = unsafe X509_get_key_usage(certificate.pointer)
        return usage != UInt32.max && usage & UInt32(KU_DIGITAL_SIGNATURE) != 0
    }

    /// The TBSCertificate up to its extensions, and these.
    private var parts: (before: [UInt8], extensions: [CertificateExtension])? {
        var outer = DERReader(der[...])
        var certificate = DERReader(outer.readLast(.sequence) ?? [])
        guard let content = certificate.read(.sequence) else { return nil }
        var fields = DERReader(content)
        _ = fields.readOptional(.constructed0)
        guard fields.read(.integer) != nil else { return nil }
        // Algorithm, issuer, validity, subject and key.
        for _ in 0..<5 where fields.read(.sequence) == nil { return nil }
        while let tag = fields.remainder.first, [0x81, 0x82].contains(tag) {
            guard fields.readAny() != nil else { return nil }
        }
        let before = Array(content.prefix(content.count - fields.remainder.count))
        guard !fields.isAtEnd else { return (before, []) }
        var wrapped = DERReader(fields.readLast(.constructed3) ?? [])
        guard let list = wrapped.readLast(.sequence) else { return nil }
        var reader = DERReader(list)
        var extensions: [CertificateExtension] = []
        while !reader.isAtEnd {
            guard let der = reader.readWhole(.sequence),
                let one = CertificateExtension(der: Array(der))
            else { return nil }
            extensions.append(one)
        }
        return (before, extensions)
    }
}

extension CertificateExtension {
    fileprivate init?(der: [UInt8]) {
        var outer = DERReader(der[...])
        var fields = DERReader(outer.readLast(.sequence) ?? [])
        guard let identifier = fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted)
        else { return nil }
        let critical = fields.readOptional(.boolean)
        guard critical == nil || critical?.elementsEqual([0xFF]) == true,
            let value = fields.readLast(.octetString)
        else { return nil }
        self.init(
            identifier: identifier, isCritical: critical != nil, value: Array(value), der: der)
    }
}
