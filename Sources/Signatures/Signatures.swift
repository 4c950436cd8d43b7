// Signatures in every format, and the policy that says whose signatures count.
//
// One folder a format, with its keys and its reader. `SignatureVerifier` verifies the signatures of a file under
// one policy at one verification time. It reads no file and no clock, and what it returns says why each signature
// counts or does not.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let policy = try TrustPolicy.single(key.publicKey.pem)
//     let verifier = SignatureVerifier(policy: policy, asOf: now, release: nil)
//     let envelope = try SignatureFormat.dsse.sign(
//         .file(message), with: key, algorithm: .ed25519)
//     let results = try verifier.verify(envelope ?? [], as: .dsse, over: .file(message))
