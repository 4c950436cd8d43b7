import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

/// Reads evidence in JSON: bills of materials, results of analyses, statements.
///
/// A document says by a member of its own what it is, and the order of members says nothing, so all
/// that any form has is gathered in one pass.
struct JSONEvidenceReader {
    private var bomFormat: [UInt8]?
    private var spdxVersion: [UInt8]?
    private var sarifVersion: [UInt8]?
    private var type: [UInt8]?
    private var predicateType: [UInt8]?
    private var hasPayload = false
    private var hasGraph = false
    private var parts = MaterialParts()
    private var analysis: AnalysisTotals?

    /// Reads a document whose first character is a brace.
    static func read(_ bytes: [UInt8]) -> EvidenceContent {
        do {
            var gathered = JSONEvidenceReader()
            var reader = try ForeignJSONReader(bytes)
            try reader.object { key, reader in try gathered.take(key, &reader) }
            try reader.end()
            return gathered.content(bytes)
        } catch {
            return .unread("cannot be read as JSON: \(error)")
        }
    }

    private mutating func take(_ key: [UInt8], _ reader: inout ForeignJSONReader) throws {
        switch String(decoding: key, as: UTF8.self) {
        case "bomFormat": bomFormat = try reader.string()
        case "spdxVersion": spdxVersion = try reader.string()
        case "version": sarifVersion = try reader.string()
        case "_type": type = try reader.string()
        case "predicateType": predicateType = try reader.string()
        case "payloadType":
            hasPayload = true
            try reader.skip()
        case "@graph":
            hasGraph = true
            try reader.skip()
        case "components": try takeComponents(&reader)
        case "metadata":
            try reader.object { key, reader in
                if key.isEqual(to: "component") { try takeComponent(&reader) }
            }
        case "packages": try reader.array { reader in try takeSPDX(&reader) }
        case "files": try reader.array { reader in try takeSPDX(&reader) }
        case "runs":
            var totals = AnalysisReader()
            if try reader.array({ reader in try totals.takeRun(&reader) }) {
                analysis = totals.concluded
            }
        default: break
        }
    }

    private func content(_ bytes: [UInt8]) -> EvidenceContent {
        if bomFormat?.isEqual(to: "CycloneDX") == true {
            return EvidenceContent(form: .cycloneDX, body: .parts(parts))
        }
        if spdxVersion?.starts(with: "SPDX-2.".utf8) == true {
            return EvidenceContent(form: .spdx, body: .parts(parts))
        }
        if let analysis, let sarifVersion {
            guard sarifVersion.isEqual(to: "2.1.0") else {
                return EvidenceContent(
                    form: .sarif,
                    body: .unreadable("is SARIF of another version than 2.1.0"))
            }
            return EvidenceContent(form: .sarif, body: .results(analysis))
        }
        if type?.starts(with: "https://in-toto.io/Statement/".utf8) == true {
            return EvidenceContent(form: .statement, body: .statement(predicateType ?? []))
        }
        if hasPayload, let envelope = try? DSSEEnvelope(parsing: bytes),
            envelope.payloadType.isEqual(to: "application/vnd.in-toto+json")
        {
            let payload = Self.read(envelope.payload)
            guard payload.form == .statement else {
                return EvidenceContent(
                    form: .envelope, body: .unreadable("holds no in-toto statement"))
            }
            return EvidenceContent(form: .envelope, body: payload.body)
        }
        return .unread(
            hasGraph || spdxVersion != nil
                ? "is SPDX of another version than 2" : "is JSON of no form that is read")
    }

    private mutating func takeComponents(_ reader: inout ForeignJSONReader) throws {
        try reader.array { reader in try takeComponent(&reader) }
    }

    /// A component of CycloneDX, with those within it.
    private mutating func takeComponent(_ reader: inout ForeignJSONReader) throws {
        var part = Part()
        let isPart = try reader.object { key, reader in
            switch String(decoding: key, as: UTF8.self) {
            case "name": part.names.append(try reader.string() ?? [])
            case "hashes":
                try reader.array { reader in
                    try part.takeDigest(&reader, algorithm: "alg", "SHA-256", value: "content")
                }
            case "components": try takeComponents(&reader)
            default: break
            }
        }
        if isPart { parts.add(part) }
    }

    /// A package or a file of SPDX.
    private mutating func takeSPDX(_ reader: inout ForeignJSONReader) throws {
        var part = Part()
        let isPart = try reader.object { key, reader in
            switch String(decoding: key, as: UTF8.self) {
            case "name", "fileName", "packageFileName":
                part.names.append(try reader.string() ?? [])
            case "checksums":
                try reader.array { reader in
                    try part.takeDigest(
                        &reader, algorithm: "algorithm", "SHA256", value: "checksumValue")
                }
            default: break
            }
        }
        if isPart { parts.add(part) }
    }
}

/// A part of a bill of materials.
private struct Part {
    var names: [[UInt8]] = []
    var digests: [SHA256Digest] = []
    /// Whether it has a SHA-256, also one that is none.
    var hasDigest = false

    mutating func takeDigest(
        _ reader: inout ForeignJSONReader, algorithm algorithmKey: String, _ algorithm: String,
        value valueKey: String
    ) throws {
        var isSHA256 = false
        var value: [UInt8]?
        try reader.object { key, reader in
            if key.isEqual(to: algorithmKey) {
                isSHA256 = try reader.string()?.isEqual(to: algorithm) ?? false
            } else if key.isEqual(to: valueKey) {
                value = try reader.string()
            }
        }
        guard isSHA256 else { return }
        hasDigest = true
        let lower = value?.map { (0x41...0x46).contains($0) ? $0 | 0x20 : $0 } ?? []
        if let digest = Hex.decode(lower).flatMap({ SHA256Digest($0) }) { digests.append(digest) }
    }
}

extension MaterialParts {
    fileprivate mutating func add(_ part: Part) {
        count += 1
        digests.formUnion(part.digests)
        guard !part.hasDigest else { return }
        for name in part.names {
            let last = name.split(separator: UInt8(ascii: "/")).last
            if let last { names.insert(Array(last)) }
        }
    }
}
