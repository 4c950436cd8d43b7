import HTTPTypes

/// What every request must pass before its path is looked at (docs/console.md, "Who may ask").
struct Gate: Sendable {
    /// Why a request is refused, with the status of the answer.
    enum Refusal: Error, Equatable {
        case target, host, method, origin, token, login

        /// The status of the answer.
        var status: HTTPResponse.Status {
            switch self {
            case .target: .badRequest
            case .host: .misdirectedRequest
            case .method: .methodNotAllowed
            case .origin, .token, .login: .forbidden
            }
        }

        /// What the answer says.
        var words: (title: String, text: String, hint: String) {
            switch self {
            case .target:
                (
                    "Bad request", "The request names no path of this console.",
                    "Open the address that the console printed."
                )
            case .host:
                (
                    "Wrong host", "This console answers only under its own address.",
                    "Open the address that the console printed."
                )
            case .method:
                (
                    "Method not allowed", "This console takes GET, HEAD and POST.",
                    "Open the address that the console printed."
                )
            case .origin:
                (
                    "Refused", "The request comes from another page.",
                    "Go back to the console, and press the button there."
                )
            case .token:
                (
                    "Not opened here",
                    "This browser has not opened the console. Its address can be opened once.",
                    "Stop the console, start it again, and open the address that it prints."
                )
            case .login:
                ("Not logged in", "This browser is not logged in to the console.", "")
            }
        }
    }

    /// How a browser gets in.
    enum Door: Sendable {
        /// By a token that opens the console once.
        case token(Keyring)
        /// By logging in elsewhere.
        case login(LoginDesk)
    }

    /// Where a request goes that was let in.
    enum Passage: Sendable {
        /// To the pages.
        case pages(Visitor)
        /// To the exchange of the token.
        case opening(Keyring)
        /// To where people log in.
        case desk(LoginDesk)
    }

    /// The path that exchanges the token.
    static let opening = "/open"

    let authority: Authority
    let door: Door

    /// Lets a request pass, or says why not.
    ///
    /// - Returns: Where it goes.
    func check(_ head: HTTPRequest) throws(Refusal) -> Passage {
        guard let path = head.path, path.utf8.first == UInt8(ascii: "/") else { throw .target }
        // A second line of this name is left among the fields.
        guard authority.accepts(head.authority), let name = head.authority,
            !head.headerFields.contains(where: { $0.name.canonicalName == "host" })
        else { throw .host }
        switch head.method {
        case .get, .head: break
        case .post:
            guard isOwn(head.headerFields, name) else { throw .origin }
        default: throw .method
        }
        let cookies = head.headerFields[values: .cookie]
        switch door {
        case .token(let keyring):
            if cookies.contains(where: keyring.opens) { return .pages(.keeper) }
            guard head.method == .get, path.utf8.starts(with: "\(Self.opening)?".utf8) else {
                throw .token
            }
            return .opening(keyring)
        case .login(let desk):
            let place = path.utf8.prefix { $0 != UInt8(ascii: "?") }
            if head.method != .post, LoginDesk.paths.contains(where: place.elementsEqual) {
                return .desk(desk)
            }
            guard let visitor = desk.visitor(cookies) else { throw .login }
            return .pages(visitor)
        }
    }

    /// Whether a page of this console sends the request.
    private func isOwn(_ fields: HTTPFields, _ name: String) -> Bool {
        guard fields[values: .origin].count == 1,
            authority.accepts(origin: fields[.origin], of: name)
        else { return false }
        guard let site = HTTPField.Name("Sec-Fetch-Site") else { return false }
        return fields[values: site].allSatisfy { $0 == "same-origin" }
    }
}
