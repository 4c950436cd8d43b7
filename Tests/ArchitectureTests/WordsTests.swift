import CloseoutTestSupport
import Testing

@Suite("The words")
struct WordsTests {
    /// Phrases that are no plain English, or that the field has another word for.
    ///
    /// What others read by machine, or what a released version wrote, is not changed for them: the
    /// reasons in computed records, and the first README of bundles.
    private static let banned = [
        "comes of", "came of", "stands for nothing", "stands behind it", "stands with",
        "stand repeatedly",
        "is told", "are told", "it is told", "goes without saying", "bears the",
        "that the bundle bears",
        "tells how", "how it stands", "it stands with", "which nobody can accept",
        "could not be told",
        "cannot be told", "a openpgp", "a ssh signature", "is kept as it is", "kept as it is.",
        "instant of judgement", "which room", "every room", "of the room", "evidence records",
        "this alone does not decide", "stands twice", "stands once", "what became of",
        "stands more than once", "stands no number", "without effect yet", "bear out",
        "bear the decision out", "must be told", "is judged", "are judged", "be judged",
        "would come to", "tells which", "tells what is", "tells whether", "tells whom",
        "tells the findings", "told of", "told in", "nothing was told", "behind it stand",
        "stands in code", "stand in code", "stands wherever", "cannot stand",
    ]

    /// Files with released texts, each with what they may say.
    private static let released = [
        "Sources/Bundles/Readme.swift", "Sources/Records/State/UtmostRetention.swift",
        "Sources/Records/State/StatusResolver.swift", "docs/glossary.md",
        "Sources/Decisions/Retention/HealthExamination.swift",
        "Sources/Decisions/Retention/HealthExamination+Observations.swift",
    ]

    @Test("no source, document or recorded session has a banned phrase")
    func absent() throws {
        let files =
            try SourceFile.all(below: "Sources", ending: ".swift")
            + SourceFile.all(below: "docs", ending: ".md")
            + SourceFile.all(below: "Tests/CommandLineTests/Transcripts", ending: ".txt")
            + [SourceFile(reading: "README.md"), SourceFile(reading: "SECURITY.md")]
        for file in files where !Self.released.contains(file.path) {
            #expect(file.places(of: Self.banned) == [])
        }
    }

    @Test("a phrase is found as words, whatever their case, and not inside of code in backquotes")
    func finds() {
        let file = SourceFile(
            path: "x", text: "It Is Told.\nnot istold\n`names is told` and\nis toldest")
        #expect(file.places(of: ["is told"]) == ["x:1: is told"])
    }
}

extension SourceFile {
    /// `path:line: phrase` for every phrase in a line, as whole words outside of backquotes.
    func places(of phrases: [String]) -> [String] {
        lines.enumerated().flatMap { number, line in
            let pieces = line.lowercased().split(separator: "`", omittingEmptySubsequences: false)
            let text = pieces.enumerated().filter { $0.offset % 2 == 0 }.map { $0.element }
                .joined(separator: "`")
            return phrases.filter { text.hasWords($0) }.map { "\(path):\(number + 1): \($0)" }
        }
    }
}

extension String {
    /// Whether a phrase is in the text, with no letter before or behind it.
    fileprivate func hasWords(_ phrase: String) -> Bool {
        ranges(of: phrase).contains { range in
            let before = self[..<range.lowerBound].last
            let after = self[range.upperBound...].first
            return before?.isLetter != true && after?.isLetter != true
        }
    }
}
