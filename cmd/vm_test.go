package cmd_test

import "os"

// usedPrefix marks the lines by which a guest tells which rows of the table of
// differences it needed.
const usedPrefix = "used difference: "

// guestVar tells the tests that they run in a guest of another kernel.
const guestVar = "GOBPFTOOL_GUEST"

func inGuest() bool { return os.Getenv(guestVar) != "" }
