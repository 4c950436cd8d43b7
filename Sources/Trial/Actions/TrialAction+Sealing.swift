import CloseoutManifests
import CloseoutRecords
import CloseoutWorkflows

/// The seal, and what is added to its bundle that is no record of its own.
extension TrialAction {
    /// Seals the shipped files as a version of the release.
    static func seal(_ version: String) -> TrialAction {
        .silent("closeout seal app --release payments@\(version) --key keys/release.pem") {
            try await $0.seal(
                Release(name: "payments", version: version), as: "payments-\(version).closeout")
        }
    }

    /// Stores the evidence of readiness, and records what it is.
    static func readiness(_ files: [(Readiness.Evidence, TrialInput)]) -> TrialAction {
        let options = files.map { "--\($0.rawValue) \($1.path)" }
        let lines = stride(from: 0, to: options.count, by: 2).map {
            "  " + options[$0..<min($0 + 2, options.count)].joined(separator: " ")
        }
        return .silent(
            "closeout record readiness \(TrialNames.bundle) \\\n"
                + lines.joined(separator: " \\\n")
        ) { desk in
            let files = files.map {
                RecordDraft.File(kind: $0.rawValue, path: desk.path($1.path))
            }
            let draft = RecordDraft(body: .readiness(Readiness(references: [])), files: files)
            try await desk.record { session, terms async throws(WorkflowError) in
                try await session.write(draft, terms)
            }
        }
        .given(files.map(\.1))
    }

    /// Signs the archive's copy, and keeps the digest of the signature under a name.
    static func signature(by key: String, as name: String) -> TrialAction {
        .silent("closeout sign \(TrialNames.copy) --key \(key).pem") { desk in
            desk.values[name] = try await desk.sign(TrialNames.copy, with: key)
        }
    }

    /// Attaches the archive's signature.
    static let attachment = silent(
        """
        closeout attach \(TrialNames.bundle) \\
          \(TrialNames.copy)/signatures/{archive:16}*
        """
    ) { desk in
        guard try await desk.attach(desk.signature("archive", in: TrialNames.copy)) else {
            throw TrialError.lacks("the signature of the archive, which does not verify")
        }
    }

    /// Tries to attach a forged signature, which is refused.
    static let forgedAttachment = TrialAction(
        "closeout attach \(TrialNames.bundle) forged.dsse.json", exit: 30
    ) { Result(exit: try await $0.attach("forged.dsse.json") ? 0 : 30) }

    /// Signs the checkpoint anew.
    static let checkpoint = silent(
        "closeout checkpoint \(TrialNames.bundle) --key keys/log.pem"
    ) { try await $0.checkpoint() }

    /// Stores what the store reports.
    static let observations = silent("closeout add \(TrialNames.bundle) observations.json") {
        $0.values["observations"] = try await $0.add("observations.json")
    }

    /// Decides on the release, signs that and records it; keeps the digest of the record as `decision`.
    static func closing(exit: Int32) -> TrialAction {
        TrialAction(
            """
            closeout close \(TrialNames.bundle) --artifacts app --criteria criteria.json \\
              --classes classes.json --observations observations.json --key keys/board.pem
            """, exit: exit
        ) { desk in
            let (exit, decision) = try await desk.close()
            desk.values["decision"] = decision
            return Result(exit: exit)
        }
    }
}
