import CloseoutCommandLine

/// The program's first function.
///
/// The package manager gives `main` this name, so that tests can be linked with the program.
/// It is given the arguments by the system: the standard library reads them from /proc, and has none
/// where that is not mounted.
@_cdecl("CloseoutProgram_main")
public func start(
    _ count: Int32, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    unsafe startCloseout(count, words)
}
