import CloseoutEncodings
import CloseoutIndex
import CloseoutRecords
import CloseoutVerification
import HTTPTypes

/// What programs read about several bundles, as JSON (docs/console.md, "For programs").
struct IndexInterface {
    let index: BundleIndex
    let state: Indexer.State
    let query: FormFields

    /// The answer to a path below `/api/`.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - now: The instant from which days are counted.
    /// - Returns: The answer.
    /// - Throws: `IndexError` where the index cannot be read.
    func answer(_ path: String, now: Instant) throws(IndexError) -> Answer {
        let asked = IndexFields(query)
        let page = (query.number("page") ?? 1) - 1
        switch path {
        case "/api/openapi.json":
            return Answer(PackageResources.openapi_index_json, MediaName.json)
        case "/api/state": return Interface.json(try .object(searched))
        case "/api/bundles":
            let found = try index.bundles(asked.bundles(now), page: page, rows: IndexContent.rows)
            return try listed(found, "bundles") { .object($0.members) }
        case "/api/shipped":
            let digits = DigestInput.digits(query["digest"] ?? [])
            guard let found = try index.hits(ofDigest: digits, page: page, rows: IndexContent.rows)
            else { return Self.trouble("digest: no SHA-256 in hexadecimal", .badRequest) }
            return try listed(found, "places") { hit in
                [
                    "sha256": JSON(hit.digest.hex), "role": JSON(hit.role.rawValue),
                    "path": JSON(printable(hit.path)), "bundle": .object(hit.bundle.members),
                ]
            }
        case "/api/acceptances":
            let found = try index.acceptances(
                asked.acceptances(now), page: page, rows: IndexContent.rows)
            return try listed(found, "acceptances") { item in
                [
                    "finding": JSON(item.finding), "status": JSON(item.status.rawValue),
                    "owner": JSON(item.owner), "approved_by": JSON(item.approver),
                    "reason": JSON(item.reason), "expires": JSON(item.expires.description),
                    "record": JSON(item.record.hex), "bundle": .object(item.bundle.members),
                ]
            }
        default: return Self.trouble("there is no such path", .notFound)
        }
    }

    private static func trouble(_ words: String, _ status: HTTPResponse.Status) -> Answer {
        var answer = Interface.json(["error": JSON(words)])
        answer.status = status
        return answer
    }

    /// How much of the bundles the answer rests on.
    private var searched: [JSONMember] {
        get throws(IndexError) {
            let counts = try index.counts()
            return [
                JSONMember("version", .integer(Int64(state.version))),
                JSONMember(
                    "complete",
                    .bool(
                        state.isComplete && counts.gaps == 0 && state.fault == nil
                            && !(state.search?.isCut ?? true)
                            && state.search?.faults.isEmpty ?? false)
                ),
                JSONMember("bundles_known", .integer(Int64(counts.all))),
                JSONMember("bundles_running", .integer(Int64(counts.running))),
                JSONMember("bundles_unreadable", .integer(Int64(counts.unreadable))),
                JSONMember("bundles_without_files", .integer(Int64(counts.withoutFiles))),
            ]
        }
    }

    private func listed<Item>(
        _ page: IndexPage<Item>, _ name: String, _ make: (Item) -> JSON
    ) throws(IndexError) -> Answer {
        let numbers = [
            JSONMember("total", .integer(Int64(page.total))),
            JSONMember("page", .integer(Int64(page.page + 1))),
            JSONMember("pages", .integer(Int64(page.pages))),
        ]
        return Interface.json(
            .object(try searched + numbers + [JSONMember(name, .array(page.items.map(make)))]))
    }
}

extension IndexedBundle {
    /// The bundle as members of an object.
    fileprivate var members: [JSONMember] {
        var kept: JSON = .null
        if case .until(let instant) = retention { kept = JSON(instant.description) }
        return [
            JSONMember("id", JSON(id)), JSONMember("path", JSON(printable(path))),
            JSONMember(
                "state", JSON(verdict != nil ? "done" : reason != nil ? "unreadable" : "running")),
            JSONMember("verdict", verdict.map { JSON($0.rawValue) } ?? .null),
            JSONMember("integrity", integrity.map { JSON($0.rawValue) } ?? .null),
            JSONMember("line", line.map { JSON($0) } ?? .null),
            JSONMember("reason", reason.map { JSON($0) } ?? .null),
            JSONMember("release", release.map { JSON($0) } ?? .null),
            JSONMember("bundle_id", seal.map { JSON($0.hex) } ?? .null),
            JSONMember("created", created.map { JSON($0.description) } ?? .null),
            JSONMember("as_of", asOf.map { JSON($0.description) } ?? .null),
            JSONMember("outcome", outcome.map { JSON($0) } ?? .null),
            JSONMember("kept_until", kept), JSONMember("holds", .integer(Int64(holds))),
            JSONMember("copies", .integer(Int64(copies))),
        ]
    }
}
