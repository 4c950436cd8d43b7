package import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL

extension Report {
    /// The report as a value for canonical JSON (docs/checks.md, "Report as JSON").
    package var json: JSON {
        var members: [JSONMember] = [
            JSONMember("kind", "closeout/report/v1"),
            JSONMember("subject", JSON(subject.rawValue)),
            JSONMember("verdict", JSON(verdict.rawValue)),
            JSONMember("headline", JSON(headline)),
            JSONMember("integrity", JSON(integrity.rawValue)),
            JSONMember("decision", decision?.json ?? .null),
            JSONMember("as_of", JSON(asOf.description)),
            JSONMember("as_of_given", .bool(isAsOfGiven)),
            JSONMember("policy", policy.map { JSON($0.hex) } ?? .null),
            JSONMember("log_size", logSize.map { .integer(Int64($0)) } ?? .null),
            JSONMember("not_looked_at", .array(notLookedAt.map { JSON($0) })),
            JSONMember("signatures", .array(signatures.map(\.json))),
            JSONMember("records", .array(recordLines.map(\.json))),
            JSONMember("risks", .array(riskLines.map(\.json))),
            JSONMember("checks", .array(findings.map(\.json))),
        ]
        members.append(JSONMember("release", release?.json ?? .null))
        return .object(members)
    }
}

extension Report.SealedRelease {
    var json: JSON {
        [
            "name": JSON(release.name), "version": JSON(release.version), "seal": JSON(seal.hex),
            "created": JSON(created.description), "files": .integer(Int64(totals.files)),
            "directories": .integer(Int64(totals.directories)),
            "symlinks": .integer(Int64(totals.symlinks)),
            "bytes": .integer(Int64(clamping: totals.bytes)),
        ]
    }
}

extension SignatureLine {
    /// The line as a value for canonical JSON.
    package var json: JSON {
        func text(_ value: String?) -> JSON { value.map { JSON($0) } ?? .null }
        return [
            "path": JSON(path), "format": JSON(format), "claimed_key": text(claimedKey),
            "key": text(key), "operator": text(self.operator), "algorithm": text(algorithm),
            "roles": .array(roles.map { JSON($0) }),
            "proven_time": text(provenTime?.description), "proven_by": text(provenBy),
            "key_own_end": text(keyOwnEnd?.description),
            "counts": .bool(counts), "reason": JSON(reason), "remark": text(remark),
        ]
    }
}

extension Finding {
    var json: JSON {
        [
            "id": JSON(id.rawValue), "status": JSON(status.rawValue), "subject": JSON(subject),
            "reason": JSON(reason), "hint": hint.map { JSON($0) } ?? .null,
            "required": .bool(isRequired),
        ]
    }
}
