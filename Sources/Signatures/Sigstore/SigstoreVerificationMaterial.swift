import CloseoutEncodings

/// The `verificationMaterial` of a bundle: which key, and what came along to date the signature.
struct SigstoreVerificationMaterial {
    /// What it says of the key; empty when it says nothing.
    let keyHint: [UInt8]
    /// How many log entries it has; all are of the form that the format has.
    let logEntryCount: Int
    /// The RFC 3161 responses, in DER.
    let timestamps: [[UInt8]]

    /// Reads it.
    ///
    /// - Throws: `JSONShapeError`, also for certificates: no certificate becomes an anchor by
    ///   being in a bundle.
    init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        for certificate in ["certificate", "x509CertificateChain"] {
            guard let found = reader.present(certificate) else { continue }
            throw found.invalid("a certificate is not supported: only a managed public key is")
        }
        var key = try reader.object("publicKey")
        keyHint = try key.present("hint")?.bytes() ?? []
        try key.finish()
        let entries = try reader.present("tlogEntries")?.companions() ?? []
        for entry in entries { try Self.checkLogEntry(entry) }
        logEntryCount = entries.count
        var timestamps: [[UInt8]] = []
        if let data = reader.present("timestampVerificationData") {
            var data = try data.object()
            for item in try data.present("rfc3161Timestamps")?.companions() ?? [] {
                var stamp = try item.object()
                timestamps.append(try stamp.required("signedTimestamp").nonEmptyBase64())
                try stamp.finish()
            }
            try data.finish()
        }
        self.timestamps = timestamps
        try reader.finish()
    }
}

// MARK: Log entries

extension SigstoreVerificationMaterial {
    /// Reads an entry of a transparency log, of which nothing is kept.
    private static func checkLogEntry(_ item: JSONItem) throws(JSONShapeError) {
        var entry = try item.object()
        try entry.present("logIndex")?.checkDecimal()
        try entry.present("integratedTime")?.checkDecimal()
        _ = try entry.present("canonicalizedBody")?.base64()
        if let log = entry.present("logId") { try checkMembers(of: log, inBase64: ["keyId"]) }
        if let kind = entry.present("kindVersion") {
            try checkMembers(of: kind, asText: ["kind", "version"])
        }
        if let promise = entry.present("inclusionPromise") {
            try checkMembers(of: promise, inBase64: ["signedEntryTimestamp"])
        }
        if let proof = entry.present("inclusionProof") { try checkInclusionProof(proof) }
        try entry.finish()
    }

    private static func checkInclusionProof(_ item: JSONItem) throws(JSONShapeError) {
        var proof = try item.object()
        try proof.present("logIndex")?.checkDecimal()
        try proof.present("treeSize")?.checkDecimal()
        _ = try proof.present("rootHash")?.base64()
        for hash in try proof.present("hashes")?.array() ?? [] { _ = try hash.base64() }
        if let checkpoint = proof.present("checkpoint") {
            try checkMembers(of: checkpoint, asText: ["envelope"])
        }
        try proof.finish()
    }

    private static func checkMembers(
        of item: JSONItem, inBase64 encoded: [String] = [], asText texts: [String] = []
    ) throws(JSONShapeError) {
        var reader = try item.object()
        for key in encoded { _ = try reader.present(key)?.base64() }
        for key in texts { _ = try reader.present(key)?.bytes() }
        try reader.finish()
    }
}

// MARK: JSON of Protocol Buffers

extension JSONObjectReader {
    /// Takes a key that may be absent, or null, which means the same.
    mutating func present(_ key: String) -> JSONItem? {
        optional(key).flatMap { $0.value == .null ? nil : $0 }
    }
}

extension JSONItem {
    /// The value as bytes in padded standard base64, of which there is at least one.
    func nonEmptyBase64() throws(JSONShapeError) -> [UInt8] {
        let bytes = try base64()
        guard !bytes.isEmpty else { throw invalid("empty") }
        return bytes
    }

    /// The elements of an array of log entries or time-stamps.
    fileprivate func companions() throws(JSONShapeError) -> [JSONItem] {
        let items = try array()
        guard items.count <= SigstoreBundle.mostCompanions else {
            throw invalid("more than \(SigstoreBundle.mostCompanions)")
        }
        return items
    }

    /// Checks that the value is a whole number of up to 64 bits, in a string.
    fileprivate func checkDecimal() throws(JSONShapeError) {
        let text = try string()
        guard let number = Int64(text), number >= 0, "\(number)" == text else {
            throw invalid("not a whole number in a string")
        }
    }
}
