import { useState } from 'react'
import { errorText, fieldErrorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { ApiError } from '@/lib/http'

export type FieldErrors = Readonly<Record<string, string>>

export interface Limits {
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

/** What is wrong with a value by the server's own limits, before asking the server. */
export function checkField(value: string, limits: Limits, ofPattern?: string): string | undefined {
  // Python counts code points, JavaScript halves of some.
  const length = [...value].length
  if (limits.minLength && length === 0) return m.field_required()
  if (limits.minLength && length < limits.minLength) {
    return m.field_too_short({ min: limits.minLength })
  }
  if (limits.maxLength && length > limits.maxLength) {
    return m.field_too_long({ max: limits.maxLength })
  }
  if (limits.pattern && !new RegExp(limits.pattern, 'u').test(value)) {
    return ofPattern ?? m.field_one_line()
  }
  return undefined
}

/** Drops the fields that are fine. */
export function onlyWrong(fields: Record<string, string | undefined>): FieldErrors {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** The state of one form: what is wrong where, and whether an answer is awaited. */
export function useForm() {
  const [fields, setFields] = useState<FieldErrors>({})
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)

  /** Sends unless `wrong` names a field; never throws, tells instead. True when it went through. */
  const submit = async (wrong: FieldErrors, send: () => Promise<void>): Promise<boolean> => {
    setFields(wrong)
    setProblem(undefined)
    if (Object.keys(wrong).length > 0) {
      focusFirstWrong()
      return false
    }
    setBusy(true)
    try {
      await send()
      return true
    } catch (error) {
      const found = fieldsOf(error)
      setFields(found)
      setProblem(Object.keys(found).length > 0 ? undefined : errorText(error))
      focusFirstWrong()
      return false
    } finally {
      setBusy(false)
    }
  }
  return { fields, problem, busy, submit }
}

const fieldOfCode: Record<string, string> = { username_taken: 'username' }

function fieldsOf(error: unknown): FieldErrors {
  if (!(error instanceof ApiError)) return {}
  const field = fieldOfCode[error.code]
  if (field) return { [field]: errorText(error) }
  return Object.fromEntries(error.errors.map((one) => [one.field, fieldErrorText(one)]))
}

function focusFirstWrong(): void {
  // After React has marked the fields.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid]')?.focus())
}
