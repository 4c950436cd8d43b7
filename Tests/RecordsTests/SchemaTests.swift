import CloseoutEncodings
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("The schemas of records", .requires(pythonTool))
struct SchemaTests {
    private func verdicts(_ documents: [(kind: RecordKind, bytes: [UInt8])]) async throws -> [Bool]
    {
        try await schemaVerdicts(
            documents.map { document in
                let version = document.kind.rawValue.split(separator: "/").last ?? ""
                return ("\(document.kind.name).\(version)", document.bytes)
            })
    }

    @Test("take every sample of every kind, by a foreign validator")
    func take() async throws {
        let samples = try samples()
        let verdicts = try await verdicts(samples.map { ($0.kind, $0.canonicalBytes) })
        #expect(verdicts.count == samples.count)
        for (record, isValid) in zip(samples, verdicts) {
            #expect(isValid, "\(String(decoding: record.canonicalBytes, as: UTF8.self))")
        }
    }

    @Test(
        "refuse a field too many, a field too few, and a value of another type, as the reader does")
    func refuse() async throws {
        var damaged: [(kind: RecordKind, bytes: [UInt8])] = []
        for record in try samples() {
            guard case .object(let members) = try JSON(parsing: record.canonicalBytes) else {
                continue
            }
            func add(_ members: [JSONMember]) {
                let bytes = JSON.object(members).canonicalBytes
                guard (try? Record(parsing: bytes)) == nil else { return }
                damaged.append((record.kind, bytes))
            }
            add(members + [JSONMember("zz", 1)])
            for index in members.indices {
                var fewer = members
                fewer.remove(at: index)
                add(fewer)
                for value: JSON in [.null, "", [1], ["zz": 1]] {
                    var changed = members
                    changed[index] = JSONMember(key: members[index].key, value: value)
                    add(changed)
                }
            }
        }
        #expect(damaged.count > 500)
        for (item, isValid) in zip(damaged, try await verdicts(damaged)) {
            #expect(!isValid, "\(String(decoding: item.bytes, as: UTF8.self))")
        }
    }

    @Test("refuse a bare date wherever an instant belongs")
    func dates() async throws {
        var damaged: [(kind: RecordKind, bytes: [UInt8])] = []
        for record in try samples() {
            let text = String(decoding: record.canonicalBytes, as: UTF8.self)
            for range in text.ranges(of: /T\d\d:\d\d:\d\dZ/) {
                damaged.append(
                    (record.kind, Array(text.replacingCharacters(range).utf8)))
            }
        }
        #expect(damaged.count > 30)
        for (item, isValid) in zip(damaged, try await verdicts(damaged)) {
            #expect(!isValid, "\(String(decoding: item.bytes, as: UTF8.self))")
            #expect(throws: RecordError.self) { try Record(parsing: item.bytes) }
        }
    }
}

extension String {
    /// The text without what stands in a range.
    fileprivate func replacingCharacters(_ range: Range<Index>) -> String {
        String(self[..<range.lowerBound]) + String(self[range.upperBound...])
    }
}
