import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import Testing

@Suite("Criteria")
struct CriteriaReadingTests {
    private static let good =
        #"{"id":"X","title":"t","check":"artifacts.verified","severity":"high","waivable":false}"#

    @Test("of every profile can be read and have no lint", arguments: Profile.allCases)
    func profiles(profile: Profile) throws {
        let criteria = try profile.criteria()
        #expect(criteria.id == profile.rawValue)
        #expect(criteria.lint() == [])
        #expect(criteria.digest == (try SHA256Digest.of(profile.bytes)))
    }

    @Test("of the profile final-closeout are the ten documented ones and the artifacts")
    func finalCloseout() throws {
        let criteria = try Profile.finalCloseout.criteria()
        #expect(criteria.criteria.map(\.id) == (1...11).map { "C\($0)" })
        #expect(criteria.criterion("C11")?.check == .artifactsVerified)
    }

    @Test(
        "are refused, with the place",
        arguments: [
            (good.replacing("high", with: "grave"), "criteria[0].severity"),
            (good.replacing("artifacts.verified", with: "artifacts.good"), "criteria[0].check"),
            (good.replacing("false", with: "true"), "criteria[0].waivable"),
            (good.replacing("false", with: #""no""#), "criteria[0].waivable"),
            (good.replacing(#""X""#, with: "7"), "criteria[0].id"),
            (good.replacing(#""id""#, with: #""ID""#), "criteria[0].id"),
            (good + "," + good, "criteria[1]"),
            (good.replacing("}", with: #","with":{"operators":1}}"#), "criteria[0].with.operators"),
            (good.replacing("}", with: #","expression":"1"}"#), "criteria[0].expression"),
            (good.replacing("artifacts.verified", with: "seal.signed"), "criteria[0].with.role"),
            (
                good.replacing("artifacts.verified", with: "closeout.closed")
                    .replacing("}", with: #","with":{"criteria":["Y"]}}"#), "criteria[0]"
            ),
            ("", "criteria"),
        ])
    func refused(elements: String, place: String) throws {
        do {
            _ = try criteria(elements)
            Issue.record("it was read: \(elements)")
        } catch let error as CriteriaError {
            #expect(error.description.hasPrefix(place), "\(error)")
        }
    }

    @Test("are refused with a key twice, a fraction, or bytes behind the end")
    func strict() throws {
        let bytes = try criteria(Self.good).bytes
        let text = String(decoding: bytes, as: UTF8.self)
        for changed in [
            text.replacing(#""version":1"#, with: #""version":1,"version":1"#),
            text.replacing(#""version":1"#, with: #""version":1.0"#), text + "x",
            text.replacing(#""version":1"#, with: #""version":0"#),
            text.replacing("criteria/v1", with: "criteria/v2"),
        ] {
            #expect(throws: CriteriaError.self) { try Criteria(parsing: Array(changed.utf8)) }
        }
    }

    @Test("are never read where a byte is cut off")
    func truncated() throws {
        let bytes = Profile.artifactsOnly.bytes
        for length in bytes.indices.dropLast(2) {
            #expect(throws: CriteriaError.self) {
                try Criteria(parsing: Array(bytes.prefix(length)))
            }
        }
    }

    @Test("that say what is likely not meant are reported")
    func lint() throws {
        let loose = try criteria(
            #"{"id":"X","title":"t","check":"readiness.complete","with":{"evidence":["tests"]},"severity":"critical","waivable":true}"#,
            #"{"id":"Y","title":"t","check":"readiness.complete","with":{"evidence":["tests"]},"severity":"low","waivable":false}"#
        )
        let warnings = loose.lint()
        for part in [
            "no criterion demands VERIFIED artifacts", "X can be accepted for any time",
            "X is critical", "any number of acceptances", "Y checks what an earlier",
        ] {
            #expect(warnings.contains { $0.contains(part) }, "\(warnings)")
        }
    }
}
