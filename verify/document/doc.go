// Package document proves by documents that people look at: a student card, a letter of enrolment, a badge.
//
// A shopper uploads up to three files. Each is drawn anew (package imaging), so that nothing is kept but pixels, and is
// encrypted under a key of its own before it leaves the process. The answer to the step hands them in; then a reviewer
// decides. Perceptual hashes show documents of others that look alike: the same template under many names is held for
// two reviewers. Files are deleted a few days after the decision, and the row that remains proves it.
//
// Verifier answers the step; Desk keeps the files, shows them to reviewers and deletes them.
package document
