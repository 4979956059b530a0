package support

// Uses: prog

// detach takes the program off.
func (p *SkelProg) detach() {
	if *p.link != nil {
		(*p.link).Close()
		*p.link = nil
	}
}
