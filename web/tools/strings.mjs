// No word on the screen that is not in the catalogue: finds literal text in JSX.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { readSources } from './layers.mjs'

/** Attributes people read or hear. */
const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'placeholder',
  'title',
  'alt',
  'label',
  'hint',
  'aside',
  'text',
  'description',
  'action',
  'error',
  'lead',
])

const hasWords = (/** @type {string} */ text) => /\p{L}{2,}/u.test(text)

/**
 * @param {ReadonlyMap<string, string>} files source by path
 * @returns {string[]} `path:line: text`
 */
export function literalWords(files) {
  /** @type {string[]} */
  const found = []
  for (const [path, source] of files) {
    if (!path.endsWith('.tsx')) continue
    const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
    /** @param {ts.Node} node @param {string} text */
    const tell = (node, text) => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
      if (hasWords(text)) found.push(`${path}:${line + 1}: ${text.trim()}`)
    }
    /** @param {ts.Node} node */
    const visit = (node) => {
      if (ts.isJsxText(node)) tell(node, node.text)
      if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText(file))) {
        for (const literal of literals(node.initializer)) tell(literal, literal.text)
      }
      if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) {
        for (const literal of literals(node.expression)) tell(literal, literal.text)
      }
      ts.forEachChild(node, visit)
    }
    visit(file)
  }
  return found
}

/**
 * The string literals an expression may turn into, through `?:`, `&&`, `||`, `??` and templates.
 * @param {ts.Node | undefined} node @returns {(ts.StringLiteralLike | ts.TemplateHead)[]}
 */
function literals(node) {
  if (!node) return []
  if (ts.isStringLiteralLike(node)) return [node]
  if (ts.isJsxExpression(node) || ts.isParenthesizedExpression(node))
    return literals(node.expression)
  if (ts.isConditionalExpression(node))
    return [...literals(node.whenTrue), ...literals(node.whenFalse)]
  if (ts.isBinaryExpression(node)) {
    const joins = ['&&', '||', '??'].includes(node.operatorToken.getText())
    return joins ? literals(node.right) : [...literals(node.left), ...literals(node.right)]
  }
  if (ts.isTemplateExpression(node)) return [node.head]
  return []
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = literalWords(readSources(fileURLToPath(new URL('../src', import.meta.url))))
  for (const sentence of words) process.stderr.write(`not in the catalogue: ${sentence}\n`)
  process.exit(words.length > 0 ? 1 : 0)
}
