import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

/// The family `timestamp`: what tokens prove (docs/signatures.md, "Time-stamps").
extension Findings {
    /// Verifies stored tokens.
    ///
    /// - Parameters:
    ///   - files: The tokens.
    ///   - subjects: Everything that a token may be over; one over something else is wrong here.
    ///   - verifier: The policy, and the verification time.
    /// - Returns: The valid ones.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    mutating func checkTimeStamps(
        _ files: [Proof.Material], over subjects: inout StampedSubjects,
        by verifier: SignatureVerifier
    ) throws -> [TimeStamp] {
        var stamps: [TimeStamp] = []
        for file in files {
            let subject = printable(file.path)
            guard let token = readToken(file.bytes, subject) else { continue }
            if token.imprint.isStrong, try !subjects.contain(token.imprint) {
                fail(.timestampValid, subject, "covers no file of this bundle")
            } else if let proof = report(try verifier.verify(token), of: subject) {
                stamps.append(TimeStamp(imprint: token.imprint, proof: proof))
            }
        }
        return stamps
    }

    /// Verifies the token beside the checkpoint.
    ///
    /// An append that was interrupted can leave one of an earlier checkpoint, which says nothing.
    mutating func checkCheckpointToken(
        _ contents: BundleContents, by verifier: SignatureVerifier
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
        conclude(.timestampStale, subject, "covers the present checkpoint")
        guard let proof = report(try verifier.verify(token), of: subject) else { return [] }
        return [TimeStamp(imprint: token.imprint, proof: proof)]
    }

    /// Reports the time-stamps that came along with signatures.
    mutating func checkOwnTimeStamps(_ checked: [SignatureFileResult]) {
        for file in checked {
            for result in file.results {
                for (index, stamp) in result.timeStamps.enumerated() {
                    let place = printable(file.path) + result.numberSuffix
                    _ = report(stamp, of: "\(place), time-stamp \(index + 1)")
                }
            }
        }
    }

    /// Ends the family when all tokens have been verified.
    mutating func concludeTimeStamps(_ contents: BundleContents, _ checked: [SignatureFileResult]) {
        let count =
            contents.material(.timestamp, .timestampToken).count
            + (contents.checkpointToken.bytes == nil ? 0 : 1)
            + checked.flatMap(\.results).reduce(0) { $0 + $1.timeStamps.count }
        if count > 0 { conclude(.timestampFormat, "\(count) time-stamps", "can be read") }
        leaveOut(
            [.timestampFormat, .timestampValid, .timestampAnchorKnown], "time-stamps",
            count > 0 ? "none got this far" : "there are none")
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

    /// Reports the result of a token, and returns what it proves.
    private mutating func report(
        _ result: TimeProofResult, of subject: String
    ) -> TimeProof? {
        switch result {
        case .valid(let proof):
            add(Finding(.timestampValid, .pass, subject, "proves \(proof)"))
            add(Finding(.timestampAnchorKnown, .pass, subject, "leads to an anchor"))
            return proof
        case .unknownAnchor:
            add(
                Finding(
                    .timestampAnchorKnown, .unknown, subject,
                    "was issued by an authority that the policy does not know, and proves nothing",
                    isRequired: false))
        case .uncounted(let reason):
            add(Finding(.timestampValid, .unknown, subject, reason, isRequired: false))
        case .invalid(let reason):
            fail(.timestampValid, subject, reason)
        case .malformed(let reason):
            fail(.timestampFormat, subject, reason)
        }
        return nil
    }
}
