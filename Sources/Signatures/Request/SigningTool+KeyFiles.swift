extension SigningTool {
    /// The `minisign` command over a private key in a file; the key implies the algorithm.
    package static let minisign = SigningTool(
        name: "minisign", referenceForm: "the path of a private key of minisign", format: .minisign,
        commands: { task throws(RequestError) in
            let key = try keyPath(of: task)
            return [
                commandLine([
                    "minisign", "-S", "-H", "-s", key, "-m", task.file, "-x", task.signature,
                ])
            ]
        })

    /// The `signify` command over a private key in a file; the key implies the algorithm.
    ///
    /// Debian calls it `signify-openbsd`, and something else `signify`.
    package static let signify = SigningTool(
        name: "signify", referenceForm: "the path of a private key of signify", format: .signify,
        commands: { task throws(RequestError) in
            let key = try keyPath(of: task)
            let arguments = commandLine([
                "-S", "-s", key, "-m", task.file, "-x", task.signature,
            ])
            return ["\"$(command -v signify-openbsd || command -v signify)\" \(arguments)"]
        })

    /// The `ssh-keygen` command over a private key in a file, or a public key whose private half
    /// an agent has; the key implies the algorithm.
    package static let ssh = SigningTool(
        name: "ssh", referenceForm: "the path of an SSH key, private or of the agent",
        format: .ssh,
        commands: { task throws(RequestError) in
            let key = try keyPath(of: task)
            return [
                commandLine(
                    [
                        "ssh-keygen", "-Y", "sign", "-n", ShellWord(SSHKey.ownNamespace), "-f", key,
                    ], readingFrom: task.file, writingTo: task.signature)
            ]
        })

    /// The key reference as a path that the tool takes for nothing else.
    private static func keyPath(
        of task: SigningTask
    ) throws(RequestError) -> ShellWord {
        guard !task.keyReference.isEmpty, !task.keyReference.contains(0) else {
            throw .malformedReference(task.keyReference, expected: "PATH")
        }
        return ShellWord(path: task.keyReference)
    }
}
