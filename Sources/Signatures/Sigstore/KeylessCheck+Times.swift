import CloseoutEncodings
import CloseoutOpenSSL

extension KeylessCheck {
    /// Finds the times that tokens and logs of the root prove of the signature.
    mutating func checkTimes() throws(OpenSSLError) -> SigstoreFinding {
        var tally = SigstoreTally()
        for (index, file) in signature.timeStamps.enumerated() {
            try checkToken(file, at: index, &tally)
        }
        for entry in signature.entries { try checkPromise(of: entry, &tally) }
        let isMet =
            switch demands.time {
            case .either: !times.isEmpty
            case .set: times.contains(where: \.isOfLog)
            case .tsa: times.contains { !$0.isOfLog }
            }
        let missing =
            switch demands.time {
            case .either: "nothing proves when it was signed"
            case .set: "no signed entry timestamp of a log proves when it was signed"
            case .tsa: "no token of a time-stamp authority proves when it was signed"
            }
        let stated = times.map { "\($0.instant)" }.joined(separator: ", ")
        return tally.finding(.times, isMet: isMet, "signed by \(stated)", otherwise: missing)
    }

    /// Takes a time that something of the root proves, if the policy lets the root prove it.
    private mutating func take(
        _ instant: SigstoreInstant, _ bounds: ClosedRange<Instant>, isOfLog: Bool,
        _ tally: inout SigstoreTally
    ) {
        guard let shown = Instant(secondsSince1970: instant.roundedUp) else {
            tally.fail("a time is out of range")
            return
        }
        let source = TimeProof.Source.sigstore(keyID: entry.id)
        let isCompromised = entry.revocation?.reason == .compromised
        let own = TimeProof(instant: shown, source: source, operator: entry.operator)
        // Whoever has the keys of a root can choose any time.
        let status = entry.status(
            asOf: isCompromised ? asOf : max(asOf, shown), proof: isCompromised ? nil : own)
        guard status == .accepted else {
            tally.doubt(status.reason)
            return
        }
        let proof = TimeProof(
            instant: shown, bounds: bounds, source: source, operator: entry.operator)
        times.append(Time(instant: instant, proof: proof, isOfLog: isOfLog))
    }
}

// MARK: Tokens

extension KeylessCheck {
    private mutating func checkToken(
        _ file: [UInt8], at index: Int, _ tally: inout SigstoreTally
    ) throws(OpenSSLError) {
        let token: TimeStampToken
        do throws(CMSError) { token = try TimeStampToken(parsing: file) } catch {
            ownTokens.insert(index)
            tally.fail("a time-stamp cannot be read: \(error)")
            return
        }
        let instant = SigstoreInstant(
            seconds: token.exactTime.seconds, nanoseconds: token.exactTime.nanoseconds)
        guard let earliest = Instant(secondsSince1970: token.earliest),
            let latest = Instant(secondsSince1970: token.latest), earliest <= latest
        else {
            tally.fail("a time-stamp's time is out of range")
            return
        }
        var refusal: String?
        for authority in root.timestampAuthorities {
            guard let signer = try signer(of: token, under: authority) else { continue }
            guard let reason = try defect(of: token, signer, authority, instant) else {
                ownTokens.insert(index)
                take(instant, earliest...latest, isOfLog: false, &tally)
                return
            }
            refusal = refusal ?? reason
        }
        if let refusal {
            ownTokens.insert(index)
            tally.fail(refusal)
        } else {
            tally.doubt(
                "a time-stamp authority is not known to the root; is it older than the bundle?")
        }
    }

    /// The certificate by which an authority would have issued a token; nil where it names none of it.
    private func signer(
        of token: TimeStampToken, under authority: SigstoreRoot.Authority
    ) throws(OpenSSLError) -> Certificate? {
        guard let first = authority.chain.first else { return nil }
        guard first.isAuthority else {
            return try token.signer(among: [first]) == first ? first : nil
        }
        guard let signer = try token.signer(among: []) else { return nil }
        let builder = ChainBuilder(anchor: authority.anchor, untrusted: untrusted(authority, token))
        let outcome = try builder.chain(from: signer, for: .timeStamping, at: nil)
        return outcome == .notAnchored ? nil : signer
    }

    private func untrusted(
        _ authority: SigstoreRoot.Authority, _ token: TimeStampToken
    ) -> [Certificate] {
        Array(authority.chain.dropLast()) + token.certificates
    }

    /// Why a token of a known authority proves nothing.
    private func defect(
        of token: TimeStampToken, _ signer: Certificate, _ authority: SigstoreRoot.Authority,
        _ instant: SigstoreInstant
    ) throws(OpenSSLError) -> String? {
        guard token.imprint.isStrong else {
            return "a time-stamp's digest is by an algorithm weaker than SHA-256"
        }
        guard try token.imprint.isOf(signature.signature) else {
            return "a time-stamp covers other bytes than the signature"
        }
        guard !signer.isAuthority, signer.extendedKeyUsage?.isTimeStampingAlone == true else {
            return "the time-stamp authority's certificate is not for time-stamps alone"
        }
        guard case .verifies = try token.verdict(by: signer) else {
            return "a time-stamp's signature does not verify"
        }
        guard authority.window.contains(instant) else {
            return "the time-stamp's time, \(instant), is outside of its authority's, "
                + "\(authority.window)"
        }
        // An authority may stand for itself, as a chain of one.
        let builder = ChainBuilder(anchor: authority.anchor, untrusted: untrusted(authority, token))
        switch try builder.chain(from: signer, for: .timeStamping, at: nil) {
        case .chain(let chain):
            let purposes = [ExtendedKeyUsage.timeStamping, ExtendedKeyUsage.any]
            let isLimited = chain.dropFirst().dropLast().contains { authority in
                authority.extendedKeyUsage.map {
                    !$0.purposes.contains(where: purposes.contains)
                } ?? false
            }
            if isLimited { return "an authority above the time-stamp's is not for time-stamps" }
            guard chain.allSatisfy({ $0.isValid(at: instant) }) else {
                return "a certificate of the time-stamp authority is not valid at \(instant)"
            }
            return nil
        case .refused(let reason): return "the time-stamp authority's certificate: \(reason)"
        case .notAnchored:
            return "the time-stamp authority's certificate does not lead to the root's"
        }
    }
}

// MARK: Promises of logs

extension KeylessCheck {
    /// Takes the time that a log of the first generation signed of an entry.
    private mutating func checkPromise(
        of entry: SigstoreLogEntry, _ tally: inout SigstoreTally
    ) throws(OpenSSLError) {
        guard entry.generation == .first, let promise = entry.signedTimestamp else { return }
        let logs = logs(of: entry, .first)
        guard !logs.isEmpty else {
            tally.doubt("a log is not known to the root; is it older than the bundle?")
            return
        }
        let signed = Self.promised(entry)
        var signers: [SigstoreRoot.Log] = []
        for log in logs
        where try log.key.accepts(promise, over: signed, algorithm: log.algorithm) {
            signers.append(log)
        }
        guard !signers.isEmpty else {
            tally.fail("the signed entry timestamp does not verify")
            return
        }
        let instant = SigstoreInstant(seconds: entry.integratedTime)
        guard signers.contains(where: { $0.window.contains(instant) }) else {
            tally.fail("the time of the entry, \(instant), is outside of its log's")
            return
        }
        guard let time = Instant(secondsSince1970: entry.integratedTime) else { return }
        take(instant, time...time, isOfLog: true, &tally)
    }

    /// The logs of the root that an entry can mean.
    func logs(
        of entry: SigstoreLogEntry, _ generation: SigstoreRoot.Log.Generation
    ) -> [SigstoreRoot.Log] {
        root.logs.filter {
            $0.generations.contains(generation) && $0.isNamed(entry.logIdentifier)
        }
    }

    /// Whether the log's signed promise verifies, at a time of the log's.
    func hasPromise(
        _ entry: SigstoreLogEntry, by log: SigstoreRoot.Log
    ) throws(OpenSSLError) -> Bool {
        guard let promise = entry.signedTimestamp,
            log.window.contains(SigstoreInstant(seconds: entry.integratedTime))
        else { return false }
        return try log.key.accepts(
            promise, over: Self.promised(entry), algorithm: log.algorithm)
    }

    /// What a log signs of an entry that it has taken.
    private static func promised(_ entry: SigstoreLogEntry) -> [UInt8] {
        // Numbers may be larger than those of canonical JSON here.
        let body = Base64.string(entry.body)
        let log = String(decoding: Hex.encode(entry.logIdentifier), as: UTF8.self)
        return Array(
            (#"{"body":"\#(body)","integratedTime":\#(entry.integratedTime),"#
                + #""logID":"\#(log)","logIndex":\#(entry.index)}"#).utf8)
    }
}
