import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

/// Keys, the policy and the criteria: what is done once, before a release.
extension TrialAction {
    /// Makes folders.
    static func folders(_ names: String...) -> TrialAction {
        .silent("mkdir \(names.joined(separator: " "))") { desk in
            for name in names { try desk.makeFolder(name) }
        }
    }

    /// Makes a key pair for each of these names in the folder `keys`.
    static func keyPairs(_ names: [String]) -> TrialAction {
        .silent(
            """
            for key in \(names.joined(separator: " ")); do \\
              closeout keygen --no-passphrase -o keys/$key; done
            """
        ) { desk in
            for name in names { try desk.makeKey("keys/\(name)") }
        }
    }

    /// Makes a key pair.
    static func keyPair(_ name: String) -> TrialAction {
        .silent("closeout keygen --no-passphrase -o \(name)") { try $0.makeKey(name) }
    }

    /// Keeps the fingerprint of a public key under a name.
    static func fingerprint(of key: String, as name: String) -> TrialAction {
        .silent("closeout keygen --public \(key).pub.pem") { desk in
            desk.values[name] = try desk.publicKey(key).fingerprint.hex
        }
    }

    /// Begins the policy with a key of a team.
    static func policy(_ key: String, of team: String, _ roles: Role...) -> TrialAction {
        .silent(
            """
            closeout trust init trust.json \(key).pub.pem --operator \(team) \\
              \(options(roles))
            """
        ) { try $0.beginPolicy(key, of: team, roles) }
    }

    /// Adds a key of a team to the policy.
    static func trust(_ key: String, of team: String, _ roles: Role...) -> TrialAction {
        .silent(
            """
            closeout trust add trust.json \(key).pub.pem --operator \(team) \\
              \(options(roles))
            """
        ) { try $0.extendPolicy(key, of: team, roles) }
    }

    private static func options(_ roles: [Role]) -> String {
        roles.map { "--role \($0.rawValue)" }.joined(separator: " ")
    }

    /// Revokes the archive's key.
    static let revocation = silent(
        "closeout trust revoke trust.json archive --reason compromised"
    ) { try $0.revoke("archive", because: .compromised) }

    /// Writes the criteria of a final closeout.
    static let criteria = silent("closeout criteria init -o criteria.json") {
        try $0.write("criteria.json", Profile.finalCloseout.bytes)
    }

    /// Looks for mistakes in the policy.
    static let policyLint = TrialAction("closeout trust lint trust.json") { desk in
        lint(Desk.policyFile, try desk.policy().lint(at: desk.now).map { "\($0)" })
    }

    /// Looks for mistakes in the criteria.
    static let criteriaLint = TrialAction("closeout criteria lint criteria.json") { desk in
        lint("criteria.json", try desk.criteria().lint())
    }

    private static func lint(_ file: String, _ warnings: [String]) -> Result {
        Result(lines: warnings.isEmpty ? ["\(file): nothing to warn of"] : warnings)
    }
}
