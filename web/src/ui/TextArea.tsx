import {
  type Ref,
  type TextareaHTMLAttributes,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react'
import { cx } from '@/lib/class-names'
import { controlClass, Field, type FieldProps } from './Field'

export interface TextAreaProps
  extends FieldProps,
    Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id' | 'className'> {
  /** In lines; beyond it the text scrolls. */
  maxRows?: number
  ref?: Ref<HTMLTextAreaElement>
}

export function TextArea({
  label,
  hint,
  error,
  aside,
  className,
  maxRows = 8,
  ref,
  ...area
}: TextAreaProps) {
  const own = useRef<HTMLTextAreaElement>(null)
  useImperativeHandle(ref, () => own.current as HTMLTextAreaElement)
  useAutosize(own, area.value, maxRows)
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      {...(aside && { aside })}
      {...(className && { className })}
    >
      {(control) => (
        <textarea
          rows={1}
          dir="auto"
          {...area}
          {...control}
          ref={own}
          className={cx(controlClass, 'resize-none py-2')}
        />
      )}
    </Field>
  )
}

/** Grows a textarea with its text, up to `maxRows` lines. For composers that bring their own look. */
export function useAutosize(
  ref: { readonly current: HTMLTextAreaElement | null },
  value: unknown,
  maxRows: number,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the value
  useLayoutEffect(() => {
    const area = ref.current
    if (!area) return
    const style = getComputedStyle(area)
    const line = Number.parseFloat(style.lineHeight) || 24
    const chrome = area.offsetHeight - area.clientHeight
    const padding = Number.parseFloat(style.paddingTop) + Number.parseFloat(style.paddingBottom)
    area.style.height = 'auto'
    const wanted = Math.min(area.scrollHeight, line * maxRows + padding)
    area.style.height = `${wanted + chrome}px`
    area.style.overflowY = area.scrollHeight > wanted ? 'auto' : 'hidden'
  }, [ref, value, maxRows])
}
