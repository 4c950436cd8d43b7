import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

extension SignatureResult {
    /// Why it does not count for the log, or that it does.
    fileprivate var reasonAtLog: String {
        guard effect == .counts, !roles.contains(.log), let key else { return outcome.reason }
        return "key \(key.id) does not serve as log key"
    }
}

/// The signatures of the checkpoint: the log's own, and those of witnesses (docs/log.md).
extension Findings {
    /// Verifies the present checkpoint's signatures.
    ///
    /// - Returns: what its witnesses prove.
    mutating func checkCheckpointSignatures(
        _ note: SignedNote?, origin: [UInt8]?, by verifier: SignatureVerifier, demanded: [Role]?,
        proofs: [TimeProof] = []
    ) throws -> [TimeProof] {
        let id = CheckID.logCheckpointSignature
        guard demanded?.contains(.log) ?? true else {
            notApplicable(id, "checkpoint", "the role log is not demanded")
            return []
        }
        guard let note, let origin else {
            unknown(id, "checkpoint", "there is no checkpoint whose signatures could be verified")
            return []
        }
        guard verifier.policy != nil else {
            unknown(
                id, "checkpoint", "nobody is trusted, so no signature counts",
                hint: "give --trust POLICY or --key PUB")
            return []
        }
        let result = try verifier.verify(checkpoint: note, origin: origin, proofs: proofs)
        for line in result.signatures where line.effect == .fails {
            fail(id, "checkpoint", line.outcome.reason)
        }
        checkLogTally(result)
        checkWitnesses(result)
        return result.proofs
    }

    private mutating func checkLogTally(_ result: CheckpointResult) {
        let id = CheckID.logCheckpointSignature
        guard let tally = result.log else {
            unknown(id, "role log", "no role of the policy signs checkpoints")
            return
        }
        let words = tally.words
        if tally.isMet {
            conclude(id, "role log", words)
        } else if tally.isMissedByRefusal {
            fail(id, "role log", "\(words); a signature was refused")
        } else {
            let reasons = Set(result.signatures.map(\.reasonAtLog)).sorted()
            unknown(
                id, "role log", "\(words): \(reasons.joined(separator: "; "))",
                hint: "the checkpoint must be signed by a key that the policy has for the log")
        }
    }

    private mutating func checkWitnesses(_ result: CheckpointResult) {
        guard let tally = result.witnesses else { return }
        let cosigned =
            "\(tally.operators.count) of \(counted(tally.threshold, "witness", "witnesses")) "
            + "cosigned this checkpoint"
        if tally.isMet {
            conclude(.logRollback, "witnesses", cosigned)
        } else {
            let witnesses = result.signatures.filter { $0.roles.contains(.witness) }
            let reasons = Set(witnesses.filter { $0.effect != .counts }.map(\.outcome.reason))
            unknown(
                .logRollback, "witnesses",
                cosigned
                    + (reasons.isEmpty ? "" : ": " + reasons.sorted().joined(separator: "; ")))
        }
    }

    /// Verifies earlier checkpoints that were stored with what others said of them.
    mutating func checkStoredCheckpoints(
        _ contents: BundleContents, origin: [UInt8]?, by verifier: SignatureVerifier,
        stamps: TimeStamps,
        _ times: inout CommittedTimes, _ work: inout CheckingWork
    ) throws {
        guard let origin else { return }
        for file in contents.files(.timestamp) where file.entry.mediaType == MediaType.note.name {
            guard let bytes = file.trueBytes else { continue }
            let subject = printable(file.entry.path)
            let note: SignedNote
            let checkpoint: Checkpoint
            do {
                note = try SignedNote(parsing: bytes)
                checkpoint = try Checkpoint(parsing: note.text)
            } catch {
                fail(.logRollback, subject, "is no checkpoint: \(error)")
                continue
            }
            guard checkpoint.origin == origin, checkpoint.size > 0,
                checkpoint.size <= contents.log.size,
                try contents.log.root(ofFirst: Int(checkpoint.size)) == checkpoint.root
            else {
                fail(.logRollback, subject, "saw another history of this log")
                continue
            }
            guard work.take(verifier.units(for: note)) else { continue }
            let result = try verifier.verify(checkpoint: note, origin: origin)
            for line in result.signatures where line.effect == .fails {
                fail(.logCheckpointSignature, subject, line.outcome.reason)
            }
            times.add(
                try result.proofs + stamps.proofs(of: bytes), ofFirst: Int(checkpoint.size))
            times.add(result.proofs, storedAt: file.entry)
        }
    }
}
