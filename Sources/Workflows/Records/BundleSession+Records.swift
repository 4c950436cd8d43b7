import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

extension BundleSession {
    /// The log and the records as they are now, verified once by a policy.
    ///
    /// - Parameter options: With the policy; without one no signature counts.
    /// - Returns: The records.
    /// - Throws: `WorkflowError` where the bundle cannot be read.
    package mutating func evidence(
        _ options: AppendOptions
    ) async throws(WorkflowError) -> BundleEvidence {
        do {
            try await appending.readAhead()
            let contents = try appending.contents()
            if var evidence = try knownEvidence(options) {
                try evidence.grow(to: contents)
                try keep(evidence, options)
                return evidence
            }
            let evidence = try await BundleEvidence(
                contents, seal: seal, digest: sealDigest, by: try verifier(options))
            try keep(evidence, options)
            return evidence
        } catch {
            throw WorkflowError(error)
        }
    }

    /// Stores a record with its files and its signature.
    ///
    /// - Parameters:
    ///   - draft: The record.
    ///   - terms: Who signs, by which policy.
    /// - Returns: Where the files, the signature and the record lie, in this order; what the record is
    ///   worth, and what it takes to be worth more.
    /// - Throws: `WorkflowError` where it could never count, or links to what it cannot be about;
    ///   nothing is stored then.
    package mutating func write(
        _ draft: RecordDraft, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        do {
            let evidence = try await evidence(terms.append)
            let before = try await acceptedRisks(evidence, terms)
            var receipt = Receipt()
            let (links, files) = try store(draft, terms, &receipt)
            let record = try self.record(draft, links: links, terms)
            let envelope = try await terms.signer?.envelope(of: .record(record.canonicalBytes))
            try demandWorth(of: record, signedBy: envelope, evidence, terms)
            if let bytes = envelope {
                let signature = try appending.add(.recordSignature(bytes), at: terms.append.now)
                receipt.stored.append(signature.path)
            }
            try await write(record, files, evidence, before, terms, &receipt)
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }

    /// Stores a record that was signed before the bundle was opened.
    ///
    /// - Parameters:
    ///   - prepared: The record, which is refused where it is no longer about this bundle.
    ///   - signature: The envelope over it.
    ///   - terms: By which policy; its signer is not asked.
    /// - Returns: As `write` of a draft.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func write(
        _ prepared: PreparedRecord, signedBy signature: Attachment, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        do {
            let evidence = try await evidence(terms.append)
            let before = try await acceptedRisks(evidence, terms)
            var receipt = Receipt()
            let record = prepared.record
            guard record.header.seal == sealDigest else {
                throw WorkflowError.refused(
                    .failed, "the record is about another seal than the one of this bundle",
                    hint: "nothing was stored; have it made and signed again")
            }
            let (links, files) = try store(prepared.draft, terms, &receipt)
            guard links == record.header.links else {
                throw WorkflowError.refused(
                    .failed, "a file of the record has changed since it was signed",
                    hint: "nothing was stored; have it made and signed again")
            }
            let envelope = try record.envelope(in: signature)
            try demandAccepted(envelope, over: record, terms)
            try demandWorth(of: record, signedBy: envelope, evidence, terms)
            let stored = try appending.add(
                .recordSignature(envelope), at: terms.append.now)
            receipt.stored.append(stored.path)
            try await write(record, files, evidence, before, terms, &receipt)
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }

    /// Stores a signature that was made elsewhere over a record that the bundle holds.
    ///
    /// - Parameters:
    ///   - signature: The envelope over it.
    ///   - name: The record: its path or digest.
    ///   - terms: By which policy; its signer is not asked.
    /// - Returns: Where the signature lies, and what the record is worth now.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func addSignature(
        _ signature: Attachment, toRecordNamed name: [UInt8], _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let evidence = try await evidence(terms.append)
        let resolved = try evidence.record(named: name)
        let record = resolved.signed.record
        do {
            let before = try await acceptedRisks(evidence, terms)
            var receipt = Receipt()
            let envelope = try record.envelope(in: signature)
            try demandAccepted(envelope, over: record, terms)
            try demandWorth(ofSigning: resolved, by: envelope, evidence, terms)
            let stored = try appending.add(.recordSignature(envelope), at: terms.append.now)
            receipt.stored.append(stored.path)
            if stored.existed {
                receipt.warn("this signature is there already; nothing was written")
            } else {
                try await commit(terms.append, &receipt)
            }
            try await report(resolved.digest, since: before, terms, &receipt)
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }

    /// Signs a record that the bundle holds; once with each key.
    ///
    /// - Parameters:
    ///   - name: The record: its path or digest.
    ///   - terms: With the signer.
    /// - Returns: Where the signature lies, and what the record is worth now.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func signRecord(
        named name: [UInt8], _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let evidence = try await evidence(terms.append)
        return try await sign(try evidence.record(named: name), evidence, terms)
    }

    mutating func sign(
        _ record: ResolvedRecord, _ evidence: BundleEvidence, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        guard let signer = terms.signer else {
            throw .refused(.usage, "no key was given to sign with", hint: "give --key KEY")
        }
        do {
            let before = try await acceptedRisks(evidence, terms)
            var receipt = Receipt()
            if let path = try evidence.signature(over: record.digest, by: signer) {
                receipt.stored.append(path)
                receipt.warn("it is signed with this key already; nothing was written")
            } else {
                let bytes = try await signer.envelope(
                    of: .record(record.signed.record.canonicalBytes))
                try demandWorth(ofSigning: record, by: bytes, evidence, terms)
                let stored = try appending.add(.recordSignature(bytes), at: terms.append.now)
                receipt.stored.append(stored.path)
                try await commit(terms.append, &receipt)
            }
            try await report(record.digest, since: before, terms, &receipt)
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }

    /// Adds a record behind what is stored with it, and commits all.
    private mutating func write(
        _ record: Record, _ files: [StoredEvidence], _ evidence: BundleEvidence,
        _ before: AcceptedRisks?, _ terms: RecordTerms, _ receipt: inout Receipt
    ) async throws {
        let file = try appending.add(record, at: terms.append.now)
        receipt.stored.append(file.path)
        try RecordRefusal(evidence: evidence, grown: try appending.grownLog()).check(record)
        try await commit(terms.append, &receipt)
        try await report(file.digest, with: files, since: before, terms, &receipt)
    }

    /// Adds the files of a record.
    ///
    /// - Returns: All links of the record, and the files.
    private mutating func store(
        _ draft: RecordDraft, _ terms: RecordTerms, _ receipt: inout Receipt
    ) throws -> ([RecordLink], [StoredEvidence]) {
        var links = draft.links
        var attached: [StoredEvidence] = []
        for file in draft.files {
            let item = try appending.addEvidence(at: file.path, terms.append, &receipt)
            let new = item.file
            attached.append(item)
            receipt.stored.append(new.path)
            guard !links.contains(where: { $0.digest == new.digest }) else {
                throw WorkflowError.namedTwice(file.path)
            }
            links.append(RecordLink(kind: file.kind, digest: new.digest))
        }
        try EvidenceRemarks(attached, in: path).warn(
            as: draft.files.map { Readiness.Evidence(rawValue: $0.kind) }, in: &appending,
            &receipt)
        return (links, attached)
    }

    private func record(
        _ draft: RecordDraft, links: [RecordLink], _ terms: RecordTerms
    ) throws -> Record {
        try draft.record(about: seal.release, seal: sealDigest, links: links, terms)
    }

    /// Says what a record is worth now, and which acceptances no longer fit.
    private mutating func report(
        _ digest: SHA256Digest, with files: [StoredEvidence] = [], since before: AcceptedRisks?,
        _ terms: RecordTerms, _ receipt: inout Receipt
    ) async throws {
        let evidence = try await evidence(terms.append)
        RecordReporting(evidence, of: path).note(worthOf: digest, &receipt)
        guard let before else { return }
        let after = try await before.grown(to: try appending.contents(), with: files)
        after?.warnOfLapsed(since: before, evidence, bundle: path, &receipt)
    }
}

extension NewFile {
    /// A signature over a record as a file for the bundle.
    static func recordSignature(_ bytes: [UInt8]) -> NewFile {
        NewFile(kind: .signature, mediaType: .signature(.dsse), bytes: bytes)
    }
}

extension WorkflowError {
    /// One file cannot be two things to one record.
    static func namedTwice(_ path: [UInt8]) -> WorkflowError {
        .refused(
            .usage, "\(printable(path)) is named twice",
            hint: "a file shows one thing in a record; what else it shows another record "
                + "says, with --shared-because TEXT")
    }
}
