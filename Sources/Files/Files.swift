// Every system call of the product: open, walk, read, lock, write at once, clock, terminal, threads.
//
// A directory and a file are held by descriptors that close themselves. Everything below a directory is opened
// relative to it, one name at a time, without following links. An error names the operation, the path and the
// cause.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let folder = try Directory.open(path)
//     try folder.replace(Array("notes.txt".utf8), with: Array("first\n".utf8))
//     let bytes = try folder.read(Array("notes.txt".utf8), limit: 1024)
