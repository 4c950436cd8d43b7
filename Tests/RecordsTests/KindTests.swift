import CloseoutEncodings
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("Every kind of record")
struct KindTests {
    @Test("is read back as it was written")
    func roundTrip() throws {
        for record in try samples() {
            #expect(try Record(parsing: record.canonicalBytes) == record, "\(record.kind)")
        }
        #expect(Set(try samples().map(\.kind)) == Set(RecordKind.allCases))
    }

    @Test("has in the document the visibility that is written where no field needs another")
    func visibility() throws {
        let text = String(
            decoding: try readFile(repositoryRoot + "/docs/records.md"), as: UTF8.self)
        for kind in RecordKind.allCases {
            let row = try #require(
                text.split(separator: "\n").first { $0.hasPrefix("| `\(kind.rawValue)` |") })
            let cells = row.split(separator: "|").map { String($0) }
            #expect(cells[2] == " \(kind.defaultVisibility.rawValue) ", "\(kind)")
        }
    }

    @Test("refuses a field that it does not have, and each of its own left out or changed in type")
    func closed() throws {
        for record in try samples() {
            guard case .object(let members) = try JSON(parsing: record.canonicalBytes) else {
                Issue.record("no object")
                continue
            }
            refuse(members + [JSONMember("zz", 1)], of: record, "a field too many")
            for index in members.indices {
                var changed = members
                changed[index] = JSONMember(key: members[index].key, value: .null)
                refuse(changed, of: record, "\(printable(members[index].key)) is null")
                changed[index] = JSONMember(key: members[index].key, value: "")
                refuse(changed, of: record, "\(printable(members[index].key)) is empty")
            }
        }
    }

    private func refuse(_ members: [JSONMember], of record: Record, _ what: String) {
        let bytes = JSON.object(members).canonicalBytes
        #expect(throws: RecordError.self, "\(record.kind): \(what)") {
            try Record(parsing: bytes)
        }
    }

    @Test("refuses a link of a kind that it does not have, and a link too few")
    func links() throws {
        for record in try samples() {
            let other = RecordLink(kind: "something", digest: try digest("other"))
            let more = with(record, links: record.header.links + [other])
            #expect(throws: RecordError.self) { try Record(parsing: more.canonicalBytes) }
            for rule in record.body.content.linkRules where rule.count.lowerBound > 0 {
                let left = record.header.links.filter { $0.kind != rule.kind }
                let fewer = with(record, links: left)
                #expect(throws: RecordError.self) { try Record(parsing: fewer.canonicalBytes) }
            }
            for rule in record.body.content.linkRules where rule.count.upperBound == 1 {
                let twice = try ["l", "m"].map {
                    RecordLink(kind: rule.kind, digest: try digest($0))
                }
                let many = with(record, links: record.header.links + twice)
                #expect(throws: RecordError.self) { try Record(parsing: many.canonicalBytes) }
            }
        }
    }

    private func with(_ record: Record, links: [RecordLink]) -> Record {
        let header = record.header
        return Record(
            header: RecordHeader(
                releaseName: header.releaseName, releaseVersion: header.releaseVersion,
                seal: header.seal, at: header.at, by: header.by, visibility: header.visibility,
                salt: header.salt, links: links),
            body: record.body)
    }

    /// What is replaced by what in the one sample that has it, and what the refusal names.
    static let refusals: [(RecordKind, String, String, String)] = [
        (.retentionRequest, "2033-06-30T23:59:59Z", "2033-06-30", "write 2033-06-30T00:00:00Z"),
        (.retentionRequest, #""until":"2033-06-30T23:59:59Z","#, "", "until: required"),
        (.retentionRequest, "P7Y", "7 years", "period"),
        (.retentionRequest, "P7Y", "P", "period"),
        (.retentionRequest, "P7Y", "P1D1Y", "period"),
        (.retentionRequest, "compliance", "worm", "none, governance, compliance"),
        (.retentionRequest, "regulated", "two words", "class"),
        (.retentionDecision, #""decision":"approved","#, "", "decision: required"),
        (.retentionDecision, #""approved""#, "true", "decision: expected a string"),
        (.retentionDecision, "approved", "yes", "approved, denied"),
        (.legalHold, #""custodian":"legal","#, "", "custodian"),
        (.riskAcceptance, "REL-050", "*", "finding"),
        (.riskAcceptance, "2026-12-31T23:59:59Z", "2026-12-31", "write 2026-12-31T00:00:00Z"),
        (.riskAcceptance, #""external_reference":"RISK-9","#, "", "external_reference"),
        (.riskAcceptance, "A. Owner", "", "owner: empty"),
        (.delivery, #""state":"failed""#, #""state":"suppressed""#, "reason"),
        (.delivery, #""reason":"healthy","#, "", "reason"),
        (.delivery, "503", "99", "status"),
        (.delivery, #""d-1""#, #""d 1""#, "delivery"),
        (.retryPlan, #""d-2""#, #""d-1""#, "entries[1]"),
        (.retryPlan, "2026-05-02T00:00:01Z", "2026-05-02T00:00:00Z", "next_attempts[1]"),
        (.retryRun, "would_send", "delivered", "results[0]"),
        (.retryRun, #""delivered""#, #""would_send""#, "results[0]"),
        (.delivery, #""event":"closeout""#, #""event":"decision""#, "event"),
        (.deliveryV2, "delivery/v2", "delivery/v1", "event"),
        (.deliveryV2, "http.too-many", "Too Many!", "attempts[0].code"),
        (.deliveryV2, "http.too-many", "4f1c2a9be07d335519aa", "attempts[0].code"),
        (.deliveryV2, #""group":2"#, #""group":0"#, "attempts[2].group"),
        (
            .deliveryV2, #""code":"interrupted","group":1"#, #""code":"interrupted","group":3"#,
            "attempts[2]"
        ),
        (.deliveryV2, #""assurance":"accepted_unconfirmed","#, "", "assurance"),
        (.deliveryV2, #""retry_after":60,"#, "", "snoozed"),
        (.deliveryV2, #""snoozed":true"#, #""snoozed":false"#, "snoozed"),
        (
            .deliveryV2, #""ended":"2026-05-02T00:01:30Z","group":1"#,
            #""ended":"2026-05-01T00:01:30Z","group":1"#, "ended"
        ),
        (.deliveryV2, #""route":"chat""#, #""route":"https://hooks.example.com""#, "route"),
        (
            .deliveryV2, #""event_id":"decision-1""#, #""event_id":"//hooks.example.com""#,
            "event_id"
        ),
        (.deliveryV2, "10.0.0.0/8", "hooks.example.com/8", "allowed[0]"),
        (.deliveryV2, "10.0.0.0/8", "169.254.0.0/16", "allowed[0]"),
        (.deliveryV2, "10.0.0.0/8", "10.1.0.0/8", "allowed[0]"),
        (.retryRunV2, "10.0.0.0/8", "224.0.0.0/4", "range"),
        (.deliveryV2, "route.withdrawn", "the receiver said: token expired", "reason"),
        (.deliveryV2, #""reason":"credential""#, #""reason":"bored""#, "redactions"),
        (.retryPlanV2, #""reason":"down""#, #""reason":"see https://t.example.com""#, "reason"),
        (.retryPlanV2, #""last_attempt":"2026-05-02T00:00:00Z","next"#, #""next"#, "last_attempt"),
        (.retryPlanV2, #""action":"retry""#, #""action":"suppress""#, "next_attempts"),
        (.retryRunV2, #""sockets_opened":0"#, #""sockets_opened":1"#, "sockets_opened"),
        (.retryRunV2, #""range":"10.0.0.0/8","#, "", "range"),
        (
            .retryRunV2, #""commitments":[]"#,
            #""commitments":["\#(String(repeating: "0", count: 64))"]"#, "route_tag"
        ),
        (.retryRunV2, "content-type", "Content-Type", "header_names[0]"),
        (.retryRunV2, #""code":"http.gone","#, "", "code"),
        (.decision, "decide/v1", "decide/v2", "rules"),
        (.decisionV2, "decide/v2", "decide/v1", "rules"),
        (.readinessV2, #""shared_because":"one report for both","#, "", "shared_because"),
        (.readinessV2, "readiness/v2", "readiness/v1", "shared_because"),
        (.decisionV2, #""status":"fail""#, #""status":"unknown""#, "results[1]"),
        (.decisionV2, #""status":"pass""#, #""status":"accepted""#, "results[0].status"),
        (.closeoutSummary, #""state":"open""#, #""state":"closed""#, "state"),
        (.closeoutSummary, #""REL-1","REL-2""#, #""REL-2","REL-1""#, "blockers[1]"),
        (.retentionHealth, #""level":"critical""#, #""level":"healthy""#, "level"),
        (.retentionHealth, #""status":"fail""#, #""status":"pass""#, "findings[0]"),
        (.artifactBundle, #""size":2"#, #""size":3"#, "entries"),
        (.readiness, #""kind":"alert""#, #""kind":"rumour""#, "references[0].kind"),
        (.readiness, #"[{"kind":"alert","reference":"\#u{202E}\n"}]"#, "[]", "references: empty"),
    ]

    @Test("refuses what is not allowed, and says where", arguments: refusals)
    func refuses(kind: RecordKind, old: String, new: String, place: String) throws {
        let texts = try samples().filter { $0.kind == kind }
            .map { String(decoding: $0.canonicalBytes, as: UTF8.self) }
        let text = try #require(texts.first { $0.contains(old) })
        do {
            _ = try Record(parsing: Array(text.replacing(old, with: new).utf8))
            Issue.record("taken")
        } catch {
            #expect(error.description.contains(place), "\(error)")
        }
    }

    @Test("keeps texts to 4,096 bytes and links to 1,024")
    func limits() throws {
        func request(_ length: Int) throws -> Record {
            let body = LegalHold.Placement(
                matter: "m", custodian: String(repeating: "x", count: length), reason: "r")
            return try record(.legalHold(.place(body)))
        }
        _ = try Record(parsing: request(4096).canonicalBytes)
        #expect(throws: RecordError.self) { try Record(parsing: request(4097).canonicalBytes) }
        func readiness(_ count: Int) throws -> Record {
            try record(
                .readiness(Readiness(references: [])), (0..<count).map { ("tests", "\($0)") })
        }
        _ = try Record(parsing: readiness(1024).canonicalBytes)
        #expect(throws: RecordError.self) { try Record(parsing: readiness(1025).canonicalBytes) }
        #expect(throws: RecordError.self) { try Record(parsing: readiness(0).canonicalBytes) }
    }

    @Test("of damaged ones takes none that is not canonical")
    func mutations() throws {
        for (seed, record) in try samples().enumerated() {
            let good = record.canonicalBytes
            for damaged in CloseoutTestSupport.mutations(of: good, seed: UInt64(seed), count: 500) {
                guard let taken = try? Record(parsing: damaged) else { continue }
                #expect(taken.canonicalBytes == damaged)
            }
        }
    }
}
