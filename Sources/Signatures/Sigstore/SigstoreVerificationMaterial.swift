import CloseoutEncodings

/// The `verificationMaterial` of a bundle: who signed, and what came along to date the signature.
struct SigstoreVerificationMaterial {
    /// What it says of the signer; nothing of it is believed.
    let signer: Signer
    /// The log entries that it has.
    let logEntries: [SigstoreLogEntry]
    /// The RFC 3161 responses, in DER.
    let timestamps: [[UInt8]]

    /// The ways in which a bundle names its signer.
    enum Signer: Equatable {
        /// A managed key, by what the bundle calls it; empty when it calls it nothing.
        case key(hint: [UInt8])
        /// Certificates in DER: one, or several in the older form.
        case certificates([[UInt8]], isChain: Bool)
    }

    /// Reads it.
    ///
    /// - Throws: `JSONShapeError`, also where it names its signer in more than one way.
    init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        let certificate = reader.present("certificate")
        let chain = reader.present("x509CertificateChain")
        switch (certificate, chain) {
        case (nil, nil):
            var key = try reader.object("publicKey")
            signer = .key(hint: try key.present("hint")?.bytes() ?? [])
            try key.finish()
        case (let item?, nil):
            guard reader.present("publicKey") == nil else {
                throw item.invalid("not allowed beside `publicKey`")
            }
            signer = .certificates([try Self.certificate(item)], isChain: false)
        case (nil, let item?):
            guard reader.present("publicKey") == nil else {
                throw item.invalid("not allowed beside `publicKey`")
            }
            var list = try item.object()
            var certificates: [[UInt8]] = []
            for item in try list.required("certificates").companions() {
                certificates.append(try Self.certificate(item))
            }
            try list.finish()
            guard !certificates.isEmpty else { throw item.invalid("holds no certificate") }
            signer = .certificates(certificates, isChain: true)
        case (_?, let item?): throw item.invalid("not allowed beside `certificate`")
        }
        var entries: [SigstoreLogEntry] = []
        for item in try reader.present("tlogEntries")?.companions() ?? [] {
            entries.append(try SigstoreLogEntry(item))
        }
        logEntries = entries
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

    private static func certificate(_ item: JSONItem) throws(JSONShapeError) -> [UInt8] {
        var reader = try item.object()
        let bytes = try reader.required("rawBytes").nonEmptyBase64()
        try reader.finish()
        return bytes
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

    /// The value as a whole number below 2^63, in a string.
    func decimal() throws(JSONShapeError) -> Int64 {
        let text = try string()
        guard let number = Int64(text), number >= 0, "\(number)" == text else {
            throw invalid("not a whole number in a string")
        }
        return number
    }
}
