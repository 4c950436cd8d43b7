// The program `closeout`: its first instruction, and nothing else. What it does is in `CommandLine`.
//
// It is a file of its own beside the start: the compiler takes the only file of a program for a script.
