import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import type { Engine } from './engine'
import type { State } from './state'

const EngineContext = createContext<Engine | null>(null)

export function EngineProvider({ engine, children }: { engine: Engine; children: ReactNode }) {
  return <EngineContext value={engine}>{children}</EngineContext>
}

/** Throws outside `EngineProvider`. The engine never changes while a screen lives. */
export function useEngine(): Engine {
  const engine = useContext(EngineContext)
  if (!engine) throw new Error('useEngine outside EngineProvider')
  return engine
}

/** Renders again only when the selected value is another one: select narrowly, return what is held. */
export function useSync<Selected>(select: (state: State) => Selected): Selected {
  return useStore(useEngine().store, select)
}
