/** `1:05`, `12:30`, `1:02:03`: as long as the longest, so that nothing jumps. */
export function clock(seconds: number, longest: number = seconds): string {
  const whole = Math.max(0, Math.floor(seconds))
  const of = Math.max(whole, Math.floor(longest))
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = two(whole % 60)
  if (of >= 3600) return `${Math.floor(whole / 3600)}:${two(minutes)}:${rest}`
  return `${of >= 600 ? two(minutes) : minutes}:${rest}`
}
