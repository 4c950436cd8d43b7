import CloseoutFiles
import CloseoutManifests
import CloseoutVerification

/// A line on a terminal that is drawn over itself.
package struct TerminalLine: Sendable {
    /// Makes a line, or nil where nobody looks: in a pipe, or when quiet was asked for.
    package init?(console: Console) {
        guard !console.isQuiet, StandardStream.isTerminal(StandardStream.error) else { return nil }
    }

    /// Draws a text in place of the one before.
    package func draw(_ text: String) {
        let width = StandardStream.terminalWidth(StandardStream.error) ?? 80
        let line = "\r" + text.prefix(max(0, width - 1)) + "\u{1B}[K"
        try? StandardStream.write(Array(line.utf8), to: StandardStream.error)
    }

    /// Takes the line away.
    package func clear() { draw("") }
}

/// The line that shows how far a long piece of work is, drawn on a terminal only.
struct ProgressLine {
    /// How long work goes on before a line is drawn, in nanoseconds.
    private static let patience: UInt64 = 1_000_000_000

    /// What the work reports to.
    let progress: Progress

    private let line: TerminalLine

    /// Makes a line, or nil where nobody looks.
    init?(console: Console) {
        guard let line = TerminalLine(console: console) else { return nil }
        self.line = line
        progress = Progress { state in
            guard state.elapsed > Self.patience else { return }
            line.draw(Self.text(state))
        }
    }

    /// Takes the line away.
    func clear() { line.clear() }

    /// Files, bytes, rate and the time that is left.
    static func text(_ state: Progress.State) -> String {
        let seconds = Double(state.elapsed) / 1e9
        let rate = seconds > 0 ? Double(state.bytes) / seconds : 0
        let left = state.totalBytes > state.bytes ? Double(state.totalBytes - state.bytes) : 0
        let remaining = rate > 0 ? ", \(Int((left / rate).rounded(.up))) s left" : ""
        return "\(grouped(state.files)) of \(grouped(state.totalFiles)) files, "
            + "\(byteCount(state.bytes)) of \(byteCount(state.totalBytes)), "
            + "\(byteCount(UInt64(rate)))/s\(remaining)"
    }
}
