import CloseoutEncodings
import CloseoutOpenSSL

/// What an issuer says of a person who has logged in, once its signature and its claims were checked
/// (OpenID Connect Core 1.0, section 3.1.3.7).
///
/// The key is the one that the token names, and no other: one that is not in the set verifies nothing. The algorithm
/// is one of those allowed, the one of the key, and never chosen by the token alone.
struct IDToken: Equatable, Sendable {
    /// What a token must say.
    struct Demands: Sendable {
        /// The issuer, byte for byte.
        let issuer: String
        /// Whom it is for, byte for byte.
        let clientID: String
        /// How it may be signed.
        let algorithms: Set<JWSAlgorithm>
        /// The claim that has the person's groups.
        let groupsClaim: String
        /// The number that the browser's login began with.
        let nonce: [UInt8]
        /// When it is.
        let now: Instant
    }

    /// Why a token is not believed.
    enum Refusal: String, Error, CaseIterable, Equatable {
        case malformed, tooLarge = "too-large", type, critical
        case algorithm, keyUnnamed = "key-unnamed", keyUnknown = "key-unknown"
        case keyOfOtherUse = "key-of-other-use", signature
        case issuer, audience, authorizedParty = "authorized-party", nonce
        case expired, notYet = "not-yet", subject
    }

    /// The most bytes of a token.
    static let largest = 16 << 10
    /// How many seconds the clocks of issuer and console may differ.
    static let skew: Int64 = 60

    /// The issuer's name for the person.
    let subject: String
    /// The groups, as the issuer writes them.
    let groups: [[UInt8]]
    /// Whether the issuer left the groups out because they are too many.
    let lacksGroups: Bool

    /// Checks a token.
    ///
    /// - Parameters:
    ///   - text: The token as it was received.
    ///   - keys: The issuer's keys.
    ///   - demands: What it must say.
    /// - Throws: `Refusal`; `keyUnknown` where newer keys could help.
    init(_ text: [UInt8], signedBy keys: WebKeySet, _ demands: Demands) throws(Refusal) {
        guard text.count <= Self.largest else { throw .tooLarge }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64.decodeURL(Array(parts[0])),
            let payload = Base64.decodeURL(Array(parts[1])),
            let signature = Base64.decodeURL(Array(parts[2]))
        else { throw .malformed }
        let signed = parts[0] + [UInt8(ascii: ".")] + parts[1]
        try Self.confirm(signature, over: Array(signed), TokenHead(parsing: head), keys, demands)
        let claims = try TokenClaims(parsing: payload, groupsClaim: demands.groupsClaim)
        try claims.confirm(demands)
        guard let subject = claims.subject.flatMap({ String(validating: $0, as: UTF8.self) }),
            (1...255).contains(subject.utf8.count)
        else { throw .subject }
        self.subject = subject
        groups = claims.groups
        lacksGroups = claims.lacksGroups
    }

    private static func confirm(
        _ signature: [UInt8], over signed: [UInt8], _ head: TokenHead, _ keys: WebKeySet,
        _ demands: Demands
    ) throws(Refusal) {
        if let type = head.type,
            !String(decoding: type, as: UTF8.self).lowercased().utf8
                .elementsEqual("jwt".utf8)
        {
            throw .type
        }
        guard !head.isCritical else { throw .critical }
        guard
            let algorithm = demands.algorithms.first(where: {
                head.algorithm.isEqual(to: $0.rawValue)
            })
        else { throw .algorithm }
        guard let id = head.keyID, !id.isEmpty else { throw .keyUnnamed }
        guard let found = keys[id] else { throw .keyUnknown }
        guard algorithm.signature.keyType == found.key.type,
            found.algorithm == nil || found.algorithm == algorithm
        else { throw .keyOfOtherUse }
        var bytes = signature
        if found.key.type.coordinateSize != nil {
            guard let der = PublicKey.derSignature(fromP1363: signature, type: found.key.type)
            else {
                throw .signature
            }
            bytes = der
        }
        let isTheirs = try? found.key.accepts(bytes, over: signed, algorithm: algorithm.signature)
        guard isTheirs == true else { throw .signature }
    }
}

/// The head of a token.
private struct TokenHead {
    var algorithm: [UInt8] = []
    var keyID: [UInt8]?
    var type: [UInt8]?
    /// Whether something must be understood that is not.
    var isCritical = false

    init(parsing bytes: [UInt8]) throws(IDToken.Refusal) {
        var head = (
            algorithm: [UInt8]?.none, keyID: [UInt8]?.none, type: [UInt8]?.none, crit: false
        )
        try object(bytes) { name, reader in
            switch String(decoding: name, as: UTF8.self) {
            case "alg": head.algorithm = try text(&reader)
            case "kid": head.keyID = try text(&reader)
            case "typ": head.type = try text(&reader)
            case "crit": head.crit = true
            default: break
            }
        }
        algorithm = head.algorithm ?? []
        keyID = head.keyID
        type = head.type
        isCritical = head.crit
    }
}

/// The claims of a token that count.
private struct TokenClaims {
    var subject: [UInt8]?
    var groups: [[UInt8]] = []
    var lacksGroups = false
    private var issuer: [UInt8]?
    private var audience: [[UInt8]] = []
    private var party: [UInt8]?
    private var nonce: [UInt8]?
    private var expiry: Int64?
    private var issuedAt: Int64?
    private var notBefore: Int64?

    /// The most groups that are looked at.
    private static let mostGroups = 1_000

    init(parsing bytes: [UInt8], groupsClaim: String) throws(IDToken.Refusal) {
        var claims = Self()
        try object(bytes) { name, reader in
            switch String(decoding: name, as: UTF8.self) {
            case "iss": claims.issuer = try text(&reader)
            case "sub": claims.subject = try text(&reader)
            case "aud": claims.audience = try texts(&reader)
            case "azp": claims.party = try text(&reader)
            case "nonce": claims.nonce = try text(&reader)
            case "exp": claims.expiry = try seconds(&reader)
            case "iat": claims.issuedAt = try seconds(&reader)
            case "nbf": claims.notBefore = try seconds(&reader)
            case "_claim_names":
                try reader.object { name, _ in
                    if name.isEqual(to: groupsClaim) { claims.lacksGroups = true }
                }
            default:
                if name.isEqual(to: groupsClaim) { claims.groups = try texts(&reader) }
            }
        }
        guard claims.groups.count <= Self.mostGroups else { throw .tooLarge }
        self = claims
    }

    private init() {}

    /// Confirms what the token says of itself.
    func confirm(_ demands: IDToken.Demands) throws(IDToken.Refusal) {
        guard issuer?.isEqual(to: demands.issuer) == true else { throw .issuer }
        guard audience.count == 1, audience[0].isEqual(to: demands.clientID) else {
            throw .audience
        }
        guard party?.isEqual(to: demands.clientID) != false else { throw .authorizedParty }
        guard let nonce, isSame(nonce, demands.nonce) else { throw .nonce }
        let now = demands.now.secondsSince1970
        guard let expiry, let issuedAt else { throw .malformed }
        guard now < expiry + IDToken.skew else { throw .expired }
        guard issuedAt <= now + IDToken.skew, notBefore.map({ $0 <= now + IDToken.skew }) != false
        else { throw .notYet }
    }
}

/// Reads an object strictly: no member twice, nothing behind it.
private func object(
    _ bytes: [UInt8], _ body: ([UInt8], inout ForeignJSONReader) throws -> Void
) throws(IDToken.Refusal) {
    do {
        var reader = try ForeignJSONReader(bytes, limits: JSONLimits(depth: 16, bytes: 1 << 16))
        guard try reader.object(body) else { throw IDToken.Refusal.malformed }
        try reader.end()
    } catch let refusal as IDToken.Refusal {
        throw refusal
    } catch {
        throw .malformed
    }
}

private func text(_ reader: inout ForeignJSONReader) throws -> [UInt8] {
    guard let text = try reader.string() else { throw IDToken.Refusal.malformed }
    return text
}

private func seconds(_ reader: inout ForeignJSONReader) throws -> Int64 {
    guard let number = try reader.integer() else { throw IDToken.Refusal.malformed }
    return Int64(number)
}

/// One text, or a list of them.
private func texts(_ reader: inout ForeignJSONReader) throws -> [[UInt8]] {
    guard reader.next == UInt8(ascii: "[") else { return [try text(&reader)] }
    var texts: [[UInt8]] = []
    try reader.array { reader in texts.append(try text(&reader)) }
    return texts
}
