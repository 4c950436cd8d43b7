import CloseoutDelivery
import CloseoutFiles
import Subprocess
import SystemPackage

/// The secrets that routes name: from variables, files, and programs that were run once before.
struct GatheredSecrets: SecretSource {
    /// How long a program may take.
    private static let limit = Duration.seconds(30)

    /// What the programs wrote.
    private let written: [SecretReference: Result<[UInt8], SecretFault>]

    /// Runs the programs that the routes name, each once.
    static func gather(for routes: [Route]) async -> GatheredSecrets {
        var written: [SecretReference: Result<[UInt8], SecretFault>] = [:]
        for secret in routes.flatMap(\.secrets) where written[secret.reference] == nil {
            guard case .command(let words) = secret.reference else { continue }
            written[secret.reference] = await output(of: words)
        }
        return GatheredSecrets(written: written)
    }

    func bytes(of reference: SecretReference) throws(SecretFault) -> [UInt8] {
        switch reference {
        case .environment(let name):
            guard let value = Machine.environment(name) else { throw .unavailable }
            return value
        case .file(let path):
            do throws(FileError) {
                return try readInput(Array(path.utf8), limit: SecretReader.longestFile).bytes
            } catch {
                if case .tooLarge = error.cause { throw .tooLong }
                throw .unavailable
            }
        case .command:
            guard let result = written[reference] else { throw .unavailable }
            return try result.get()
        }
    }

    /// What a program writes; its other words are nobody's to see, as they could repeat the secret.
    private static func output(of words: [String]) async -> Result<[UInt8], SecretFault> {
        await withTaskGroup(of: Result<[UInt8], SecretFault>?.self) { group in
            group.addTask {
                do {
                    let result = try await Subprocess.run(
                        .path(FilePath(words[0])), arguments: Arguments(Array(words.dropFirst())),
                        input: .none, output: .bytes(limit: SecretReader.longestFile),
                        error: .discarded)
                    guard case .exited(0) = result.terminationStatus else {
                        return .failure(.unavailable)
                    }
                    return .success(result.standardOutput)
                } catch let error as SubprocessError where error.code == .outputLimitExceeded {
                    return .failure(.tooLong)
                } catch {
                    return .failure(.unavailable)
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next().flatMap(\.self) ?? .failure(.unavailable)
        }
    }
}
