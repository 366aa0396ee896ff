package demo

import (
	"fmt"
	"io"
)

// Welcome says where everything is.
func (d *Demo) Welcome(out io.Writer) {
	// The demo runs on when nobody reads this.
	_, _ = fmt.Fprintf(out, `
Laurel is running. Everything is embedded and kept in %s.

  Shop        %[2]s/demo
  Inbox       %[2]s/demo/inbox        the mails that shoppers get
  Console     %[2]s/admin             %[3]s   %[4]s
  API         %[2]s/docs              contract: %[2]s/openapi.json
  University  %[2]s%[5]s  where students sign in
  Scripts     %[2]s/demo/config.json

Try: verify as a student with any address of a school, such as ada@mit.edu.
The code is in the inbox. Other ways: a teacher of the roster (T-1001, Grace Okonkwo), a nurse of the register
(RN-2001, Flora Adeyemi, then a mailbox at riverside-hospital.example), one of the shop's own people (4001, Okafor), a
document of a student, which you approve in the console. Ctrl-C stops; the next start keeps everything.

`, d.Gateway.Config.DataDir, d.URL, d.State.Admin.Email, d.State.Admin.Password, universityPath)
}
