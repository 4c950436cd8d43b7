package import Bundles
import Encodings
import Manifests
import OpenSSL
package import Records
package import Signatures

/// What the records of a bundle come to, without a look at anything else in it.
///
/// Nothing proves any time here; what is wrong with a record leaves it out. A verdict is for
/// `Verifier` alone.
///
/// - Throws: `OpenSSLError` where libcrypto could not look.
package func evidenceState(
    of contents: BundleContents, by judge: Judge
) throws -> EvidenceState {
    var findings = Findings()
    let seal = contents.seal.flatMap { try? Seal(parsing: $0) }
    let signatures = try SortedSignatures(contents)
    let judging = RecordJudging(judge: judge, times: CommittedTimes(), stamps: [])
    var work = CheckingWork()
    return RecordVerification(
        seal: try contents.seal.map { try SHA256Digest.of($0) }, release: seal?.release,
        judge: judge, signatures: signatures,
        judgements: try judging.judge(judging.within(&work, signatures.judged)[...])
    ).check(contents, &findings)
}
