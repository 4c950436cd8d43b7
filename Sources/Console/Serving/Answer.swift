import HTTPTypes

/// What a request is answered.
struct Answer: Sendable {
    /// What is sent behind the head.
    enum Body: Sendable {
        case bytes([UInt8])
        /// Events, until the sequence ends.
        case events(AsyncStream<[UInt8]>)
    }

    var status: HTTPResponse.Status = .ok
    /// The media type.
    var type = MediaName.html
    var body = Body.bytes([])
    /// Further lines of the head, by their names.
    var fields: [(name: String, value: String)] = []

    /// A page or a file.
    init(_ bytes: [UInt8], _ type: String = MediaName.html, status: HTTPResponse.Status = .ok) {
        self.status = status
        self.type = type
        body = .bytes(bytes)
    }

    /// Sends the browser to another page, after something was done.
    init(seeing path: String) {
        status = .seeOther
        fields = [("Location", path)]
    }

    /// Events.
    init(events: AsyncStream<[UInt8]>) {
        type = MediaName.events
        body = .events(events)
    }

    /// The same as a file that the browser stores.
    ///
    /// - Parameter name: What it is called: letters, digits, dots and hyphens.
    /// - Returns: The answer with that name.
    func stored(as name: String) -> Answer {
        var copy = self
        copy.fields.append(("Content-Disposition", "attachment; filename=\"\(name)\""))
        return copy
    }

    /// The lines that every answer has (docs/console.md, "What the browser may do").
    static let protection: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
                + "connect-src 'self'; form-action 'self'; base-uri 'none'; "
                + "frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Cache-Control", "no-store"),
    ]
}

/// The media types of what a console sends.
enum MediaName {
    static let html = "text/html; charset=utf-8"
    static let style = "text/css; charset=utf-8"
    static let text = "text/plain; charset=utf-8"
    static let script = "text/javascript; charset=utf-8"
    static let json = "application/json"
    static let events = "text/event-stream"
    static let bytes = "application/octet-stream"
    static let archive = "application/x-tar"
}
