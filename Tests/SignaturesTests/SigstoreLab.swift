import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// An instance of Sigstore of the tests' own: authorities, logs and a time-stamp authority, all with new keys.
struct SigstoreLab: Sendable {
    let (root, intermediate, leaf, stampRoot, stamper): (Signer, Signer, Signer, Signer, Signer)
    let (certificateLog, firstLog, secondLog): (Signer, Signer, Signer)
    /// Made once, since tokens name it by its digest.
    let stamperCertificate: [UInt8]

    init(leaf type: KeyType = .p256) throws {
        (root, intermediate, leaf) = try (Signer(.p256), Signer(.p256), Signer(type))
        (stampRoot, stamper) = try (Signer(.p256), Signer(.p256))
        (certificateLog, firstLog, secondLog) = try (Signer(.p256), Signer(.p256), Signer(.ed25519))
        stamperCertificate = try Self.certificate(
            Self.body(
                "stamper", stamper.publicKey, by: "stamp root", stampRoot.publicKey,
                ("250101000000Z", "350101000000Z"),
                [usage(0x80, unused: 7), purpose([8], critical: true)]), by: stampRoot)
    }

    static let workflow = "https://github.com/acme/pay/.github/workflows/release.yml"
    static let name = "\(workflow)@refs/tags/v1"
    static let issuer = "https://token.actions.githubusercontent.com"

    /// What a bundle is made of; the defaults make one that counts.
    struct Recipe {
        var message = Array("what is signed".utf8)
        var signed: [UInt8]?
        var isEnvelope = false
        var mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"
        var subject = ""
        var leafTime = ("260501120000Z", "260501121000Z")
        var intermediateTime = ("250101000000Z", "350101000000Z")
        var intermediateExtensions = [usage(0x06), authority(true)]
        var names = [der(0x86, Array(SigstoreLab.name.utf8))]
        var profile = [usage(0x80, unused: 7), purpose([3])]
        var claims: [[UInt8]] = [
            oldClaim("1", issuer), claim("8", issuer), claim("12", "https://github.com/acme/pay"),
            claim("14", "refs/tags/v1"), claim("15", "1"), claim("17", "2"),
            claim("18", SigstoreLab.name),
            claim("20", "release"), claim("22", "public"),
        ]
        var leafExtensions: [[UInt8]] = []
        /// Milliseconds; nil for no time-stamp of the certificate.
        var certificateTimes: [UInt64] = [1_777_636_800_500]
        var certificateTimeExtensions: [UInt8] = []
        var certificateTimeSigner: Signer?
        var changesCertificateTime: ([UInt8]) -> [UInt8] = { $0 }
        var hasFirst = true
        var hasSecond = false
        var loggedTime: Int64 = 1_777_636_860
        var loggedDigest = DigestAlgorithm.sha256
        var statedDigest: DigestAlgorithm? = .sha256
        var promiseSigner: Signer?
        var checkpointSigner: Signer?
        var originSuffix = " - 123"
        var extensionLines = ""
        var foreignLines = ""
        var loggedSignature: [UInt8]?
        var loggedCertificate: [UInt8]?
        var loggedContent: [UInt8]?
        var stampTimes: [String] = []
        var stamped: [UInt8]?
        var algorithm: SignatureAlgorithm?
        var changesEntry: (JSON) -> JSON = { $0 }
        var changes: (JSON) -> JSON = { $0 }
    }
}

// MARK: Certificates

func oid(_ dotted: String) -> [UInt8] {
    let arcs = dotted.split(separator: ".").compactMap { UInt64($0) }
    var bytes = [UInt8(arcs[0] * 40 + arcs[1])]
    for arc in arcs.dropFirst(2) {
        var groups = [UInt8(arc & 0x7F)]
        var rest = arc >> 7
        while rest > 0 {
            groups.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        bytes += groups
    }
    return der(0x06, bytes)
}

func certificateExtension(_ identifier: String, _ value: [UInt8], critical: Bool = false) -> [UInt8]
{
    der(0x30, oid(identifier) + (critical ? [0x01, 0x01, 0xFF] : []) + der(0x04, value))
}

func usage(_ bits: UInt8, unused: UInt8 = 1) -> [UInt8] {
    certificateExtension("2.5.29.15", der(0x03, [unused, bits]), critical: true)
}

func authority(_ isAuthority: Bool) -> [UInt8] {
    certificateExtension(
        "2.5.29.19", der(0x30, isAuthority ? [0x01, 0x01, 0xFF] : []), critical: true)
}

/// An extended key usage of purposes below `id-kp`.
func purpose(_ arcs: [Int], critical: Bool = false) -> [UInt8] {
    let list = arcs.flatMap { oid("1.3.6.1.5.5.7.3.\($0)") }
    return certificateExtension("2.5.29.37", der(0x30, list), critical: critical)
}

func claim(_ arc: String, _ text: String) -> [UInt8] {
    certificateExtension("1.3.6.1.4.1.57264.1.\(arc)", der(0x0C, Array(text.utf8)))
}

func oldClaim(_ arc: String, _ text: String) -> [UInt8] {
    certificateExtension("1.3.6.1.4.1.57264.1.\(arc)", Array(text.utf8))
}

extension SigstoreLab {
    private static let algorithm = der(0x30, oid("1.2.840.10045.4.3.2"))

    private static func name(_ text: String) -> [UInt8] {
        guard !text.isEmpty else { return der(0x30, []) }
        return der(0x30, der(0x31, der(0x30, oid("2.5.4.3") + der(0x0C, Array(text.utf8)))))
    }

    private static func identifier(_ key: PublicKey) -> [UInt8] {
        Array(key.fingerprint.bytes.prefix(20))
    }

    private static func body(
        _ subject: String, _ key: PublicKey, by issuer: String, _ issuerKey: PublicKey,
        _ time: (String, String), _ extensions: [[UInt8]]
    ) -> [UInt8] {
        let validity = der(0x30, der(0x17, Array(time.0.utf8)) + der(0x17, Array(time.1.utf8)))
        let keys = [
            certificateExtension("2.5.29.14", der(0x04, identifier(key))),
            certificateExtension("2.5.29.35", der(0x30, der(0x80, identifier(issuerKey)))),
        ]
        let list = der(0xA3, der(0x30, (keys + extensions).flatMap(\.self)))
        return der(
            0x30,
            [0xA0, 3, 2, 1, 2, 2, 1, 7] + algorithm + name(issuer) + validity + name(subject)
                + key.spki + list)
    }

    private static func certificate(_ body: [UInt8], by signer: Signer) throws -> [UInt8] {
        try der(0x30, body + algorithm + der(0x03, [0] + signer.sign(body)))
    }

    func rootCertificate(_ key: Signer? = nil) throws -> [UInt8] {
        let key = key ?? root
        return try Self.certificate(
            Self.body(
                "root", key.publicKey, by: "root", key.publicKey,
                ("250101000000Z", "350101000000Z"),
                [usage(0x06), authority(true)]), by: key)
    }

    func intermediateCertificate(_ recipe: Recipe = Recipe()) throws -> [UInt8] {
        try Self.certificate(
            Self.body(
                "intermediate", intermediate.publicKey, by: "root", root.publicKey,
                recipe.intermediateTime, recipe.intermediateExtensions), by: root)
    }

    func stampRootCertificate() throws -> [UInt8] {
        try Self.certificate(
            Self.body(
                "stamp root", stampRoot.publicKey, by: "stamp root", stampRoot.publicKey,
                ("250101000000Z", "350101000000Z"), [usage(0x06), authority(true)]), by: stampRoot)
    }

    func leafCertificate(_ recipe: Recipe) throws -> [UInt8] {
        let names = certificateExtension(
            "2.5.29.17", der(0x30, recipe.names.flatMap(\.self)), critical: true)
        let extensions = recipe.profile + [names] + recipe.claims + recipe.leafExtensions
        func body(_ extensions: [[UInt8]]) -> [UInt8] {
            Self.body(
                recipe.subject, leaf.publicKey, by: "intermediate", intermediate.publicKey,
                recipe.leafTime,
                extensions)
        }
        guard !recipe.certificateTimes.isEmpty else {
            return try Self.certificate(body(extensions), by: intermediate)
        }
        let plain = body(extensions)
        func big(_ number: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
        }
        func vector(_ bytes: [UInt8]) -> [UInt8] { big(UInt64(bytes.count), 2) + bytes }
        let stamps = try recipe.certificateTimes.flatMap { time in
            let zero: [UInt8] = [0, 0]
            let kind: [UInt8] = [0, 1]
            let size = big(UInt64(plain.count), 3)
            let signed =
                zero + big(time, 8) + kind + intermediate.publicKey.fingerprint.bytes + size + plain
                + vector(recipe.certificateTimeExtensions)
            let signature = try (recipe.certificateTimeSigner ?? certificateLog).sign(signed)
            let head = [0] + certificateLog.publicKey.fingerprint.bytes + big(time, 8)
            return vector(
                head + vector(recipe.certificateTimeExtensions) + [4, 3] + vector(signature))
        }
        let list = recipe.changesCertificateTime(vector(stamps))
        let stamped = certificateExtension("1.3.6.1.4.1.11129.2.4.2", der(0x04, list))
        return try Self.certificate(body(extensions + [stamped]), by: intermediate)
    }
}

// MARK: The policy

extension SigstoreLab {
    /// How a trusted root differs from the usual one.
    struct RootChanges {
        var windows: [String: (String, String?)] = [:]
        var leavesOut: Set<String> = []
        var chain: [[UInt8]]?
        var changes: (JSON) -> JSON = { $0 }
    }

    func trustedRoot(_ recipe: Recipe = Recipe(), _ changes: RootChanges = RootChanges()) throws
        -> JSON
    {
        func window(_ part: String) -> JSON {
            let (start, end) = changes.windows[part] ?? ("2026-01-01T00:00:00Z", nil)
            return end.map { ["start": JSON(start), "end": JSON($0)] } ?? ["start": JSON(start)]
        }
        func log(_ part: String, _ key: PublicKey, _ details: String, _ identifier: [UInt8]) -> JSON
        {
            let key: JSON = [
                "rawBytes": .string(Base64.encode(key.spki)), "keyDetails": JSON(details),
                "validFor": window(part),
            ]
            return [
                "baseUrl": JSON("https://\(part).example:8080/path"), "hashAlgorithm": "SHA2_256",
                "publicKey": key, "logId": ["keyId": .string(Base64.encode(identifier))],
            ]
        }
        func authority(_ part: String, _ chain: [[UInt8]]) -> JSON {
            let certificates = chain.map {
                JSON.object([JSONMember("rawBytes", .string(Base64.encode($0)))])
            }
            return [
                "subject": ["organization": "acme", "commonName": JSON(part)],
                "uri": JSON("https://\(part).example"),
                "certChain": ["certificates": .array(certificates)], "validFor": window(part),
            ]
        }
        func list(_ part: String, _ all: [JSON]) -> JSON {
            changes.leavesOut.contains(part) ? [] : .array(all)
        }
        let details = "PKIX_ECDSA_P256_SHA_256"
        let chain = try changes.chain ?? [intermediateCertificate(recipe), rootCertificate()]
        let logs = try [
            log("first", firstLog.publicKey, details, firstLog.publicKey.fingerprint.bytes),
            log("second", secondLog.publicKey, "PKIX_ED25519", secondIdentifier()),
        ]
        let root: JSON = [
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": list("logs", logs),
            "certificateAuthorities": .array([authority("ca", chain)]),
            "ctlogs": list(
                "ct",
                [
                    log(
                        "ct", certificateLog.publicKey, details,
                        certificateLog.publicKey.fingerprint.bytes)
                ]),
            "timestampAuthorities": list(
                "tsa", [authority("tsa", try [stamperCertificate, stampRootCertificate()])]),
        ]
        return changes.changes(root)
    }

    static let secondName = "second.example:8080"

    func secondIdentifier() throws -> [UInt8] {
        try SHA256Digest.of(
            Array(Self.secondName.utf8) + [0x0A, 0x01] + (secondLog.publicKey.rawEd25519 ?? [])
        ).bytes
    }

    func rootEntry(
        _ root: JSON, _ members: [JSONMember] = [], id: String = "root",
        operator name: String = "sigstore"
    ) -> JSON {
        .object(
            [
                JSONMember("id", JSON(id)), JSONMember("operator", JSON(name)),
                JSONMember("format", "sigstore-root"),
                JSONMember("key", .string(root.canonicalBytes)),
            ] + members)
    }

    func identity(
        id: String = "ci", operator name: String = "acme", root: String = "root",
        subject: JSONMember = JSONMember("identity", JSON(SigstoreLab.name)),
        issuer: String = SigstoreLab.issuer, members: [JSONMember] = []
    ) -> JSON {
        .object(
            [
                JSONMember("id", JSON(id)), JSONMember("operator", JSON(name)),
                JSONMember("format", "sigstore"), JSONMember("root", JSON(root)),
                JSONMember("issuer", JSON(issuer)), subject,
            ] + members)
    }

    func policy(
        _ recipe: Recipe = Recipe(), _ changes: RootChanges = RootChanges(),
        demands: [JSONMember] = [], identity: JSON? = nil
    ) throws -> TrustPolicy {
        try SignaturesTests.policy(
            [rootEntry(trustedRoot(recipe, changes), demands), identity ?? self.identity()],
            roles: ["release": rule(["ci"])])
    }
}

// MARK: Bundles

extension SigstoreLab {
    /// The content that the bundle of a recipe is over.
    func content(_ recipe: Recipe) -> SignedContent {
        recipe.isEnvelope ? .seal(recipe.message) : .file(recipe.message)
    }

    /// The bundle of a recipe.
    func bundle(_ recipe: Recipe = Recipe()) async throws -> [UInt8] {
        let type = Array("application/vnd.in-toto+json".utf8)
        let leafDER = try leafCertificate(recipe)
        let input =
            recipe.isEnvelope
            ? DSSEEnvelope.signingInput(payloadType: type, payload: recipe.message) : recipe.message
        let signature = try leaf.key().sign(
            recipe.signed ?? input, algorithm: recipe.algorithm ?? leaf.algorithm)
        var entries: [JSON] = []
        if recipe.hasFirst { entries.append(try firstEntry(recipe, leafDER, signature)) }
        if recipe.hasSecond { entries.append(try secondEntry(recipe, leafDER, signature, input)) }
        var tokens: [JSON] = []
        for time in recipe.stampTimes {
            let token = try await withTemporaryDirectory { folder in
                try writeFile(stamper.privatePEM, to: "\(folder)/key.pem")
                try writeFile(
                    Certificate(der: stamperCertificate).pem, to: "\(folder)/certificate.pem")
                let stamper = Authority.Certified(
                    keyPath: "\(folder)/key.pem", path: "\(folder)/certificate.pem")
                return try await stamper.token(
                    over: digest(.sha256, of: recipe.stamped ?? signature), at: time)
            }
            tokens.append(["signedTimestamp": .string(Base64.encode(token))])
        }
        let certificate: JSON = ["rawBytes": .string(Base64.encode(leafDER))]
        let isOld = recipe.mediaType.contains("version=0.1") || recipe.mediaType.contains("=0.2")
        var material = [JSONMember("tlogEntries", .array(entries.map(recipe.changesEntry)))]
        material.append(
            isOld
                ? JSONMember("x509CertificateChain", ["certificates": [certificate]])
                : JSONMember("certificate", certificate))
        if !tokens.isEmpty {
            material.append(
                JSONMember("timestampVerificationData", ["rfc3161Timestamps": .array(tokens)]))
        }
        var bundle = [
            JSONMember("mediaType", JSON(recipe.mediaType)),
            JSONMember("verificationMaterial", .object(material)),
        ]
        let encoded = JSON.string(Base64.encode(signature))
        if recipe.isEnvelope {
            bundle.append(
                JSONMember(
                    "dsseEnvelope",
                    [
                        "payload": .string(Base64.encode(recipe.message)),
                        "payloadType": .string(type),
                        "signatures": [["sig": encoded]],
                    ]))
        } else {
            var members = [JSONMember("signature", encoded)]
            if let stated = recipe.statedDigest {
                let name = "SHA2_\(stated.size * 8)"
                let value = Base64.encode(try digest(stated, of: recipe.message))
                members.append(
                    JSONMember(
                        "messageDigest", ["algorithm": JSON(name), "digest": .string(value)]))
            }
            bundle.append(JSONMember("messageSignature", .object(members)))
        }
        return recipe.changes(.object(bundle)).canonicalBytes
    }

    private func firstEntry(_ recipe: Recipe, _ leaf: [UInt8], _ signature: [UInt8]) throws -> JSON
    {
        let logged = recipe.loggedContent ?? recipe.message
        let signature = recipe.loggedSignature ?? signature
        let pem = Base64.encode(try Certificate(der: recipe.loggedCertificate ?? leaf).pem)
        let algorithm = recipe.isEnvelope ? .sha256 : recipe.loggedDigest
        let hash: JSON = [
            "algorithm": JSON(algorithm.rawValue),
            "value": .string(Hex.encode(try digest(algorithm, of: logged))),
        ]
        let encoded = JSON.string(Base64.encode(signature))
        let spec: JSON =
            recipe.isEnvelope
            ? [
                "payloadHash": hash,
                "signatures": [["signature": encoded, "verifier": .string(pem)]],
            ]
            : [
                "data": ["hash": hash],
                "signature": ["content": encoded, "publicKey": ["content": .string(pem)]],
            ]
        let kind = recipe.isEnvelope ? "dsse" : "hashedrekord"
        let body: JSON = ["apiVersion": "0.0.1", "kind": JSON(kind), "spec": spec]
        let identifier = firstLog.publicKey.fingerprint.bytes
        let text =
            #"{"body":"\#(Base64.string(body.canonicalBytes))","integratedTime":\#(recipe.loggedTime),"#
            + #""logID":"\#(firstLog.publicKey.fingerprint.hex)","logIndex":900}"#
        let promise = try (recipe.promiseSigner ?? firstLog).sign(Array(text.utf8))
        let proof = try proof(
            of: body.canonicalBytes, origin: "first.example:8080" + recipe.originSuffix,
            name: "first.example:8080", hint: Array(identifier.prefix(4)), recipe,
            by: recipe.checkpointSigner ?? firstLog)
        return [
            "logIndex": "900", "logId": ["keyId": .string(Base64.encode(identifier))],
            "kindVersion": ["kind": JSON(kind), "version": "0.0.1"],
            "integratedTime": JSON("\(recipe.loggedTime)"),
            "inclusionPromise": ["signedEntryTimestamp": .string(Base64.encode(promise))],
            "inclusionProof": proof,
            "canonicalizedBody": .string(Base64.encode(body.canonicalBytes)),
        ]
    }

    private func secondEntry(
        _ recipe: Recipe, _ leaf: [UInt8], _ signature: [UInt8], _ input: [UInt8]
    ) throws -> JSON {
        let logged = recipe.loggedContent ?? input
        let signature = recipe.loggedSignature ?? signature
        let data: JSON = [
            "algorithm": "SHA2_256",
            "digest": .string(Base64.encode(try digest(.sha256, of: logged))),
        ]
        let certificate: JSON = [
            "rawBytes": .string(Base64.encode(recipe.loggedCertificate ?? leaf))
        ]
        let verifier: JSON = [
            "keyDetails": "PKIX_ECDSA_P256_SHA_256", "x509Certificate": certificate,
        ]
        let signed: JSON = ["content": .string(Base64.encode(signature)), "verifier": verifier]
        let body: JSON = [
            "apiVersion": "0.0.2", "kind": "hashedrekord",
            "spec": ["hashedRekordV002": ["data": data, "signature": signed]],
        ]
        let identifier = try secondIdentifier()
        let proof = try proof(
            of: body.canonicalBytes, origin: Self.secondName, name: Self.secondName,
            hint: Array(identifier.prefix(4)), recipe, by: recipe.checkpointSigner ?? secondLog)
        return [
            "logIndex": "1", "logId": ["keyId": .string(Base64.encode(identifier))],
            "kindVersion": ["kind": "hashedrekord", "version": "0.0.2"], "inclusionProof": proof,
            "canonicalizedBody": .string(Base64.encode(body.canonicalBytes)),
        ]
    }

    /// A proof that a body is the second of three leaves.
    private func proof(
        of body: [UInt8], origin: String, name: String, hint: [UInt8], _ recipe: Recipe,
        by signer: Signer
    ) throws -> JSON {
        let (first, last) = try (Merkle.leafHash([1]), Merkle.leafHash([3]))
        let root = try Merkle.nodeHash(Merkle.nodeHash(first, Merkle.leafHash(body)), last)
        let text = "\(origin)\n3\n\(Base64.string(root.bytes))\n\(recipe.extensionLines)"
        let line = "\u{2014} \(name) \(Base64.string(hint + (try signer.sign(Array(text.utf8)))))\n"
        return [
            "logIndex": "1", "treeSize": "3", "rootHash": .string(Base64.encode(root.bytes)),
            "hashes": [.string(Base64.encode(first.bytes)), .string(Base64.encode(last.bytes))],
            "checkpoint": ["envelope": JSON("\(text)\n\(recipe.foreignLines)\(line)")],
        ]
    }
}
