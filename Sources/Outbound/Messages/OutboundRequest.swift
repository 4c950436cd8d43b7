/// A request as it is sent: method, destination, header fields in their order, and a body.
///
/// It was checked before the client sees it, so that no error of the client can quote it. Nothing of it is
/// printed: `description`, `debugDescription` and `dump` show the method and the size of the body.
package struct OutboundRequest: Hashable, Sendable {
    /// The methods that can be sent.
    package enum Method: String, Hashable, Sendable {
        /// The methods of RFC 9110 and RFC 5789, without those for proxies and diagnosis.
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// One header field.
    package struct Field: Hashable, Sendable {
        /// The name as it is sent.
        package let name: String
        /// The value as it is sent.
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The most header fields.
    package static let mostFields = 64
    /// The most bytes of all names and values together.
    package static let mostFieldBytes = 32_768

    /// The method.
    package let method: Method
    /// Where it goes.
    package let destination: Destination
    /// The header fields in the order in which they are sent; `Host` and the length are not among them.
    package let fields: [Field]
    /// The body, which is sent as it is.
    package let body: [UInt8]

    /// Checks the header fields.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - destination: Where it goes.
    ///   - fields: The header fields in their order, values without blanks around them.
    ///   - body: The body; an empty one is none.
    /// - Throws: which field is refused and why.
    package init(
        _ method: Method, to destination: Destination, fields: [Field] = [], body: [UInt8] = []
    ) throws(RequestRefusal) {
        guard fields.count <= Self.mostFields else { throw .tooManyFields }
        var size = 0
        for (index, field) in fields.enumerated() {
            try FieldRules.confirm(field, at: index)
            size += field.name.utf8.count + field.value.utf8.count
        }
        guard size <= Self.mostFieldBytes else { throw .fieldsTooLarge }
        self.method = method
        self.destination = destination
        self.fields = fields
        self.body = body
    }
}

extension OutboundRequest: Unprinted {
    package var description: String { "[\(method.rawValue) request with \(body.count) bytes]" }
}

extension OutboundRequest.Field: Unprinted {
    package var description: String { "[header field]" }
}
