import CloseoutOpenSSL

extension SigningTool {
    /// The `aws` command over a key of AWS Key Management Service.
    ///
    /// The service takes messages of up to 4 KiB whole, which a seal never exceeds.
    package static let awsKMS = SigningTool(
        name: "aws-kms", referenceForm: "a key id, key ARN, alias/NAME or alias ARN",
        format: .awsKMS,
        commands: { task throws(RequestError) in
            [
                commandLine(
                    [
                        "aws", "kms", "sign", "--key-id", task.key,
                        "--message", "fileb://" + task.file, "--message-type", "RAW",
                        "--signing-algorithm", ShellWord(task.algorithm.awsKMSName),
                        "--output", "json",
                    ], writingTo: task.signature)
            ]
        })
}
