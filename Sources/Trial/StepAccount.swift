/// What there is to say of a step that was taken.
package struct StepAccount: Equatable, Sendable {
    /// The number of the step, from 1.
    package let number: Int
    /// What the step is about, in a few words.
    package let title: String
    /// Its result, in a sentence or two.
    package let summary: String
    /// All of it, in lines of at most 100 columns: what happens and why, the files that were given, each
    /// command with what it found, and what was recorded, with who may see it.
    package let lines: [String]
    /// Where the documents say more.
    package let documents: [DocumentLink]

    /// The step in two or three lines, for an overview.
    package var overview: [String] {
        let head = padded(number < 10 ? " \(number)" : "\(number)", 4) + title
        return [head] + wrapped(summary, indent: 4, further: 0)
    }

    /// The whole step with its heading.
    package var account: [String] { ["Step \(number) of 10: \(title)"] + lines }
}
