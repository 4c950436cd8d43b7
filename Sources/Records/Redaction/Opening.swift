import CloseoutEncodings
package import CloseoutOpenSSL

/// What an owner shows one auditor of one record: disclosures of chosen commitments
/// (docs/redaction.md, "Opening").
package struct Opening: Equatable, Sendable {
    static let kind = "closeout/redaction-opening/v1"
    /// The most bytes of the file.
    package static let longest = 1 << 20

    /// The digest of the bundle's seal.
    package let seal: SHA256Digest
    /// The record whose commitments are opened.
    package let record: SHA256Digest
    /// Whom it is for, as its owner says.
    package let audience: String
    /// What is shown, in the order of its encoded form.
    package let disclosures: [Disclosure]

    /// States an opening; what is shown is brought into order.
    package init(
        seal: SHA256Digest, record: SHA256Digest, audience: String, disclosures: [Disclosure]
    ) {
        self.seal = seal
        self.record = record
        self.audience = audience
        self.disclosures = Set(disclosures).sorted {
            $0.encoded.lexicographicallyPrecedes($1.encoded)
        }
    }

    /// The file, in canonical JSON.
    package var canonicalBytes: [UInt8] {
        let json: JSON = [
            "kind": JSON(Self.kind), "seal": JSON(seal), "record": JSON(record),
            "audience": JSON(audience),
            "disclosures": .array(disclosures.map { .string($0.encoded) }),
        ]
        return json.canonicalBytes
    }

    /// Reads the file.
    ///
    /// - Throws: `JSONError` or `JSONShapeError` that names the place.
    package init(parsing bytes: [UInt8]) throws {
        var reader = try JSONObjectReader(JSON(parsingCanonical: bytes), at: "opening")
        try reader.constant("kind", Self.kind)
        seal = try reader.digest("seal")
        record = try reader.digest("record")
        audience = try reader.words("audience")
        var read: [Disclosure] = []
        let list = try reader.required("disclosures")
        for item in try list.array() {
            guard let disclosure = Disclosure(encoded: try item.bytes()) else {
                throw item.invalid("must be a disclosure: base64url of [salt, name, value]")
            }
            if let last = read.last,
                !last.encoded.lexicographicallyPrecedes(disclosure.encoded)
            {
                throw item.invalid("does not come after the one before")
            }
            read.append(disclosure)
        }
        guard !read.isEmpty else { throw list.invalid("empty") }
        disclosures = read
        try reader.finish()
    }
}

/// The commitments that a record has, by whichever of its parts.
extension Record {
    /// All commitments that the record has, in their order; a digest that is there twice is there twice.
    package var commitments: [SHA256Digest] {
        switch body {
        case .delivery(let body):
            body.details?.commitments ?? body.commitment.map { [$0] } ?? []
        case .retryRun(let body): body.results.flatMap { $0.rehearsal?.commitments ?? [] }
        default: []
        }
    }
}

/// Why an opening does not show what it says.
package enum OpeningFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// It is about another seal.
    case otherSeal
    /// It is about another record.
    case otherRecord
    /// What it shows of this name has no commitment in the record.
    case unmatched(DisclosedName)
    /// The record has a commitment twice, so that nobody knows what it is to.
    case repeated
    /// Libcrypto could not compute.
    case libcrypto

    package var description: String {
        switch self {
        case .otherSeal: "it is about another bundle"
        case .otherRecord: "it is about another record"
        case .unmatched(let name):
            "what it shows as \(name.rawValue) is not what the record commits to"
        case .repeated: "the record has one commitment twice"
        case .libcrypto: "libcrypto could not compute a digest"
        }
    }
}

extension Opening {
    /// Confirms that everything shown is what the record commits to.
    ///
    /// - Throws: the first reason to believe nothing of it.
    package func check(
        against record: Record, _ digest: SHA256Digest, of seal: SHA256Digest
    ) throws(OpeningFault) {
        guard self.seal == seal, record.header.seal == seal else { throw .otherSeal }
        guard self.record == digest else { throw .otherRecord }
        let commitments = record.commitments
        guard Set(commitments).count == commitments.count else { throw .repeated }
        for disclosure in disclosures {
            guard let commitment = try? disclosure.commitment else { throw .libcrypto }
            guard commitments.contains(commitment) else { throw .unmatched(disclosure.name) }
        }
    }
}
