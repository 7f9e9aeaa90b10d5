/** The shells that can be taught. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;

/** The name of a shell. */
export type Shell = (typeof shells)[number];

/**
 * Scripts that ask the command itself what may come next: `complete -- <words>` prints a candidate on each line, with a tab and what
 * it means. So the shells know nothing of options, and never grow old.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `_appservice_msi() {
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}") line
  COMPREPLY=()
  while IFS= read -r line; do
    [ -n "$line" ] && COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]}" complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _appservice_msi appservice-msi`,

  zsh: `#compdef appservice-msi
_appservice_msi() {
  local -a candidates
  local line
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n "$line" ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then
    _describe 'appservice-msi' candidates
  else
    _default
  fi
}
compdef _appservice_msi appservice-msi`,

  fish: `function __appservice_msi
  set -l words (commandline -opc)
  $words[1] complete -- $words[2..] (commandline -ct) 2>/dev/null
end
complete --command appservice-msi --arguments '(__appservice_msi)'
complete --command appservice-msi --condition 'not contains -- exec (commandline -opc)' --no-files`,

  // An empty word gets lost on the way to a program in older versions, so that a new word is told of by an option.
  powershell: `Register-ArgumentCompleter -Native -CommandName appservice-msi -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
      ForEach-Object { $_.ToString() } | Select-Object -Skip 1)
  $options = @(if ($wordToComplete -eq '') { '--next' })
  & appservice-msi complete @options '--' @words 2>$null | ForEach-Object {
    $word, $summary = $_ -split "\`t", 2
    if (-not $summary) { $summary = $word }
    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $summary)
  }
}`,
};
