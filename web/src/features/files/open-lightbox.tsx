import { later } from '@/lib/later'
import { openOverlay } from '@/lib/overlays'
import type { LightboxProps } from './lightbox'

const Lightbox = later<LightboxProps>(async () => (await import('./lightbox')).Lightbox)

/** Shows a picture over everything, with its neighbours in the room. */
export const openLightbox = (start: Omit<LightboxProps, 'onClose'>) =>
  openOverlay((close) => <Lightbox {...start} onClose={close} />)
