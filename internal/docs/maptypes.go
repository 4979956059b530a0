package docs

// A MapType describes what can be done with maps of a type.
type MapType struct {
	Type   string
	Since  string   // kernel, or empty
	Create string   // words for "map create", or empty
	Made   string   // how it is made instead
	Dump   string   // what a dump promises
	Verbs  []string // that there are
	Lacks  []Lack
}

// A Lack is a verb that there is not, and what is said about it.
type Lack struct{ Verb, Sentence string }

// MapTypes returns the page about the types of maps.
func MapTypes(list []MapType) (string, error) { return execute("maptypes.tmpl", list) }
