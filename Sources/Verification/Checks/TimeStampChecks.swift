import Bundles
import Encodings
import OpenSSL
import Signatures

/// The family `timestamp`: what tokens prove (docs/signatures.md, "Time-stamps").
extension Findings {
    /// Judges stored tokens.
    ///
    /// - Parameters:
    ///   - files: The tokens.
    ///   - subjects: Everything that a token may be over; one over something else is wrong here.
    ///   - judge: The policy, and the instant of judgement.
    /// - Returns: The valid ones.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    mutating func checkTimeStamps(
        _ files: [Proof.Material], over subjects: [[UInt8]], by judge: Judge
    ) throws -> [TimeStamp] {
        var stamps: [TimeStamp] = []
        for file in files {
            let subject = printable(file.path)
            guard let token = readToken(file.bytes, subject) else { continue }
            var isOverSomething = false
            for bytes in subjects where try token.imprint.isOf(bytes) { isOverSomething = true }
            if token.imprint.isStrong, !isOverSomething {
                fail(.timestampValid, subject, "is over nothing that is here")
            } else if let stamp = try checkTimeStamp(token, subject, by: judge) {
                stamps.append(stamp)
            }
        }
        return stamps
    }

    /// Judges the token beside the checkpoint.
    ///
    /// An append that was interrupted can leave one of an earlier checkpoint, which says nothing.
    mutating func checkCheckpointToken(
        _ contents: BundleContents, by judge: Judge
    ) throws -> [TimeStamp] {
        guard let bytes = contents.checkpointToken.bytes else { return [] }
        let subject = printable(BundleLayout.checkpointToken)
        guard let token = readToken(bytes, subject) else { return [] }
        let isPresent = try contents.checkpoint.bytes.map { bytes throws(OpenSSLError) in
            try token.imprint.isOf(bytes)
        }
        if token.imprint.isStrong, isPresent != true {
            add(
                Finding(
                    .timestampStale, .unknown, subject, "is not over the present checkpoint",
                    hint: "have the present checkpoint stamped", isRequired: false))
            return []
        }
        conclude(.timestampStale, subject, "is over the present checkpoint")
        return try checkTimeStamp(token, subject, by: judge).map { [$0] } ?? []
    }

    /// Ends the family when all tokens have been judged.
    mutating func concludeTimeStamps(count: Int) {
        if count > 0 { conclude(.timestampFormat, "\(count) time-stamps", "can be read") }
        leaveOut(
            [.timestampFormat, .timestampValid, .timestampAnchorKnown], "time-stamps",
            count > 0 ? "none came as far as this" : "there are none")
        leaveOut(
            [.timestampStale], printable(BundleLayout.checkpointToken), "there is none to be read")
    }

    private mutating func readToken(_ bytes: [UInt8], _ subject: String) -> TimeStampToken? {
        do throws(CMSError) {
            return try TimeStampToken(parsing: bytes)
        } catch {
            fail(.timestampFormat, subject, "is no time-stamp: \(error)")
            return nil
        }
    }

    private mutating func checkTimeStamp(
        _ token: TimeStampToken, _ subject: String, by judge: Judge
    ) throws -> TimeStamp? {
        switch try judge.judge(token) {
        case .valid(let proof):
            add(Finding(.timestampValid, .pass, subject, "proves \(proof)"))
            add(Finding(.timestampAnchorKnown, .pass, subject, "leads to an anchor"))
            return TimeStamp(imprint: token.imprint, proof: proof)
        case .unknownAnchor:
            add(
                Finding(
                    .timestampAnchorKnown, .unknown, subject,
                    "was issued by nobody whom the policy knows, and proves nothing",
                    isRequired: false))
        case .uncounted(let reason):
            add(Finding(.timestampValid, .unknown, subject, reason, isRequired: false))
        case .invalid(let reason):
            fail(.timestampValid, subject, reason)
        }
        return nil
    }
}
