import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures

/// The families `record`, `retention` and `delivery`: closeout records are what they say, belong
/// here, and are signed by whom they need (docs/records.md).
struct RecordVerification {
    let seal: SHA256Digest?
    let release: Release?
    let verifier: SignatureVerifier
    let signatures: SortedSignatures
    let results: RecordVerifier.Results
    private let thresholds: [Role: Int]

    init(
        seal: SHA256Digest?, release: Release?, verifier: SignatureVerifier,
        signatures: SortedSignatures,
        results: RecordVerifier.Results
    ) {
        self.seal = seal
        self.release = release
        self.verifier = verifier
        self.signatures = signatures
        self.results = results
        thresholds = verifier.recordThresholds
    }

    /// Whether the policy trusts anybody with records; where it does not, that is reported once.
    private var knowsRoles: Bool {
        Role.signingRecords.contains { verifier.policy?.roles[$0] != nil }
    }

    /// Checks all records.
    ///
    /// - Returns: What those that belong here come to.
    func check(
        _ contents: BundleContents, _ findings: inout Findings
    ) async -> EvidenceState {
        let records = await readRecords(concurrently: contents, &findings)
        checkStraySignatures(contents, &findings)
        let state = EvidenceState(
            records, attachments: contents.log.attachments, asOf: verifier.asOf)
        if !knowsRoles { findings.checkWithoutRoles(state) }
        findings.checkIssues(state, contents, besidesAsserted: !knowsRoles)
        findings.concludeRecords(count: contents.files(.evidence).count, state)
        return state
    }

    /// Reads all records on all processors, and checks each by itself and by those before it.
    ///
    /// - Returns: Those that belong here, in log order.
    func readRecords(
        concurrently contents: BundleContents, _ findings: inout Findings
    ) async -> [SignedRecord] {
        let (files, repeats) = (contents.files, contents.log.repeatsItself)
        let parts = await inParts(of: files.count, least: 64) { range in
            files[range].map { read($0, withSigners: !repeats) }
        }
        return records(files[...], parts.joined(), &findings)
    }

    /// Reads the records among the files of the log from one on; the ones before it are known.
    ///
    /// - Returns: Those that belong here, in log order.
    func readRecords(
        _ contents: BundleContents, from start: Int, _ findings: inout Findings
    ) -> [SignedRecord] {
        let (files, repeats) = (contents.files[start...], contents.log.repeatsItself)
        return records(files, files.map { read($0, withSigners: !repeats) }, &findings)
    }

    /// A record that was read by itself.
    private struct Reading: Sendable {
        let subject: String
        let record: Result<Record, RecordError>
        /// Who signed it, and what is to be said of the signatures; nil where nobody has looked yet.
        var signers: (RecordSigners, Findings)?
    }

    /// Reads a file that is a record; nil for other files, and for bytes that are not the log's.
    private func read(_ file: LoggedFile, withSigners: Bool) -> Reading? {
        guard file.entry.kind == .evidence, let bytes = file.trueBytes else { return nil }
        var reading = Reading(
            subject: printable(file.entry.path),
            record: Result { () throws(RecordError) in try Record(parsing: bytes) })
        if withSigners {
            var findings = Findings()
            let signers = checkSignatures(of: file.entry.digest, reading.subject, &findings)
            reading.signers = (signers, findings)
        }
        return reading
    }

    private func records(
        _ files: ArraySlice<LoggedFile>, _ readings: some Sequence<Reading?>,
        _ findings: inout Findings
    ) -> [SignedRecord] {
        var earlier: [SHA256Digest: LinkTarget] = [:]
        var records: [SignedRecord] = []
        // A log that names a record again, which it must not, does not have it verified again.
        var known: [SHA256Digest: RecordSigners] = [:]
        for (file, reading) in zip(files, readings) {
            let entry = file.entry
            earlier[entry.digest] = entry.kind == .evidence ? .unread : .file
            guard let reading else { continue }
            let subject = reading.subject
            let signers: RecordSigners
            if let (found, said) = reading.signers {
                findings.add(said)
                signers = found
            } else {
                signers =
                    known[entry.digest] ?? checkSignatures(of: entry.digest, subject, &findings)
                known[entry.digest] = signers
            }
            guard let record = findings.record(reading.record, subject) else { continue }
            findings.checkLinks(of: record, subject, earlier)
            findings.checkClaimedTime(of: record, subject, asOf: verifier.asOf)
            earlier[entry.digest] = .record(record.kind)
            guard findings.checkBelonging(of: record, subject, seal, release) else { continue }
            records.append(
                SignedRecord(
                    digest: entry.digest, sequence: entry.sequence, record: record,
                    signers: signers))
        }
        return records
    }

    /// Reports the results of the signatures over one record.
    func checkSignatures(
        of digest: SHA256Digest, _ subject: String, _ findings: inout Findings
    ) -> RecordSigners {
        var all: [(sequence: Int, results: [SignatureResult])] = []
        for item in signatures.records[digest] ?? [] {
            let path = item.file.entry.path
            guard item.signature.signatures.count == 1 else {
                findings.fail(
                    .recordSignature, printable(path),
                    "holds \(item.signature.signatures.count) signatures over \(subject), and one is allowed"
                )
                continue
            }
            let checked = results[item.file.entry.digest] ?? []
            for result in checked {
                if result.effect == .fails {
                    let key = result.keyPrefix
                    findings.fail(
                        .recordSignature, printable(path),
                        "over \(subject): \(key)\(result.outcome.reason)")
                } else if knowsRoles {
                    findings.checkUncounted(result, at: path)
                }
            }
            all.append((item.file.entry.sequence, checked))
        }
        return verifier.signers(all, thresholds)
    }

    /// A signature over a record that is not here says nothing of this bundle.
    private func checkStraySignatures(_ contents: BundleContents, _ findings: inout Findings) {
        let here = Set(contents.files(.evidence).map(\.entry.digest))
        let strays = signatures.records.filter { !here.contains($0.key) }.values.joined()
        for stray in strays.sorted(by: { $0.file.entry.sequence < $1.file.entry.sequence }) {
            findings.fail(
                .recordSignature, printable(stray.file.entry.path),
                "is over a record that is not in the log")
        }
    }
}

extension Findings {
    /// The record that a file was read as.
    fileprivate mutating func record(
        _ result: Result<Record, RecordError>, _ subject: String
    ) -> Record? {
        switch result {
        case .success(let record): return record
        case .failure(let error):
            if case .unknownKind = error {
                unknown(.recordFormat, subject, error.description)
            } else {
                fail(.recordFormat, subject, error.description)
            }
            return nil
        }
    }

    /// Every link leads to an earlier entry, and to a record where one is needed.
    fileprivate mutating func checkLinks(
        of record: Record, _ subject: String, _ earlier: [SHA256Digest: LinkTarget]
    ) {
        for defect in record.linkDefects({ earlier[$0] }) {
            if defect.isUnknown {
                unknown(.recordLink, subject, defect.reason)
            } else {
                fail(.recordLink, subject, defect.reason)
            }
        }
    }

    /// What a record claims of its time moves nothing.
    fileprivate mutating func checkClaimedTime(
        of record: Record, _ subject: String, asOf: Instant
    ) {
        let at = record.header.at
        guard at.secondsSince1970 > asOf.secondsSince1970 + Self.clockTolerance else { return }
        add(
            Finding(
                .recordAt, .fail, subject,
                "claims to be made at \(at), after the verification time", isRequired: false))
    }

    /// Whether a record is about this release and this seal.
    fileprivate mutating func checkBelonging(
        of record: Record, _ subject: String, _ seal: SHA256Digest?, _ release: Release?
    ) -> Bool {
        guard let seal, let release else {
            unknown(.recordRelease, subject, "there is no seal to compare it with")
            unknown(.recordSeal, subject, "there is no seal to compare it with")
            return false
        }
        let claimed = try? Release(
            name: record.header.releaseName, version: record.header.releaseVersion)
        let isOfRelease = claimed == release
        let isOfSeal = record.header.seal == seal
        if !isOfRelease { fail(.recordRelease, subject, "is about another release") }
        if !isOfSeal { fail(.recordSeal, subject, "is about another seal") }
        return isOfRelease && isOfSeal
    }

    /// Tells in one finding that the policy trusts nobody with records.
    fileprivate mutating func checkWithoutRoles(_ state: EvidenceState) {
        let count = state.records.count { !$0.status.counts }
        guard count > 0 else { return }
        add(
            Finding(
                .recordAsserted, .unknown, counted(count, "record"),
                "only asserted, because the policy gives nobody a role for records",
                isRequired: false))
    }

    /// What is wrong with single records acts through what they are needed for, and not by itself.
    fileprivate mutating func checkIssues(
        _ state: EvidenceState, _ contents: BundleContents, besidesAsserted: Bool
    ) {
        guard !state.issues.isEmpty else { return }
        let paths = Dictionary(
            contents.files(.evidence).map { ($0.entry.digest, printable($0.entry.path)) },
            uniquingKeysWith: { first, _ in first })
        for issue in state.issues {
            let (id, status) = issue.problem.finding
            if besidesAsserted, id == .recordAsserted { continue }
            add(
                Finding(
                    id, status, paths[issue.record] ?? issue.record.hex, issue.problem.reason,
                    isRequired: false))
        }
    }

    fileprivate mutating func concludeRecords(count: Int, _ state: EvidenceState) {
        guard count > 0 else {
            for family in ["record", "retention", "delivery"] {
                leaveOut(family: family, "evidence", "the bundle has no records")
            }
            return
        }
        let subject = counted(count, "record")
        conclude(.recordFormat, subject, "canonical and of a known kind")
        conclude(.recordRelease, subject, "of this release")
        conclude(.recordSeal, subject, "of this seal")
        conclude(.recordLink, subject, "every link leads to an earlier file of this log")
        concludeUnchecked(.recordAt, subject, "no time after the verification time")
        conclude(.recordSignature, subject, "no signature fails")
        let needing = state.records.count { !$0.signed.record.signingRules.isEmpty }
        if needing > 0 {
            let subject = counted(needing, "record")
            concludeUnchecked(.recordAsserted, subject, "signed by enough people")
            concludeUnchecked(.recordRole, subject, "signed in the required roles")
            concludeUnchecked(.recordOperator, subject, "signed by different people")
            concludeUnchecked(.recordSupersedes, subject, "no denial or revocation is left unnamed")
        }
        if !state.retention.items.isEmpty {
            concludeUnchecked(
                .retentionShortened, counted(state.retention.items.count, "request"),
                "no shorter than what was approved")
        }
        let scheduled = state.records.count { $0.signed.record.kind == .retryPlanV2 }
        if scheduled > 0 {
            concludeUnchecked(
                .deliverySchedule, counted(scheduled, "plan"),
                "the schedule follows from seal, ids and last attempts")
        }
        let live = state.retries.runs.count { $0.run.mode == .live }
        if live > 0 {
            concludeUnchecked(
                .deliveryReview, counted(live, "live run"), "reviewed by their dry run")
        }
        for family in ["record", "retention", "delivery"] {
            leaveOut(family: family, "evidence", "no record is of a kind that it is about")
        }
    }
}

extension EvidenceIssue.Problem {
    /// The check that tells it, and what that comes to.
    fileprivate var finding: (CheckID, CheckStatus) {
        switch self {
        case .asserted: (.recordAsserted, .unknown)
        case .role: (.recordRole, .fail)
        case .samePerson: (.recordOperator, .fail)
        case .notUndone: (.recordSupersedes, .fail)
        case .shortened: (.retentionShortened, .fail)
        case .notReviewed: (.deliveryReview, .fail)
        case .schedule: (.deliverySchedule, .fail)
        }
    }
}
