package docs

// An Audit describes what an audit looks at.
type Audit struct {
	Rules    []AuditRule // but for those of options and features
	Options  []AuditOption
	Features []AuditFeature
}

// An AuditRule is a rule of an audit, in words.
type AuditRule struct{ ID, About, When, Why, Mend string }

// An AuditOption is an option of the kernel's configuration.
type AuditOption struct {
	Name    string
	ID      string // of the finding, or empty
	Without string // what the finding is if it is not set
	Since   string // kernel, or empty
	Gives   string
}

// An AuditFeature is something that kernels have since a version.
type AuditFeature struct{ ID, Title, Since, Question, Source string }

// AuditPage returns the page about the findings of audits.
func AuditPage(a Audit) (string, error) { return execute("audit.tmpl", a) }
