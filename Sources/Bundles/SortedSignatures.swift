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
    package var checked: [OfRecord] {
        records.values.flatMap { $0.prefix(BundleLimits.signaturesPerSubject) }
            .sorted { $0.file.entry.sequence < $1.file.entry.sequence }
    }

    /// Sorts the signature files of a bundle.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package init(_ contents: BundleContents) throws(OpenSSLError) {
        _ = try add(contents.files[...], of: contents)
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
        var evidence: [SHA256Digest: [UInt8]] = [:]
        for file in contents.files where file.entry.kind == .evidence {
            evidence[file.entry.digest] = file.trueBytes
        }
        for file in files where file.entry.kind == .signature {
            guard file.entry.mediaType == SignatureFormat.dsse.mediaType,
                let bytes = file.trueBytes, var signature = RecordSignature(envelope: bytes)
            else {
                seal.append(file)
                continue
            }
            let digest = try SHA256Digest.of(signature.record)
            if let record = evidence[digest] { signature.share(record) }
            signed.insert(digest)
            records[digest, default: []].append(
                OfRecord(file: file, signature: signature, record: digest))
        }
        return signed
    }
}
