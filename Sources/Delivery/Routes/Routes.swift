package import CloseoutEncodings

/// All routes of an installation: the content of `routes.json` (docs/routes.md).
package struct Routes: Sendable {
    /// The kind of file.
    package static let kind = "closeout/routes/v1"
    /// The most bytes of the file.
    package static let mostBytes = 1 << 20
    /// The most routes.
    package static let mostRoutes = 256

    /// The routes in their order.
    package let routes: [Route]

    /// Why a file is refused.
    package enum Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// It is no JSON that is read, from the place on that is named; lines and columns count from 1.
        case notJSON(line: Int, column: Int, JSONError.Reason)
        /// It is of another shape.
        case shape(JSONShapeError)

        package var description: String {
            switch self {
            case .notJSON(let line, let column, let reason):
                "line \(line), column \(column): \(Self.words(reason))"
            case .shape(let error): error.description
            }
        }

        /// What is wrong, without a byte of the file.
        private static func words(_ reason: JSONError.Reason) -> String {
            switch reason {
            case .unexpectedByte: "unexpected character in JSON"
            case .duplicateKey: "an object has a key twice"
            default: "\(reason)"
            }
        }
    }

    /// Reads the file.
    ///
    /// - Throws: what is wrong and where; no error repeats a value, which could be a secret.
    package init(parsing bytes: [UInt8]) throws(Refusal) {
        let document: JSON
        do throws(JSONError) {
            document = try JSON(
                parsing: bytes, limits: JSONLimits(depth: 8, bytes: Self.mostBytes))
        } catch {
            let before = bytes.prefix(error.offset)
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            throw .notJSON(line: line, column: before.count - start + 1, error.reason)
        }
        do throws(JSONShapeError) {
            try self.init(document)
        } catch {
            throw .shape(error)
        }
    }

    private init(_ document: JSON) throws(JSONShapeError) {
        var reader = try JSONObjectReader(document)
        try reader.constant("kind", Self.kind)
        var routes: [Route] = []
        var names: Set<String> = []
        let list = try reader.required("routes")
        let items = try list.array()
        guard items.count <= Self.mostRoutes else {
            throw list.invalid("has more than \(Self.mostRoutes) routes")
        }
        for item in items {
            let route = try Route(item)
            guard names.insert(route.name).inserted else {
                throw JSONShapeError(
                    place: item.place + ".name", reason: .invalid("another route has this name"))
            }
            routes.append(route)
        }
        try reader.finish()
        self.routes = routes
    }

    /// The routes that get a kind of event; none gets a test event by itself.
    package func receiving(_ kind: DeliveryEvent.Kind) -> [Route] {
        routes.filter { $0.events.contains(kind) }
    }

    /// The route of a name.
    package subscript(name name: String) -> Route? { routes.first { $0.name == name } }
}
