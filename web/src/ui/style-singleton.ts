// Takes the place of `react-style-singleton` (Radix's scroll lock), which makes a <style> element:
// our Content-Security-Policy allows none. Constructable stylesheets are outside its reach.
import { useEffect } from 'react'

/** One stylesheet, there while any of the component's instances is mounted. */
export function styleSingleton() {
  let users = 0
  let sheet: CSSStyleSheet | undefined
  // biome-ignore lint/correctness/noComponentHookFactories: the library calls this once per module
  return function Sheet({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    // biome-ignore lint/correctness/useExhaustiveDependencies: styles change only when dynamic
    useEffect(() => {
      if (users++ === 0) {
        sheet = new CSSStyleSheet()
        sheet.replaceSync(styles)
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
      }
      return () => {
        if (--users > 0) return
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
      }
    }, [dynamic && styles])
    return null
  }
}
