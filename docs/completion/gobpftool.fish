# Completion of gobpftool for fish.
# Generated from the table of commands by "gobpftool completion fish".

# Prints what may follow an object, or the name of the tool.
function __gobpftool_table --argument-names object cur
	set -l options
	set -l words
	switch $object
		case ''
			set -a words 'help' 'how the tool is used'
			set -a words 'batch' 'the commands in a file, one a line'
			set -a words 'prog' 'programs that are loaded into the kernel'
			set -a words 'map' 'maps, the tables that programs share with each other and with processes'
			set -a words 'link' 'links, the attachments of programs to the kernel'
			set -a words 'feature' 'what the kernel can do with BPF'
			set -a words 'btf' 'BTF, the descriptions of types that programs, maps and the kernel carry'
			set -a words 'gen' 'what is generated from BPF objects, such as skeletons'
			set -a words 'object' 'ELF objects that are not loaded'
			set -a words 'version' 'which tool this is, and what it can do'
			set -a words 'completion' 'scripts that let a shell complete words'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--version' 'Show the version instead of running the command'
			set -a options '--help' 'Show how the tool is used'
			set -a options '--debug' 'Say what is going on, on standard error'
			set -a options '--bpffs' 'Show the paths at which objects are pinned'
			set -a options '--mapcompat' 'Accepted for compatibility; unknown attributes of maps are always accepted'
			set -a options '--nomount' 'Never mount a file system'
			set -a options '--base-btf' 'Take FILE as the base of split BTF'
			set -a options '--use-loader' 'Load programs by means of a loader program'
			set -a options '--sign' 'Sign the loader program; needs -k and -i'
			set -a options '-k' 'Private key for signing, in PEM form'
			set -a options '-i' 'X.509 certificate for signing'
		case prog
			set -a words 'show' 'Show loaded programs'
			set -a words 'list' 'Show loaded programs'
			set -a words 'help' 'Show how prog is used'
			set -a words 'dump' 'Show the code of programs'
			set -a words 'pin' 'Pin a program'
			set -a words 'load' 'Load an object and pin its first program'
			set -a words 'loadall' 'Load an object and pin its programs in a directory'
			set -a words 'attach' 'Attach a program to sockets of a map, or as flow dissector'
			set -a words 'detach' 'Detach a program from where attach has attached it'
			set -a words 'tracelog' 'Show what programs print'
			set -a words 'run' 'Run a program on data of a file'
			set -a words 'profile' 'Count what happens while a program runs'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--debug' 'Say what is going on, on standard error'
			set -a options '--bpffs' 'Show the paths at which objects are pinned'
			set -a options '--mapcompat' 'Accepted for compatibility; unknown attributes of maps are always accepted'
			set -a options '--nomount' 'Never mount a file system'
			set -a options '--use-loader' 'Load programs by means of a loader program'
		case map
			set -a words 'show' 'Show maps'
			set -a words 'list' 'Show maps'
			set -a words 'help' 'Show how map is used'
			set -a words 'dump' 'Show the entries of maps'
			set -a words 'update' 'Set an entry of a map'
			set -a words 'lookup' 'Show an entry of a map'
			set -a words 'getnext' 'Show the key that follows another'
			set -a words 'delete' 'Remove an entry of a map'
			set -a words 'pin' 'Pin a map'
			set -a words 'event_pipe' 'Show what programs put out'
			set -a words 'create' 'Make a map and pin it'
			set -a words 'peek' 'Show an entry of a map'
			set -a words 'push' 'Set an entry of a map'
			set -a words 'enqueue' 'Set an entry of a map'
			set -a words 'pop' 'Take a value out of a queue or stack'
			set -a words 'dequeue' 'Take a value out of a queue or stack'
			set -a words 'freeze' 'Forbid changes of a map by processes'
			set -a words 'export' 'Write the entries of a map into a file'
			set -a words 'import' 'Read the entries of a map from a file'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--debug' 'Say what is going on, on standard error'
			set -a options '--bpffs' 'Show the paths at which objects are pinned'
			set -a options '--nomount' 'Never mount a file system'
		case link
			set -a words 'show' 'Show links'
			set -a words 'list' 'Show links'
			set -a words 'help' 'Show how link is used'
			set -a words 'pin' 'Pin a link'
			set -a words 'detach' 'Detach a link from its target'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--debug' 'Say what is going on, on standard error'
			set -a options '--bpffs' 'Show the paths at which objects are pinned'
			set -a options '--nomount' 'Never mount a file system'
		case feature
			set -a words 'probe' 'Find out what the kernel or a network device can do'
			set -a words 'list_builtins' 'List the names of types and helpers that this tool knows'
			set -a words 'audit' 'Tell how well, and how safely, this system is set up for BPF'
			set -a words 'require' 'Tell whether the kernel has what something requires'
			set -a words 'diff' 'Compare two saved probes or audits'
			set -a words 'help' 'Show how feature is used'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--debug' 'Say what is going on, on standard error'
		case btf
			set -a words 'show' 'Show BTF objects'
			set -a words 'list' 'Show BTF objects'
			set -a words 'help' 'Show how btf is used'
			set -a words 'dump' 'Show the types of a BTF object'
			set -a words 'layout' 'Show where structs and unions have their members'
			set -a words 'diff' 'Show what changed between the types of two files'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--debug' 'Say what is going on, on standard error'
			set -a options '--base-btf' 'Take FILE as the base of split BTF'
		case gen
			set -a words 'skeleton' 'Generate code that carries an object with it, loads it and works with it'
			set -a words 'subskeleton' 'Generate code that works with what an object has within another one'
			set -a words 'help' 'Show how gen is used'
			set -a words 'go' 'Compile C and generate code for it, as bpf2go does, and a skeleton'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--debug' 'Say what is going on, on standard error'
			set -a options '--use-loader' 'Load programs by means of a loader program'
			set -a options '--sign' 'Sign the loader program; needs -k and -i'
			set -a options '-k' 'Private key for signing, in PEM form'
			set -a options '-i' 'X.509 certificate for signing'
		case object
			set -a words 'show' 'Show what an object holds'
			set -a words 'help' 'Show how object is used'
			set -a words 'relocs' 'Show what becomes of CO-RE relocations on kernels'
			set -a words 'check' 'Show which kernels objects fit, by their types'
			set -a words 'requires' 'Show what an object needs of kernels and users'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--debug' 'Say what is going on, on standard error'
			set -a options '--base-btf' 'Take FILE as the base of split BTF'
		case completion
			set -a words 'bash' 'Print the script for bash'
			set -a words 'zsh' 'Print the script for zsh'
			set -a words 'fish' 'Print the script for fish'
			set -a words 'help' 'Show how completion is used'
			set -a words 'words' 'Print what the last word may become'
			set -a options '--json' 'Answer in JSON, on one line'
			set -a options '--pretty' 'Answer in JSON, indented'
			set -a options '--debug' 'Say what is going on, on standard error'
		case '*'
			return 1
	end
	if string match -q -- '-*' $cur
		set words $options
	end
	printf '%s\t%s\n' $words
end

# Asks the tool what the last of some words may become.
function __gobpftool_ask --argument-names tool
	for line in ($tool -- completion words $argv[2..-1] 2>/dev/null)
		switch $line
			case :files
				__fish_complete_path $argv[-1]
			case :directories
				__fish_complete_directories $argv[-1]
			case '*'
				echo $line
		end
	end
end

function __gobpftool_complete
	set -l given (commandline -opc)
	set -l tool (string replace -r '^~/' "$HOME/" -- $given[1])
	set -e given[1]
	set -l cur (commandline -ct)
	set -l object ''
	set -l ask
	for word in $given
		switch $word
			case -j --json -p --pretty -V --version -h --help -d --debug -f --bpffs -m --mapcompat -n --nomount -L --use-loader -S --sign
			case '-*'
				set ask yes
			case '*'
				if test -n "$object"
					set ask yes
				end
				set object $word
		end
	end
	if test -n "$ask"
		or not __gobpftool_table "$object" "$cur"
		__gobpftool_ask $tool $given "$cur"
	end
end

complete -c gobpftool -f -k -a '(__gobpftool_complete)'
complete -c bpftool -f -k -a '(__gobpftool_complete)'
