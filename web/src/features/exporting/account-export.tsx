import { ExportSection } from './export-section'

/** In my settings: everything that is mine, to take along. */
export function AccountExport() {
  return <ExportSection roomId={null} />
}
