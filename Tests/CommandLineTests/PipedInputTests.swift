import CloseoutTestSupport
import Testing

/// What comes through a pipe can be read once only: a command that opens a policy or a key twice fails
/// here.
@Suite("Policies and keys from pipes", .requires("bash"))
struct PipedInputTests {
    /// A command that takes `--trust`, run on a copy of the bundle named `b`.
    ///
    /// What stands in braces is a file that is given by its name, and then through a pipe.
    struct Case: Sendable {
        /// The command's words.
        let command: String
        let rest: String

        init(_ command: String, _ rest: String) {
            self.command = command
            self.rest = rest
        }

        func script(piped: Bool) -> String {
            let line = "closeout \(command) \(rest) --trust {trust.json}"
            return
                line
                .replacing("{", with: piped ? "<(cat " : "").replacing("}", with: piped ? ")" : "")
        }
    }

    private static let keys = "--key {alice.pem} --log-key {release.pem}"
    private static let secondKeys = "--key {bob.pem} --log-key {release.pem}"
    private static let artifacts = "--criteria artifacts-only --artifacts dist"

    static let all = [
        Case("verify", "b --artifacts dist"),
        Case("report", "b --self-verifying -o new --artifacts dist"), Case("status", "b"),
        Case("diff", "b other"),
        Case("decide", "b \(artifacts)"),
        Case("criteria test", "b \(artifacts) --expect outcome=ready_for_release"),
        Case("retention health", "b"), Case("risk list", "b"), Case("hold list", "b"),
        Case("verify-signature", "other/seal.json other/signatures/*"),
        Case("seal", "dist --release p@2 -o new --key {release.pem} --log-key {release.pem}"),
        Case("sign", "b --key {alice.pem} --type raw --log-key {release.pem}"),
        Case("checkpoint", "b --key {release.pem}"),
        Case("attach", "b elsewhere/signatures/*.sshsig --log-key {release.pem}"),
        Case("add", "b dist/NOTES.md --log-key {release.pem}"),
        Case("import cavra", "cavra.json --bundle b --log-key {release.pem}"),
        Case("close", "b \(artifacts) --key {dora.pem} --log-key {release.pem}"),
        Case("record readiness", "b --tests dist/NOTES.md \(keys)"),
        Case("record add", "b --file record.json \(secondKeys)"),
        Case("record sign", "b $request --key {bob.pem} --log-key {release.pem}"),
        Case("hold place", "b --matter n --custodian c --reason r \(secondKeys)"),
        Case("hold release", "b --matter m --reason r \(secondKeys)"),
        Case(
            "retention request",
            "b --class c --until 2034-01-01T00:00:00Z --reason r \(keys)"),
        Case("retention approve", "b \(secondKeys)"),
        Case("retention deny", "b \(secondKeys)"),
        Case(
            "risk propose",
            "b --finding C5 --evidence seal.json --owner Al --reason r --control c --reference C-1 "
                + "--expires 2126-01-01T00:00:00Z --criteria final-closeout \(keys)"),
        Case("risk accept", "b $risk --criteria final-closeout \(secondKeys)"),
        Case("risk revoke", "b $risk --reason r \(secondKeys)"),
    ]

    /// A bundle with a request, a hold and a proposed risk, a second one, and a signature made elsewhere;
    /// the variables name what the commands name.
    private static func prepare(_ scene: Scene) async throws -> String {
        try await scene.shellDone(
            """
            closeout keygen --quiet --no-passphrase -o dora
            closeout trust add trust.json dora.pub.pem --operator dora --role decider
            cp -r p-1.closeout other && cp -r p-1.closeout elsewhere
            closeout sign elsewhere --key release.pem --type ssh --quiet
            """)
        try scene.write(
            #"{"kind":"readiness","references":[{"kind":"tests","reference":"JOB-7"}]}"#,
            to: "record.json")
        try scene.write(
            #"{"schema_version":"cavra.final_closeout_trial.v1","closeout_state":"closed"}"#,
            to: "cavra.json")
        let request = try await scene.record(
            "retention request p-1.closeout --class c --until 2033-06-30T23:59:59Z --reason r "
                + "--key alice.pem")
        try await scene.record(
            "hold place p-1.closeout --matter m --custodian c --reason r --key bob.pem")
        let risk = try await scene.record(
            "risk propose p-1.closeout --finding C5 --evidence seal.json --owner Al --reason r "
                + "--control c --reference C-1 --expires 2126-01-01T00:00:00Z --key alice.pem")
        return "request=\(request) risk=\(risk)"
    }

    @Test("are taken by every command that takes a policy, as those in files are")
    func pipes() async throws {
        try await withStaffedRelease { scene in
            let variables = try await Self.prepare(scene)
            for command in Self.all {
                func run(piped: Bool) async throws -> RunResult {
                    try await scene.shell(
                        """
                        rm -rf b new && cp -r p-1.closeout b && bash <<'END'
                        \(variables)
                        \(command.script(piped: piped))
                        END
                        """)
                }
                let named = try await run(piped: false)
                #expect(
                    [0, 1, 10, 20, 30, 40].contains(named.status),
                    "\(command.command): \(named.stderrText)")
                let piped = try await run(piped: true)
                #expect(
                    piped.status == named.status, "\(command.command): \(piped.stderrText)")
            }
        }
    }

    @Test("no command that takes a policy is left out")
    func complete() async throws {
        let taking = try await SecretsTests.commands().filter {
            $0.options.contains("--trust") && $0.words != ["keygen"]
        }
        #expect(
            Set(taking.map { $0.words.joined(separator: " ") }) == Set(Self.all.map(\.command)))
    }
}
