import { Marked, type Token, type Tokens } from 'marked'
import { Fragment, memo, type ReactNode } from 'react'
import { cx } from '@/lib/class-names'
import { NamedEmoji } from '@/ui/EmojiGlyph'
import { CodeBlock } from './code-block'
import { type Call, type Calls, cutMentions, cutShortcodes, isJustEmoji } from './inline-text'
import { safeHref } from './links'
import { Spoiler, spoiler } from './spoiler'

const marked = new Marked({ gfm: true, breaks: true, extensions: [spoiler] })

/** Beyond this a message is only trying to break something: the rest is shown as it was written. */
const MAX_DEPTH = 12

export interface MarkdownProps {
  text: string
  /** Names that are mentions here, the words for everybody included. */
  calls: Calls
  /** Goes on the last line where that is plain text, else beneath. */
  after?: ReactNode
}

interface Context extends Pick<MarkdownProps, 'calls'> {
  /** Inside a link, where colons belong to the address. */
  isLink?: boolean
  /** The token that `after` goes into. */
  last?: Token | undefined
  after?: ReactNode
}

/**
 * Markdown as React nodes, from marked's lexer. Nothing here writes HTML: raw HTML in a message is
 * shown as text, and an image as a link, so that reading a message tells nobody that I did.
 */
export const Markdown = memo(function Markdown({ text, calls, after }: MarkdownProps) {
  const tokens = parse(text)
  const last = tokens.at(-1)
  const fits = last?.type === 'paragraph'
  if (isJustEmoji(text)) {
    return (
      <p className="text-[2.25rem] leading-tight">
        {words(text.trim(), { calls })}
        {after}
      </p>
    )
  }
  return (
    <div className="flex flex-col gap-2">
      {blocks(tokens, { calls, ...(fits && { last, after }) }, 0)}
      {!fits && after}
    </div>
  )
})

const parse = (text: string): Token[] => marked.lexer(text)

function blocks(tokens: readonly Token[], context: Context, depth: number): ReactNode[] {
  return tokens.map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never change places
    <Fragment key={at}>{block(token, context, depth)}</Fragment>
  ))
}

function block(token: Token, context: Context, depth: number): ReactNode {
  if (depth > MAX_DEPTH) return <p dir="auto">{token.raw}</p>
  switch (token.type) {
    case 'space':
      return null
    case 'code':
      return (
        <CodeBlock
          code={(token as Tokens.Code).text}
          language={(token as Tokens.Code).lang ?? ''}
        />
      )
    case 'blockquote':
      return (
        <blockquote className="border-s-2 border-line-strong ps-3 text-muted">
          {blocks((token as Tokens.Blockquote).tokens, context, depth + 1)}
        </blockquote>
      )
    case 'list':
      return list(token as Tokens.List, context, depth)
    case 'heading':
      return heading(token as Tokens.Heading, context, depth)
    case 'hr':
      return <hr className="border-line" />
    case 'table':
      return table(token as Tokens.Table, context, depth)
    case 'paragraph':
      return (
        <p dir="auto" className="whitespace-pre-wrap">
          {inline((token as Tokens.Paragraph).tokens, context, depth)}
          {token === context.last && context.after}
        </p>
      )
    case 'text':
      return (
        <span dir="auto" className="block whitespace-pre-wrap">
          {inline((token as Tokens.Text).tokens ?? [token], context, depth)}
        </span>
      )
    default:
      return (
        <p dir="auto" className="whitespace-pre-wrap">
          {token.raw.trimEnd()}
        </p>
      )
  }
}

function heading(token: Tokens.Heading, context: Context, depth: number): ReactNode {
  const content = inline(token.tokens, context, depth)
  // A message is not a page: its headings are not in the page's outline.
  return (
    <p dir="auto" className={cx('font-semibold', token.depth <= 2 ? 'text-lead' : 'text-body')}>
      {content}
    </p>
  )
}

function list(token: Tokens.List, context: Context, depth: number): ReactNode {
  const items = token.items.map((item, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items of one text never change places
    <li key={at} dir="auto" className={cx(item.task && 'list-none')}>
      {item.task && (
        <input
          type="checkbox"
          disabled
          checked={item.checked ?? false}
          className="-ms-5 me-2 accent-accent"
        />
      )}
      {blocks(
        item.tokens.filter((inner) => inner.type !== 'checkbox'),
        context,
        depth + 1,
      )}
    </li>
  ))
  return token.ordered ? (
    <ol start={Number(token.start) || 1} className="list-decimal ps-6 marker:text-faint">
      {items}
    </ol>
  ) : (
    <ul className="list-disc ps-6 marker:text-faint">{items}</ul>
  )
}

/** By the side that begins, as the rest of a text: a table of Arabic is read from the right. */
const aligned = { left: 'text-start', center: 'text-center', right: 'text-end' }

function table(token: Tokens.Table, context: Context, depth: number): ReactNode {
  const cell = (at: number) =>
    cx('border border-line px-2.5 py-1', aligned[token.align[at] ?? 'left'])
  return (
    <div className="max-w-full overflow-x-auto">
      <table className="border-collapse text-small">
        <thead>
          <tr>
            {token.header.map((head, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells never change places
              <th key={at} dir="auto" className={cx(cell(at), 'bg-sunken font-semibold')}>
                {inline(head.tokens, context, depth + 1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows never change places
            <tr key={at}>
              {row.map((data, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells never change places
                <td key={column} dir="auto" className={cell(column)}>
                  {inline(data.tokens, context, depth + 1)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function inline(tokens: readonly Token[], context: Context, depth: number): ReactNode[] {
  return tokens.map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never change places
    <Fragment key={at}>{span(token, context, depth + 1)}</Fragment>
  ))
}

function span(token: Token, context: Context, depth: number): ReactNode {
  if (depth > MAX_DEPTH) return token.raw
  const inner = () => inline((token as Tokens.Generic).tokens ?? [], context, depth)
  const addressed = () =>
    inline((token as Tokens.Generic).tokens ?? [], { ...context, isLink: true }, depth)
  switch (token.type) {
    case 'strong':
      return <strong className="font-semibold">{inner()}</strong>
    case 'em':
      return <em>{inner()}</em>
    case 'del':
      return <del>{inner()}</del>
    case 'spoiler':
      return <Spoiler>{inner()}</Spoiler>
    case 'codespan':
      return (
        <code
          dir="ltr"
          className="rounded-small bg-sunken px-1 py-0.5 text-[0.875em] [unicode-bidi:isolate]"
        >
          {(token as Tokens.Codespan).text}
        </code>
      )
    case 'br':
      return '\n'
    case 'escape':
      return (token as Tokens.Escape).text
    case 'link':
      return link((token as Tokens.Link).href, addressed(), token.raw)
    case 'image':
      return link(
        (token as Tokens.Image).href,
        (token as Tokens.Image).text || (token as Tokens.Image).href,
        token.raw,
      )
    case 'text': {
      const nested = (token as Tokens.Text).tokens
      return nested ? inline(nested, context, depth) : words((token as Tokens.Text).text, context)
    }
    default:
      return token.raw
  }
}

function link(href: string, content: ReactNode, raw: string): ReactNode {
  const safe = safeHref(href)
  if (safe === null) return raw
  return (
    <a
      href={safe}
      target="_blank"
      rel="noopener noreferrer"
      className="text-accent-ink underline decoration-from-font underline-offset-2 hover:decoration-2"
    >
      {content}
    </a>
  )
}

function words(text: string, context: Context): ReactNode {
  if (context.isLink || !text.includes(':')) return called(text, context)
  return cutShortcodes(text).map((run, at) =>
    'name' in run ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text never change places
      <NamedEmoji key={at} name={run.name} />
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text never change places
      <Fragment key={at}>{called(run.text, context)}</Fragment>
    ),
  )
}

function called(text: string, { calls, isLink }: Context): ReactNode {
  if (!text.includes('@')) return text
  return cutMentions(text, calls).map((run, at) =>
    'mention' in run ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text never change places
      <Chip key={at} text={run.text} call={calls.get(run.mention)} plain={isLink === true} />
    ) : (
      run.text
    ),
  )
}

/** A name that calls somebody; pressed, it tells whom. */
function Chip({ text, call, plain }: { text: string; call: Call | undefined; plain: boolean }) {
  const open = call?.open
  const look = cx(
    'rounded-small px-0.5 font-semibold text-accent-ink',
    call?.me && 'bg-accent-soft',
  )
  if (!open || plain) {
    return (
      <span dir="auto" className={look}>
        {text}
      </span>
    )
  }
  return (
    <button
      type="button"
      dir="auto"
      aria-haspopup="dialog"
      className={cx(look, 'hover:underline')}
      onClick={(event) => open(event.currentTarget)}
    >
      {text}
    </button>
  )
}
