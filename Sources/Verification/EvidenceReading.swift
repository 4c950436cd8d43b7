package import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutSignatures

/// What the records of a bundle come to, without a look at anything else in it.
///
/// Nothing proves any time here; what is wrong with a record leaves it out. A verdict is for
/// `Verifier` alone.
///
/// - Throws: `OpenSSLError` where libcrypto could not look.
package func evidenceState(
    of contents: BundleContents, by verifier: SignatureVerifier
) throws -> EvidenceState {
    var findings = Findings()
    let seal = contents.seal.flatMap { try? Seal(parsing: $0) }
    let signatures = try SortedSignatures(contents)
    let verifying = RecordVerifier(verifier: verifier, times: CommittedTimes(), stamps: [])
    var work = CheckingWork()
    return RecordVerification(
        seal: try contents.seal.map { try SHA256Digest.of($0) }, release: seal?.release,
        verifier: verifier, signatures: signatures,
        results: try verifying.verify(verifying.within(&work, signatures.checked)[...])
    ).check(contents, &findings)
}
