import { createContext, type ReactNode, useContext, useEffect } from 'react'
import { useStore } from 'zustand'
import type { Account } from '@/wire/accounts'
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

/** Somebody by id; asks the server for the name once where it is not known yet. */
export function usePerson(accountId: string | null | undefined): Account | undefined {
  const engine = useEngine()
  const person = useSync((state) => (accountId ? state.people[accountId] : undefined))
  const missing = accountId && !person ? accountId : null
  useEffect(() => {
    if (missing) engine.know(missing)
  }, [engine, missing])
  return person
}

/** The id of my account. */
export const useMyId = (): string | null => useSync((state) => state.account?.id ?? null)
