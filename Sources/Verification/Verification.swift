// Recomputes all that a bundle claims, and reports every check.
//
// `Verifier` opens each file once and turns what it finds into `Finding` values, one or more for every check id. A
// failed check is a value; an error is thrown only where something could not be looked at. `Verdict` is computed
// from the findings in one place, and what was not checked never passes.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     var trust = Trust()
//     trust.policy = policy
//     var request = VerificationRequest(trust: trust, asOf: now)
//     request.artifacts = .directory(dist)
//     let report = try await Verifier(request: request).verify(bundle: bundle)
