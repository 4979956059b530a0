package kernels

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A File is one that is a kernel or an archive of kernels, as far as its name tells.
type File struct {
	Path string
	Name string // of the kernel, or what names of those in an archive begin with

	named bool  // on the command line
	err   error // why it cannot be read, if that is known
}

// Names of files that are kernels and archives. What compressed files are, their content
// tells, but in a directory there is all kinds of files. They are compiled when they are first
// asked for: most commands do not.
var (
	types    = pattern(`\.btf(\.(gz|bz2|xz|zst|lz4))?$`)
	image    = pattern(`^(vmlinux|vmlinuz|bzImage|Image)(-.*)?(\.(gz|bz2|xz|zst|lz4))?$`)
	archive  = pattern(`(\.btf)?\.(tar(\.(gz|bz2|xz|zst|lz4))?|tgz|txz)$`)
	boot     = pattern(`^(vmlinux|vmlinuz|bzImage|Image)-`)
	wrapping = pattern(`\.(gz|bz2|xz|zst|lz4)$`)
)

func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

func isKernel(base string) bool { return types().MatchString(base) || image().MatchString(base) }

// isModule reports whether a path, with slashes, is one where the types of a module are.
func isModule(p string) bool {
	return types().MatchString(path.Base(p)) && path.Base(path.Dir(path.Dir(p))) == modulesDir
}

// release returns the name of a kernel, a module or an archive by that of its file.
func release(base string) string {
	for _, suffix := range []*regexp.Regexp{archive(), types(), wrapping()} {
		if at := suffix.FindStringIndex(base); at != nil && at[0] > 0 {
			return strings.TrimPrefix(base[:at[0]], boot().FindString(base[:at[0]]))
		}
	}
	return strings.TrimPrefix(base, boot().FindString(base))
}

// Find returns what paths name: files, whatever they are called, and those below
// directories that are called like kernels and archives, in order of their names. Links to
// directories are not followed there, and types of modules are left out.
//
// What cannot be read is one of them, and a directory without any. There is one of each,
// however often it is named.
func Find(paths []string) []File {
	var all []File
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case err == nil && info.IsDir():
			all = append(all, walk(p)...)
		default:
			all = append(all, File{Path: p, Name: release(filepath.Base(p)), named: true, err: err})
		}
	}
	known := make(map[string]bool)
	return slices.DeleteFunc(all, func(f File) bool {
		p := filepath.Clean(f.Path)
		again := known[p]
		known[p] = true
		return again
	})
}

// walk returns the kernels and archives below a directory.
func walk(root string) []File {
	var all []File
	filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		relative, _ := filepath.Rel(root, p)
		switch {
		case err != nil:
			all = append(all, File{Path: p, Name: relative, err: err})
		case (isKernel(d.Name()) && !isModule(filepath.ToSlash(p)) || archive().MatchString(d.Name())) && isFile(p):
			dir, base := path.Split(filepath.ToSlash(relative))
			all = append(all, File{Path: p, Name: dir + release(base)})
		}
		return nil
	})
	if len(all) == 0 {
		all = append(all, File{Path: root, Name: filepath.Base(root), err: errors.New("no kernel in the directory")})
	}
	slices.SortStableFunc(all, func(a, b File) int { return cmp.Or(Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path)) })
	return all
}

// isFile reports whether there is an ordinary file, or a link to one: pipes that nobody
// writes to are not waited for.
func isFile(p string) bool {
	info, err := os.Stat(p)
	return err != nil || info.Mode().IsRegular() // an error is told when it is read
}

// within returns the name of a kernel in an archive: the archive's, if it has only that,
// as those of BTFHub have.
func (f File) within(entry string) string {
	dir, base := path.Split(path.Clean("/" + entry))
	name := release(base)
	if name == path.Base(f.Name) {
		return f.Name
	}
	name = strings.TrimPrefix(dir, "/") + name
	if f.named {
		return name
	}
	return f.Name + "/" + name
}

// findModules returns the paths of the modules' types that are beside a kernel, by name.
func findModules(kernel string) (paths []string) {
	dir := filepath.Join(filepath.Dir(kernel), modulesDir, release(filepath.Base(kernel)))
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil // few have them
	}
	for _, d := range list {
		if p := filepath.Join(dir, d.Name()); types().MatchString(d.Name()) && isFile(p) {
			paths = append(paths, p)
		}
	}
	return paths
}
