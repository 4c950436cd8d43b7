import CloseoutFiles

/// The descriptors without which the loops that wait for connections would end the program.
enum Descriptors {
    /// What one loop opens when it begins.
    private static let ofLoop = 3
    /// For what else is open for a moment.
    private static let spare = 4

    /// Confirms that the system gives as many as all loops take, which there are as many of as processors.
    ///
    /// - Throws: `FileError` of a shortage.
    static func confirm() throws {
        try open(Machine.processorCount * ofLoop + spare)
    }

    private static func open(_ count: Int) throws {
        guard count > 0 else { return }
        let held = try Directory.open(Array("/".utf8))
        try open(count - 1)
        _ = try held.status()
    }
}
