package import CloseoutEncodings
package import CloseoutOpenSSL

/// The state of retention; computed (docs/records.md, "retention-health").
package struct RetentionHealth: RecordBody {
    /// The result of all findings.
    package enum Level: String, CaseIterable, Sendable {
        case healthy, warning, critical, unknown
    }

    /// How grave a finding is.
    package enum Severity: String, CaseIterable, Sendable {
        case low, medium, high, critical
    }

    /// Something that is wrong or not established.
    package struct Finding: Equatable, Sendable {
        /// Made of check, object and scope, so that it is the same in every run.
        package let id: String
        /// The check, such as `RH-EXPIRED`.
        package let check: String
        /// What it is about.
        package let object: String
        /// How grave it is.
        package let severity: Severity
        /// Wrong, or not established.
        package let status: CriterionStatus
        /// Why, in one sentence.
        package let reason: String
        /// The digests of the files on which it rests, ascending.
        package let evidence: [SHA256Digest]

        /// States a finding; the evidence is brought into order.
        package init(
            id: String, check: String, object: String, severity: Severity,
            status: CriterionStatus, reason: String, evidence: [SHA256Digest]
        ) {
            self.id = id
            self.check = check
            self.object = object
            self.severity = severity
            self.status = status
            self.reason = reason
            self.evidence = evidence.sorted()
        }
    }

    /// How much was looked at.
    package struct Coverage: Equatable, Sendable {
        /// How many objects there should be.
        package let expected: Int
        /// How many were looked at: the bundle itself, and the copies that a provider reported.
        package let observed: Int
        /// How many were hashed.
        package let hashed: Int
        /// How many were left out.
        package let skipped: Int

        package init(expected: Int, observed: Int, hashed: Int, skipped: Int) {
            self.expected = expected
            self.observed = observed
            self.hashed = hashed
            self.skipped = skipped
        }
    }

    /// The result of all findings.
    package let level: Level
    /// What is wrong or not established.
    package let findings: [Finding]
    /// How much was looked at.
    package let coverage: Coverage
    /// The log that was looked at.
    package let log: LogPrefix
    /// The verification time.
    package let asOf: Instant

    package init(
        level: Level, findings: [Finding], coverage: Coverage, log: LogPrefix, asOf: Instant
    ) {
        self.level = level
        self.findings = findings
        self.coverage = coverage
        self.log = log
        self.asOf = asOf
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        [
            LinkRule("observations", LinkRule.any), LinkRule("classes", 0...1),
        ]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([
            ("level", JSON(level.rawValue)), ("findings", .array(findings.map(\.json))),
            ("coverage", coverage.json), ("log", log.json), ("as_of", JSON(asOf)),
        ])
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        level = try reader.choice("level")
        var findings: [Finding] = []
        for item in try reader.array("findings") { findings.append(try Finding(item)) }
        self.findings = findings
        coverage = try Coverage(reader.required("coverage"))
        log = try LogPrefix(reader.required("log"))
        asOf = try reader.instant("as_of")
        guard level != .healthy || findings.isEmpty && coverage.observed > 0 else {
            throw reader.invalid(
                "level", "cannot be healthy with a finding, or where nothing was observed")
        }
    }
}

extension RetentionHealth.Finding {
    /// The finding as a value for canonical JSON.
    package var json: JSON {
        [
            "id": JSON(id), "check": JSON(check), "object": JSON(object),
            "severity": JSON(severity.rawValue), "status": JSON(status.rawValue),
            "reason": JSON(reason), "evidence": .array(evidence.map { JSON($0) }),
        ]
    }

    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        id = try reader.name("id")
        check = try reader.name("check")
        object = try reader.text("object")
        severity = try reader.choice("severity")
        status = try reader.choice("status")
        reason = try reader.text("reason")
        evidence = try ascendingDigests(reader.array("evidence"))
        try reader.finish()
        guard [.fail, .unknown].contains(status) else {
            throw item.invalid("a finding is fail or unknown")
        }
    }
}

extension RetentionHealth.Coverage {
    fileprivate var json: JSON {
        [
            "expected": JSON(count: expected), "observed": JSON(count: observed),
            "hashed": JSON(count: hashed), "skipped": JSON(count: skipped),
        ]
    }

    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        expected = try reader.count("expected")
        observed = try reader.count("observed")
        hashed = try reader.count("hashed")
        skipped = try reader.count("skipped")
        try reader.finish()
    }
}
