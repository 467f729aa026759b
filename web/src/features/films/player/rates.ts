export const rates: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2]

/** The next step up (1) or down (-1); the same at the end. */
export function nextRate(rate: number, by: number): number {
  const wanted = by > 0 ? rates.find((one) => one > rate) : rates.findLast((one) => one < rate)
  return wanted ?? rate
}
