package support

// A skelAttacher is what Attach of the whole attaches, if it is due.
type skelAttacher interface {
	due() bool
	Attach() error
}
