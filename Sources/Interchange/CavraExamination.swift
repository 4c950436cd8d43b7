import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

/// Finds what a package leaves open at an instant (docs/import.md, "Findings").
struct CavraExamination {
    let package: CavraPackage
    let asOf: Instant
    /// The result of each listed file, in their order.
    let files: [FileState]
    private(set) var findings: [ImportFinding] = []

    /// The result of a listed file.
    enum FileState: Equatable {
        case same, other, absent
        /// Something lies there that is not read as a file, and why.
        case unreadable(String)
        /// It is not looked for, because its name is not that of a file beside the package.
        case elsewhere
    }

    /// Looks at everything.
    ///
    /// - Parameters:
    ///   - package: What was read.
    ///   - beside: What lies beside the package, by name.
    ///   - asOf: The verification time.
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    init(
        _ package: CavraPackage, beside: [[UInt8]: FileBeside], asOf: Instant
    ) throws(OpenSSLError) {
        self.package = package
        self.asOf = asOf
        var files: [FileState] = []
        for file in package.artifacts?.files ?? [] {
            files.append(try Self.state(of: file, beside))
        }
        self.files = files
        examineSignature()
        examineFiles()
        examineReadiness()
        examineCloseout()
        examineRetention()
        examineRetries()
        examineDecision()
        examineTimes()
        examineForm()
    }

    private static func state(
        of file: CavraArtifacts.File, _ beside: [[UInt8]: FileBeside]
    ) throws(OpenSSLError) -> FileState {
        let bytes: [UInt8]
        if let content = file.content {
            bytes = PythonJSON.bytes(content)
        } else {
            guard file.isBeside else { return .elsewhere }
            switch beside[file.name] {
            case .contents(let found): bytes = found
            case .unreadable(let reason): return .unreadable(reason)
            case nil: return .absent
            }
        }
        return try SHA256Digest.of(bytes) == file.digest ? .same : .other
    }

    mutating func add(_ id: ImportFinding.ID, _ place: CavraSectionName, _ reason: String) {
        findings.append(ImportFinding(id, place.rawValue, reason))
    }

    mutating func add(_ id: ImportFinding.ID, at place: String, _ reason: String) {
        findings.append(ImportFinding(id, place, reason))
    }

    private mutating func examineSignature() {
        let manifest = package.manifest
        let claim = manifest?.state.map { "says \($0) and " } ?? ""
        if manifest?.signature == nil {
            add(.signatureAbsent, .manifest, "\(claim)holds no signature value")
        } else {
            add(
                .signatureUnverifiable, .manifest,
                "\(claim)holds a signature value, but not the bytes that were signed")
        }
        if manifest?.publicKey == nil {
            let reference = manifest?.keyReference.map { ", only the name \(printable($0))" } ?? ""
            add(.keyAbsent, .manifest, "holds no public key\(reference)")
        }
        if manifest?.isKeyStored == true {
            add(.keyStored, .manifest, "says that the private key is stored")
        }
    }

    private mutating func examineFiles() {
        let listed = package.artifacts?.files ?? []
        if listed.isEmpty { add(.filesNone, .artifacts, "lists no file") }
        for (index, (file, state)) in zip(listed, files).enumerated() {
            let place = "\(CavraSectionName.artifacts.rawValue).files[\(index)]"
            switch state {
            case .same: continue
            case .absent:
                add(
                    .fileAbsent, at: place,
                    "\(printable(file.name)) with sha256:\(file.digest.hex) is not there")
            case .unreadable(let reason):
                add(
                    .fileUnreadable, at: place,
                    "\(printable(file.name)) with sha256:\(file.digest.hex) cannot be compared: "
                        + reason)
            case .elsewhere:
                add(
                    .fileAbsent, at: place,
                    "\(printable(file.name)) with sha256:\(file.digest.hex) is not looked for: "
                        + "that is no plain name of a file beside the package")
            case .other:
                add(
                    .fileDigest, at: place,
                    "\(printable(file.name)) has another SHA-256 than \(file.digest.hex)")
            }
        }
    }

    private mutating func examineReadiness() {
        let found = package.evidence
        for kind in CavraEvidence.demanded where !found.contains(where: { $0.evidence == kind }) {
            add(.evidenceMissing, .readiness, "refers to no evidence of kind \(kind.rawValue)")
        }
        for reference in package.readiness?.references ?? []
        where CavraEvidence.kind(of: reference) == nil {
            add(
                .evidenceUnclear, .readiness,
                "refers to \(printable(reference)), which does not say what it shows")
        }
        if package.readiness?.state?.hasPrefix("ready") == true,
            package.readiness?.blockers.isEmpty == false
        {
            add(.claimContradiction, .readiness, "says that it is ready, and names blockers")
        }
    }

    private mutating func examineCloseout() {
        guard let closeout = package.closeout, closeout.state == "closed" else { return }
        guard closeout.blockerCount ?? 0 > 0 || !closeout.blockers.isEmpty else { return }
        add(.claimContradiction, .closeout, "says that it is closed, and counts blockers")
    }

    private mutating func examineRetention() {
        let decision = package.retentionDecision?.state
        switch decision {
        case "approved", "denied": break
        case let state:
            add(
                .retentionUndecided, .retention,
                state.map { "is \($0), and neither approved nor denied" }
                    ?? "holds no decision on retention")
        }
        if let until = package.retention?.until {
            if asOf > until.instant {
                add(
                    .retentionExpired, at: until.place,
                    "ran out on \(printable(until.text)), and it is \(asOf)")
            }
        } else {
            add(.retentionEnd, .retention, "does not say how long the evidence is kept")
        }
        if let by = package.retentionDecision?.decidedBy,
            let asked = package.retention?.requestedBy,
            by.utf8.elementsEqual(asked.utf8)
        {
            add(.approverSame, .retention, "was decided by \(printable(by)), who also asked for it")
        }
        if let copied = package.artifacts?.retentionState, copied != decision ?? "not_attached" {
            add(
                .claimContradiction, .artifacts,
                "says that retention is \(printable(copied)), and the review says "
                    + (decision ?? "nothing of it"))
        }
        for (severity, count) in (package.health?.counts ?? [:]).sorted(by: { $0.key < $1.key })
        where package.health?.severities.count(where: { $0 == severity }) != count {
            add(
                .claimContradiction, .health,
                "counts \(count) findings that are \(severity), and lists another number")
        }
    }
}
