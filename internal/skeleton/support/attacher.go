package support

//lint:file-ignore U1000 skeletons use it

// A skelAttacher is what Attach of the whole attaches, if it is due.
type skelAttacher interface {
	due() bool
	Attach() error
	Detach()
}

// skelAttach attaches those that are due, all of them or none.
func skelAttach(all []skelAttacher) error {
	var done []skelAttacher
	for _, a := range all {
		if !a.due() {
			continue
		}
		if err := a.Attach(); err != nil {
			for _, a := range done {
				a.Detach()
			}
			return err
		}
		done = append(done, a)
	}
	return nil
}
