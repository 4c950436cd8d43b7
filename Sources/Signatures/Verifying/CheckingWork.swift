package import CloseoutEncodings
import CloseoutOpenSSL

/// How much work there may be in checking all signatures of one bundle (docs/bundle.md, "Limits").
///
/// The work follows from the files and the policy alone, before anything is checked, so that the same
/// files are left out at every run.
package struct CheckingWork: Sendable {
    /// Units of work that one bundle may ask for.
    ///
    /// One is a check with an Ed25519 key of a short message.
    package static let limit = 80_000
    /// Bytes whose hashing is one unit.
    static let bytesPerUnit = 64 * 1024
    /// Units of one chain of certificates up to one anchor.
    static let unitsPerChain = 8

    /// Units that there may be.
    package let limit: Int
    /// Units that are left.
    package private(set) var rest: Int
    /// Units that are left for finding out why signatures do not count, beside those above.
    package private(set) var restForReasons: Int
    /// How many files were left out, because there was not enough left for them.
    package private(set) var leftOut = 0
    /// Bytes of certificates and lists at hand, which every chain may have to be held against.
    private let materialSize: Int

    /// Begins with nothing done.
    ///
    /// - Parameters:
    ///   - limit: Units that there may be.
    ///   - materialSize: Bytes of the certificates and revocation lists that came along.
    package init(limit: Int = Self.limit, materialSize: Int = 0) {
        self.limit = limit
        rest = limit
        restForReasons = limit / 8
        self.materialSize = materialSize
    }

    /// Takes the units for one file.
    ///
    /// - Returns: Whether there were as many left; the file is not to be verified where there were not.
    package mutating func take(_ units: Int) -> Bool {
        guard units <= rest else {
            leftOut += 1
            return false
        }
        rest -= units
        return true
    }

    /// Takes the units for finding out why the signatures of one file do not count.
    ///
    /// - Returns: Whether there were as many left; the reason is not looked for where there were not.
    package mutating func takeReasons(_ units: Int) -> Bool {
        guard units <= restForReasons else { return false }
        restForReasons -= units
        return true
    }

    /// Units of chains that have to be built.
    func chains(_ count: Int) -> Int {
        count * (Self.unitsPerChain + materialSize / Self.bytesPerUnit)
    }
}

extension SignatureVerifier {
    /// Units of work for the signatures of a file; none for one that cannot be read.
    package func units(
        for file: [UInt8], as format: SignatureFormat, over content: SignedContent,
        _ work: CheckingWork
    ) -> Int {
        guard let signatures = try? format.signatures(in: file) else { return 0 }
        let size = max(file.count, content.bytes.count)
        return signatures.reduce(0) { $0 + units(for: $1, size: size, work) }
    }

    /// Units of work for signatures of an envelope whose payload has so many bytes.
    package func units(for signatures: [DSSEEnvelope.Signature], size: Int) -> Int {
        let envelope = DSSEEnvelope(payloadType: [], payload: [], signatures: [])
        return signatures.reduce(0) {
            let signature = DSSESignature(envelope: envelope, signature: $1)
            return $0 + units(for: .keyed(signature), size: size, CheckingWork())
        }
    }

    /// Units of work for a time-stamp.
    package func units(forTimeStamp work: CheckingWork) -> Int {
        work.chains(max(1, anchors { if case .timestamp = $0 { true } else { false } }))
    }

    /// Units of work for the lines of a checkpoint.
    package func units(for note: SignedNote) -> Int {
        note.signatures.count * (1 + note.text.count / CheckingWork.bytesPerUnit)
    }

    private func anchors(_ isOne: (PolicyKeyValue) -> Bool) -> Int {
        policy?.keys.count { isOne($0.material) } ?? 0
    }

    private func units(
        for signature: UnverifiedSignature, size: Int, _ work: CheckingWork
    ) -> Int {
        let hashing = size / CheckingWork.bytesPerUnit
        let stamps = signature.timeStamps.count * units(forTimeStamp: work)
        let keyed: any KeyedSignature
        switch signature {
        case .certified(let signature):
            let anchors = anchors { if case .x509 = $0 { true } else { false } }
            let signers =
                (try? signature.signers(among: material, policy?.anchors ?? []).count) ?? 0
            return stamps + work.chains(signers * anchors) + hashing
        case .keyless(let signature):
            return stamps + units(for: signature) + hashing * 3
        case .keyed(let signature): keyed = signature
        }
        let keys = policy?.keys ?? []
        let relations = keys.map { keyed.relation(to: $0.material) }
        let isNamed = relations.contains(.named)
        return relations.indices.reduce(stamps) { units, index in
            guard relations[index] == (isNamed ? .named : .possible) else { return units }
            return units + keys[index].material.checks(isNamed: isNamed) + hashing
        }
    }

    /// Units of work for a bundle with a certificate: under each root chains for each time, and a few checks
    /// for each entry.
    private func units(for signature: KeylessSignature) -> Int {
        let times = 1 + signature.entries.count + signature.timeStamps.count
        return (policy?.sigstoreRoots ?? []).reduce(1) { units, root in
            root.key.roots.reduce(units) { units, root in
                let tokens = signature.timeStamps.count * root.timestampAuthorities.count
                let chains = 2 * times * root.authorities.count + 2 * tokens
                let checks = signature.entries.count * (4 + root.logs.count * 3)
                return units + chains * CheckingWork.unitsPerChain + checks
            }
        }
    }

    /// Units of work for finding out why no key of the policy made the signatures of a file.
    package func unitsOfReasons(
        for file: [UInt8], as format: SignatureFormat, over content: SignedContent
    ) -> Int {
        guard let signatures = try? format.signatures(in: file) else { return 0 }
        let size = max(file.count, content.bytes.count)
        return signatures.reduce(0) { $0 + unitsOfReasons(for: $1, size: size) }
    }

    /// The same for signatures of an envelope whose payload has so many bytes.
    package func unitsOfReasons(for signatures: [DSSEEnvelope.Signature], size: Int) -> Int {
        let envelope = DSSEEnvelope(payloadType: [], payload: [], signatures: [])
        return signatures.reduce(0) {
            let signature = DSSESignature(envelope: envelope, signature: $1)
            return $0 + unitsOfReasons(for: .keyed(signature), size: size)
        }
    }

    /// The keys that could have made a signature are tried in their other algorithms.
    private func unitsOfReasons(for signature: UnverifiedSignature, size: Int) -> Int {
        let hashing = size / CheckingWork.bytesPerUnit
        let keyed: any KeyedSignature
        switch signature {
        case .certified(let signature):
            let leaves = (try? signature.signers(among: material, policy?.anchors ?? [])) ?? []
            return leaves.checks + hashing
        case .keyless: return 0
        case .keyed(let signature): keyed = signature
        }
        let keys = policy?.keys ?? []
        let relations = keys.map { keyed.relation(to: $0.material) }
        let isNamed = relations.contains(.named)
        return relations.indices.reduce(0) { units, index in
            let material = keys[index].material
            if isNamed, relations[index] != .named { return units }
            if case .spki = material, relations[index] == .other { return units }
            let diagnoses = material.diagnoses
            return diagnoses > 0 ? units + diagnoses + hashing * 6 : units
        }
    }
}

extension [Certificate] {
    /// Units of work for checking a signature with each of their keys, over the content and in text mode.
    fileprivate var checks: Int {
        reduce(0) { $0 + 5 * ($1.publicKey?.checks ?? 1) }
    }
}

extension PolicyKeyValue {
    /// Units of work for one check with it, as measured; a ring that is not named is tried whole.
    fileprivate func checks(isNamed: Bool) -> Int {
        if case .openPGP(let ring) = self { return isNamed ? 1 : max(1, ring.signers.count) }
        return max(1, publicKeys.map(\.checks).max() ?? 1)
    }

    /// Units of work for finding out whether one of its keys made a signature in some other way.
    fileprivate var diagnoses: Int {
        publicKeys.reduce(0) { units, key in
            let all = SignatureAlgorithm.allCases.count { $0.keyType == key.type }
            guard case .spki(let own) = self, own.algorithm.padding != .pss else {
                return units + all * key.checks
            }
            return units + (all - 1) * key.checks
        }
    }
}

extension PublicKey {
    /// Units of work for one check with the key.
    fileprivate var checks: Int {
        switch type {
        case .ed25519, .p256: 1
        case .rsa: max(1, bits * bits / (4096 * 4096))
        default: 6
        }
    }
}
