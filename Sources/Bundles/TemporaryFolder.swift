package import CloseoutFiles

/// A folder that is being made under a temporary name beside its target (docs/bundle.md, "Create").
///
/// It is locked as long as it lives, also once it is placed: who clears away what was left half-made leaves
/// it alone. One that is let go before it is placed removes itself, also where a signal ends the program.
package struct TemporaryFolder: ~Copyable {
    /// The folder as it is now.
    package let root: Directory
    /// The folder that it is in, and its target will be.
    package let parent: Directory
    private let target: BundleTarget
    private let name: [UInt8]
    private let hold: SignalHold
    private var isPlaced = false

    /// Makes an empty folder.
    ///
    /// - Throws: `FileError`, which names the target.
    package init(for target: BundleTarget) throws(FileError) {
        let name = TemporaryName.make()
        let hold = SignalHold()
        let parent = try Directory.openParent(ofNew: target.path, to: .makeDirectory)
        do throws(FileError) {
            try parent.makeDirectory(name)
        } catch {
            throw FileError(.makeDirectory, target.path, error.cause)
        }
        root = try Self.open(name, in: parent)
        self.parent = parent
        self.target = target
        self.name = name
        self.hold = hold
    }

    deinit {
        if !isPlaced { try? parent.removeTree(name) }
    }

    /// Renames the folder to its target, which must be free.
    ///
    /// - Throws: `FileError`; `.alreadyExists` where the target has appeared meanwhile.
    package mutating func place() throws(FileError) {
        try parent.rename(directory: name, toNew: target.name)
        isPlaced = true
    }

    private static func open(
        _ name: [UInt8], in parent: borrowing Directory
    ) throws(FileError) -> Directory {
        do throws(FileError) {
            let root = try parent.open(name)
            // A medium that knows no locks is written all the same: the name is nobody else's.
            _ = try? root.lockIfFree(.exclusive)
            return root
        } catch {
            parent.removeIfEmpty(name)
            throw error
        }
    }
}
