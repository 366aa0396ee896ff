// Package guards is the table of attacks that the tests must try, of what stands against each, and of the test that goes
// red when that is taken away. The program in run takes each guard away, one after the other, and demands it.
package guards
