import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound

/// Sends a test event by one route at once.
struct RoutesTest: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send an event that is marked as a test by one route, once and at once.",
        discussion: "It is in no outbox and no record, and it is not tried again.")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The name of the route.")
    var route: String
    @OptionGroup var file: RoutesOptions

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let route = try file.load(self.route)
        context.console.warn(of: try file.load().exposed(at: try file.path))
        let secrets = await GatheredSecrets.gather(for: [route])
        let ready: ReadyRoute
        do {
            ready = try route.ready(with: secrets)
        } catch {
            throw CommandFailure(error, of: route.name)
        }
        let id = "test-" + Hex.string(try randomBytes(8))
        let event = DeliveryEvent(
            kind: .test, id: id, at: context.now, releaseName: "closeout", releaseVersion: "test",
            bundle: try SHA256Digest.of(Array(id.utf8)), outcome: .unknown, severity: .info)
        try Descriptors.confirm()
        let sender = ready.sender()
        defer { sender.close() }
        context.console.note("sending \(id) by \(route.name)")
        let sent = await sender.send(event, try DeliveryAttempt(delivery: id, at: context.now))
        await sender.finish()
        switch format {
        case .text: try context.console.result(sent.text)
        case .json: try context.console.result(sent.json(of: id))
        }
        switch sent.result.outcome {
        case .success: return
        case .permanent: throw ExitStatus.failed.code
        case .transient, .unknownOutcome: throw ExitStatus.incomplete.code
        }
    }
}

extension SentMessage {
    /// Class, code, and what a person should do.
    var text: String {
        var lines = ["class   \(result.outcomeName)", "code    \(result.code)"]
        if let status = result.status { lines.append("status  \(status)") }
        if case .allowedByOwner(let range, let kind) = permission {
            lines.append("address \(kind.rawValue), allowed by \(range)")
        }
        if cut > 0 { lines.append("cut     \(cut)") }
        return (lines + ["next    \(result.advice)"]).joined(separator: "\n") + "\n"
    }

    /// The same for programs.
    func json(of id: String) -> JSON {
        var members = [
            JSONMember("delivery", JSON(id)), JSONMember("class", JSON(result.outcomeName)),
            JSONMember("code", JSON(result.code)), JSONMember("next", JSON(result.advice)),
        ]
        if let status = result.status {
            members.append(JSONMember("status", .integer(Int64(status))))
        }
        if let bytes { members.append(JSONMember("bytes", .integer(Int64(bytes)))) }
        if case .allowedByOwner(let range, _) = permission {
            members.append(JSONMember("allowed_by", JSON("\(range)")))
        }
        return .object(members)
    }
}
