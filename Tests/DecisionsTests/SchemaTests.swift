import CloseoutDecisions
import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The schemas of what an auditor writes", .requires(pythonTool))
struct SchemaTests {
    private static let digest = String(repeating: "a", count: 64)

    /// Documents with everything that may stand in them, by schema.
    private static let samples: [(schema: String, text: String)] = [
        ("criteria", String(decoding: Profile.finalCloseout.bytes, as: UTF8.self)),
        ("criteria", String(decoding: Profile.artifactsOnly.bytes, as: UTF8.self)),
        (
            "criteria",
            """
            {"kind":"closeout/criteria/v1","id":"x","version":2,"title":"t",
             "acceptance":{"max_active":0,"max_days":{"low":1,"critical":3660}},"criteria":[
             {"id":"R","title":"t","check":"retention.approved","severity":"low","waivable":false,
              "with":{"classes":["a"],"minimum":"P7Y1M","mode":"compliance"},"maps_to":["A.1"]},
             {"id":"H","title":"t","check":"retention.healthy","severity":"low","waivable":true,
              "with":{"at_or_above":"low","observed":true,"classes":"\(digest)"}},
             {"id":"D","title":"t","check":"delivery.settled","severity":"low","waivable":true,
              "with":{"event":"retention-alert","routes":["a","b"]}},
             {"id":"E","title":"t","check":"evidence.content","severity":"low","waivable":true,
              "with":{"evidence":["tests","scan"]}}]}
            """
        ),
        (
            "retention-classes",
            """
            {"kind":"closeout/retention-classes/v1","warning":"P30D","freshness":"P1M","classes":[
             {"id":"a","minimum":"P7Y","basis":"contract_end","mode":"compliance"},
             {"id":"b","minimum":"P1D","mode":"none"}]}
            """
        ),
        (
            "observations",
            """
            {"kind":"closeout/observations/v1","provider":"s3","at":"2026-05-31T00:00:00Z",
             "expected":2,"copies":[{"name":"a b","original":"\(digest)"},
             {"name":"b","original":"\(digest)","sha256":"\(digest)",
              "hashed_at":"2026-05-31T00:00:00Z","until":"2033-01-01T00:00:00Z","mode":"governance",
              "locked":true,"bypass":false,"held":true,"hidden":false,
              "lifecycle_end":"2034-01-01T00:00:00Z","key_usable":true,"replica":true,
              "default_rule":false,"changes_left":3}]}
            """
        ),
        ("criteria", String(decoding: Profile.release.bytes, as: UTF8.self)),
    ]

    /// Whether our reader takes a document.
    private func isTaken(_ bytes: [UInt8], as schema: String) -> Bool {
        switch schema {
        case "criteria": (try? Criteria(parsing: bytes)) != nil
        case "retention-classes": (try? RetentionClasses(parsing: bytes)) != nil
        default: (try? Observations(parsing: bytes)) != nil
        }
    }

    @Test("take the profiles and examples")
    func take() async throws {
        let documents = try Self.samples.map {
            ($0.schema, try JSON(parsing: Array($0.text.utf8)).canonicalBytes)
        }
        for ((schema, bytes), isValid) in zip(documents, try await schemaVerdicts(documents)) {
            #expect(
                isTaken(bytes, as: schema) && isValid, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test("say of every changed document what the reader says")
    func changed() async throws {
        let documents = try Self.samples.flatMap { sample in
            try JSON(parsing: Array(sample.text.utf8)).variants.map {
                (sample.schema, $0.canonicalBytes)
            }
        }
        let verdicts = try await schemaVerdicts(documents)
        #expect(documents.count > 1000 && verdicts.count == documents.count)
        for ((schema, bytes), isValid) in zip(documents, verdicts) {
            #expect(
                isTaken(bytes, as: schema) == isValid, "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(verdicts.contains(true) && verdicts.contains(false))
    }

    @Test("refuse a bare date, a period that is none, and an acceptance of what nobody can accept")
    func words() async throws {
        let changes = [
            (4, "2026-05-31T00:00:00Z\",\n", "2026-05-31\",\n"), (3, "P30D", "P"),
            (3, "P30D", "30D"), (3, "P30D", "P1D1Y"),
            (2, #""low","waivable":false"#, #""low","waivable":true"#),
            (2, "retention.approved", "retention.Approved"), (2, #"["a","b"]"#, #"["a","a"]"#),
        ]
        let documents = changes.map { index, old, new in
            let sample = Self.samples[index]
            let text = sample.text.split(separator: old, maxSplits: 1).joined(separator: new)
            return (sample.schema, Array(text.split(separator: "\n").joined().utf8))
        }
        for ((schema, bytes), isValid) in zip(documents, try await schemaVerdicts(documents)) {
            #expect(
                !isTaken(bytes, as: schema) && !isValid, "\(String(decoding: bytes, as: UTF8.self))"
            )
        }
    }
}

extension JSON {
    /// The value with one change each: a member too many or too few, or a value of another type.
    fileprivate var variants: [JSON] {
        let others: [JSON] = [.null, "", [1], ["zz": 1], -1, true, "x y"]
        switch self {
        case .object(let members):
            let more: [JSON] = [.object(members + [JSONMember("zz", 1)])]
            return others + more
                + members.indices.flatMap { index -> [JSON] in
                    var fewer = members
                    let member = fewer.remove(at: index)
                    return [.object(fewer)]
                        + member.value.variants.map { value in
                            var changed = members
                            changed[index] = JSONMember(key: member.key, value: value)
                            return .object(changed)
                        }
                }
        case .array(let elements):
            return others + [.array([]), .array(elements + [.null])]
                + elements.indices.flatMap { index in
                    elements[index].variants.map { value in
                        var changed = elements
                        changed[index] = value
                        return .array(changed)
                    }
                }
        default: return others
        }
    }
}
