/// A value that holds what must not be printed, and shows a description of its own instead.
///
/// Text, debug text, `dump` and reflection show the description and nothing else.
package protocol Unprinted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{}

extension Unprinted {
    /// The same as `description`.
    package var debugDescription: String { description }

    /// Without children, so that `dump` and reflection find nothing.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
