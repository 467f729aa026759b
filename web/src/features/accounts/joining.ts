/** An invite somebody meant to accept, kept while they make an account or sign in. Per tab, so
 * that a link opened later elsewhere joins nothing by itself. */
const KEY = 'tertulia.joining'

export function rememberInvite(code: string): void {
  sessionStorage.setItem(KEY, code)
}

export const rememberedInvite = (): string | null => sessionStorage.getItem(KEY)

/** True once, if this very invite was being accepted. */
export function takeInvite(code: string): boolean {
  if (rememberedInvite() !== code) return false
  sessionStorage.removeItem(KEY)
  return true
}
