import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures

/// The family `seal` (docs/seal.md).
extension Findings {
    /// How far ahead of T a claimed time may lie: clocks differ.
    static let clockTolerance = SignatureVerifier.clockTolerance

    /// Reads the seal.
    mutating func checkSeal(_ bytes: [UInt8]?, isUnreadable: Bool = false) -> Seal? {
        guard let bytes else {
            guard !isUnreadable else {
                unknown(.sealFormat, "seal.json", "cannot be read")
                return nil
            }
            fail(.sealFormat, "seal.json", "is not there, or is not the one that the log names")
            return nil
        }
        do {
            let seal = try Seal(parsing: bytes)
            conclude(.sealFormat, "seal.json", "is canonical and closed")
            return seal
        } catch {
            fail(.sealFormat, "seal.json", "\(error)")
            return nil
        }
    }

    mutating func checkRelease(_ seal: Seal?, demanded: Release?, asOf: Instant) {
        guard let seal else { return }
        let name = "\(seal.release.name)@\(seal.release.version)"
        if let demanded {
            if seal.release != demanded {
                fail(
                    .sealRelease, name,
                    "is not the demanded release \(demanded.name)@\(demanded.version)")
            }
            conclude(.sealRelease, name, "is the release that was demanded")
        } else {
            notApplicable(.sealRelease, name, "no release was demanded")
        }
        if seal.created.secondsSince1970 > asOf.secondsSince1970 + Self.clockTolerance {
            // What was judged then cannot have been this release.
            unknown(
                .sealCreated, "seal.json",
                "claims to be created at \(seal.created), after the instant of judgement",
                hint: "is this clock right, or the instant of --as-of meant?")
        } else {
            add(
                Finding(
                    .sealCreated, .pass, "seal.json",
                    "claims to be created at \(seal.created)", isRequired: false))
        }
    }
}
