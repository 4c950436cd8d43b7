package import CloseoutEncodings
import CloseoutFiles
package import CloseoutWorkflows

/// The streams that a command writes to: results on standard output, all else on standard error.
package struct Console: Sendable {
    /// Whether only warnings and errors are written beside results.
    package let isQuiet: Bool

    /// Writes a result.
    package func result(_ text: String) throws {
        try result(Array(text.utf8))
    }

    /// Writes a result of bytes that were asked for as they are.
    package func result(_ bytes: [UInt8]) throws {
        do throws(FileError) {
            try Shortage.check()
            let safe = withoutLogCommands(bytes)
            try StandardStream.write(safe, to: StandardStream.output)
        } catch {
            throw error.isShortage ? error : error.at(Array("standard output".utf8))
        }
    }

    /// Writes a JSON value as a result, on a line of its own.
    package func result(_ json: JSON) throws {
        try result(json.printedBytes + [UInt8(ascii: "\n")])
    }

    /// Ends the results.
    ///
    /// - Throws: `FileError` where not all of them have arrived.
    func close() throws {
        do throws(FileError) {
            try StandardStream.closeOutput()
        } catch {
            throw error.at(Array("standard output".utf8))
        }
    }

    /// Says what was done, unless they asked for quiet.
    package func note(_ text: String) {
        guard !isQuiet else { return }
        write("\(text)\n")
    }

    /// Warns, also when quiet was asked for.
    package func warning(_ text: String, hint: String? = nil) {
        write("closeout: warning: \(text)\n" + (hint.map { "hint: \($0)\n" } ?? ""))
    }

    /// Says why the command stops.
    func failure(_ failure: CommandFailure) {
        write("closeout: \(failure.message)\n" + (failure.hint.map { "hint: \($0)\n" } ?? ""))
    }

    /// Says why the command line is not understood, and how it is written.
    func usage(_ failure: UsageFailure) {
        let lines = ["closeout: \(failure.message)"] + failure.usage + ["hint: \(failure.hint)"]
        write(lines.joined(separator: "\n") + "\n")
    }

    /// Nobody would see that standard error is closed.
    private func write(_ text: String) {
        let text = UnrepeatedValues.ofProcess.removed(from: text)
        try? StandardStream.write(safeMessage(text), to: StandardStream.error)
    }
}

extension Console {
    /// Prints what a workflow did: paths on standard output, all else on standard error.
    package func receipt(_ receipt: Receipt) throws {
        for path in receipt.stored { try result("\(printable(path))\n") }
        for remark in receipt.remarks {
            switch remark {
            case .note(let text): note(text)
            case .warning(let text, let hint): warning(text, hint: hint)
            }
        }
    }
}
