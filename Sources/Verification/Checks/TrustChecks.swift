import CloseoutEncodings
import CloseoutSignatures

/// The family `trust`: what was brought along to judge with (docs/trust-policy.md).
extension Findings {
    /// Judges the policy itself.
    ///
    /// - Returns: the policy, where it may be used.
    mutating func checkTrust(
        _ trust: Trust, liesInside: Bool, asOf: Instant
    ) -> TrustPolicy? {
        guard let policy = trust.policy else {
            unknown(
                .trustGiven, "trust", "no trust policy and no key was given, so nobody is trusted",
                hint: "give --trust POLICY or --key PUB; the signers are only asserted without")
            return nil
        }
        let subject = trust.path.map(printable) ?? (trust.isFile ? "--trust" : "--key")
        guard !liesInside else {
            fail(
                .trustLocation, subject, "is a file inside the bundle",
                hint: "use a policy that reached you by another way")
            return nil
        }
        conclude(.trustGiven, subject, trust.isFile ? "was given" : "one key was given")
        if trust.path != nil {
            conclude(.trustLocation, subject, "lies outside the bundle")
        } else {
            notApplicable(.trustLocation, subject, "was not given as a file")
        }
        checkSamples(policy, subject)
        let before = all.count
        checkPins(trust, policy, subject)
        guard all[before...].allSatisfy({ $0.status != .fail }) else { return nil }
        if policy.hasExpired(at: asOf) {
            let end = policy.expires.map(\.description) ?? ""
            unknown(.trustExpires, subject, "the policy expired at \(end)")
        } else if let end = policy.expires {
            conclude(.trustExpires, subject, "the policy is valid until \(end)")
        } else {
            notApplicable(.trustExpires, subject, "has no end")
        }
        return policy
    }

    /// A sample key makes no policy unusable: its signatures alone do not count.
    private mutating func checkSamples(_ policy: TrustPolicy, _ subject: String) {
        for key in policy.sampleKeys {
            fail(
                .trustSampleKey, "key \(key.id)",
                "is one of the published sample keys, with which anybody can sign")
        }
        conclude(.trustSampleKey, subject, "has no sample key")
    }

    private mutating func checkPins(_ trust: Trust, _ policy: TrustPolicy, _ subject: String) {
        if let digest = trust.digest {
            if digest != policy.digest {
                fail(
                    .trustDigest, subject,
                    "has another SHA-256: expected \(digest.hex), found \(policy.digest.hex)")
            }
            conclude(.trustDigest, subject, "the policy has the digest of --trust-digest")
        } else {
            notApplicable(.trustDigest, subject, "no digest was asked for")
        }
        if let version = trust.minimumVersion {
            if policy.version < version {
                fail(
                    .trustVersion, subject,
                    "is of version \(policy.version): expected \(version) or later")
            }
            conclude(.trustVersion, subject, "the policy's version is \(policy.version)")
        } else {
            notApplicable(.trustVersion, subject, "no version was asked for")
        }
    }
}
