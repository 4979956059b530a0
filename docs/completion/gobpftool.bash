# Completion of gobpftool for bash.
# Generated from the table of commands by "gobpftool completion bash".

# Sets words and options to what may follow an object, or the name of the tool.
_gobpftool_table() {
	case $1 in
	'')
		words='help batch prog map link feature btf gen object version completion'
		options='--json --pretty --version --help --debug --bpffs --mapcompat --nomount --base-btf --use-loader --sign -k -i'
		;;
	prog)
		words='show list help dump pin load loadall attach detach tracelog run profile'
		options='--json --pretty --debug --bpffs --mapcompat --nomount --use-loader'
		;;
	map)
		words='show list help dump update lookup getnext delete pin event_pipe create peek push enqueue pop dequeue freeze export import'
		options='--json --pretty --debug --bpffs --nomount'
		;;
	link)
		words='show list help pin detach'
		options='--json --pretty --debug --bpffs --nomount'
		;;
	feature)
		words='probe list_builtins audit require diff help'
		options='--json --pretty --debug'
		;;
	btf)
		words='show list help dump layout diff'
		options='--json --pretty --debug --base-btf'
		;;
	gen)
		words='skeleton subskeleton help go'
		options='--json --pretty --debug --use-loader --sign -k -i'
		;;
	object)
		words='show help relocs check requires'
		options='--json --pretty --debug --base-btf'
		;;
	completion)
		words='bash zsh fish help words'
		options='--json --pretty --debug'
		;;
	*)
		return 1
		;;
	esac
}

# Asks the tool what the last of some words may become.
_gobpftool_ask() {
	local tool=${COMP_WORDS[0]/#\~\//$HOME/} line cur=${*: -1}
	local -a paths
	while IFS= read -r line; do
		case $line in
		:files | :directories)
			compopt -o filenames 2>/dev/null
			if [[ $line == :files ]]; then
				mapfile -t paths < <(compgen -f -- "$cur")
			else
				mapfile -t paths < <(compgen -d -- "$cur")
			fi
			COMPREPLY+=("${paths[@]}")
			;;
		*)
			COMPREPLY+=("${line%%$'\t'*}")
			;;
		esac
	done < <("$tool" -- completion words "$@" 2>/dev/null)
}

_gobpftool() {
	local cur=${COMP_WORDS[COMP_CWORD]} word object='' words options ask=''
	local -a given=()
	COMPREPLY=()
	[[ $cur == = ]] && cur=''
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		=) # between an option and its argument
			continue
			;;
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
		_gobpftool_ask "${given[@]}" "$cur"
		return
	fi
	[[ $cur == -* ]] && words=$options
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _gobpftool gobpftool bpftool
