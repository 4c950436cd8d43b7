import CloseoutEncodings
import CloseoutOpenSSL

extension KeylessCheck {
    /// Checks that logs of the root hold the entries; each entry of a known log must be proven.
    mutating func checkLog() throws(OpenSSLError) -> SigstoreFinding {
        var tally = SigstoreTally()
        var (isProven, isDoubtful) = (false, false)
        for entry in signature.entries {
            guard let generation = entry.generation else {
                isDoubtful = isDoubtful || isOfKnownLog(entry)
                tally.doubt(
                    "an entry is of the kind \(printable(entry.kind.name)) "
                        + "\(printable(entry.kind.version)), which is not read")
                continue
            }
            let logs = logs(of: entry, generation)
            guard !logs.isEmpty else {
                tally.doubt("a log is not known to the root; is it older than the bundle?")
                continue
            }
            let before = tally
            if try checkInclusion(of: entry, generation, in: logs, &tally) {
                isProven = true
                continue
            }
            isDoubtful = true
            if tally.failures == before.failures, tally.doubts == before.doubts {
                tally.doubt("the entry has no proof of inclusion")
            }
        }
        guard demands.log || !signature.entries.isEmpty else {
            return SigstoreFinding(.log, .notApplicable, "there is no entry, and none is demanded")
        }
        // What is doubtful of an entry whose log is known is never passed over.
        return tally.finding(
            .log, isMet: (isProven || !demands.log) && !isDoubtful,
            isProven ? "a log of the root holds the entry" : "no entry of a log is demanded",
            otherwise: "there is no entry of a log")
    }

    /// Whether an entry names a log of the root, whatever it is an entry of.
    private func isOfKnownLog(_ entry: SigstoreLogEntry) -> Bool {
        guard let generation = entry.generation else {
            return root.logs.contains { $0.isNamed(entry.logIdentifier) }
        }
        return !logs(of: entry, generation).isEmpty
    }

    /// Checks one entry under the logs that it can mean.
    ///
    /// - Returns: Whether its inclusion is shown.
    private func checkInclusion(
        of entry: SigstoreLogEntry, _ generation: SigstoreRoot.Log.Generation,
        in logs: [SigstoreRoot.Log], _ tally: inout SigstoreTally
    ) throws(OpenSSLError) -> Bool {
        guard let proof = entry.proof else {
            guard demands.acceptsPromise else { return false }
            for log in logs where try hasPromise(entry, by: log) { return true }
            return false
        }
        guard !proof.checkpoint.isEmpty else {
            guard let root = SHA256Digest(proof.root),
                try isIncluded(entry, proof, at: proof.index, size: proof.size, root: root)
            else {
                tally.fail("the entry's proof of inclusion does not lead to its root")
                return false
            }
            guard demands.acceptsPromise else {
                tally.doubt("the entry's proof of inclusion has no checkpoint")
                return false
            }
            for log in logs where try hasPromise(entry, by: log) { return true }
            return false
        }
        guard let checkpoint = SigstoreCheckpoint(proof.checkpoint) else {
            tally.fail("the checkpoint of the entry's proof is malformed")
            return false
        }
        var signers: [SigstoreRoot.Log] = []
        for log in logs where try checkpoint.isSigned(by: log, generation) { signers.append(log) }
        guard !signers.isEmpty else {
            tally.fail("the checkpoint of the entry's proof is not signed by its log")
            return false
        }
        guard checkpoint.root.bytes == proof.root, UInt64(proof.size) == checkpoint.size else {
            tally.fail("the entry's proof is of another tree than its checkpoint")
            return false
        }
        let index = generation == .second ? entry.index : proof.index
        guard index == proof.index else {
            tally.fail("the entry's number is not the one of its proof")
            return false
        }
        guard
            try isIncluded(entry, proof, at: index, size: proof.size, root: checkpoint.root)
        else {
            tally.fail("the entry's proof of inclusion does not lead to the root of its checkpoint")
            return false
        }
        return isInTime(entry, generation, signers, &tally)
    }

    /// Whether the log's key counted when the signature was made, as far as a time shows it; times that the
    /// log itself signed have been looked at before.
    private func isInTime(
        _ entry: SigstoreLogEntry, _ generation: SigstoreRoot.Log.Generation,
        _ logs: [SigstoreRoot.Log], _ tally: inout SigstoreTally
    ) -> Bool {
        guard generation == .second || entry.signedTimestamp == nil else { return true }
        for log in logs where times.allSatisfy({ log.window.contains($0.instant) }) { return true }
        tally.doubt(
            "the signature's time is outside of its log's; is the root older than the bundle?")
        return false
    }

    private func isIncluded(
        _ entry: SigstoreLogEntry, _ proof: SigstoreLogEntry.Proof, at index: Int64, size: Int64,
        root: SHA256Digest
    ) throws(OpenSSLError) -> Bool {
        let hashes = proof.hashes.compactMap { SHA256Digest($0) }
        guard hashes.count == proof.hashes.count else { return false }
        return try Merkle.verifyInclusion(
            of: Merkle.leafHash(entry.body), at: UInt64(index), size: UInt64(size), path: hashes,
            root: root)
    }

    /// Checks that the entries are of this very signature.
    mutating func checkBinding() throws(OpenSSLError) -> SigstoreFinding {
        guard let certificate else {
            return SigstoreFinding(.binding, .notApplicable, Self.noCertificate)
        }
        var tally = SigstoreTally()
        var digests: [DigestAlgorithm?] = []
        for entry in signature.entries {
            // Whose log nobody knows may say what it wants.
            guard isOfKnownLog(entry) else { continue }
            do throws(SigstoreBody.Mismatch) {
                digests.append(
                    try SigstoreBody.confirm(entry, of: signature, by: certificate, over: content))
            } catch {
                if let cause = error.cause { throw cause }
                if error.isUnread { tally.doubt(error.reason) } else { tally.fail(error.reason) }
            }
        }
        let named = Set(digests.compactMap(\.self))
        if named.count > 1 { tally.fail("two entries name different digests") }
        loggedDigest = named.first
        guard !digests.isEmpty || !tally.failures.isEmpty || !tally.doubts.isEmpty else {
            return demands.log
                ? SigstoreFinding(.binding, .unknown, "there is no entry of a log that is known")
                : SigstoreFinding(
                    .binding, .notApplicable, "there is no entry of a log that is known")
        }
        return tally.finding(
            .binding, isMet: !digests.isEmpty && tally.doubts.isEmpty,
            "the entry is of this signature, certificate and digest",
            otherwise: "there is no entry of a log that is known")
    }

    /// Checks the signature itself, by the digest that a proven entry names or that follows from the key.
    mutating func checkSignature() throws(OpenSSLError) -> SigstoreFinding {
        guard let publicKey = certificate?.publicKey else {
            return SigstoreFinding(.signature, .notApplicable, Self.noCertificate)
        }
        let isMessage = if case .message = signature.content { true } else { false }
        guard publicKey.type != .ed25519 || !isMessage else {
            return SigstoreFinding(
                .signature, .unknown,
                "Ed25519 signatures of files are Ed25519ph here, which is not supported")
        }
        let digest = isMessage ? loggedDigest : nil
        guard let algorithm = SigstoreBody.algorithm(of: publicKey, digest) else {
            return SigstoreFinding(
                .signature, .unknown, "the certificate's key has no algorithm with such a digest")
        }
        key = (publicKey, algorithm)
        switch signature.content {
        case .envelope(let type, let payload):
            let input = DSSEEnvelope.signingInput(payloadType: type, payload: payload)
            guard
                try publicKey.accepts(
                    signature.signature, over: input, algorithm: algorithm)
            else {
                return SigstoreFinding(
                    .signature, .fail, "the signature does not verify over the envelope's payload")
            }
        case .message(let stated):
            guard
                try publicKey.accepts(
                    signature.signature, over: content.message, algorithm: algorithm)
            else {
                return SigstoreFinding(
                    .signature, .fail, "the signature does not verify over the content")
            }
            guard let stated else { break }
            guard stated.algorithm == algorithm.digest,
                try content.message.digest(MessageDigest(stated.algorithm)) == stated.bytes
            else {
                return SigstoreFinding(
                    .signature, .fail, "the bundle's messageDigest is not that of the content")
            }
        }
        return SigstoreFinding(.signature, .pass, "the certificate's key made it")
    }
}
