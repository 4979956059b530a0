// Package support has what generated skeletons consist of besides what is the object's own:
// what maps, variables, programs and links of each kind can do.
//
// Nothing imports it. Its files are copied into the skeletons that use them, with the
// skeleton's name in the place of "Skel"; so they are compiled, vetted and tested as they
// are. A file is used as a whole, together with those that its first comment names after
// "Uses:". What one has of package usdt is copied with it, the names changed. No other
// comment is longer than what the reader of a skeleton needs.
package support
