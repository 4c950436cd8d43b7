/// Why a destination is refused before any name is looked up.
///
/// No case holds a part of the destination, so a refusal can be kept and printed.
package enum DestinationRefusal: String, Error, CaseIterable, Hashable, Sendable {
    /// There are no characters.
    case empty
    /// There are more than `Destination.longest` bytes.
    case tooLong = "too-long"
    /// A control character is in it, such as a line end.
    case controlCharacter = "control-character"
    /// A blank is in it.
    case blank
    /// A backslash is in it.
    case backslash
    /// A character beyond ASCII is in its path or query.
    case notASCII = "not-ascii"
    /// A character beyond ASCII is in its host.
    case hostNotASCII = "host-not-ascii"
    /// The scheme is `unix`, `http+unix` or `https+unix`.
    case unixSocket = "unix-socket"
    /// The scheme is another than `https`, or `//` does not follow it.
    case notHTTPS = "not-https"
    /// A user name or password is in it.
    case userInfo = "user-info"
    /// A fragment is in it.
    case fragment
    /// There is no host.
    case noHost = "no-host"
    /// The host is no name of the DNS.
    case malformedHost = "malformed-host"
    /// The host is a number in another form than four decimal numbers.
    case numericHost = "numeric-host"
    /// What stands between brackets is no IPv6 address.
    case malformedLiteral = "malformed-literal"
    /// The address has a zone.
    case zone
    /// The port is no number from 1 to 65535 in its shortest form.
    case malformedPort = "malformed-port"
    /// The port is none of those that the caller allows.
    case portNotAllowed = "port-not-allowed"
    /// A segment of the path is `.` or `..`, however it is written.
    case dotSegment = "dot-segment"
    /// A `%` in the path or query has no two hexadecimal digits behind it.
    case malformedEscape = "malformed-escape"
    /// A control character is in the path or query as `%` and two digits.
    case escapedControlCharacter = "escaped-control-character"
    /// A character is in the path or query that has to be written as `%` and two digits.
    case malformedTarget = "malformed-target"

    /// One sentence for a person.
    package var sentence: String {
        switch self {
        case .empty: "The URL is empty."
        case .tooLong: "The URL has more than \(Destination.longest) bytes."
        case .controlCharacter: "The URL has a control character, such as a line end."
        case .blank: "The URL has a blank: write it as `%20`."
        case .backslash: "The URL has a backslash."
        case .notASCII: "The URL has a character beyond ASCII: write it as `%` and two digits."
        case .hostNotASCII: "The host has a character beyond ASCII: write it in punycode (`xn--…`)."
        case .unixSocket: "The URL leads to a socket of this machine."
        case .notHTTPS: "The URL does not begin with `https://`."
        case .userInfo: "The URL has a user name or password: give credentials by the route."
        case .fragment: "The URL has a fragment (`#`), which is never sent."
        case .noHost: "The URL has no host."
        case .malformedHost: "The host is no name of the DNS."
        case .numericHost: "The host is a number: write an address as four decimal numbers."
        case .malformedLiteral: "What stands between the brackets is no IPv6 address."
        case .zone: "The address has a zone (`%`): such addresses are link-local."
        case .malformedPort: "The port is no number from 1 to 65535."
        case .portNotAllowed: "The port is none of those that are allowed."
        case .dotSegment: "The path has a segment `.` or `..`."
        case .malformedEscape: "A `%` has no two hexadecimal digits behind it."
        case .escapedControlCharacter: "The path or query has an escaped control character."
        case .malformedTarget:
            "The path or query has a character that must be written as `%` and two digits."
        }
    }
}

extension DestinationRefusal: CustomStringConvertible {
    package var description: String { sentence }
}
