/** What went wrong with the form as a whole. Present from the start, so that it is announced. */
export function FormError({ text }: { text: string | null }) {
  return (
    <p role="alert" className="text-small text-danger-ink empty:hidden">
      {text}
    </p>
  )
}
