package differences

import "testing"

func TestCompare(t *testing.T) {
	const table = `
class: more information
command: prog show*
kernel: *
ours: \n\tpids [^\n]*
reason: holders

class: upstream bug
command: btf show
kernel: *
theirs: prog_ids [0-9,]+
ours: prog_ids [0-9,]+
numbers: the same

class: upstream bug
command: prog dump*
kernel: *
whole: goto[lx]
`
	tests := []struct {
		name, command, theirs, ours string
		equal                       bool
	}{
		{"equal", "prog show", "a\nb\n", "a\nb\n", true},
		{"ours has more", "prog show", "a\n\tbtf_id 1\n", "a\n\tbtf_id 1\n\tpids x(1)\n", true},
		{"ours has more before the same start", "prog show", "a\n\tmetadata:\n", "a\n\tpids x(1)\n\tmetadata:\n", true},
		{"twice", "prog show", "a\nb\n", "a\n\tpids x(1)\nb\n\tpids y(2)\n", true},
		{"another command", "map show", "a\n", "a\n\tpids x(1)\n", false},
		{"another difference beside it", "prog show", "a\n\tuid 0\n", "a\n\tuid 1\n\tpids x(1)\n", false},
		{"cut short", "prog show", "a\nb\n", "a\n", false},
		{"numbers that theirs lacks", "btf show", "size 1\n", "prog_ids 1,2\n", false},
		{"other order", "btf show", "prog_ids 3,12\n", "prog_ids 12,3\n", true},
		{"whatever differs", "prog dump", "1: gotol\n2\n", "3\n1: gotol\n", true},
		{"whatever differs, on one side only", "prog dump", "1: gotol\n2\n", "3\n", false},
		{"other numbers", "btf show", "prog_ids 3,12\n", "prog_ids 12,4\n", false},
	}
	rows, err := Read(table)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := rows.Compare(tt.command, tt.theirs, tt.ours); (diff == "") != tt.equal {
				t.Errorf("Compare() = %q, want equal %v", diff, tt.equal)
			}
		})
	}
	for _, bad := range []string{"class: whim\n", "command: x\n", "class: upstream bug\ncommand: x\nkernel: *\nours: (\n"} {
		if _, err := Read(bad); err == nil {
			t.Errorf("Read(%q) succeeded", bad)
		}
	}
}

// TestStatus excuses exit statuses for the commands and the outputs of a row only.
func TestStatus(t *testing.T) {
	table, err := Read("class: exit status\ncommand: map dump name ring* | map dump name arena*\nkernel: *\ntheirs: nothing\nours: (?s).*page\n")
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours := Outcome{Stdout: "nothing", Status: 1}, Outcome{Stdout: "a ", Stderr: "page"}
	tests := []struct {
		command      string
		theirs, ours Outcome
		want         bool
	}{
		{"map dump name ring_one", theirs, ours, true},
		{"map dump name arena", theirs, ours, true},
		{"map dump name hash", theirs, ours, false},
		{"map dump name arena", Outcome{Stdout: "much", Status: 1}, ours, false},
		{"map dump name arena", theirs, Outcome{Stdout: "a"}, false},
		{"map dump name hash", Outcome{Status: 255}, Outcome{Status: 1}, true},
		{"map dump name hash", Outcome{}, Outcome{Status: 3}, false},
	}
	for _, tt := range tests {
		if got := table.Status(tt.command, tt.theirs, tt.ours); got != tt.want {
			t.Errorf("Status(%q, %v, %v) = %v, want %v", tt.command, tt.theirs, tt.ours, got, tt.want)
		}
	}
}
