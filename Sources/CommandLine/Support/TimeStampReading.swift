import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

/// A time-stamp in a file of its own, and its result.
struct TimeStampReading {
    /// The time-stamp, if it counts.
    let stamps: [TimeStamp]
    /// Whether it is wrong, and not just unknown.
    let isWrong: Bool
    /// The result, in words.
    let words: String

    /// Reads and verifies a time-stamp that has to be over any of these bytes.
    ///
    /// - Throws: `CommandFailure` where it is none; `OpenSSLError`.
    init(_ path: [UInt8], over subjects: [[UInt8]], by verifier: SignatureVerifier) throws {
        let bytes = try readFile(path, limit: SignatureFormat.largestFile)
        let token: TimeStampToken
        do throws(CMSError) {
            token = try TimeStampToken(parsing: bytes)
        } catch {
            throw CommandFailure(.malformed, "\(printable(path)) is no time-stamp: \(error)")
        }
        var result = try verifier.verify(token, over: subjects.first ?? [])
        for bytes in subjects where try token.imprint.isOf(bytes) {
            result = try verifier.verify(token)
        }
        switch result {
        case .valid(let proof):
            (stamps, isWrong) = ([TimeStamp(imprint: token.imprint, proof: proof)], false)
            words = "proves \(proof)"
        case .unknownAnchor:
            (stamps, isWrong) = ([], false)
            words = "was issued by nobody whom the policy knows"
        case .uncounted(let reason):
            (stamps, isWrong, words) = ([], false, reason)
        case .invalid(let reason), .malformed(let reason):
            (stamps, isWrong, words) = ([], true, reason)
        }
    }
}
