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
        /// It is no JSON that is read, from the byte on that is named.
        case notJSON(offset: Int)
        /// It is of another shape.
        case shape(JSONShapeError)

        package var description: String {
            switch self {
            case .notJSON(let offset): "no JSON that is read, from byte \(offset) on"
            case .shape(let error): error.description
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
            throw .notJSON(offset: error.offset)
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
