import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

extension Verifier {
    /// Judges the checkpoint, those that were stored and all time-stamps, which together prove
    /// times.
    ///
    /// - Returns: What proves the time of each entry, and the time-stamps that count.
    func proveTimes(
        _ contents: BundleContents, _ digest: SHA256Digest?, by verifier: SignatureVerifier,
        _ work: inout CheckingWork, _ findings: inout Findings
    ) throws -> (times: CommittedTimes, stamps: TimeStamps) {
        let committed = try findings.checkCheckpoint(contents, seal: digest)
        let origin = digest.map { CheckpointOrigin.of(seal: $0) }
        var times = CommittedTimes()
        let stamps = try checkTimeStamps(contents, by: verifier, &times, &work, &findings)
        let stamped = try stamps.proofs(of: contents.checkpoint.bytes ?? [])
        let proofs = try findings.checkCheckpointSignatures(
            committed?.note, origin: origin, by: verifier, demanded: request.requiredRoles,
            proofs: stamped)
        if let committed, !findings.holdsFailure(.logRoot) {
            times.add(proofs + stamped, ofFirst: Int(clamping: committed.checkpoint.size))
            times.add(proofs + stamped, behind: contents.log)
        }
        try findings.checkStoredCheckpoints(
            contents, origin: origin, by: verifier, stamps: stamps, &times, &work)
        times.settle()
        try findings.checkPrevious(request.previous, contents.log, seal: digest)
        return (times, stamps)
    }

    /// Judges all tokens: those in `timestamps/`, and the one beside the checkpoint.
    private func checkTimeStamps(
        _ contents: BundleContents, by verifier: SignatureVerifier, _ times: inout CommittedTimes,
        _ work: inout CheckingWork, _ findings: inout Findings
    ) throws -> TimeStamps {
        let tokens = contents.files(.timestamp).filter {
            $0.entry.mediaType == MediaType.timestampToken.name
        }
        let notes = contents.material(.timestamp, .note).map(\.bytes)
        // With no token there is nothing to find the subject of.
        let signatures = tokens.isEmpty ? [] : contents.files(.signature)
        let stampable =
            signatures.flatMap { file -> [[UInt8]] in
                guard let format = SignatureFormat(mediaType: file.entry.mediaType) else {
                    return []
                }
                return file.trueBytes.map(format.timeStampedBytes) ?? []
            } + notes + [contents.seal, contents.checkpoint.bytes].compactMap(\.self)
        var subjects = StampedSubjects(stampable)
        var stamps: [TimeStamp] = []
        for token in tokens {
            guard let bytes = token.trueBytes, work.take(verifier.units(forTimeStamp: work)) else {
                continue
            }
            let material = Proof.Material(path: token.entry.path, bytes: bytes)
            let valid = try findings.checkTimeStamps([material], over: &subjects, by: verifier)
            times.add(valid.map(\.proof), storedAt: token.entry)
            stamps += valid
        }
        return TimeStamps(try stamps + findings.checkCheckpointToken(contents, by: verifier))
    }
}
