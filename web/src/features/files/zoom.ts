/** How a picture lies in its frame: enlarged about its middle, then moved, in CSS pixels. */
export interface View {
  scale: number
  x: number
  y: number
}

export interface Box {
  width: number
  height: number
}

export const FITTED: View = { scale: 1, x: 0, y: 0 }
export const MOST = 8

/** As large as the whole picture can be in the frame, never larger than it is. */
export function fitted(picture: Box, frame: Box): Box {
  const scale = Math.min(1, frame.width / picture.width, frame.height / picture.height)
  return { width: picture.width * scale, height: picture.height * scale }
}

/**
 * Enlarged by `factor` so that what lies at `at` stays there. `at` is seen from the frame's middle,
 * `shown` is the picture's size at scale 1.
 */
export function zoomed(
  view: View,
  factor: number,
  at: { x: number; y: number },
  shown: Box,
  frame: Box,
): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor))
  const by = scale / view.scale
  return bounded(
    { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by },
    shown,
    frame,
  )
}

export const panned = (view: View, dx: number, dy: number, shown: Box, frame: Box): View =>
  bounded({ ...view, x: view.x + dx, y: view.y + dy }, shown, frame)

/** No emptier than it must be: an edge never comes inside the frame, a small one stays in the middle. */
function bounded(view: View, shown: Box, frame: Box): View {
  const room = (size: number, within: number) => Math.max(0, (size * view.scale - within) / 2)
  const [x, y] = [room(shown.width, frame.width), room(shown.height, frame.height)]
  return {
    scale: view.scale,
    x: Math.min(x, Math.max(-x, view.x)),
    y: Math.min(y, Math.max(-y, view.y)),
  }
}
