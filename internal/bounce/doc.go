// Package bounce reads what mail providers report about mails that they were given: mailboxes that do not exist, and
// recipients who complain. Each source proves itself by a secret, and is read strictly: what is not understood is refused
// as a whole. Only what is final is reported on; a mailbox that is full today is none of it.
package bounce
