import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles

/// The folder in which a request for a signer or authority elsewhere is written.
struct RequestFolder {
    /// Its path.
    let path: [UInt8]

    /// Takes the folder that was named, or the default beside the working directory's files.
    ///
    /// - Throws: `CommandFailure` where the bundle has no name to make one of.
    init(_ output: [UInt8]?, of bundle: [UInt8]) throws {
        try demandOutside(
            output ?? Array("./".utf8), sparing: CommandInputs(bundle: bundle))
        if let output {
            path = output
            return
        }
        guard let name = Path.split(bundle).name else {
            throw CommandFailure(.usage, "\(printable(bundle)) has no name of its own")
        }
        let suffix = Array(".closeout".utf8)
        let stem =
            name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
            ? Array(name.dropLast(suffix.count)) : name
        path = Path.join(Array(".".utf8), stem + Array(".request".utf8))
    }

    /// The path of a file in it.
    func file(_ name: [UInt8]) -> [UInt8] { Path.join(path, name) }

    /// Writes the seal, which is fine if it is there already.
    ///
    /// - Throws: `CommandFailure` where another seal is there.
    func write(seal: [UInt8]) throws {
        let folder = try open()
        if try folder.writeIfFree(BundleLayout.seal, seal) { return try folder.sync() }
        guard try folder.read(BundleLayout.seal, limit: BundleLimits.seal) == seal else {
            throw CommandFailure(
                .cannotCreate, "\(printable(path)) holds another seal",
                hint: "choose another folder with -o")
        }
    }

    /// Writes a file, in the place of one from a request before.
    func write(_ bytes: [UInt8], to name: [UInt8]) throws {
        _ = try open()
        try ReplacedFile(file(name)).write(bytes)
    }

    private func open() throws -> Directory {
        let target = try BundleTarget(path)
        let parent = try Directory.openParent(ofNew: path, to: .makeDirectory)
        try parent.makeDirectoryIfFree(target.name)
        return try parent.open(target.name)
    }
}
