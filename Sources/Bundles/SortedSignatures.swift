import CloseoutFiles
package import CloseoutOpenSSL
package import CloseoutRecords
import CloseoutSignatures

/// The signature files of a bundle, apart by what they cover: those of records are recognised by the
/// type of their payload, all others cover the seal (docs/records.md, "Signatures").
package struct SortedSignatures: Sendable {
    /// A signature file over a record.
    package struct OfRecord: Sendable {
        /// The file.
        package let file: LoggedFile
        /// What it claims to cover.
        package let signature: RecordSignature
        /// The digest of the record that it is over.
        package let record: SHA256Digest
    }

    /// The files that cover the seal, in log order.
    package private(set) var seal: [LoggedFile] = []
    /// The files over records, in log order, by the digest of the record.
    package private(set) var records: [SHA256Digest: [OfRecord]] = [:]

    /// The files over records that are verified, in log order: of each record no more than the limit.
    package private(set) var checked: [OfRecord] = []

    /// Sorts the signature files of a bundle.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package init(_ contents: BundleContents) throws(OpenSSLError) {
        _ = try add(contents.files[...], of: contents)
    }

    /// Sorts the same on all processors.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package init(concurrently contents: BundleContents) async throws(OpenSSLError) {
        let files = contents.files(.signature)
        let evidence = Self.evidence(contents)
        let parts = try await inParts(of: files.count, least: 64) { range throws(OpenSSLError) in
            try files[range].map { file throws(OpenSSLError) in
                try Self.record(under: file, evidence)
            }
        }
        for (file, item) in zip(files, parts.joined()) { add(file, item) }
    }

    /// Begins without any.
    package init() {}

    /// Sorts the signature files among those that were added to a bundle.
    ///
    /// - Parameters:
    ///   - files: What was added, in log order.
    ///   - contents: The bundle with it.
    /// - Returns: The records that have signatures among them.
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package mutating func add(
        _ files: ArraySlice<LoggedFile>, of contents: BundleContents
    ) throws(OpenSSLError) -> Set<SHA256Digest> {
        var signed: Set<SHA256Digest> = []
        let evidence = Self.evidence(contents)
        for file in files where file.entry.kind == .signature {
            let item = try Self.record(under: file, evidence)
            if let item { signed.insert(item.record) }
            add(file, item)
        }
        return signed
    }

    /// Takes in the next file.
    private mutating func add(_ file: LoggedFile, _ item: OfRecord?) {
        guard let item else {
            seal.append(file)
            return
        }
        let count = records[item.record, default: []].count
        records[item.record, default: []].append(item)
        if count < BundleLimits.signaturesPerSubject { checked.append(item) }
    }

    /// What a signature file is where it covers a record; nil for any other.
    private static func record(
        under file: LoggedFile, _ evidence: [SHA256Digest: [UInt8]]
    ) throws(OpenSSLError) -> OfRecord? {
        guard file.entry.mediaType == SignatureFormat.dsse.mediaType,
            let bytes = file.trueBytes, var signature = RecordSignature(envelope: bytes)
        else { return nil }
        let digest = try SHA256Digest.of(signature.record)
        if let record = evidence[digest] { signature.share(record) }
        return OfRecord(file: file, signature: signature, record: digest)
    }

    /// The bytes of the records, by their digests.
    private static func evidence(_ contents: BundleContents) -> [SHA256Digest: [UInt8]] {
        var evidence: [SHA256Digest: [UInt8]] = [:]
        for file in contents.files where file.entry.kind == .evidence {
            evidence[file.entry.digest] = file.trueBytes
        }
        return evidence
    }
}
