import { m } from './paraglide/messages.js'

/** Seconds a message may live, as the server takes them, and what people call them. */
export const times = [3_600, 28_800, 86_400, 604_800, 2_592_000, 7_776_000] as const

const names: Record<number, () => string> = {
  3600: m.expiry_1h,
  28800: m.expiry_8h,
  86400: m.expiry_1d,
  604800: m.expiry_7d,
  2592000: m.expiry_30d,
  7776000: m.expiry_90d,
}

export const ttlText = (seconds: number | null) =>
  seconds === null ? m.expiry_off() : (names[seconds]?.() ?? `${seconds} s`)
