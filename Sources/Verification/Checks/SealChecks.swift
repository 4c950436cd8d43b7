import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures

/// The family `seal` (docs/seal.md).
extension Findings {
    /// How far ahead of the verification time a claimed time may lie: clocks differ.
    static let clockTolerance = SignatureVerifier.clockTolerance

    /// Reads the seal.
    mutating func checkSeal(_ bytes: [UInt8]?, isUnreadable: Bool = false) -> Seal? {
        guard let bytes else {
            guard !isUnreadable else {
                unknown(.sealFormat, "seal.json", "cannot be read")
                return nil
            }
            fail(.sealFormat, "seal.json", "is missing, or not the file that the log names")
            return nil
        }
        do {
            let seal = try Seal(parsing: bytes)
            conclude(.sealFormat, "seal.json", "is canonical, with all its fields and no others")
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
                    "is another release: expected \(demanded.name)@\(demanded.version)")
            }
            conclude(.sealRelease, name, "is the release of --release")
        } else {
            notApplicable(.sealRelease, name, "no release was asked for")
        }
        if seal.created.secondsSince1970 > asOf.secondsSince1970 + Self.clockTolerance {
            // What was decided then cannot have been this release.
            unknown(
                .sealCreated, "seal.json",
                "claims to be created at \(seal.created), after the verification time",
                hint: "check the clock of this machine, or the instant of --as-of")
        } else {
            add(
                Finding(
                    .sealCreated, .pass, "seal.json",
                    "claims to be created at \(seal.created)", isRequired: false))
        }
    }
}
