// Package bulk imports the files of NPPES: the monthly one of all providers, the weekly ones of changes, and the list of
// deactivated numbers. Files are read as a stream, in batches; an import that was cut off goes on where it was.
package bulk
