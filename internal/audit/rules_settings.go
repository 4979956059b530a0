package audit

import "fmt"

// ofSetting is the rule of a setting: absent is the judgement if the kernel has none.
func (r Rule) ofSetting(name string, absent judgement, judge func(s *State, n int64, evidence string) judgement) Rule {
	r.from = func(s *State) Source { return s.setting(name).Source }
	r.judge = func(s *State) judgement {
		set := s.setting(name)
		switch {
		case set.Absent:
			absent.evidence = "there is no " + set.From
			return absent
		case set.Value == nil: // of a saved state that is broken
			return strange(name + " has no value")
		}
		return judge(s, *set.Value, fmt.Sprintf("%s is %d", name, *set.Value))
	}
	return r
}

// set is the advice to change a setting.
func set(name string, value int) string {
	return fmt.Sprintf("sysctl -w %s=%d, and for good: a line '%s = %d' in a file of /etc/sysctl.d", name, value, name, value)
}

// value returns the value of a setting, and whether it is known.
func (s *State) value(name string) (n int64, ok bool) {
	if set := s.setting(name); set.known() && set.Value != nil {
		return *set.Value, true
	}
	return 0, false
}
