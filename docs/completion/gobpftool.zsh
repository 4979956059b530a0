#compdef gobpftool bpftool
# Completion of gobpftool for zsh.
# Generated from the table of commands by "gobpftool completion zsh".

# Sets list and options to what may follow an object, or the name of the tool.
_gobpftool_table() {
	case $1 in
	'')
		list=(
			'help:how the tool is used'
			'batch:the commands in a file, one a line'
			'prog:programs that are loaded into the kernel'
			'map:maps, the tables that programs share with each other and with processes'
			'link:links, the attachments of programs to the kernel'
			'feature:what the kernel can do with BPF'
			'btf:BTF, the descriptions of types that programs, maps and the kernel carry'
			'gen:what is generated from BPF objects, such as skeletons'
			'object:ELF objects that are not loaded'
			'version:which tool this is, and what it can do'
			'completion:scripts that let a shell complete words'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--version:Show the version instead of running the command'
			'--help:Show how the tool is used'
			'--debug:Say what is going on, on standard error'
			'--bpffs:Show the paths at which objects are pinned'
			'--mapcompat:Accepted for compatibility; unknown attributes of maps are always accepted'
			'--nomount:Never mount a file system'
			'--base-btf:Take FILE as the base of split BTF'
			'--use-loader:Load programs by means of a loader program'
			'--sign:Sign the loader program; needs -k and -i'
			'-k:Private key for signing, in PEM form'
			'-i:X.509 certificate for signing'
		)
		;;
	prog)
		list=(
			'show:Show loaded programs'
			'list:Show loaded programs'
			'help:Show how prog is used'
			'dump:Show the code of programs'
			'pin:Pin a program'
			'load:Load an object and pin its first program'
			'loadall:Load an object and pin its programs in a directory'
			'attach:Attach a program to sockets of a map, or as flow dissector'
			'detach:Detach a program from where attach has attached it'
			'tracelog:Show what programs print'
			'run:Run a program on data of a file'
			'profile:Count what happens while a program runs'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--debug:Say what is going on, on standard error'
			'--bpffs:Show the paths at which objects are pinned'
			'--mapcompat:Accepted for compatibility; unknown attributes of maps are always accepted'
			'--nomount:Never mount a file system'
			'--use-loader:Load programs by means of a loader program'
		)
		;;
	map)
		list=(
			'show:Show maps'
			'list:Show maps'
			'help:Show how map is used'
			'dump:Show the entries of maps'
			'update:Set an entry of a map'
			'lookup:Show an entry of a map'
			'getnext:Show the key that follows another'
			'delete:Remove an entry of a map'
			'pin:Pin a map'
			'event_pipe:Show what programs put out'
			'create:Make a map and pin it'
			'peek:Show an entry of a map'
			'push:Set an entry of a map'
			'enqueue:Set an entry of a map'
			'pop:Take a value out of a queue or stack'
			'dequeue:Take a value out of a queue or stack'
			'freeze:Forbid changes of a map by processes'
			'export:Write the entries of a map into a file'
			'import:Read the entries of a map from a file'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--debug:Say what is going on, on standard error'
			'--bpffs:Show the paths at which objects are pinned'
			'--nomount:Never mount a file system'
		)
		;;
	link)
		list=(
			'show:Show links'
			'list:Show links'
			'help:Show how link is used'
			'pin:Pin a link'
			'detach:Detach a link from its target'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--debug:Say what is going on, on standard error'
			'--bpffs:Show the paths at which objects are pinned'
			'--nomount:Never mount a file system'
		)
		;;
	feature)
		list=(
			'probe:Find out what the kernel or a network device can do'
			'list_builtins:List the names of types and helpers that this tool knows'
			'audit:Tell how well, and how safely, this system is set up for BPF'
			'require:Tell whether the kernel has what something requires'
			'diff:Compare two saved probes or audits'
			'help:Show how feature is used'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--debug:Say what is going on, on standard error'
		)
		;;
	btf)
		list=(
			'show:Show BTF objects'
			'list:Show BTF objects'
			'help:Show how btf is used'
			'dump:Show the types of a BTF object'
			'layout:Show where structs and unions have their members'
			'diff:Show what changed between the types of two files'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--debug:Say what is going on, on standard error'
			'--base-btf:Take FILE as the base of split BTF'
		)
		;;
	gen)
		list=(
			'skeleton:Generate code that carries an object with it, loads it and works with it'
			'subskeleton:Generate code that works with what an object has within another one'
			'help:Show how gen is used'
			'go:Compile C and generate code for it, as bpf2go does, and a skeleton'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--debug:Say what is going on, on standard error'
			'--use-loader:Load programs by means of a loader program'
			'--sign:Sign the loader program; needs -k and -i'
			'-k:Private key for signing, in PEM form'
			'-i:X.509 certificate for signing'
		)
		;;
	object)
		list=(
			'show:Show what an object holds'
			'help:Show how object is used'
			'relocs:Show what becomes of CO-RE relocations on kernels'
			'check:Show which kernels objects fit, by their types'
			'requires:Show what an object needs of kernels and users'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--debug:Say what is going on, on standard error'
			'--base-btf:Take FILE as the base of split BTF'
		)
		;;
	completion)
		list=(
			'bash:Print the script for bash'
			'zsh:Print the script for zsh'
			'fish:Print the script for fish'
			'help:Show how completion is used'
			'words:Print what the last word may become'
		)
		options=(
			'--json:Answer in JSON, on one line'
			'--pretty:Answer in JSON, indented'
			'--debug:Say what is going on, on standard error'
		)
		;;
	*)
		return 1
		;;
	esac
}

# Asks the tool what the last of some words may become.
_gobpftool_ask() {
	local line tool=${(Q)words[1]/#\~\//$HOME/} paths=
	for line in "${(@f)$("$tool" -- completion words "$@" 2>/dev/null)}"; do
		case $line in
		:files)
			paths=_files
			;;
		:directories)
			paths='_files -/'
			;;
		?*)
			list+=("${${line%%$'\t'*}//:/\\:}${${(M)line%%$'\t'*}/$'\t'/:}")
			;;
		esac
	done
	if [[ -n $paths ]]; then
		[[ $PREFIX == --*=* ]] && compset -P '*='
		${=paths} && found=0
	fi
}

_gobpftool() {
	local word object= ask= found=1
	local -a given list options kind
	[[ $PREFIX == -* ]] && kind=(-o)
	[[ $PREFIX == -*=* ]] && ask=yes
	for word in "${(@Q)words[2,CURRENT-1]}"; do
		case $word in
		-j | --json | -p | --pretty | -V | --version | -h | --help | -d | --debug | -f | --bpffs | -m | --mapcompat | -n | --nomount | -L | --use-loader | -S | --sign) ;;
		-*)
			ask=yes
			;;
		*)
			[[ -n $object ]] && ask=yes
			object=$word
			;;
		esac
		given+=("$word")
	done
	if [[ -n $ask ]] || ! _gobpftool_table "$object"; then
		_gobpftool_ask "${given[@]}" "${(Q)PREFIX}"
	elif [[ $PREFIX == -* ]]; then
		list=("${options[@]}")
	fi
	if (( $#list )); then
		_describe -V $kind word list && found=0
	fi
	return found
}

if [[ $funcstack[1] == _gobpftool ]]; then
	_gobpftool "$@"
else
	compdef _gobpftool gobpftool bpftool
fi
