/**
 * The `codex` of ours that stands in front of the official one on PATH: a few lines for `sh`.
 *
 * It costs a start of `sh` and no second start of Node: the Node it was made with is trusted until
 * its file is newer than the shim; any other is asked for its version first. Where our package or a
 * good enough Node is gone, the official CLI runs as if we had never been there.
 */
import { quoted } from './start-file'

/** By this line the script tells another of its kind from the official CLI. */
const mark = '# A codex-multi-auth shim.'

export interface Programs {
  /** The file of ours that Node starts. */
  readonly main: string
  readonly node: string
}

export const script = ({ main, node }: Programs): string => `#!/bin/sh
${mark} Put there by: codex-multi-auth shim install
# Taken away by: codex-multi-auth shim remove
main=${quoted(main)}
node=${quoted(node)}

is_new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 17) ? 0 : 1)' >/dev/null 2>&1
}

say() {
  [ "\${CODEX_MULTI_AUTH_QUIET:-}" = 1 ] || printf 'codex-multi-auth: %s\\n' "$1" >&2
}

if [ -f "$main" ]; then
  if [ -x "$node" ] && [ ! "$node" -nt "$0" ]; then exec "$node" "$main" codex "$@"; fi
  for one in "$node" "$(command -v node)"; do
    if [ -x "$one" ] && is_new_enough "$one"; then exec "$one" "$main" codex "$@"; fi
  done
  trouble='Node 20.17 or newer is not there'
  mend='Install it, then: codex-multi-auth shim install'
else
  trouble="its package is gone from $main"
  mend='Put it back: npm install -g codex-multi-auth'
fi

case "\${1:-} \${2:-}" in
  'auth '* | 'multi-auth '* | 'multiauth '* | 'multi auth')
    printf 'codex-multi-auth: %s. %s\\n' "$trouble" "$mend" >&2
    exit 1
    ;;
esac

set -f
IFS=:
for folder in $PATH; do
  next=\${folder:-.}/codex
  if [ ! -f "$next" ] || [ ! -x "$next" ] || [ "$next" -ef "$0" ]; then continue; fi
  if head -c 512 "$next" | LC_ALL=C grep -q '^${mark}'; then continue; fi
  say "$trouble, so this is the official CLI alone. $mend"
  unset IFS
  exec "$next" "$@"
done
printf 'codex-multi-auth: %s, and no official CLI is on PATH. %s\\n' "$trouble" "$mend" >&2
exit 127
`
