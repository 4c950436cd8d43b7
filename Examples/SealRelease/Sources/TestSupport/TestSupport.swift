/// A line that says which modules the example has.
public func summary(_ parts: String...) -> String { parts.joined(separator: ", ") }
