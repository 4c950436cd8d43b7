import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// Three operators who sign records, and what they write.
struct Staff: Sendable {
    let alice: KeyPair
    let bob: KeyPair
    let carol: KeyPair

    init() throws {
        alice = try KeyPair()
        bob = try KeyPair()
        carol = try KeyPair()
    }
}

extension Bench {
    /// Lets the policy know three operators: alice asks and owns risks, bob and carol decide.
    mutating func hire() throws -> Staff {
        let staff = try Staff()
        policy.keys += [
            staff.alice.entry("alice-1", "alice"), staff.bob.entry("bob-1", "bob"),
            staff.carol.entry("carol-1", "carol"),
        ]
        for role in ["requester", "risk-owner"] { policy.roles[role] = rule("alice-1") }
        for role in ["retention", "hold", "risk-approver", "delivery"] {
            policy.roles[role] = rule("bob-1", "carol-1")
        }
        return staff
    }

    /// A record about this bundle.
    func record(
        _ body: Record.Body, _ links: [(String, SHA256Digest)] = [], version: String = "1.4.0",
        seal: SHA256Digest? = nil
    ) throws -> [UInt8] {
        let visibility = body.kind.defaultVisibility
        let header = RecordHeader(
            releaseName: "payments", releaseVersion: version,
            seal: try seal ?? SHA256Digest.of(file("seal.json")),
            at: try at("2026-05-02T00:00:00Z"), by: nil, visibility: visibility,
            salt: visibility == .restricted ? try randomBytes(32) : nil,
            links: links.map { RecordLink(kind: $0.0, digest: $0.1) })
        return Record(header: header, body: body).canonicalBytes
    }

    /// Stores a record with signatures, and commits the log.
    @discardableResult
    func store(_ record: [UInt8], by keys: KeyPair...) throws -> SHA256Digest {
        for key in keys { try add(.signature, .signature(.dsse), key.envelope(ofRecord: record)) }
        let digest = try add(.evidence, .record, record)
        try commit()
        return digest
    }

    /// Writes, signs and stores a record.
    @discardableResult
    func store(
        _ body: Record.Body, _ links: [(String, SHA256Digest)] = [], by keys: KeyPair...
    ) throws -> SHA256Digest {
        let record = try record(body, links)
        for key in keys { try add(.signature, .signature(.dsse), key.envelope(ofRecord: record)) }
        let digest = try add(.evidence, .record, record)
        try commit()
        return digest
    }

    /// A request for retention by alice.
    func request(_ staff: Staff, until: String = "2033-01-01T00:00:00Z") throws -> SHA256Digest {
        try store(
            .retentionRequest(
                RetentionRequest(retentionClass: "c", until: try at(until), reason: "r")),
            by: staff.alice)
    }

    /// The digest of the seal, as evidence of what is absent.
    func sealDigest() throws -> SHA256Digest { try SHA256Digest.of(file("seal.json")) }
}

extension KeyPair {
    /// A DSSE envelope over the bytes of a record.
    func envelope(ofRecord record: [UInt8]) throws -> [UInt8] {
        try RecordSignature.signing(
            record, with: key(),
            algorithm: SignatureAlgorithm.implied(by: publicKey.type) ?? .rsaPSSSHA256)
    }
}

/// A word on a request for retention.
func decision(_ approval: Approval) -> Record.Body {
    .retentionDecision(RetentionDecision(approval, reason: nil, externalReference: nil))
}
