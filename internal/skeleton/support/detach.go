package support

//lint:file-ignore U1000 skeletons use it

// Uses: prog

// detach takes the program off.
func (p *SkelProg) detach() {
	if *p.link != nil {
		(*p.link).Close()
		*p.link = nil
	}
}
