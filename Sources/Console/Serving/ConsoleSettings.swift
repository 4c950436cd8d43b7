package import CloseoutEncodings
import CloseoutFiles
import NIOCore

/// Where a console listens, who may ask, and what it bears with.
package struct ConsoleSettings: Sendable {
    /// The address; another one than of this machine's own only with TLS and a login.
    package var address = IPAddress(v4: 0x7f00_0001)
    /// The port; 0 takes a free one.
    package var port = 0
    /// The path of a Unix socket in place of an address and a port.
    package var socket: [UInt8]?
    /// The certificate and its key; nil for plain HTTP.
    package var tls: ConsoleTLS?
    /// The only address that browsers reach it by; nil where they reach it where it listens.
    package var publicURL: PublicURL?
    /// Where people log in; nil where a token opens the console for one browser.
    package var login: LoginSettings?
    /// Whether people may add records that they signed elsewhere.
    package var allowsChanges = false
    /// The most bytes of a request's head.
    package var mostHead = 16 << 10
    /// The most bytes of a request's body.
    package var mostBody = 1 << 20
    /// The most connections at a time; more of them wait.
    package var mostConnections = 256
    /// How long a connection may be open without a whole head.
    package var idleTime: Duration = .seconds(10)
    /// How long a request may take, from its head to the end of its answer.
    package var requestTime: Duration = .seconds(60)
    /// How long a stream of events lasts, after which the browser asks for another; below `requestTime`.
    package var streamTime: Duration = .seconds(45)
    /// How long requests may go on once the console is to stop.
    package var stopTime: Duration = .seconds(5)
    /// How often the bundle is looked at for changes.
    package var lookTime: Duration = .seconds(2)
    /// The folder with the documents of the project; nil where they are not installed.
    package var documents: [UInt8]?
    /// Takes a line of the log, an object as JSON.
    package var log: @Sendable ([UInt8]) -> Void = { _ in }

    /// Takes the defaults.
    package init() {}
}

extension ConsoleSettings {
    /// Confirms that what is asked for exposes nothing (docs/console.md, "Other addresses").
    ///
    /// - Throws: `ConsoleError` that says what is missing.
    package func confirm() throws(ConsoleError) {
        if socket != nil {
            guard publicURL != nil else {
                throw refusal(
                    "--socket: expected --public-url, found none",
                    "give the address that browsers send their requests to")
            }
            guard tls == nil else {
                throw refusal(
                    "--tls-cert: a socket speaks no TLS", "the proxy before the socket does")
            }
        } else if AddressTable.standard.row(of: address).kind != .loopback {
            guard tls != nil, login != nil else {
                throw refusal(
                    "--listen \(address): not an address of this machine's own, and not both "
                        + "--tls-cert and --login are given",
                    "give --tls-cert, --tls-key and --login, or listen on 127.0.0.1 behind a proxy")
            }
        }
        guard login == nil || publicURL != nil else {
            throw refusal(
                "--login: expected --public-url, found none",
                "the provider has to know the address that it sends browsers back to")
        }
        guard tls == nil || publicURL?.isSecure != false else {
            throw refusal(
                "--public-url: http, and --tls-cert makes the console speak TLS",
                "give the address with https://")
        }
        try confirmSocketFolder()
    }

    /// Confirms that nobody else can reach a socket.
    ///
    /// A folder is asked for, since a socket can be connected to from the moment that it is there.
    private func confirmSocketFolder() throws(ConsoleError) {
        guard let socket else { return }
        guard socket.count <= 100 else {
            throw refusal("--socket: a path of more than 100 bytes", "give a shorter one")
        }
        let folder = Path.split(socket).directory
        // With a dot behind it, a link is followed.
        let place = Path.join(folder, [UInt8(ascii: ".")])
        let status: FileStatus
        do {
            status = try fileStatus(place)
        } catch {
            throw ConsoleError(
                message: "\(error)", hint: "make the folder of --socket: mkdir -m 700 FOLDER")
        }
        guard status.kind == .directory, status.mode & 0o007 == 0 else {
            throw refusal(
                "--socket: others may enter the folder \(printable(folder))",
                "make one for it: mkdir -m 700 FOLDER")
        }
    }

    private func refusal(_ message: String, _ hint: String) -> ConsoleError {
        ConsoleError(message: message, hint: hint, isUsage: true)
    }
}

extension Duration {
    /// The same for a timer of the server.
    var amount: TimeAmount { TimeAmount(self) }
}
