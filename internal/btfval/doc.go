// Package btfval prints and reads the values that BTF describes.
//
// A type is compiled once into a tree of nodes, which know where in the bytes
// of a value its parts are and how they are spelt. The tree has three faces. Two
// print values from their bytes: JSON, and a plain text that resembles it but
// spells some leaves otherwise, as bpftool does. The third one reads either of
// them, and what people write, into bytes.
//
// The JSON keeps all bits that a type covers, but for what bpftool's spelling
// cannot: the bytes of a character array after the NUL byte that ends its text,
// and which number a boolean is that is neither 0 nor 1.
//
// # What is read
//
// The text is JSON, but leaves may be spelt as on the plain face: 0x1f, -0x1,
// NaN(0x7fa00001), (unknown). There are no comments, and no commas without a
// part after them. White space may stand between any two things. What is left
// out is zero.
//
//   - Structs are objects of their fields, in any order. Fields of a struct or
//     union without a name are given by their own names, or in an object with the
//     name "" as they are printed; of several of those the first one is the first
//     in the type, and so on. No field may be given twice.
//   - Unions are objects of one field. More are read, as they are printed, if
//     they do not differ in the bytes that they share.
//   - Arrays are lists. Elements may be missing at the end.
//   - Integers are numbers in base 10, or in base 16 after 0x; in quotes, too.
//     They have the sign, the size and the byte order of their type.
//   - "be:443" is a number in network order, for unsigned integers of 2, 4 or 8
//     bytes such as __be16. A number without be: is what is printed, so on
//     machines whose order is another one a port printed as 47873 is 443.
//   - "10.0.0.1" is an address, for unsigned integers of 4 bytes such as __be32,
//     for arrays of 4 unsigned bytes, and for struct in_addr.
//   - "2001:db8::1" is an address, for arrays of 16 unsigned bytes, and for struct
//     in6_addr.
//   - "02:00:00:00:00:01" is an address, for arrays of 6 unsigned bytes.
//   - "hex:0a0bff" is bytes, for arrays of unsigned bytes. They may be too few.
//   - Arrays of char are strings, as long as the array at the most, or lists.
//     The bytes after a string are 0. Bytes of strings are those of UTF-8.
//   - A char is a string of one character, of which the number is at most 255, or
//     a number. In quotes, a digit is a character.
//   - Booleans are true, false, 1 or 0. So are bitfields of them, as far as they
//     have the bits.
//   - Enums, and bitfields of them, are one of their names in quotes, or a number.
//   - Bitfields and integers of odd sizes are numbers that fit in their bits.
//   - Pointers are numbers, or null or "(nil)". Nothing else may be null.
//   - Floats are numbers, or "NaN", "+Inf", "-Inf", or "NaN(0x7fc00001)" with all
//     their bits. Those of more than 8 bytes are numbers that have their bits.
//   - Variables are objects with their name, sections are objects with theirs and
//     a list of their variables, from the first one on.
//   - What has no value is (unknown), (fwd-kind-invalid) or (unsupported-kind),
//     whichever.
//
// What was printed is read as the same bits, as far as it has them. A boolean
// that is true is 1, unless other fields of a union say which number it is. So a
// union is refused in which they say that the lowest bit is 0, and none has a bit
// that is 1: of a boolean like that, which C does not have, they were printed.
package btfval
