package support

//lint:file-ignore U1000 skeletons use it

// Uses: prog

// Detach takes the program off where Attach has attached it. It may be attached again.
func (p *SkelProg) Detach() {
	if p.link != nil && *p.link != nil {
		(*p.link).Close()
		*p.link = nil
	}
}
