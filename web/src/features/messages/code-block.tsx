import { CheckIcon, CopyIcon } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { copyText } from '@/lib/clipboard'
import { highlight, knownLanguage, type Piece } from './highlight'
import './code.css'

export function CodeBlock({ code, language }: { code: string; language: string }) {
  const pieces = usePieces(code, language)
  return (
    <figure className="group/code relative max-w-full">
      <pre
        dir="ltr"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        // Where nothing hovers the copy button is always there: the code begins below it.
        className="overflow-x-auto rounded-control border border-line bg-sunken px-3.5 py-2.5 text-small leading-relaxed coarse:pt-11"
      >
        <code>{pieces ? draw(pieces) : code}</code>
      </pre>
      <CopyButton text={code} />
    </figure>
  )
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    await copyText(text)
    setCopied(true)
  }
  return (
    <button
      type="button"
      aria-label={copied ? m.messages_copied() : m.messages_copy_code()}
      onClick={() => void copy()}
      className="absolute end-1.5 top-1.5 grid size-8 place-items-center rounded-small bg-sunken text-muted opacity-0 transition-opacity hover:bg-hover hover:text-ink focus-visible:opacity-100 group-hover/code:opacity-100 coarse:opacity-100"
    >
      {copied ? (
        <CheckIcon aria-hidden="true" className="size-4" />
      ) : (
        <CopyIcon aria-hidden="true" className="size-4" />
      )}
    </button>
  )
}

function usePieces(code: string, written: string): readonly Piece[] | null {
  const [pieces, setPieces] = useState<readonly Piece[] | null>(null)
  const language = knownLanguage(written)
  useEffect(() => {
    if (language === null) return
    let current = true
    // Without its colours (offline, an old chunk) code is still code.
    highlight(code, language).then(
      (made) => current && setPieces(made),
      () => {},
    )
    return () => {
      current = false
    }
  }, [code, language])
  return pieces
}

function draw(pieces: readonly Piece[]): ReactNode {
  return pieces.map((piece, at) =>
    typeof piece === 'string' ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never change places
      <span key={at} className={piece.scope ? `code-${piece.scope.split('.')[0]}` : undefined}>
        {draw(piece.children)}
      </span>
    ),
  )
}
