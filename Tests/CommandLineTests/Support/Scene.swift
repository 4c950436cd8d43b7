import CloseoutTestSupport
import FoundationEssentials
import Testing

/// A folder in which `closeout` and other programs are run as a person would run them.
struct Scene: Sendable {
    /// The folder, where every program starts.
    let path: String

    /// The variables that would change what a command does, taken away.
    private static let unset: [String: String?] = [
        "CLOSEOUT_TRUST": nil, "CLOSEOUT_LOG_KEY": nil, "SOURCE_DATE_EPOCH": nil,
    ]

    /// The folders of programs, that of the `closeout` under test first.
    private static let searchPath: String = {
        let folder = closeoutExecutable.split(separator: "/", omittingEmptySubsequences: false)
            .dropLast().joined(separator: "/")
        return folder + ":" + (environmentVariable("PATH") ?? "/usr/bin:/bin")
    }()

    /// Runs `closeout`; whatever it writes to a pipe holds no terminal escape.
    func closeout(
        _ arguments: String..., environment: [String: String?] = [:], stdin: [UInt8] = [],
        in folder: String? = nil
    ) async throws -> RunResult {
        try await closeout(arguments, environment: environment, stdin: stdin, in: folder)
    }

    /// Runs `closeout` with arguments in an array.
    func closeout(
        _ arguments: [String], environment: [String: String?] = [:], stdin: [UInt8] = [],
        in folder: String? = nil
    ) async throws -> RunResult {
        let result = try await run(
            closeoutExecutable, arguments, stdin: stdin,
            environment: Self.unset.merging(environment) { $1 },
            workingDirectory: folder.map { path + "/" + $0 } ?? path)
        let isPlain = !result.stdout.contains(0x1B) && !result.stderr.contains(0x1B)
        #expect(isPlain, "a terminal escape in the output of \(arguments)")
        return result
    }

    /// Runs `closeout` and demands that it ends well.
    ///
    /// - Returns: The lines of its standard output.
    @discardableResult
    func done(
        _ arguments: String..., environment: [String: String?] = [:], stdin: [UInt8] = []
    ) async throws -> [String] {
        try await done(arguments, environment: environment, stdin: stdin)
    }

    /// Runs `closeout` with arguments in an array, and demands that it ends well.
    ///
    /// - Returns: The lines of its standard output.
    @discardableResult
    func done(
        _ arguments: [String], environment: [String: String?] = [:], stdin: [UInt8] = []
    ) async throws -> [String] {
        let result = try await closeout(arguments, environment: environment, stdin: stdin)
        try #require(
            result.status == 0,
            "\(arguments) ended with \(result.status): \(result.stderrText)\(result.stdoutText)")
        return lines(result.stdoutText)
    }

    /// Runs a script of the shell in which `closeout` is the one under test.
    func shell(_ script: String) async throws -> RunResult {
        let environment = Self.unset.merging(["PATH": Self.searchPath]) { $1 }
        return try await run(
            "sh", ["-c", script], environment: environment, workingDirectory: path)
    }

    /// Runs a script and demands that it ends well.
    ///
    /// - Returns: Its standard output.
    @discardableResult
    func shellDone(_ script: String) async throws -> String {
        let result = try await shell(script)
        try #require(
            result.status == 0,
            "\(script) ended with \(result.status): \(result.stderrText)\(result.stdoutText)")
        return result.stdoutText
    }

    /// The bytes of a file of the scene.
    func bytes(_ name: String) throws -> [UInt8] {
        try readFile(path + "/" + name)
    }

    /// Writes a file of the scene, with the folders above it.
    func write(_ text: String, to name: String) throws {
        let folder = name.split(separator: "/").dropLast().joined(separator: "/")
        try makeDirectory(path + "/" + folder)
        try writeFile(text, to: path + "/" + name)
    }

    /// Whether the scene has such a file or folder.
    func has(_ name: String) -> Bool { fileExists(path + "/" + name) }

    /// The paths of all files below a folder, sorted.
    func files(below folder: String) async throws -> [String] {
        lines(try await shellDone("find \(folder) -type f | LC_ALL=C sort"))
    }

    /// The only signature of the bundle with this ending, by its path in the scene.
    func signature(in bundle: String, ending: String) async throws -> String {
        let all = try await files(below: "\(bundle)/signatures").filter { $0.hasSuffix(ending) }
        #expect(all.count == 1)
        return try #require(all.first)
    }
}

/// Runs `body` in a scene with a small release in `dist`: files, an executable, a link, an empty
/// folder.
func withScene(_ body: (Scene) async throws -> Void) async throws {
    try await withTemporaryDirectory { path in
        let scene = Scene(path: path)
        try scene.write("tool\n", to: "dist/bin/tool")
        try scene.write("notes\n", to: "dist/NOTES.md")
        try await scene.shellDone(
            "chmod 755 dist/bin/tool; ln -s tool dist/bin/t; mkdir dist/empty; umask 022")
        try await body(scene)
    }
}

/// Runs `body` in a scene with the key `release.pem`, its policy `trust.json`, and `dist` sealed
/// with it in `p-1.closeout`.
func withSealedRelease(_ body: (Scene) async throws -> Void) async throws {
    try await withScene { scene in
        try await scene.done("keygen", "--no-passphrase", "-o", "release", "--trust", "trust.json")
        try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
        try await body(scene)
    }
}

/// The lines of a text, without the empty end behind the last one.
func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
}
