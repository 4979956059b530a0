package names

import "slices"

// Mainline Linux has grown its enumerations at their ends, so a table of what brought a
// name is a list of steps: what is numbered from first on came with a version, or
// with that of a later step.
//
// Source: include/uapi/linux/bpf.h at the tags of mainline Linux. The test compares with what
// twelve kernels from 5.10 to 7.3 have.
type step struct {
	first uint32
	in    Version
}

// sinceStep returns the version of the last step up to n, or zero for what is newer than the
// table, which has a number of names.
func sinceStep(steps []step, n uint32, names int) Version {
	if uint64(n) >= uint64(names) {
		return Version{}
	}
	at, found := slices.BinarySearchFunc(steps, n, func(s step, n uint32) int { return int(int64(s.first) - int64(n)) })
	if !found {
		at--
	}
	if at < 0 {
		return Version{}
	}
	return steps[at].in
}

var progTypeSteps = []step{
	{1, Version{3, 19}}, {2, Version{4, 1}}, {5, Version{4, 7}}, {6, Version{4, 8}}, {7, Version{4, 9}},
	{8, Version{4, 10}}, {13, Version{4, 13}}, {14, Version{4, 14}}, {15, Version{4, 15}}, {16, Version{4, 17}},
	{19, Version{4, 18}}, {21, Version{4, 19}}, {22, Version{4, 20}}, {23, Version{5, 2}}, {25, Version{5, 3}},
	{26, Version{5, 5}}, {27, Version{5, 6}}, {29, Version{5, 7}}, {30, Version{5, 9}}, {31, Version{5, 14}},
	{32, Version{6, 4}},
}

var mapTypeSteps = []step{
	{1, Version{3, 19}}, {3, Version{4, 2}}, {4, Version{4, 3}}, {5, Version{4, 6}}, {8, Version{4, 8}},
	{9, Version{4, 10}}, {11, Version{4, 11}}, {12, Version{4, 12}}, {14, Version{4, 14}}, {16, Version{4, 15}},
	{17, Version{4, 18}}, {19, Version{4, 19}}, {21, Version{4, 20}}, {24, Version{5, 2}}, {25, Version{5, 4}},
	{26, Version{5, 6}}, {27, Version{5, 8}}, {28, Version{5, 10}}, {29, Version{5, 11}}, {30, Version{5, 16}},
	{31, Version{6, 1}}, {32, Version{6, 2}}, {33, Version{6, 9}}, {34, Version{6, 19}}, {35, Version{7, 2}},
}

var attachTypeSteps = []step{
	{0, Version{4, 10}}, {3, Version{4, 13}}, {4, Version{4, 14}}, {6, Version{4, 15}}, {7, Version{4, 17}},
	{14, Version{4, 18}}, {17, Version{4, 20}}, {18, Version{5, 2}}, {21, Version{5, 3}}, {23, Version{5, 5}},
	{26, Version{5, 7}}, {28, Version{5, 8}}, {34, Version{5, 9}}, {38, Version{5, 13}}, {39, Version{5, 14}},
	{41, Version{5, 15}}, {42, Version{5, 18}}, {43, Version{6, 0}}, {44, Version{6, 4}}, {46, Version{6, 6}},
	{49, Version{6, 7}}, {56, Version{6, 10}}, {57, Version{6, 13}}, {58, Version{7, 0}}, {59, Version{7, 2}},
}

var helperSteps = []step{
	{1, Version{3, 19}}, {4, Version{4, 1}}, {12, Version{4, 2}}, {17, Version{4, 3}}, {23, Version{4, 4}},
	{26, Version{4, 5}}, {27, Version{4, 6}}, {31, Version{4, 8}}, {37, Version{4, 9}}, {42, Version{4, 10}},
	{45, Version{4, 11}}, {46, Version{4, 12}}, {48, Version{4, 13}}, {51, Version{4, 14}}, {54, Version{4, 15}},
	{58, Version{4, 16}}, {60, Version{4, 17}}, {65, Version{4, 18}}, {81, Version{4, 19}}, {84, Version{4, 20}},
	{91, Version{5, 0}}, {93, Version{5, 1}}, {99, Version{5, 2}}, {109, Version{5, 3}}, {110, Version{5, 4}},
	{111, Version{5, 5}}, {116, Version{5, 6}}, {119, Version{5, 7}}, {125, Version{5, 8}}, {136, Version{5, 9}},
	{142, Version{5, 10}}, {156, Version{5, 11}}, {163, Version{5, 12}}, {164, Version{5, 13}}, {166, Version{5, 14}},
	{169, Version{5, 15}}, {176, Version{5, 16}}, {180, Version{5, 17}}, {186, Version{5, 18}}, {194, Version{5, 19}},
	{204, Version{6, 0}}, {208, Version{6, 1}}, {210, Version{6, 2}},
}

// Since returns the kernel that brought the type, or zero if that is not known.
func (t ProgType) Since() Version { return sinceStep(progTypeSteps, uint32(t), len(progTypes)) }

// Since returns the kernel that brought the type, or zero if that is not known.
func (t MapType) Since() Version { return sinceStep(mapTypeSteps, uint32(t), len(mapTypes)) }

// Since returns the kernel that brought the type, or zero if that is not known.
func (t AttachType) Since() Version { return sinceStep(attachTypeSteps, uint32(t), len(attachTypes)) }

// HelperSince returns the kernel that brought the helper with a number, or zero if that is
// not known. Types of programs may have got it later.
func HelperSince(number int32) Version {
	if number < 0 {
		return Version{}
	}
	return sinceStep(helperSteps, uint32(number), len(helpers))
}
