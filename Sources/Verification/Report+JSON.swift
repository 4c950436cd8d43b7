package import Encodings

extension Report {
    /// The report as a value for canonical JSON (docs/checks.md, "Report as JSON").
    package var json: JSON {
        var members: [JSONMember] = [
            JSONMember(key: "kind", value: "closeout/report/v1"),
            JSONMember(key: "subject", value: JSON(subject.rawValue)),
            JSONMember(key: "verdict", value: JSON(verdict.rawValue)),
            JSONMember(key: "headline", value: JSON(headline)),
            JSONMember(key: "integrity", value: JSON(integrity.rawValue)),
            JSONMember(key: "decision", value: .null),
            JSONMember(key: "as_of", value: JSON(asOf.description)),
            JSONMember(key: "as_of_given", value: .bool(isAsOfGiven)),
            JSONMember(key: "policy", value: policy.map { JSON($0.hex) } ?? .null),
            JSONMember(key: "log_size", value: logSize.map { .integer(Int64($0)) } ?? .null),
            JSONMember(key: "not_looked_at", value: .array(notLookedAt.map { JSON($0) })),
            JSONMember(key: "signatures", value: .array(signatures.map(\.json))),
            JSONMember(key: "checks", value: .array(findings.map(\.json))),
        ]
        members.append(JSONMember(key: "release", value: release?.json ?? .null))
        return .object(members)
    }
}

extension Report.SealedRelease {
    var json: JSON {
        [
            "name": JSON(name), "version": JSON(version), "seal": JSON(seal.hex),
            "created": JSON(created.description), "files": .integer(Int64(clamping: files)),
            "directories": .integer(Int64(clamping: directories)),
            "symlinks": .integer(Int64(clamping: symlinks)),
            "bytes": .integer(Int64(clamping: bytes)),
        ]
    }
}

extension SignatureLine {
    var json: JSON {
        func text(_ value: String?) -> JSON { value.map { JSON($0) } ?? .null }
        return [
            "path": JSON(path), "format": JSON(format), "claimed_key": text(claimedKey),
            "key": text(key), "operator": text(self.operator), "algorithm": text(algorithm),
            "roles": .array(roles.map { JSON($0) }),
            "proven_time": text(provenTime?.description), "proven_by": text(provenBy),
            "counts": .bool(counts), "reason": JSON(reason),
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
