import CloseoutBundles
import CloseoutEncodings
package import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutSignatures

/// A record that is to be signed before its bundle is opened: by a program or a service, which may take
/// long.
///
///     let record = try await PreparedRecord(draft, forBundle: path, terms)
///     let signature = try await signer.sign(record.content)
///     var session = try await BundleSession(opening: path)
///     let receipt = try await session.write(record, signedBy: signature, terms)
package struct PreparedRecord: Sendable {
    let draft: RecordDraft
    let record: Record

    /// Makes a record of a draft, about the bundle as it is; its files are hashed.
    ///
    /// - Throws: `WorkflowError` where the bundle has no seal, or a file cannot be read.
    package init(
        _ draft: RecordDraft, forBundle path: [UInt8], _ terms: RecordTerms,
        waiting wait: LockWait = LockWait()
    ) async throws(WorkflowError) {
        do {
            let bytes = try await sealBytes(ofBundle: path, waiting: wait)
            var links = draft.links
            for file in draft.files {
                let digest = try Self.digest(of: file.path)
                guard !links.contains(where: { $0.digest == digest }) else {
                    throw WorkflowError.namedTwice(file.path)
                }
                links.append(RecordLink(kind: file.kind, digest: digest))
            }
            record = try draft.record(
                about: try Seal(parsing: bytes).release, seal: try SHA256Digest.of(bytes),
                links: links, terms)
        } catch {
            throw WorkflowError(error)
        }
        self.draft = draft
    }

    /// What is to be signed.
    package var content: SignedContent { .record(record.canonicalBytes) }

    /// What it says, as it is signed and stored.
    package var canonicalBytes: [UInt8] { record.canonicalBytes }

    /// Its kind.
    package var kind: RecordKind { record.kind }

    private static func digest(of path: [UInt8]) throws -> SHA256Digest {
        var input = try openFile(path)
        var context = try DigestContext(.sha256)
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while case let count = try input.read(into: &buffer), count > 0 {
            let piece = buffer[..<count]
            try context.update(piece.span)
        }
        return try context.finishSHA256()
    }
}

extension Record {
    /// The envelope in a file, where it covers this record and nothing else.
    ///
    /// - Throws: `WorkflowError` where it does not.
    func envelope(in signature: Attachment) throws(WorkflowError) -> [UInt8] {
        guard let envelope = RecordSignature(envelope: signature.bytes),
            envelope.record == canonicalBytes, envelope.signatures.count == 1
        else {
            throw .refused(
                .failed, "\(signature.name) is no DSSE envelope of this record with one signature",
                hint: "nothing was stored")
        }
        return signature.bytes
    }
}

extension RecordDraft {
    /// The record with its header, as it will be read back.
    func record(
        about release: Release, seal: SHA256Digest, links: [RecordLink], _ terms: RecordTerms
    ) throws -> Record {
        let by = terms.append.by
        let header = try RecordHeader.new(
            release, seal: seal, at: terms.append.now, by: by,
            terms.visibility ?? Record.visibility(of: body, by: by), links: links)
        return try Record(header: header, body: body).readBack()
    }
}
