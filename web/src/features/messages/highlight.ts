import type { HLJSApi, LanguageFn } from 'highlight.js'

/** Each language is a chunk of its own, fetched when a message first shows it. */
const languages: Record<string, () => Promise<{ default: LanguageFn }>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  go: () => import('highlight.js/lib/languages/go'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
}

const aliases: Record<string, string> = {
  cs: 'csharp',
  'c++': 'cpp',
  html: 'xml',
  js: 'javascript',
  jsx: 'javascript',
  kt: 'kotlin',
  md: 'markdown',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  svg: 'xml',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  yml: 'yaml',
  zsh: 'bash',
}

/** A piece of coloured code: text, or a kind (`keyword`, `string`, …) around more pieces. */
export type Piece = string | { scope: string | undefined; children: readonly Piece[] }

let core: HLJSApi | null = null

/** Our name for a language as people write it after the fence; null for one we cannot colour. */
export function knownLanguage(written: string): string | null {
  const name = written.trim().split(/\s/)[0]?.toLowerCase() ?? ''
  const known = aliases[name] ?? name
  return Object.hasOwn(languages, known) ? known : null
}

/** Colours code. As pieces, not as HTML: nothing in the page is ever written with innerHTML. */
export async function highlight(code: string, language: string): Promise<readonly Piece[]> {
  const load = languages[language]
  if (!load) return [code]
  core ??= (await import('highlight.js/lib/core')).default
  if (!core.getLanguage(language)) core.registerLanguage(language, (await load()).default)
  const result = core.highlight(code, { language, ignoreIllegals: true })
  const tree = result._emitter as unknown as { rootNode: { children: readonly Piece[] } }
  return tree.rootNode.children
}
