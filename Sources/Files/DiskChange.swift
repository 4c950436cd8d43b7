/// One step that changes what is on the disk.
///
/// A test that models a crash watches the steps, and stops the work before any of them by throwing.
package enum DiskChange: Equatable, Sendable {
    /// A directory comes into being.
    case makeDirectory([UInt8])
    /// An empty file comes into being.
    case create([UInt8])
    /// Bytes are written at the end of a file that was created.
    case write([UInt8], bytes: [UInt8])
    /// A file's contents, or a directory's names, reach the storage.
    case sync([UInt8])
    /// A name is given up for another, whose file is replaced.
    case rename([UInt8], to: [UInt8])
    /// A file gets another name, which is free.
    case link([UInt8], to: [UInt8])
    /// A symbolic link comes into being.
    case makeLink([UInt8], to: [UInt8])
    /// A name goes, and its file unless it has another name.
    case remove([UInt8])

    /// Sees every change before it is made, within the task that makes it; what it throws is taken
    /// for the change.
    @TaskLocal package static var observer: (@Sendable (DiskChange) throws(FileError) -> Void)?

    /// Announces a change that is about to be made.
    static func announce(_ change: @autoclosure () -> DiskChange) throws(FileError) {
        if let observer { try observer(change()) }
    }
}
