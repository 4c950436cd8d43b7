/// Follows the symbolic links of a tree by its list of entries, never through a file system
/// (docs/manifest.md, "Links").
///
/// Each link is resolved once, and who reaches it goes on from where it leads: the work is to go
/// through every target once, however often links lead through each other.
package struct LinkResolver {
    /// A link as a manifest lists it.
    package typealias Link = (path: [UInt8], target: [UInt8])

    /// How many links may be followed before a resolution gives up.
    static let mostHops = 40

    /// How many components may be gone through before a resolution gives up, those of the links on
    /// the way among them.
    static let mostSteps = 4096

    /// How many components were gone through for all links together.
    package private(set) var steps = 0

    /// The links, and the directories on the way to them; the root comes first.
    private var nodes = [Node(parent: nil)]
    private var children: [Name: Int] = [:]
    private var links: [(directory: Int, target: [UInt8], state: State)] = []

    private struct Node {
        let parent: Int?
        var link: Int?
    }

    private struct Name: Hashable {
        let parent: Int
        let name: [UInt8]
    }

    /// How far a link is resolved.
    private enum State {
        case untouched, begun, outside
        case inside(Resolution)
    }

    /// A resolution on its way, or at its end.
    private struct Resolution {
        /// The last node that it came by, and how far beyond it it is, where no link can be.
        var node: Int
        var beyond = 0
        var hops = 1
        var steps = 0

        var isTooLong: Bool { hops > mostHops || steps > mostSteps }

        /// Goes on from where a link led.
        mutating func follow(_ end: Resolution) {
            (node, beyond) = (end.node, end.beyond)
            hops += end.hops
            steps += end.steps
        }
    }

    /// A link that is being resolved, and the components that it still has to go.
    private struct Course {
        let link: Int
        var resolution: Resolution
        var rest: [ArraySlice<UInt8>]
    }

    /// Takes all links of a tree.
    package init(_ links: [Link]) {
        for (path, target) in links { add(path, target) }
    }

    /// The links that lead out of the root, or on and on, as indices in ascending order.
    package mutating func escaping() -> [Int] {
        var escaping: [Int] = []
        for index in links.indices {
            if case .untouched = links[index].state { resolve(index) }
            if case .outside = links[index].state { escaping.append(index) }
        }
        return escaping
    }

    private mutating func add(_ path: [UInt8], _ target: [UInt8]) {
        var (node, directory) = (0, 0)
        for component in path.split(separator: slash) {
            directory = node
            let name = Name(parent: node, name: Array(component))
            node = children[name] ?? nodes.count
            if node == nodes.count {
                children[name] = node
                nodes.append(Node(parent: directory))
            }
        }
        nodes[node].link = links.count
        links.append((directory, target, .untouched))
    }
}

extension LinkResolver {
    /// Resolves a link, and before it those that it leads through.
    private mutating func resolve(_ link: Int) {
        var courses = [begin(link)]
        while var course = courses.popLast() {
            let state = advance(&course)
            guard case .untouched = state, let other = linkIndex(at: course.resolution) else {
                links[course.link].state = state
                continue
            }
            courses += [course, begin(other)]
        }
    }

    private mutating func begin(_ link: Int) -> Course {
        links[link].state = .begun
        let (directory, target, _) = links[link]
        return Course(
            link: link, resolution: Resolution(node: directory),
            rest: target.split(separator: slash).reversed())
    }

    /// Goes on with a link, component by component as the system does: `..` goes to the parent of what
    /// the link before it led to, not of where that is.
    ///
    /// - Returns: The state; `untouched` before a link that has to be resolved first.
    private mutating func advance(_ course: inout Course) -> State {
        if links[course.link].target.first == slash { return .outside }
        while true {
            if let link = linkIndex(at: course.resolution) {
                switch links[link].state {
                case .untouched: return .untouched
                case .begun, .outside: return .outside
                case .inside(let end): course.resolution.follow(end)
                }
            }
            if course.resolution.isTooLong { return .outside }
            guard let component = course.rest.popLast() else { return .inside(course.resolution) }
            steps += 1
            course.resolution.steps += 1
            guard step(component, &course.resolution) else { return .outside }
        }
    }

    private func linkIndex(at place: Resolution) -> Int? {
        place.beyond == 0 ? nodes[place.node].link : nil
    }

    /// Goes one component further, unless that leaves the root.
    private func step(_ component: ArraySlice<UInt8>, _ place: inout Resolution) -> Bool {
        if component.elementsEqual(".".utf8) { return true }
        if component.elementsEqual("..".utf8) {
            if place.beyond > 0 {
                place.beyond -= 1
            } else {
                guard let parent = nodes[place.node].parent else { return false }
                place.node = parent
            }
        } else if place.beyond == 0,
            let child = children[Name(parent: place.node, name: Array(component))]
        {
            place.node = child
        } else {
            place.beyond += 1
        }
        return true
    }
}
